"""Rules of calls: moves, phases to the second, what is due when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.core.clock import JST, fiscal_year, today
from matchmaker.core.errors import IllegalMove, ProductError
from matchmaker.working_groups.calls.domain import (
    CALL_STATES,
    KIND_LABELS,
    PHASE_LABELS,
    QUESTION_STATES,
    CallKind,
    CallMove,
    CallQuestionMove,
    CallQuestionState,
    CallState,
    Phase,
    closing_notice_due,
    phase_of,
    time_left,
)

SECOND = timedelta(seconds=1)
OPENS = datetime(2026, 11, 25, 9, 0, tzinfo=JST)
CLOSES = datetime(2026, 12, 25, 17, 0, tzinfo=JST)
LEGAL = {
    (CallState.DRAFT, CallMove.PUBLISH): CallState.PUBLISHED,
    (CallState.DRAFT, CallMove.CANCEL): CallState.CANCELLED,
    (CallState.PUBLISHED, CallMove.UNPUBLISH): CallState.DRAFT,
    (CallState.PUBLISHED, CallMove.CANCEL): CallState.CANCELLED,
    (CallState.PUBLISHED, CallMove.DECIDE): CallState.DECIDED,
}
S, M = CallQuestionState, CallQuestionMove
LEGAL_FOR_QUESTIONS = {
    (S.ASKED, M.ANSWER): S.ANSWERED,
    (S.ANSWERED, M.ANSWER): S.ANSWERED,
    (S.ASKED, M.PUBLISH): S.PUBLISHED,
    (S.ANSWERED, M.PUBLISH): S.PUBLISHED,
    (S.ASKED, M.DISMISS): S.DISMISSED,
    (S.ANSWERED, M.DISMISS): S.DISMISSED,
    (S.PUBLISHED, M.RETRACT): S.ANSWERED,
    (S.DISMISSED, M.RETRACT): S.ANSWERED,
}


@pytest.mark.parametrize("state", CallState)
@pytest.mark.parametrize("move", CallMove)
def test_a_call_makes_legal_moves_only(state: CallState, move: CallMove) -> None:
    target = LEGAL.get((state, move))
    if target is None:
        with pytest.raises(IllegalMove):
            CALL_STATES.check(state, move, "理由")
    else:
        assert CALL_STATES.check(state, move, "理由") is target


@pytest.mark.parametrize("state", CallQuestionState)
@pytest.mark.parametrize("move", CallQuestionMove)
def test_a_question_makes_legal_moves_only(
    state: CallQuestionState, move: CallQuestionMove
) -> None:
    target = LEGAL_FOR_QUESTIONS.get((state, move))
    if target is None:
        with pytest.raises(IllegalMove):
            QUESTION_STATES.check(state, move, "理由")
    else:
        assert QUESTION_STATES.check(state, move, "理由") is target


@pytest.mark.parametrize("move", [CallMove.UNPUBLISH, CallMove.CANCEL])
def test_taking_back_and_cancelling_need_words(move: CallMove) -> None:
    with pytest.raises(ProductError, match="理由"):
        CALL_STATES.check(CallState.PUBLISHED, move, "　 ")


def test_a_call_opens_and_closes_at_its_second() -> None:
    moments = {
        OPENS - SECOND: Phase.UPCOMING,
        OPENS: Phase.OPEN,
        CLOSES - SECOND: Phase.OPEN,
        CLOSES - timedelta(microseconds=1): Phase.OPEN,
        CLOSES: Phase.CLOSED,
        CLOSES + SECOND: Phase.CLOSED,
    }
    for now, phase in moments.items():
        assert phase_of(CallState.PUBLISHED, OPENS, CLOSES, now.astimezone(UTC)) is phase, now


def test_a_call_that_ends_with_the_fiscal_year_ends_at_midnight_in_japan() -> None:
    closes = datetime(2027, 4, 1, 0, 0, tzinfo=JST)
    last = closes - SECOND
    assert phase_of(CallState.PUBLISHED, OPENS, closes, last) is Phase.OPEN
    assert phase_of(CallState.PUBLISHED, OPENS, closes, closes) is Phase.CLOSED
    assert [fiscal_year(today(moment)) for moment in (last, closes)] == [2026, 2027]
    assert last.astimezone(UTC) == datetime(2027, 3, 31, 14, 59, 59, tzinfo=UTC)


def test_a_call_goes_on_across_the_turn_of_the_year_in_japan() -> None:
    closes = datetime(2027, 1, 4, 9, 0, tzinfo=JST)
    for moment in ("2026-12-31T23:59:59", "2027-01-01T00:00:00", "2027-01-04T08:59:59"):
        now = datetime.fromisoformat(moment).replace(tzinfo=JST)
        assert phase_of(CallState.PUBLISHED, OPENS, closes, now) is Phase.OPEN


@pytest.mark.parametrize("state", [CallState.DRAFT, CallState.DECIDED, CallState.CANCELLED])
def test_what_people_decided_counts_more_than_the_clock(state: CallState) -> None:
    for now in (OPENS - SECOND, OPENS, CLOSES):
        assert phase_of(state, OPENS, CLOSES, now) is Phase(state.value)
    assert phase_of(state, None, None, OPENS) is Phase(state.value)


def test_a_published_call_without_a_period_is_a_fault() -> None:
    with pytest.raises(ValueError, match="period"):
        phase_of(CallState.PUBLISHED, None, CLOSES, OPENS)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=12, hours=23), "あと12日"),
        (timedelta(days=2), "あと2日"),
        (timedelta(days=2) - SECOND, "あと47時間"),
        (timedelta(hours=1), "あと1時間"),
        (timedelta(hours=1) - SECOND, "あと59分"),
        (timedelta(seconds=60), "あと1分"),
        (timedelta(seconds=59), "あと1分未満"),
        (timedelta(0), "終わりました"),
        (timedelta(days=-1), "終わりました"),
    ],
)
def test_the_time_left_is_told_in_words_and_never_too_much(left: timedelta, words: str) -> None:
    assert time_left(CLOSES, CLOSES - left) == words


@pytest.mark.parametrize(
    ("left", "told", "due"),
    [
        (timedelta(days=8), None, None),
        (timedelta(days=7), None, 7),
        (timedelta(days=3), 7, None),
        (timedelta(days=1), 7, 1),
        (timedelta(hours=2), None, 1),
        (timedelta(hours=2), 1, None),
        (timedelta(0), None, None),
    ],
)
def test_the_coming_deadline_is_told_seven_days_and_one_day_before(
    left: timedelta, told: int | None, due: int | None
) -> None:
    assert closing_notice_due(CLOSES, told, CLOSES - left) == due


def test_every_word_has_a_label() -> None:
    assert set(KIND_LABELS) == set(CallKind)
    assert set(PHASE_LABELS) == set(Phase)
    assert set(QUESTION_STATES.labels) == set(CallQuestionState)
