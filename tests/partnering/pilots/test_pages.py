"""The pages of pilots, from the plan to the published case."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from matchmaker.core.db import db
from matchmaker.partnering.pilots import life, queries, service
from matchmaker.partnering.pilots.domain import PilotMove, PilotState
from matchmaker.partnering.pilots.life import OutcomeInput
from tests.partnering.pilots.site import AFTER_ALL, AFTER_FIRST, START, PilotSite
from tests.posts.file_world import send

GOOD = {"collected": "60.5", "recycled": "50", "disposed": "10"}


def test_a_pilot_is_planned_from_its_consortium(site: PilotSite) -> None:
    path = f"/consortia/{site.consortium_id}/pilots/new"
    day = {"starts_on-year": "令和8", "starts_on-month": "10", "starts_on-day": "1"}
    day |= {"ends_on-year": "2026", "ends_on-month": "9", "ends_on-day": "1"}
    fields = {
        "title": "二つめの実証", "format": "matched", "summary": "質を確かめます。",
        "municipality": "高知県いの町", "report_interval": "3", "report_days": "14", **day,
    }  # fmt: skip
    editor = site.world.client("editor")
    answer = send(editor, path, **fields)
    assert answer.status_code == 422
    assert "終わる日は、始まる日よりあと" in answer.text
    assert "二つめの実証" in answer.text
    answer = send(editor, path, **{**fields, "ends_on-year": "2027"})
    assert answer.status_code == 302
    assert "二つめの実証" in editor.get(f"/consortia/{site.consortium_id}").text


def test_a_wrong_unit_is_told_and_nothing_typed_is_lost(site: PilotSite) -> None:
    first = site.begun()[0]
    collected = site.pilot.indicators[0].id
    path = f"{site.base}/reports/{first.id}/edit"
    answer = send(
        site.world.client("editor"), path, revision=str(first.revision), done="集めました。",
        **{f"value-{collected}": "120kg"},
    )  # fmt: skip
    assert answer.status_code in (409, 422)
    assert "120kg" in answer.text
    assert "集めました。" in answer.text


def test_a_draft_of_a_report_is_kept(site: PilotSite) -> None:
    first = site.begun()[0]
    path = f"{site.base}/reports/{first.id}/edit"
    editor = site.world.client("editor")
    kept = {"done": "途中まで。", "keep": "1", "revision": str(first.revision)}
    assert send(editor, path, **kept).status_code == 302
    assert send(editor, path, **kept).status_code == 302, "the same once more, as by a double press"
    assert "途中まで。" in editor.get(path).text
    assert queries.reports_of(site.pilot_id)[0].handed_in_at is None


def test_a_draft_from_an_older_tab_overwrites_nothing_unread(site: PilotSite) -> None:
    first = site.begun()[0]
    path = f"{site.base}/reports/{first.id}/edit"
    editor, old = site.world.client("editor"), str(first.revision)
    assert send(editor, path, done="はやいほう", keep="1", revision=old).status_code == 302
    answer = send(editor, path, done="おそいほう", keep="1", revision=old)
    assert answer.status_code == 409
    assert "おそいほう" in answer.text
    assert "はやいほう" in editor.get(path).text
    db.session.expire_all()
    newer = str(queries.reports_of(site.pilot_id)[0].revision)
    assert f'value="{newer}"' in answer.text, "told once, it may be sent again"
    assert send(editor, path, done="おそいほう", keep="1", revision=newer).status_code == 302


def test_faulty_lines_are_named_and_come_back(site: PilotSite) -> None:
    answer = send(
        site.world.client("editor"), f"{site.base}/budget", revision=str(site.pilot.revision),
        **{"label-0": "回収", "payer-0": "", "planned-0": "百万"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "1行目：だれが負担するかを入れてください。" in answer.text
    assert "百万" in answer.text


def test_the_public_page_shows_only_what_is_public(site: PilotSite) -> None:
    visitor = site.world.app.test_client()
    path = f"/public-pilots/{site.pilot_id}"
    assert visitor.get(path).status_code != 200
    site.hand_in(site.begun()[0], GOOD, now=AFTER_FIRST)
    service.set_named_publicly(site.pilot, site.world.other_id, True, site.world.stranger, START)
    db.session.commit()
    page = visitor.get(path).text
    assert "緑山工業" in page
    assert "青空町" not in page
    assert "集めた量" in page
    assert "循環させた量" not in page
    assert "1,200,000" not in page
    assert "最初のたい肥" not in page


def test_the_file_declares_code_unit_and_iso_dates(site: PilotSite) -> None:
    site.hand_in(site.begun()[0], GOOD, now=AFTER_FIRST)
    answer = site.world.client("editor").get(f"{site.base}/export")
    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].values)
    first = dict(zip(rows[0], rows[1], strict=True))
    assert first["全国地方公共団体コード"] == "393860"
    assert (first["年度（西暦）"], first["単位"], first["値"]) == ("2026", "t", 60.5)
    assert str(first["期間の終わり"]).startswith("2027-03-31")


def test_steps_are_taken_on_the_page_and_corrections_by_the_secretariat(site: PilotSite) -> None:
    editor = site.world.client("editor")
    moves = f"{site.base}/moves"
    send(editor, moves, from_page=site.base, move="cancel")
    assert site.pilot.state.value == PilotState.PLANNED
    send(editor, moves, from_page=site.base, move="cancel", reason="予算がつかなかった。")
    assert site.pilot.state.value == PilotState.CANCELLED
    refused = send(editor, moves, from_page=site.base, move="restore", reason="まちがい。")
    assert refused.status_code == 403
    secretariat = site.world.client("secretariat")
    send(secretariat, moves, from_page=site.base, move="restore", reason="押しまちがい。")
    assert site.pilot.state.value == PilotState.PLANNED


def test_late_pilots_come_first_in_the_list_of_the_secretariat(site: PilotSite) -> None:
    page = site.world.client("secretariat").get("/pilots").text
    assert "竹チップのたい肥化" in page
    assert site.world.client("stranger").get("/pilots/export").status_code == 200


def ended(site: PilotSite) -> str:
    """The address of the draft of the case of the pilot, which ended well."""
    site.hand_in(site.begun()[0], GOOD, now=AFTER_FIRST)
    site.hand_in(queries.reports_of(site.pilot_id)[1], GOOD, now=AFTER_ALL)
    site.move(PilotMove.WIND_UP, now=AFTER_ALL)
    outcome = OutcomeInput(
        "expanded", "", "質がよく、費用も下がりました。", "混ぜる割合が大切です。"
    )
    life.end_pilot(site.pilot, outcome, site.editor, AFTER_ALL)
    db.session.commit()
    return f"{site.base}/case-draft"


def test_a_draft_that_was_handed_in_meanwhile_gives_the_words_back(site: PilotSite) -> None:
    """It has no fields any more in its new state."""
    path, editor = ended(site), site.world.client("editor")
    send(editor, f"{path}/moves", from_page=path, move="submit")
    late = {"title": "竹を使い切った町", "lessons": "", "revision": "1"}
    answer = send(editor, path, from_page=site.base, **late)
    assert answer.status_code == 409
    for words in (
        "下書きは変えられません",
        "保存されていない文",
        "竹を使い切った町",
        "いまの下書き",
    ):
        assert words in answer.text


def test_an_ended_pilot_becomes_a_published_case(site: PilotSite) -> None:
    path = ended(site)
    editor, secretariat = site.world.client("editor"), site.world.client("secretariat")
    assert "混ぜる割合が大切です。" in editor.get(path).text
    send(editor, f"{path}/moves", from_page=path, move="submit")
    assert "確認を待つ事例の下書き" in secretariat.get("/pilots").text
    send(secretariat, f"{path}/moves", from_page=path, move="publish")
    assert "事例のページを見る" in editor.get(path).text
    assert "竹チップのたい肥化" in site.world.app.test_client().get("/cases").text
