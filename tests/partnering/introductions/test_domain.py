"""The states of introductions and what the clock decides, without a database."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.core.clock import JST, today
from matchmaker.core.errors import IllegalMove, ProductError
from matchmaker.partnering.introductions.domain import (
    CLOSED_STATES,
    GRACE,
    INTRODUCTION_STATES,
    LIVE_STATES,
    STANDING_STATES,
    Answer,
    IntroductionMove,
    IntroductionState,
    ReasonCode,
    Side,
    check_answer,
    checked_day,
    closes_at,
    due_after_turn,
    due_at_end_of,
    half_time,
    last_day,
    side_awaited,
    state_at,
    target_of,
)

M, S = IntroductionMove, IntroductionState
NOW = datetime(2026, 11, 20, 1, tzinfo=JST)
DUE = due_at_end_of(date(2026, 12, 4))
AFTER: dict[tuple[IntroductionState, IntroductionMove], IntroductionState] = {
    (S.OPEN, M.ACCEPT): S.ACCEPTED,
    (S.OPEN, M.DECLINE): S.DECLINED,
    (S.OPEN, M.ASK_BACK): S.ASKED_BACK,
    (S.OPEN, M.WITHDRAW): S.WITHDRAWN,
    (S.OPEN, M.EXPIRE): S.UNANSWERED,
    (S.ASKED_BACK, M.ACCEPT): S.ACCEPTED,
    (S.ASKED_BACK, M.DECLINE): S.DECLINED,
    (S.ASKED_BACK, M.REPLY): S.OPEN,
    (S.ASKED_BACK, M.WITHDRAW): S.WITHDRAWN,
    (S.ASKED_BACK, M.EXPIRE): S.UNANSWERED,
    (S.ACCEPTED, M.UNDO): S.OPEN,
    (S.DECLINED, M.REOPEN): S.OPEN,
    (S.WITHDRAWN, M.REOPEN): S.OPEN,
    (S.UNANSWERED, M.REOPEN): S.OPEN,
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("move", list(M))
def test_each_move_leads_where_the_table_says_and_every_other_is_refused(
    state: IntroductionState, move: IntroductionMove
) -> None:
    now = closes_at(DUE) if move is M.EXPIRE else NOW
    if (state, move) in AFTER:
        assert target_of(state, move, DUE, "理由", now) is AFTER[state, move]
    else:
        with pytest.raises(IllegalMove):
            target_of(state, move, DUE, "理由", now)


def test_states_are_live_standing_or_closed() -> None:
    assert LIVE_STATES | CLOSED_STATES | {S.ACCEPTED} == set(S)
    assert set(S) - CLOSED_STATES == STANDING_STATES
    assert set(INTRODUCTION_STATES.labels) == set(S)


def test_the_last_day_counts_as_a_whole_in_japan() -> None:
    end = datetime(2026, 12, 5, tzinfo=JST)
    assert end == DUE
    assert last_day(DUE) == date(2026, 12, 4)
    assert today(DUE - timedelta(microseconds=1)) == date(2026, 12, 4)


def test_an_answer_counts_until_the_last_microsecond_of_the_grace() -> None:
    last = closes_at(DUE) - timedelta(microseconds=1)
    for state in LIVE_STATES:
        assert state_at(state, DUE, last) is state
        assert state_at(state, DUE, closes_at(DUE)) is S.UNANSWERED
    assert target_of(S.OPEN, M.ACCEPT, DUE, "", last) is S.ACCEPTED
    with pytest.raises(IllegalMove, match="もう一度ひらく"):
        target_of(S.OPEN, M.ACCEPT, DUE, "", closes_at(DUE))
    with pytest.raises(IllegalMove):
        target_of(S.OPEN, M.EXPIRE, DUE, "", last)
    assert target_of(S.OPEN, M.REOPEN, DUE, "", closes_at(DUE)) is S.OPEN


def test_what_is_closed_or_accepted_does_not_run_out() -> None:
    for state in set(S) - LIVE_STATES:
        assert state_at(state, DUE, DUE + timedelta(days=999)) is state


@pytest.mark.parametrize(("days", "is_taken"), [(2, False), (3, True), (60, True), (61, False)])
def test_the_deadline_has_bounds(days: int, is_taken: bool) -> None:
    day = date(2026, 11, 20) + timedelta(days=days)
    if is_taken:
        assert checked_day(day, date(2026, 11, 20)) == day
        return
    with pytest.raises(ProductError) as refused:
        checked_day(day, date(2026, 11, 20))
    assert refused.value.field == "answer_due_on"


def test_two_weeks_are_meant_where_no_day_is_named() -> None:
    assert checked_day(None, date(2026, 2, 20)) == date(2026, 3, 6)


def test_whoever_is_asked_has_a_week_at_least() -> None:
    soon = due_at_end_of(date(2026, 11, 21))
    assert last_day(due_after_turn(soon, NOW)) == date(2026, 11, 27)
    assert due_after_turn(DUE, NOW) == DUE


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_half_time_lies_between(begin: int, length: int) -> None:
    began = NOW + timedelta(seconds=begin)
    due = began + timedelta(seconds=length)
    assert began <= half_time(began, due) <= due


def test_it_is_the_receiver_s_turn_until_something_is_asked_back() -> None:
    assert side_awaited(S.OPEN, Side.TOWN) is Side.BUSINESS
    assert side_awaited(S.ASKED_BACK, Side.TOWN) is Side.TOWN
    assert {side_awaited(each, Side.TOWN) for each in set(S) - LIVE_STATES} == {None}


@pytest.mark.parametrize(
    ("move", "answer", "field"),
    [
        (M.DECLINE, Answer(), "reason_code"),
        (M.DECLINE, Answer(ReasonCode.NO_ANSWER), "reason_code"),
        (M.DECLINE, Answer(ReasonCode.OTHER, "  "), "reason"),
        (M.ASK_BACK, Answer(), "words"),
        (M.REPLY, Answer(words=" \n"), "words"),
        (M.ACCEPT, Answer(words="あ" * 1001), "words"),
    ],
)
def test_what_is_missing_is_told_at_its_field(
    move: IntroductionMove, answer: Answer, field: str
) -> None:
    with pytest.raises(ProductError) as refused:
        check_answer(move, answer)
    assert refused.value.field == field


def test_the_grace_outlives_a_weekend() -> None:
    friday = due_at_end_of(date(2026, 12, 4))
    assert timedelta(days=3) == GRACE
    monday_evening = datetime(2026, 12, 7, 23, 59, tzinfo=JST)
    assert state_at(S.OPEN, friday, monday_evening) is S.OPEN
