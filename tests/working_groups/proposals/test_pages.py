"""The pages over HTTP: writing together, two tabs, other people's proposals, files."""

from __future__ import annotations

import io
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.proposals import queries
from matchmaker.working_groups.proposals.models import Proposal
from tests.working_groups.proposals.world import PLAN, World, browser


def begun(app: Flask, world: World, *, submitted: bool = False, joined: bool = False) -> uuid.UUID:
    with app.app_context():
        proposal = world.submitted() if submitted else world.begin()
        if joined:
            world.join(proposal)
        db.session.commit()
        return proposal.id


def stored(app: Flask, proposal_id: uuid.UUID) -> Proposal:
    with app.app_context():
        return queries.get_proposal(proposal_id)


def fields(client: FlaskClient, proposal_id: uuid.UUID, **answers: Any) -> dict[str, Any]:
    """What a form sends that was opened now."""
    page = client.get(f"/proposals/{proposal_id}/edit")
    assert page.status_code == 200
    found = re.search(r'name="revision"[^>]*value="(\d+)"', page.text)
    assert found
    typed = {f"q-{key}": value for key, value in answers.items()}
    return {"title": "竹を炭に", "revision": found[1], **typed}


def test_beginning_leads_to_the_writing_page(app: Flask, built: World) -> None:
    client = browser(app, "officer")
    here = f"/calls/{built.call_id}/proposals"
    assert client.get(f"{here}/new").status_code == 200
    answer = client.post(here, data={"title": "竹を炭に"})
    assert answer.status_code == 302
    assert client.get(answer.location).status_code == 200
    assert "竹を炭に" in client.get("/proposals").text
    assert "竹を炭に" in client.get(here).text


def test_a_closed_call_cannot_be_answered(app: Flask, built: World) -> None:
    with app.app_context():
        call = db.session.get_one(Call, built.call_id)
        call.closes_at = clock.now() - timedelta(seconds=1)
        db.session.commit()
    client = browser(app, "officer")
    here = f"/calls/{built.call_id}/proposals"
    assert "いまは受け付けていません" in client.get(f"{here}/new").text
    assert client.post(here, data={"title": "竹"}).status_code == 422


def test_what_is_written_is_saved_and_handed_in(app: Flask, built: World) -> None:
    proposal_id = begun(app, built)
    client = browser(app, "officer")
    here = f"/proposals/{proposal_id}"
    sent = {
        **fields(client, proposal_id, plan=PLAN, kind="reuse", amount="１２"),
        "action": "submit",
    }
    answer = client.post(f"{here}/edit", data=sent)
    assert answer.location == f"{here}/submission"
    page = client.get(f"{here}/submission")
    assert PLAN in page.text
    assert "再使用" in page.text
    answer = client.post(f"{here}/submission", follow_redirects=True)
    assert "受付番号は1です" in answer.text
    twice = client.post(f"{here}/submission", follow_redirects=True)
    assert twice.status_code == 200
    assert stored(app, proposal_id).call.last_number == 1
    assert client.get(f"{here}/edit").status_code == 302
    assert client.get(f"{here}/submission").status_code == 302


def test_what_is_missing_is_shown_before_handing_in(app: Flask, built: World) -> None:
    proposal_id = begun(app, built)
    client = browser(app, "officer")
    page = client.get(f"/proposals/{proposal_id}/submission")
    assert "足りないところが1か所" in page.text
    answer = client.post(f"/proposals/{proposal_id}/submission")
    assert answer.status_code == 422
    assert "まだ提出できません" in answer.text


def test_two_tabs_show_what_contradicts_side_by_side(app: Flask, built: World) -> None:
    proposal_id = begun(app, built, joined=True)
    officer, maker = browser(app, "officer"), browser(app, "maker")
    first = fields(officer, proposal_id, plan="竹を燃やします。")
    second = fields(
        maker, proposal_id, plan="竹を炭にします。", effect="よくなります。", kind="reuse"
    )
    here = f"/proposals/{proposal_id}/edit"
    assert officer.post(here, data=first).status_code == 302
    answer = maker.post(here, data=second)
    assert answer.status_code == 409
    for words in (
        "あなたの文",
        "保存されている文",
        "もとの文",
        "竹を燃やします。",
        "竹を炭にします。",
    ):
        assert words in answer.text
    assert "よくなります。" in answer.text
    assert re.search(r'value="reuse"[^>]*checked', answer.text)
    assert stored(app, proposal_id).answers == {"plan": "竹を燃やします。"}
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', answer.text)
    assert revision
    settled = {**second, "revision": revision[1], "q-plan": "竹を炭にし、残りを燃やします。"}
    assert maker.post(here, data=settled).status_code == 302
    answers = stored(app, proposal_id).answers
    assert answers["plan"] == "竹を炭にし、残りを燃やします。"
    assert answers["effect"] == "よくなります。"


