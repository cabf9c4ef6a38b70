"""The steps of a pilot: starting, winding up, ending with an outcome, cancelling, correcting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.partnering.consortia.domain import CONSORTIUM_STATES, ConsortiumState
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.pilots import queries
from matchmaker.partnering.pilots.checking import Reader
from matchmaker.partnering.pilots.domain import (
    PILOT_STATES,
    REASON_LENGTH,
    TEXT_LENGTH,
    EndReason,
    Outcome,
    PilotMove,
)
from matchmaker.partnering.pilots.events import PilotMoved
from matchmaker.partnering.pilots.models import Pilot, PilotReport
from matchmaker.partnering.pilots.report_rows import remake_reports

AGREED_STATES = frozenset(
    {
        ConsortiumState.AGREED,
        ConsortiumState.ANSWERING,
        ConsortiumState.ADOPTED,
        ConsortiumState.ACTIVE,
    }
)
"""A pilot begins only when all partners agreed."""

NO_INDICATOR = "指標を1つ以上決めてください。"
NO_MILESTONE = "節目を1つ以上決めてください。"
NOT_AGREED = "座組が「{state}」です。参加する団体の合意がそろってから始められます。"
OVER = "実証の期間が終わっています。計画の終わる日を直してください。"
GOING_ON = frozenset({PilotMove.START, PilotMove.RESUME, PilotMove.RESTORE})
"""Steps after which a pilot is to be carried on."""

CONSORTIUM_OVER = "座組が終了しているため、この実証は続けられません。"
OWED = (
    "まだ出していない報告が{count}件あります。先に報告を出してください。"
    "予定より早く終えるときは、計画の終わる日を、終えた日に直してください。"
)


@dataclass(frozen=True, slots=True)
class OutcomeInput:
    """What came of a pilot, as typed: codes, words, lessons."""

    outcome: str = ""
    end_reason: str = ""
    words: str = ""
    lessons: str = ""


def move_pilot(
    pilot: Pilot, consortium: Consortium, move: PilotMove, reason: str, actor: Actor, now: datetime
) -> None:
    """Take a step other than ending.

    Args:
        pilot: the pilot.
        consortium: whose it is.
        move: any but ``END``, which needs an outcome (:func:`end_pilot`).
        reason: words, where the step needs them.

    Raises:
        IllegalMove: the state does not allow it (a second tab, a double click).
        FaultyInput: the reason is too long.
        ProductError: the reason is missing (field ``reason``).
        Conflict: something needed for starting is missing, or the consortium has ended.
    """
    if move is PilotMove.END:
        raise ValueError("an end needs an outcome")
    db.session.refresh(pilot, with_for_update=True)
    reader = Reader()
    reason = reader.line(reason, "reason", REASON_LENGTH)
    reader.finish()
    PILOT_STATES.check(pilot.state, move, reason)
    if not goes_on(consortium, move):
        raise Conflict(CONSORTIUM_OVER)
    if move is PilotMove.START:
        _check_start(pilot, consortium, now)
        remake_reports(pilot, queries.reports_of(pilot.id))
        pilot.started_at = pilot.started_at or now
    if move is PilotMove.REOPEN:
        pilot.ended_at = None
    _move(pilot, move, reason, actor, now)


def obstacles_to_start(
    consortium_state: ConsortiumState,
    ends_on: date,
    today: date,
    *,
    has_milestones: bool,
    has_indicators: bool,
) -> list[str]:
    """What is missing before a planned pilot can begin, in Japanese; empty when nothing is."""
    label = CONSORTIUM_STATES.labels[consortium_state]
    checks = (
        (has_milestones, NO_MILESTONE),
        (has_indicators, NO_INDICATOR),
        (consortium_state in AGREED_STATES, NOT_AGREED.format(state=label)),
        (today <= ends_on, OVER),
    )
    return [message for holds, message in checks if not holds]


def _check_start(pilot: Pilot, consortium: Consortium, now: datetime) -> None:
    obstacles = obstacles_to_start(
        consortium.state, pilot.ends_on, today(now),
        has_milestones=bool(queries.milestones_of(pilot.id)),
        has_indicators=bool(queries.indicators_of(pilot.id)),
    )  # fmt: skip
    if obstacles:
        raise Conflict("".join(obstacles))


def goes_on(consortium: Consortium, move: PilotMove) -> bool:
    """Whether the consortium lets a pilot take this step: after its end nothing goes on."""
    return move not in GOING_ON or consortium.state is not ConsortiumState.ENDED


def _move(pilot: Pilot, move: PilotMove, reason: str, actor: Actor, now: datetime) -> None:
    before, after = pilot.state, PILOT_STATES.check(pilot.state, move, reason)
    pilot.state, pilot.state_reason = after, reason
    pilot.revision += 1
    pilot.updated_at = now
    db.session.flush()
    record(
        PilotMoved(
            actor=actor, now=now, subject_id=pilot.id, reason=reason, before=before.value,
            after=after.value,
        )
    )  # fmt: skip


def end_pilot(pilot: Pilot, typed: OutcomeInput, actor: Actor, now: datetime) -> None:
    """End a pilot with what came of it; the draft of its case follows.

    Raises:
        IllegalMove: the state does not allow it.
        FaultyInput: the outcome, its reason, words or lessons are missing.
        ProductError: reports are owed.
    """
    db.session.refresh(pilot, with_for_update=True)
    PILOT_STATES.check(pilot.state, PilotMove.END)
    _read_outcome(pilot, typed)
    owed = owed_words(queries.reports_of(pilot.id))
    if owed:
        raise ProductError(owed)
    pilot.ended_at = now
    _move(pilot, PilotMove.END, "", actor, now)


def owed_words(reports: Sequence[PilotReport]) -> str:
    """What is to be done about reports that are not handed in; empty when all are."""
    owed = sum(1 for each in reports if each.handed_in_at is None)
    return OWED.format(count=owed) if owed else ""


def _read_outcome(pilot: Pilot, typed: OutcomeInput) -> None:
    reader = Reader()
    if typed.outcome not in set(Outcome):
        reader.fault("outcome", "これからどうするかを選んでください。")
    ends = typed.outcome == Outcome.FINISHED
    if ends and typed.end_reason not in set(EndReason):
        reader.fault("end_reason", "終了する理由を選んでください。")
    words = reader.text(typed.words, "words", TEXT_LENGTH, "結果と理由を書いてください。")
    lessons = reader.text(typed.lessons, "lessons", TEXT_LENGTH, "分かったことを書いてください。")
    reader.finish()
    pilot.outcome = Outcome(typed.outcome)
    pilot.end_reason = EndReason(typed.end_reason) if ends else None
    pilot.outcome_words, pilot.lessons = words, lessons
