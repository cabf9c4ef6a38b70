"""Pages of minutes over HTTP: who reads what, hostile and huge text, contradictions, steps."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from matchmaker.core import clock
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.meetings.domain import MinutesKind, MinutesState
from matchmaker.working_groups.meetings.minutes import service
from matchmaker.working_groups.meetings.minutes.domain import BODY_LENGTH
from tests.working_groups.minutes.conftest import Day

DRAFT, OLD = "書いている文。", "前に公開した文。"
HOSTILE = "<script>alert(1)</script>\n■ <img src=x onerror=alert(2)>\n決定：<b>太字</b>\n"
WORKING = {"chair", "member", "expert", "secretariat"}
GROUP = {*WORKING, "observer"}
MEMBERS = {*GROUP, "outsider", "operator"}
EVERYBODY = {*MEMBERS, "visitor"}
READERS = {Visibility.PUBLIC: EVERYBODY, Visibility.MEMBERS: MEMBERS, Visibility.GROUP: GROUP}


def stand(day: Day, state: MinutesState, visibility: Visibility) -> None:
    """Put the minutes into a state in which an earlier text was published."""
    minutes = day.begin(OLD)
    minutes.published_revision, minutes.visibility = minutes.revision, visibility
    service.save_minutes(minutes, DRAFT, minutes.revision, day.world.actor("chair"), clock.now())
    minutes.state = state
    if state is MinutesState.PUBLISHED:
        minutes.published_revision = minutes.revision
    db.session.commit()


def seen_by(day: Day, text: str, path: str = "/minutes") -> set[str]:
    """Everybody whose page holds ``text``."""
    return {
        name
        for name in sorted(EVERYBODY)
        if text in day.browser(name).get(f"{day.path}{path}").get_data(as_text=True)
    }


@pytest.mark.parametrize("visibility", list(Visibility))
def test_a_draft_is_for_those_who_work_and_the_published_text_for_its_readers(
    day: Day, visibility: Visibility
) -> None:
    stand(day, MinutesState.DRAFT, visibility)
    assert seen_by(day, DRAFT) == WORKING
    assert seen_by(day, OLD) == READERS[visibility] - WORKING
    assert seen_by(day, OLD, "/minutes?text=published") == READERS[visibility]


@pytest.mark.parametrize("visibility", list(Visibility))
def test_published_minutes_are_for_their_readers(day: Day, visibility: Visibility) -> None:
    stand(day, MinutesState.PUBLISHED, visibility)
    assert seen_by(day, DRAFT) == READERS[visibility]
    assert seen_by(day, OLD, "/minutes/versions") == WORKING


def test_hostile_text_stays_text_everywhere(day: Day) -> None:
    minutes = day.begin(HOSTILE)
    chair = day.browser("chair")
    for path in ("/minutes", "/minutes/edit", "/minutes/versions?before=1&after=2"):
        text = chair.get(f"{day.path}{path}").get_data(as_text=True)
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<b>太字" not in text
        assert "&lt;script&gt;" in text
    assert day.minutes.id == minutes.id


def test_huge_text_is_told_and_comes_back_whole(day: Day) -> None:
    base = day.begin(OLD).revision
    huge = "長い文。" * (BODY_LENGTH // 4 + 1)
    chair = day.browser("chair")
    answer = chair.post(f"{day.path}/minutes/edit", data={"body": huge, "base": base})
    assert answer.status_code == 422
    assert "60,000文字までにしてください" in answer.text
    assert huge in answer.text, "nothing typed is lost"
    answer = chair.post(f"{day.path}/minutes/drafts", data={"body": huge, "base": base})
    assert (answer.status_code, answer.get_json()["is_contradiction"]) == (422, False)


def test_two_tabs_with_the_same_sentence_are_shown_side_by_side(day: Day) -> None:
    base = day.begin("量は10トン。\n").revision
    chair, member = day.browser("chair"), day.browser("member")
    path = f"{day.path}/minutes/edit"
    first = chair.post(path, data={"body": "量は12トン。\n", "base": base})
    assert first.status_code == 302
    second = member.post(path, data={"body": "量は15トン。\n", "base": base})
    assert second.status_code == 409
    for words in ("量は12トン。", "量は15トン。", "まだ保存していません"):
        assert words in second.text
    assert day.minutes.body == "量は12トン。\n"
    decided = member.post(path, data={"body": "量は15トン。\n", "base": day.minutes.revision})
    assert decided.status_code == 302
    assert day.minutes.body == "量は15トン。\n"


def test_saving_by_script_tells_what_others_wrote_and_who_they_are(day: Day) -> None:
    base = day.begin("はじめ。\nおわり。\n").revision
    chair, member = day.browser("chair"), day.browser("member")
    path = f"{day.path}/minutes/drafts"
    member.post(path, data={"body": "山の文。\nはじめ。\nおわり。\n", "base": base})
    answer = chair.post(path, data={"body": "はじめ。\nおわり。\n海の文。\n", "base": base})
    saved = answer.get_json()
    assert saved["body"] == "山の文。\nはじめ。\nおわり。\n海の文。\n"
    assert saved["base"] < saved["revision"]
    assert len(saved["others"]) == 1
    latest = member.get(f"{day.path}/minutes/latest?revision={base}").get_json()
    assert latest["body"] == saved["body"]
    assert len(latest["writing"]) == 1
    same = member.get(f"{day.path}/minutes/latest?revision={saved['revision']}").get_json()
    assert same["body"] is None


def test_a_field_that_was_tampered_with_overwrites_nothing(day: Day) -> None:
    day.begin("はじめ。\nおわり。\n")
    answer = day.browser("member").post(
        f"{day.path}/minutes/edit", data={"body": "別の文。\n", "base": "-1 or 1=1"}
    )
    assert answer.status_code == 409
    assert day.minutes.body == "はじめ。\nおわり。\n"


def test_from_the_first_word_to_publication_and_correction(day: Day) -> None:
    chair, member = day.browser("chair"), day.browser("member")
    page = f"{day.path}/minutes"
    assert "議事録を書き始める" in chair.get(page).text
    assert chair.post(page).status_code == 302
    body = "量は10トン。\n決定：竹を集める。\n"
    chair.post(f"{page}/edit", data={"body": body, "base": day.minutes.revision})
    chair.post(f"{page}/settings", data={"text_kind": "summary", "visibility": "public"})
    assert day.minutes.kind is MinutesKind.SUMMARY
    speaker = str(day.world.users["member"])
    assert chair.post(f"{page}/checks", data={"speakers": ["nobody"]}).status_code == 422
    assert chair.post(f"{page}/checks", data={"speakers": [speaker]}).status_code == 302
    assert "確認をお願いします" in member.get(page).text
    assert "確認をお願いします" in member.get(day.path).text, "told on the meeting's page too"
    sent = {"answer": "approve", "revision": day.minutes.revision}
    assert member.post(f"{page}/answers", data=sent).status_code == 302
    assert chair.post(f"{page}/publications", data={"visibility": "public"}).status_code == 302
    assert "量は10トン。" in day.browser("visitor").get(page).text
    chair.post(f"{page}/findings", data={"all": "1"})
    assert "入れました" in chair.get(page).text
    assert chair.post(f"{page}/corrections", data={"reason": ""}).status_code == 422
    assert chair.post(f"{page}/corrections", data={"reason": "量の誤り"}).status_code == 302
    assert "訂正中の本文です" in chair.get(page).text


def test_answers_are_checked_at_their_fields(day: Day) -> None:
    day.begin(OLD)
    chair, member = day.browser("chair"), day.browser("member")
    speaker = str(day.world.users["member"])
    chair.post(f"{day.path}/minutes/checks", data={"speakers": [speaker]})
    revision = day.minutes.revision
    answer = member.post(
        f"{day.path}/minutes/answers", data={"answer": "change", "revision": revision}
    )
    assert (answer.status_code, "どこをどう" in answer.text) == (422, True)
    long = "長" * 2001
    answer = member.post(
        f"{day.path}/minutes/answers",
        data={"answer": "change", "comment": long, "revision": revision},
    )
    assert (answer.status_code, long in answer.text) == (422, True)


def test_an_answer_names_the_text_that_stands_on_the_page(day: Day) -> None:
    day.begin(OLD)
    chair, member = day.browser("chair"), day.browser("member")
    chair.post(f"{day.path}/minutes/checks", data={"speakers": [str(day.world.users["member"])]})
    page = member.get(f"{day.path}/minutes").text
    chair.post(f"{day.path}/minutes/edit", data={"body": DRAFT, "base": day.minutes.revision})
    late = member.post(
        f"{day.path}/minutes/answers", data={"answer": "approve", "revision": read_revision(page)}
    )
    assert (late.status_code, DRAFT in late.text) == (422, True), "the new text is to be read"
    sent = {"answer": "approve", "revision": read_revision(late.text)}
    assert member.post(f"{day.path}/minutes/answers", data=sent).status_code == 302


def read_revision(page: str) -> str:
    """What a browser sends as the revision: the one field of that name."""
    fields = re.findall(r'<input[^>]*name="revision"[^>]*>', page)
    assert len(fields) == 1
    value = re.search(r'value="(\d+)"', fields[0])
    assert value is not None
    return value[1]


def test_a_day_in_the_japanese_calendar_is_understood(day: Day) -> None:
    day.begin(OLD)
    until = today(clock.now()) + timedelta(days=5)
    data = {
        "speakers": [str(day.world.users["member"])],
        "until-year": f"令和{until.year - 2018}",
        "until-month": str(until.month),
        "until-day": str(until.day),
    }
    assert day.browser("chair").post(f"{day.path}/minutes/checks", data=data).status_code == 302
    assert day.minutes.checks_until == until