def test_two_tabs_with_different_questions_are_merged_and_told(app: Flask, built: World) -> None:
    proposal_id = begun(app, built, joined=True)
    officer, maker = browser(app, "officer"), browser(app, "maker")
    first = fields(officer, proposal_id, plan=PLAN)
    second = fields(maker, proposal_id, effect="よくなります。")
    here = f"/proposals/{proposal_id}/edit"
    officer.post(here, data=first)
    answer = maker.post(here, data=second, follow_redirects=True)
    assert "ほかの人が書いた内容も入っています（取組の内容）" in answer.text
    assert stored(app, proposal_id).answers == {"plan": PLAN, "effect": "よくなります。"}


def test_an_autosave_tells_the_page_what_to_take_over(app: Flask, built: World) -> None:
    proposal_id = begun(app, built, joined=True)
    officer, maker = browser(app, "officer"), browser(app, "maker")
    first = fields(officer, proposal_id, plan=PLAN)
    second = fields(maker, proposal_id, effect="よくなります。", amount="たくさん")
    officer.post(f"/proposals/{proposal_id}/edit", data=first)
    answer = maker.post(f"/proposals/{proposal_id}/autosaves", data=second).get_json()
    assert answer["values"] == {"q-plan": PLAN}
    assert answer["taken"] == ["取組の内容"]
    assert answer["errors"] == ["見込む量"]
    saved = stored(app, proposal_id)
    assert saved.revision == answer["revision"]
    assert saved.answers == {"plan": PLAN, "effect": "よくなります。", "amount": "たくさん"}


def test_who_is_writing_where_is_told(app: Flask, built: World) -> None:
    proposal_id = begun(app, built, joined=True)
    officer, maker = browser(app, "officer"), browser(app, "maker")
    maker.post(f"/proposals/{proposal_id}/presence", data={"question": "plan"})
    answer = officer.post(f"/proposals/{proposal_id}/presence", data={"question": ""}).get_json()
    expected = {"name": "maker", "organization": "緑山工業", "question": "取組の内容"}
    assert answer["editors"] == [expected]
    assert "makerさん" in officer.get(f"/proposals/{proposal_id}/edit").text.replace(
        "（緑山工業）", ""
    )


def test_files_are_kept_merged_and_handed_out_to_readers_alone(app: Flask, built: World) -> None:
    proposal_id = begun(app, built, joined=True)
    officer, maker = browser(app, "officer"), browser(app, "maker")
    here = f"/proposals/{proposal_id}/edit"
    for client, name in ((officer, "計画.txt"), (maker, "費用.txt")):
        sent = fields(client, proposal_id)
        sent |= {"q-papers": (io.BytesIO(name.encode()), name), "q-papers-sent": "1"}
        kept = stored(app, proposal_id).answers.get("papers", [])
        sent["q-papers-kept"] = kept
        answer = client.post(here, data=sent, content_type="multipart/form-data")
        assert answer.status_code == 302, answer.text
    papers = stored(app, proposal_id).answers["papers"]
    assert len(papers) == 2
    address = f"/proposals/{proposal_id}/files/{papers[0]}"
    answer = maker.get(address)
    assert answer.data == "計画.txt".encode()
    assert "attachment" in answer.headers["Content-Disposition"]
    assert browser(app, "hauler").get(address).status_code == 404
    assert app.test_client().get(address).status_code in {302, 401}
    assert "計画.txt" in officer.get(f"/proposals/{proposal_id}").text


def test_a_file_that_somebody_adds_meanwhile_stays(app: Flask, built: World) -> None:
    proposal_id = begun(app, built, joined=True)
    officer, maker = browser(app, "officer"), browser(app, "maker")
    here = f"/proposals/{proposal_id}/edit"
    old = fields(officer, proposal_id, plan=PLAN) | {"q-papers-sent": "1"}
    sent = fields(maker, proposal_id) | {"q-papers-sent": "1"}
    sent["q-papers"] = (io.BytesIO("費用".encode()), "費用.txt")
    maker.post(here, data=sent, content_type="multipart/form-data")
    assert officer.post(here, data=old).status_code == 302
    answers = stored(app, proposal_id).answers
    assert len(answers["papers"]) == 1
    assert answers["plan"] == PLAN


