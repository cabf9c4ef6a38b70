"""The secretariat's screens on the seeded database."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from matchmaker.core.audit import AuditEntry, entries_of
from matchmaker.core.db import db
from matchmaker.needs.models import Need
from matchmaker.posts.domain import PostKind, PostState
from matchmaker.posts.models import Material
from matchmaker.secretariat import queries
from matchmaker.secretariat.domain import material_id
from tests.seeding.seeded import Visit, counted_statements

PATHS = ("/secretariat", "/secretariat/reviews", "/secretariat/materials",
         "/secretariat/materials/bamboo", "/secretariat/audit-entries")  # fmt: skip
LIST_BUDGET = 16


def waiting_need(app: Flask) -> Any:
    with app.app_context():
        query = select(Need.id).where(Need.state == PostState.SUBMITTED).order_by(Need.submitted_at)
        return db.session.scalars(query).first()


def state_of(app: Flask, need_id: Any) -> PostState:
    with app.app_context():
        return db.session.get_one(Need, need_id).state


@pytest.mark.parametrize("path", PATHS)
def test_pages_open_for_the_secretariat_alone(signed_in: Visit, path: str) -> None:
    assert signed_in("coordinator").get(path).status_code == 200
    assert signed_in("officer").get(path).status_code == 403


def test_pages_keep_their_query_budget(app: Flask, signed_in: Visit) -> None:
    client = signed_in("coordinator")
    for path in PATHS:
        with counted_statements(app) as statements:
            client.get(path)
        assert len(statements) <= LIST_BUDGET, path


def test_the_queue_has_the_longest_waiting_first_and_can_be_narrowed(app: Flask) -> None:
    with app.app_context():
        page = queries.waiting_posts(None, 1)
        moments = [item.submitted_at for item in page.items]
        assert page.total == 5
        assert moments == sorted(moments)
        offerings = queries.waiting_posts(PostKind.OFFERING, 1)
        assert {item.kind for item in offerings.items} == {PostKind.OFFERING}
        assert queries.waiting_posts(None, 99, 2).number == 3


def test_publishing_is_done_once_and_written_down(app: Flask, signed_in: Visit) -> None:
    need_id = waiting_need(app)
    client = signed_in("coordinator")
    assert client.get(f"/secretariat/reviews/needs/{need_id}").status_code == 200
    address = f"/secretariat/reviews/needs/{need_id}/publications"
    assert client.post(address).status_code == 302
    assert state_of(app, need_id) is PostState.PUBLISHED
    assert client.post(address).status_code == 409
    with app.app_context():
        entry = entries_of(need_id)[0]
        assert (entry.tag, entry.actor_name) == ("posts:post:moved", "佐伯 まどか")
    page = client.get(f"/secretariat/reviews/needs/{need_id}").get_data(as_text=True)
    assert "いま確認を待っていません" in page


def test_returning_needs_words_and_keeps_them(app: Flask, signed_in: Visit) -> None:
    need_id = waiting_need(app)
    client = signed_in("coordinator")
    address = f"/secretariat/reviews/needs/{need_id}/returns"
    refused = client.post(address, data={"reason": " "})
    assert refused.status_code == 422
    assert "理由を入れてください" in refused.get_data(as_text=True)
    assert state_of(app, need_id) is PostState.SUBMITTED
    assert client.post(address, data={"reason": "量を書いてください。"}).status_code == 302
    assert state_of(app, need_id) is PostState.RETURNED
    with app.app_context():
        assert entries_of(need_id)[0].reason == "量を書いてください。"


def test_an_officer_cannot_publish_or_touch_the_vocabulary(app: Flask, signed_in: Visit) -> None:
    need_id, client = waiting_need(app), signed_in("officer")
    assert client.post(f"/secretariat/reviews/needs/{need_id}/publications").status_code == 403
    assert (
        client.post("/secretariat/materials", data={"code": "x1", "name": "x"}).status_code == 403
    )
    assert state_of(app, need_id) is PostState.SUBMITTED


def test_a_material_is_added_renamed_and_retired(app: Flask, signed_in: Visit) -> None:
    client = signed_in("coordinator")
    added = client.post("/secretariat/materials", data={"code": "soap", "name": "廃せっけん"})
    assert added.status_code == 302
    names = {"name": "せっけん・洗剤", "reason": "言い方をそろえます。"}
    assert client.post("/secretariat/materials/soap/names", data=names).status_code == 302
    reason = {"decision-reason": "使われていません。"}
    assert client.post("/secretariat/materials/soap/deactivations", data=reason).status_code == 302
    with app.app_context():
        soap = db.session.get_one(Material, "soap")
        assert (soap.name, soap.is_active) == ("せっけん・洗剤", False)
        tags = [entry.tag.rpartition(":")[2] for entry in entries_of(material_id("soap"))]
        assert tags == ["deactivated", "renamed", "added"]
    again = client.post("/secretariat/materials/soap/deactivations", data=reason)
    assert again.status_code == 409
    assert client.post("/secretariat/materials/soap/reactivations", data=reason).status_code == 302


@pytest.mark.parametrize(
    ("path", "data", "message"),
    [
        ("", {"code": "bamboo", "name": "たけ"}, "この記号の品目はすでに"),
        ("", {"code": "new_one", "name": "紙おむつ"}, "この名前の品目はすでに"),
        ("", {"code": "Ａ竹", "name": "竹"}, "記号は、小文字の英字で始まる"),
        ("/bamboo/names", {"name": "紙おむつ", "reason": "x"}, "この名前の品目は"),
        ("/bamboo/names", {"name": "竹", "reason": ""}, "理由を入れてください"),
        ("/bamboo/deactivations", {"decision-reason": ""}, "理由を入れてください"),
    ],
)
def test_faulty_input_is_told_at_its_place(
    signed_in: Visit, path: str, data: dict[str, str], message: str
) -> None:
    answer = signed_in("coordinator").post(f"/secretariat/materials{path}", data=data)
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)


def test_a_decision_without_the_token_is_refused(app: Flask, signed_in: Visit) -> None:
    client = signed_in("coordinator")
    client.token = ""  # type: ignore[attr-defined]
    data = {"decision-reason": "使われていません。"}
    answer = client.post("/secretariat/materials/bamboo/deactivations", data=data)
    assert answer.status_code in {302, 400}
    with app.app_context():
        assert db.session.get_one(Material, "bamboo").is_active


def test_a_material_that_is_not_there(signed_in: Visit) -> None:
    assert signed_in("coordinator").get("/secretariat/materials/gold").status_code == 404


def test_the_log_is_narrowed(app: Flask, signed_in: Visit) -> None:
    client = signed_in("coordinator")
    page = client.get("/secretariat/audit-entries?tag=posts:post:moved").get_data(as_text=True)
    assert "ニーズ・シーズの状態の変更" in page
    nobody = client.get("/secretariat/audit-entries?person=いない人").get_data(as_text=True)
    assert "条件に合う記録はありません" in nobody
    odd = client.get("/secretariat/audit-entries?from=きのう&subject=1").get_data(as_text=True)
    assert "しぼり込みに使っていません" in odd


def test_the_log_is_handed_out_as_excel_and_csv(app: Flask, signed_in: Visit) -> None:
    client = signed_in("operator")
    query = "?tag=secretariat:material:added"
    workbook = load_workbook(
        io.BytesIO(client.get(f"/secretariat/audit-entries.xlsx{query}").data), read_only=True
    )
    rows = list(workbook.worksheets[0].iter_rows(values_only=True))
    with app.app_context():
        tag = "secretariat:material:added"
        expected = len(db.session.scalars(select(AuditEntry.id).where(AuditEntry.tag == tag)).all())
    assert len(rows) == expected + 1
    csv = client.get(f"/secretariat/audit-entries.csv{query}")
    assert csv.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in csv.headers["Content-Disposition"]
    assert signed_in("officer").get("/secretariat/audit-entries.csv").status_code == 403
