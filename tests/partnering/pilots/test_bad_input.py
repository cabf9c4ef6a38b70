"""What people may type wrongly: each has its message at its field, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from matchmaker.core import clock
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict
from matchmaker.partnering.pilots import plans, queries, service
from matchmaker.partnering.pilots.checking import FaultyInput
from matchmaker.partnering.pilots.domain import MOST_MILESTONES, PilotMove
from matchmaker.partnering.pilots.models import PilotReport
from tests.partnering.pilots.site import FRAME, START, PilotSite
from tests.posts.file_world import send

FIRST, LAST, TODAY = date(2026, 10, 1), date(2027, 9, 30), date(2026, 12, 1)
MILESTONE = {"title": "回収を始める", "due": "2026-10-15", "done": ""}
LINE = {"label": "回収", "payer": "青空町", "planned": "100", "actual": ""}
GOAL = {
    "id": "", "kind": "collected", "name": "", "unit": "", "baseline": "", "goal": "10",
    "public": "",
}  # fmt: skip


def said(text: str, field: str) -> str:
    """The message beside an input of a page; the input has to be marked and to point to it."""
    box = re.search(rf'<(?:input|select|textarea)[^>]* id="{field}"[^>]*>', text)
    assert box is not None
    assert 'aria-invalid="true"' in box[0]
    assert f"{field}-error" in box[0]
    message = re.search(rf'id="{field}-error"[^>]*>(.*?)</(?:p|span)>', text, re.DOTALL)
    assert message is not None
    return re.sub(r"<[^>]+>", "", message[1])


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"starts_on": "1926年10月1日", "ends_on": "1927年1月1日"}, "starts_on", "2016年から"),
        ({"starts_on": "2126年10月1日", "ends_on": "2127年1月1日"}, "starts_on", "2036年まで"),
        ({"starts_on": "2027年2月29日"}, "starts_on", "実在する日付"),
        ({"ends_on": "2026年9月30日"}, "ends_on", "始まる日よりあと"),
        ({"ends_on": "2031年10月6日"}, "ends_on", "5年以内"),
        ({"ends_on": ""}, "ends_on", "終わる日を入れて"),
        ({"report_days": "0"}, "report_days", "1から60まで"),
        ({"report_days": "-3日"}, "report_days", "1から60まで"),
        ({"report_days": "61"}, "report_days", "1から60まで"),
        ({"report_interval": "2"}, "report_interval", "報告の間隔"),
        ({"format": "both"}, "format", "実証の形"),
        ({"title": "あ" * 81}, "title", "80文字以内"),
    ],
)
def test_a_frame_that_cannot_be(changed: Mapping[str, Any], field: str, words: str) -> None:
    with pytest.raises(FaultyInput) as caught:
        plans.read_plan(replace(FRAME, **changed), TODAY)
    assert set(caught.value.messages) == {field}
    assert words in caught.value.messages[field]


def test_a_pilot_may_last_one_day() -> None:
    plan = plans.read_plan(replace(FRAME, ends_on=FRAME.starts_on), TODAY)
    assert plan.starts_on == plan.ends_on == FIRST


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"title": " "}, "title-0", "内容を入れて"),
        ({"due": ""}, "due-0", "期日を入れて"),
        ({"due": "来月"}, "due-0", "実在する日付"),
        ({"due": "2025-09-29"}, "due-0", "2025/9/30から2028/9/30まで"),
        ({"due": "2028-10-01"}, "due-0", "離れすぎています"),
        ({"done": "1999-01-01"}, "done-0", "離れすぎています"),
        ({"done": "2026-12-02"}, "done-0", "今日までの日"),
    ],
)
def test_a_milestone_that_cannot_be(changed: Mapping[str, str], field: str, words: str) -> None:
    with pytest.raises(FaultyInput) as caught:
        plans.read_milestones([{**MILESTONE, **changed}], FIRST, LAST, TODAY)
    assert set(caught.value.messages) == {field}
    assert words in caught.value.messages[field]


def test_a_hundred_milestones_are_too_many() -> None:
    with pytest.raises(FaultyInput) as caught:
        plans.read_milestones([MILESTONE] * 100, FIRST, LAST, TODAY)
    assert f"節目は{MOST_MILESTONES}行まで" in caught.value.messages[""]


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"planned": "-500"}, "planned-0", "0から"),
        ({"planned": "120万円"}, "planned-0", "10,000を掛けて"),
        ({"planned": "300千円"}, "planned-0", "1,000を掛けて"),
        ({"planned": "10,000,000,001"}, "planned-0", "10,000,000,000まで"),
        ({"planned": "9" * 40}, "planned-0", "10,000,000,000まで"),
        ({"planned": ""}, "planned-0", "予定の金額を入れて"),
        ({"actual": "1.5"}, "actual-0", "整数"),
        ({"payer": ""}, "payer-0", "だれが負担するか"),
    ],
)
def test_a_line_of_the_budget_that_cannot_be(
    changed: Mapping[str, str], field: str, words: str
) -> None:
    with pytest.raises(FaultyInput) as caught:
        plans.read_budget([{**LINE, **changed}])
    assert set(caught.value.messages) == {field}
    assert words in caught.value.messages[field]


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"goal": "-1"}, "goal-0", "0以上"),
        ({"goal": "120kg"}, "goal-0", "1,000で割って"),
        ({"baseline": "99999999"}, "baseline-0", "大きすぎます"),
        ({"unit": "kg"}, "unit-0", "単位はt"),
        ({"kind": ""}, "kind-0", "何を数えるか"),
        ({"kind": "other", "unit": "件"}, "name-0", "名前を付けて"),
        ({"kind": "other", "name": "見学"}, "unit-0", "単位を入れて"),
    ],
)
def test_an_indicator_that_cannot_be(changed: Mapping[str, str], field: str, words: str) -> None:
    with pytest.raises(FaultyInput) as caught:
        plans.read_indicators([{**GOAL, **changed}])
    assert set(caught.value.messages) == {field}
    assert words in caught.value.messages[field]


def test_what_is_counted_twice_is_refused() -> None:
    with pytest.raises(FaultyInput) as caught:
        plans.read_indicators([GOAL, GOAL])
    assert "2回あります" in caught.value.messages[""]


def test_a_line_with_a_forged_id_is_a_new_one() -> None:
    assert plans.read_indicators([{**GOAL, "id": "x"}])[0].id is None


def test_lines_come_back_with_their_messages(site: PilotSite) -> None:
    editor = site.world.client("editor")
    typed = {"title-0": "試し焼き", "due-0": "2199-01-01", "title-1": "説明会", "due-1": "来月"}
    revision = str(site.pilot.revision)
    answer = send(editor, f"{site.base}/milestones", revision=revision, **typed)
    assert answer.status_code == 422
    assert "離れすぎています" in said(answer.text, "due-0")
    assert "実在する日付" in said(answer.text, "due-1")
    for value in typed.values():
        assert f'value="{value}"' in answer.text
    again = send(editor, f"{site.base}/milestones", revision=revision, **typed, **{"title-4": ""})
    assert again.text.count('name="title-') == answer.text.count('name="title-')


def over(site: PilotSite, **changed: Any) -> PilotReport:
    """The first report of the pilot, which has run until yesterday."""
    day = today(clock.now())
    typed = replace(
        FRAME, starts_on=str(day - timedelta(days=20)), ends_on=str(day - timedelta(days=1)),
        report_interval="12", **changed,
    )  # fmt: skip
    pilot, then = site.pilot, clock.now() - timedelta(days=2)
    service.change_plan(pilot, typed, site.editor, then, expected_revision=pilot.revision)
    site.move(PilotMove.START, now=then)
    return queries.reports_of(site.pilot_id)[0]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("-3", "0以上"),
        ("120kg", "1,000で割って"),
        ("99999999", "大きすぎます"),
        ("三トン", "数字で"),
        ("1.23456", "小数は3桁"),
    ],
)
def test_a_faulty_value_is_told_at_its_field(site: PilotSite, typed: str, words: str) -> None:
    report = over(site)
    collected = site.pilot.indicators[0].id
    answer = send(
        site.world.client("editor"), f"{site.base}/reports/{report.id}/edit",
        revision=str(report.revision), done="集めました。",
        **{f"value-{collected}": typed, f"note-{collected}": "計量票"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert words in said(answer.text, f"value-{collected}")
    for kept in (f'value="{typed}"', 'value="計量票"', "集めました。"):
        assert kept in answer.text
    assert queries.reports_of(site.pilot_id)[0].handed_in_at is None


def test_a_period_that_is_not_over_has_no_button_to_hand_in(site: PilotSite) -> None:
    day = today(clock.now())
    plan = replace(FRAME, starts_on=str(day), ends_on=str(day + timedelta(days=20)))
    pilot = site.pilot
    service.change_plan(pilot, plan, site.editor, START, expected_revision=pilot.revision)
    site.move(PilotMove.START, now=clock.now())
    report = queries.reports_of(site.pilot_id)[0]
    path = f"{site.base}/reports/{report.id}/edit"
    editor = site.world.client("editor")
    page = editor.get(path).text
    assert "下書きとして残す" in page
    assert ">提出する<" not in page
    forced = send(editor, path, revision=str(report.revision), done="先に出します。")
    assert forced.status_code == 409
    assert "期間が終わってから" in forced.text
    assert "先に出します。" in forced.text


def test_a_step_without_its_reason_is_told_at_its_field(site: PilotSite) -> None:
    answer = send(
        site.world.client("editor"), f"{site.base}/moves", from_page=site.base, move="cancel"
    )
    assert answer.status_code == 422
    assert "理由を入れて" in said(answer.text, "reason")
    assert 'href="#reason"' in answer.text


def test_what_is_missing_before_the_start_is_told_together(site: PilotSite) -> None:
    for save in (service.save_milestones, service.save_indicators):
        save(site.pilot, [], site.editor, START, expected_revision=site.pilot.revision)
    db.session.commit()
    page = site.world.client("editor").get(site.base).text
    assert "節目を1つ以上" in page
    assert "指標を1つ以上" in page
    with pytest.raises(Conflict, match=r"節目.*指標"):
        site.move(PilotMove.START)


def test_what_is_owed_is_told_before_an_outcome_is_written(site: PilotSite) -> None:
    over(site)
    page = site.world.client("editor").get(f"{site.base}/outcome").text
    assert "まだ出していない報告が" in page