@pytest.mark.parametrize("name", ["hauler", "reviewer"])
def test_other_peoples_proposals_do_not_exist(app: Flask, built: World, name: str) -> None:
    proposal_id = begun(app, built, submitted=True)
    client = browser(app, name)
    for path in ("", "/edit", "/submission", "/authors", "/versions", "/extension"):
        assert client.get(f"/proposals/{proposal_id}{path}").status_code == 404
    for path in ("/edit", "/autosaves", "/presence", "/submission", "/withdrawals", "/revisions"):
        assert client.post(f"/proposals/{proposal_id}{path}").status_code == 404


def test_the_secretariat_reads_a_draft_only_from_outside(app: Flask, built: World) -> None:
    proposal_id = begun(app, built)
    with app.app_context():
        built.write(queries.get_proposal(proposal_id), plan="ひみつの計画です。")
        db.session.commit()
    client = browser(app, "secretariat")
    page = client.get(f"/proposals/{proposal_id}")
    assert "竹を炭に" in page.text
    assert "ひみつの計画" not in page.text
    assert client.get(f"/proposals/{proposal_id}/versions").status_code == 404
    assert client.get(f"/proposals/{proposal_id}/edit").status_code == 404


def test_members_of_the_leading_organisation_read_and_do_not_write(
    app: Flask, built: World
) -> None:
    proposal_id = begun(app, built)
    client = browser(app, "reader")
    assert client.get(f"/proposals/{proposal_id}").status_code == 200
    assert client.get(f"/proposals/{proposal_id}/versions").status_code == 200
    assert client.get(f"/proposals/{proposal_id}/edit").status_code == 404


def test_withdrawing_asks_for_a_reason(app: Flask, built: World) -> None:
    proposal_id = begun(app, built, submitted=True)
    client = browser(app, "officer")
    here = f"/proposals/{proposal_id}"
    answer = client.post(f"{here}/withdrawals", data={"reason": " "})
    assert answer.status_code == 422
    assert "理由を入れてください。" in answer.text
    answer = client.post(f"{here}/withdrawals", data={"reason": "やり直す"}, follow_redirects=True)
    assert "取り下げました" in answer.text
    assert client.post(f"{here}/revisions").location == f"{here}/edit"


def test_the_secretariat_gives_more_time(app: Flask, built: World) -> None:
    proposal_id = begun(app, built)
    client = browser(app, "secretariat")
    here = f"/proposals/{proposal_id}/extension"
    assert client.get(here).status_code == 200
    assert client.post(here, data={"reason": "停電"}).status_code == 422
    day = (clock.now() + timedelta(days=20)).date()
    sent = {
        "until-year": day.year, "until-month": day.month, "until-day": day.day,
        "until-time": "17:00", "reason": "停電のため",
    }  # fmt: skip
    answer = client.post(here, data=sent, follow_redirects=True)
    assert "締切を延ばしました" in answer.text
    assert "停電のため" in answer.text


def test_versions_are_compared(app: Flask, built: World) -> None:
    proposal_id = begun(app, built)
    client = browser(app, "officer")
    client.post(f"/proposals/{proposal_id}/edit", data=fields(client, proposal_id, plan=PLAN))
    page = client.get(f"/proposals/{proposal_id}/versions")
    assert PLAN in page.text
    assert client.get(f"/proposals/{proposal_id}/versions?before=99").status_code == 404
    answer = client.post(f"/proposals/{proposal_id}/versions/1/restorations")
    assert answer.status_code == 302
    assert "plan" not in stored(app, proposal_id).answers


def test_the_list_of_a_call_and_its_spreadsheet(app: Flask, built: World) -> None:
    begun(app, built, submitted=True)
    client = browser(app, "secretariat")
    here = f"/calls/{built.call_id}/proposals"
    assert "青空町" in client.get(here).text
    assert client.get(f"{here}?state=submitted").status_code == 200
    answer = client.get(f"{here}/spreadsheet")
    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
    assert browser(app, "officer").get(f"{here}/spreadsheet").status_code == 404


def test_hostile_fields_do_no_harm(app: Flask, built: World) -> None:
    proposal_id = begun(app, built)
    client = browser(app, "officer")
    sent = fields(client, proposal_id, plan="<script>alert(1)</script>")
    sent |= {"bases": '{"plan": "x", "effect": -1, "kind": 999}', "revision": "9" * 40}
    assert client.post(f"/proposals/{proposal_id}/edit", data=sent).status_code in {302, 409}
    page = client.get(f"/proposals/{proposal_id}")
    assert "<script>alert(1)" not in page.text
    for bases in ("[1]", "{", "x" * 20_000):
        answer = client.post(f"/proposals/{proposal_id}/autosaves", data={**sent, "bases": bases})
        assert answer.status_code == 200
