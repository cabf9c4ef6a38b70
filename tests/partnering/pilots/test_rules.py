"""The pure rules of pilots: states, midnight, periods, amounts, balance, sums."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.core.clock import fiscal_year
from matchmaker.core.errors import IllegalMove, ProductError
from matchmaker.partnering.pilots.domain import (
    PILOT_STATES,
    MilestoneState,
    PaidSum,
    PilotMove,
    PilotState,
    ReportState,
    milestone_state,
    paid_sums,
    reminder_due,
    report_state,
    total_paid,
)
from matchmaker.partnering.pilots.indicators import (
    Amount,
    Balance,
    IndicatorKind,
    first_imbalance,
    is_reached,
    progress,
    read_amount,
    total_of,
)
from matchmaker.partnering.pilots.schedule import Interval, periods_of

S, M, K = PilotState, PilotMove, IndicatorKind
ALLOWED = {
    (S.PLANNED, M.START): S.RUNNING,
    (S.RUNNING, M.WIND_UP): S.REPORTING,
    (S.REPORTING, M.RESUME): S.RUNNING,
    (S.RUNNING, M.END): S.ENDED,
    (S.REPORTING, M.END): S.ENDED,
    (S.PLANNED, M.CANCEL): S.CANCELLED,
    (S.RUNNING, M.CANCEL): S.CANCELLED,
    (S.REPORTING, M.CANCEL): S.CANCELLED,
    (S.ENDED, M.REOPEN): S.REPORTING,
    (S.CANCELLED, M.RESTORE): S.PLANNED,
}
MIDNIGHT_OF_1_APRIL = datetime(2027, 3, 31, 15, 0, tzinfo=UTC)
"""1 April 2027 0:00 in Japan."""
INSTANT = timedelta(microseconds=1)
LAST_DAY = date(2027, 3, 31)


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("move", list(M))
def test_only_the_named_moves_are_possible(state: PilotState, move: PilotMove) -> None:
    target = ALLOWED.get((state, move))
    if target is None:
        with pytest.raises(IllegalMove):
            PILOT_STATES.check(state, move, "理由")
    else:
        assert PILOT_STATES.check(state, move, "理由") is target


@pytest.mark.parametrize("move", [M.CANCEL, M.RESUME, M.REOPEN, M.RESTORE])
def test_corrections_and_ends_midway_need_a_reason(move: PilotMove) -> None:
    source = next(iter(PILOT_STATES.moves[move].sources))
    with pytest.raises(ProductError) as caught:
        PILOT_STATES.check(source, move, "  ")
    assert caught.value.field == "reason"


def test_a_milestone_is_late_from_midnight_in_japan() -> None:
    before = milestone_state(LAST_DAY, None, MIDNIGHT_OF_1_APRIL - INSTANT)
    assert before is MilestoneState.NEAR
    assert milestone_state(LAST_DAY, None, MIDNIGHT_OF_1_APRIL) is MilestoneState.LATE
    assert milestone_state(LAST_DAY, LAST_DAY, MIDNIGHT_OF_1_APRIL) is MilestoneState.DONE


def test_a_report_is_due_and_late_from_midnight_in_japan() -> None:
    due_on = date(2027, 4, 14)
    late = MIDNIGHT_OF_1_APRIL + timedelta(days=14)
    moments = (MIDNIGHT_OF_1_APRIL - INSTANT, MIDNIGHT_OF_1_APRIL, late - INSTANT, late)
    states = [report_state(LAST_DAY, due_on, None, moment) for moment in moments]
    assert states == [ReportState.AHEAD, ReportState.DUE, ReportState.DUE, ReportState.LATE]
    assert report_state(LAST_DAY, due_on, late, late) is ReportState.HANDED_IN


def test_reminders_begin_a_week_before_and_when_late() -> None:
    start = MIDNIGHT_OF_1_APRIL - timedelta(days=8)
    assert reminder_due(LAST_DAY, start - INSTANT) is None
    assert reminder_due(LAST_DAY, start) is False
    assert reminder_due(LAST_DAY, MIDNIGHT_OF_1_APRIL - INSTANT) is False
    assert reminder_due(LAST_DAY, MIDNIGHT_OF_1_APRIL) is True


def test_periods_end_with_months_and_with_the_fiscal_year() -> None:
    periods = periods_of(date(2026, 10, 1), date(2027, 9, 30), Interval.HALF_YEARLY, 14)
    spans = [(each.first, each.last, each.due_on) for each in periods]
    assert spans == [
        (date(2026, 10, 1), LAST_DAY, date(2027, 4, 14)),
        (date(2027, 4, 1), date(2027, 9, 30), date(2027, 10, 14)),
    ]
    assert [each.fiscal_year for each in periods] == [2026, 2027]


def test_a_yearly_report_is_cut_at_31_march() -> None:
    periods = periods_of(date(2026, 12, 1), date(2027, 11, 30), Interval.YEARLY, 30)
    assert [each.last for each in periods] == [LAST_DAY, date(2027, 11, 30)]


def test_a_start_late_in_a_month_has_no_report_of_that_month_alone() -> None:
    late = periods_of(date(2026, 5, 20), date(2026, 7, 31), Interval.MONTHLY, 14)
    assert [each.last for each in late] == [date(2026, 6, 30), date(2026, 7, 31)]
    early = periods_of(date(2026, 5, 15), date(2026, 6, 30), Interval.MONTHLY, 14)
    assert [each.last for each in early] == [date(2026, 5, 31), date(2026, 6, 30)]


DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@given(DAYS, st.integers(0, 1826), st.sampled_from(list(Interval)), st.integers(1, 60))
def test_periods_cover_each_day_once(start: date, length: int, interval: int, due: int) -> None:
    end = start + timedelta(days=length)
    periods = periods_of(start, end, interval, due)
    assert (periods[0].first, periods[-1].last) == (start, end)
    assert all(b.first - a.last == timedelta(days=1) for a, b in pairwise(periods))
    assert all(fiscal_year(each.first) == fiscal_year(each.last) for each in periods)
    assert all(each.due_on - each.last == timedelta(days=due) for each in periods)


@pytest.mark.parametrize(
    ("typed", "kind", "value", "decimals"),
    [
        ("12.50", K.COLLECTED, "12.5", 2),
        ("１，２００．５ トン", K.COLLECTED, "1200.5", 1),
        ("0", K.DISPOSED, "0", 0),
        ("3 t-CO2", K.GHG, "3", 0),
        ("12,000円", K.COST, "12000", 0),
        ("45人", K.PARTICIPANTS, "45", 0),
    ],
)
def test_amounts_are_read_as_people_write_them(
    typed: str, kind: IndicatorKind, value: str, decimals: int
) -> None:
    unit = {K.COST: "円", K.PARTICIPANTS: "人", K.GHG: "t-CO2e"}.get(kind, "t")
    assert read_amount(typed, kind, unit, "value-1") == Amount(Decimal(value), decimals)


def test_an_empty_amount_is_none() -> None:
    assert read_amount("　", K.COLLECTED, "t", "value-1") is None


@pytest.mark.parametrize(
    ("typed", "kind", "unit", "words"),
    [
        ("120kg", K.COLLECTED, "t", "単位はt"),
        ("-3", K.COLLECTED, "t", "0以上"),
        ("△3", K.COLLECTED, "t", "0以上"),
        ("約30", K.COLLECTED, "t", "数字"),
        ("1e5", K.COLLECTED, "t", "単位"),
        ("99999999", K.COLLECTED, "t", "大きすぎ"),
        ("1.2345", K.COLLECTED, "t", "小数は3桁"),
        ("3.5", K.PARTICIPANTS, "人", "整数"),
        ("30万円", K.COST, "円", "10,000を掛けて"),
        ("12t", K.OTHER, "件", "単位は件"),
    ],
)
def test_what_is_no_sensible_amount_is_refused_at_its_field(
    typed: str, kind: IndicatorKind, unit: str, words: str
) -> None:
    with pytest.raises(ProductError) as caught:
        read_amount(typed, kind, unit, "value-1")
    assert caught.value.field == "value-1"
    assert words in caught.value.message


def _amount(text: str) -> Amount:
    found = read_amount(text, K.COLLECTED, "t", "")
    assert found is not None
    return found


def _balance(*texts: str) -> Balance:
    return Balance(*(_amount(text) if text else None for text in texts))


@pytest.mark.parametrize(
    ("periods", "fault"),
    [
        ([("10", "6", "4")], None),
        ([("10", "6.4", "4")], None),  # 10 may have been 10.49
        ([("10.0", "6.4", "4.0")], 0),
        ([("10.00", "6.66", "3.35")], None),
        ([("10", "6", "")], None),
        ([("", "6", "4")], None),
        ([("10", "2", "0"), ("5", "12", "1")], None),  # what was kept is treated later
        ([("10.0", "2.0", "0.0"), ("5.0", "12.0", "3.0")], 1),
        ([("10", "9", "3"), ("50", "0", "0")], 0),
    ],
)
def test_no_more_is_treated_than_was_collected(
    periods: list[tuple[str, str, str]], fault: int | None
) -> None:
    assert first_imbalance([_balance(*each) for each in periods]) == fault


def test_totals_add_up_and_levels_take_the_newest() -> None:
    values = [Decimal(3), Decimal("1.5")]
    assert total_of(K.COLLECTED, values) == Decimal("4.5")
    assert total_of(K.JOBS, values) == Decimal("1.5")
    assert total_of(K.COLLECTED, []) is None


def test_a_goal_of_what_should_become_less_is_kept_below() -> None:
    assert is_reached(K.COLLECTED, Decimal(9), Decimal(10)) is False
    assert is_reached(K.DISPOSED, Decimal(9), Decimal(10)) is True
    assert progress(Decimal(9), Decimal(10)) == pytest.approx(0.9)
    assert progress(Decimal(9), Decimal(0)) is None


def test_a_budget_is_added_up_by_payer() -> None:
    lines = [("町", 100, None), ("会社", 50, 40), ("町", 30, 20)]
    assert paid_sums(lines) == [PaidSum("町", 130, 20), PaidSum("会社", 50, 40)]
    assert total_paid(lines) == PaidSum("", 180, 60)
    assert total_paid([]) == PaidSum("", 0, None)
