"""Decisions and tasks as they stand in minutes."""

from __future__ import annotations

from datetime import date

import pytest

from matchmaker.working_groups.meetings.domain import FindingKind
from matchmaker.working_groups.meetings.minutes.findings import (
    Finding,
    findings_in,
    key_of,
    read_due,
)

NEW_YEARS_EVE = date(2026, 12, 31)


def only(line: str, met_on: date = NEW_YEARS_EVE) -> Finding:
    (found,) = findings_in(line, met_on)
    return found


@pytest.mark.parametrize(
    "line",
    [
        "決定：次回は青空町で開く。",
        "決定:次回は青空町で開く。",
        "・決定 ： 次回は青空町で開く。",
        "【決定】次回は青空町で開く。",
        "■ 決定事項：次回は青空町で開く。",
        "　決議：次回は青空町で開く。",
    ],
)
def test_a_marked_line_is_a_decision(line: str) -> None:
    found = only(line)
    assert (found.kind, found.text) == (FindingKind.DECISION, "次回は青空町で開く。")


@pytest.mark.parametrize(
    "line",
    ["決定した。", "これは決定：ではない。", "決定：", "宿題：", "宿題：　＠山田", "宿題 資料", ""],
)
def test_other_lines_are_nothing(line: str) -> None:
    assert findings_in(line, NEW_YEARS_EVE) == []


@pytest.mark.parametrize(
    ("line", "text", "owner", "due"),
    [
        ("宿題：資料を作る ＠山田さん 期限12/1", "資料を作る", "山田", date(2027, 12, 1)),
        ("宿題:資料を作る@山田 期限：１月５日", "資料を作る", "山田", date(2027, 1, 5)),
        ("・宿題：資料（案）を作る　期限 令和9年1月5日", "資料（案）を作る", "", date(2027, 1, 5)),
        ("タスク：資料を作る 期限R9.1.5 ＠山田様", "資料を作る", "山田", date(2027, 1, 5)),
        ("宿題：資料を作る 締切：2027/1/5(火)", "資料を作る", "", date(2027, 1, 5)),
        ("宿題：1/5までに資料を作る", "1/5までに資料を作る", "", date(2027, 1, 5)),
        ("宿題：資料を作る 期限12/31", "資料を作る", "", date(2026, 12, 31)),
        ("宿題：第2/3章を直す ＠Smith", "第2/3章を直す", "Smith", None),
    ],
)
def test_a_task_has_an_owner_and_a_day(line: str, text: str, owner: str, due: date | None) -> None:
    found = only(line)
    assert found.kind is FindingKind.TASK
    assert (found.text, found.owner_name, found.due_on) == (text, owner, due)
    assert found.unread_due == ""


@pytest.mark.parametrize(
    ("line", "unread"), [("宿題：送る 期限2/30", "2/30"), ("宿題：送る 期限は来週中", "来週中")]
)
def test_a_day_that_cannot_be_read_is_told(line: str, unread: str) -> None:
    found = only(line)
    assert (found.text, found.due_on, found.unread_due) == ("送る", None, unread)


@pytest.mark.parametrize(
    ("text", "met_on", "due"),
    [
        ("1/5", date(2026, 12, 31), date(2027, 1, 5)),
        ("12/31", date(2026, 12, 31), date(2026, 12, 31)),
        ("12/30", date(2026, 12, 31), date(2027, 12, 30)),
        ("3月31日", date(2027, 1, 10), date(2027, 3, 31)),
        ("2/29", date(2027, 6, 1), date(2028, 2, 29)),
        ("2/29", date(2026, 6, 1), None),
        ("令和元年5月1日", date(2026, 6, 1), date(2019, 5, 1)),
        ("13/1", date(2026, 6, 1), None),
    ],
)
def test_a_day_without_year_is_the_next_one(text: str, met_on: date, due: date | None) -> None:
    assert read_due(text, met_on) == due


def test_the_same_words_are_one_finding_whatever_their_width() -> None:
    body = "宿題：ＡＢＣを送る\n宿題: ABCを 送る。 ＠山田 期限1/5\n決定：ABCを送る"
    assert [each.kind for each in findings_in(body, NEW_YEARS_EVE)] == [
        FindingKind.TASK,
        FindingKind.DECISION,
    ]
    assert key_of(FindingKind.TASK, "ＡＢＣを送る") == key_of(FindingKind.TASK, "abcを 送る。")


def test_huge_text_is_read_in_a_moment_and_gives_bounded_lists() -> None:
    body = "\n".join(f"宿題：{n}番目を送る{'あ' * 300} 期限1/5" for n in range(300))
    found = findings_in(body, NEW_YEARS_EVE)
    assert len(found) == 100
    assert max(len(each.text) for each in found) <= 200
    assert findings_in("決定：" * 20_000, NEW_YEARS_EVE)[0].text.startswith("決定：")
