"""Commands of the moderators: accept, reject, reword, answer, order, project, switches.

Each carries the revision the moderator saw; when somebody else was faster, nothing is done and the
second one is told.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.text import clean_text
from matchmaker.regional_events.floor import queries
from matchmaker.regional_events.floor.domain import (
    ANSWER_LENGTH,
    MOST_QUEUED,
    QUESTION_STATES,
    REASON_LENGTH,
    PollState,
    QuestionMove,
    QuestionState,
    QueueMove,
    problem_with,
)
from matchmaker.regional_events.floor.events import (
    FloorChanged,
    FloorLinkRenewed,
    ProjectionChanged,
    QuestionMoved,
    QuestionQueued,
    QuestionReworded,
)
from matchmaker.regional_events.floor.models import Floor, FloorPoll, FloorQuestion
from matchmaker.regional_events.floor.service import ensure_floor
from matchmaker.regional_events.floor.whole import whole
from matchmaker.regional_events.planning.models import RegionalEvent

OVERTAKEN = (
    "{number}番は、ほかの進行担当が先に変えました（いまは「{state}」）。内容を確かめてください。"
)
SWITCHES_OVERTAKEN = "受け付けの設定は、ほかの進行担当が先に変えました。確かめてください。"
NOT_ACCEPTED = "映せるのは、公開中の質問だけです。先に「公開する」を押してください。"
NOT_OPENED = "まだ始めていない挙手は映せません。先に「挙手を始める」を押してください。"
QUEUE_FULL = f"次に答える質問は{MOST_QUEUED}件までです。"


@dataclass(frozen=True, slots=True)
class SwitchData:
    """What is taken from now on; see ``Floor``."""

    takes_beforehand: bool
    is_asking_open: bool
    is_voting_open: bool
    admits_guests: bool


def claim(question: FloorQuestion, revision: int, now: datetime) -> None:
    """Take the question for a change, unless it was changed since ``revision`` was read.

    Raises:
        Conflict: somebody else was faster; says what it is now.
    """
    changed = db.session.execute(
        update(FloorQuestion)
        .where(FloorQuestion.id == question.id, FloorQuestion.revision == revision)
        .values(revision=FloorQuestion.revision + 1, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(question)
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        state = QUESTION_STATES.labels[question.state]
        raise Conflict(OVERTAKEN.format(number=question.number, state=state))


@whole
def move_question(
    question: FloorQuestion,
    move: QuestionMove,
    revision: int,
    actor: Actor,
    now: datetime,
    *,
    words: str = "",
) -> None:
    """Accept, reject, answer, or take one of these back.

    Args:
        words: the reason of a rejection, or the written answer (empty: answered aloud).

    Raises:
        Conflict: somebody else was faster, or the step is not possible from its state.
        ProductError: the reason is missing, or the words are too long (``reason``, ``answer``).
    """
    claim(question, revision, now)
    words = clean_text(words)
    target = QUESTION_STATES.check(question.state, move, words)
    question.state = target
    question.state_reason = _reason(move, words)
    if move is QuestionMove.ANSWER:
        question.answer = _bounded_answer(words)
        question.answered_at = question.answered_at or now
    if target is not QuestionState.ACCEPTED:
        question.place = None
        take_from_projection(question)
    db.session.flush()
    record(
        QuestionMoved(
            actor=actor,
            now=now,
            subject_id=question.id,
            event_id=question.event_id,
            move=move,
            reason=question.state_reason,
            details={"move": move.value, "number": question.number},
        )
    )


def _reason(move: QuestionMove, words: str) -> str:
    if move is not QuestionMove.REJECT:
        return ""
    if len(words) > REASON_LENGTH:
        raise ProductError(f"理由は{REASON_LENGTH}文字以内で入れてください。", "reason")
    return words


def _bounded_answer(words: str) -> str:
    if len(words) > ANSWER_LENGTH:
        raise ProductError(f"回答は{ANSWER_LENGTH:,}文字以内で入れてください。", "answer")
    return words


@whole
def reword(question: FloorQuestion, text: str, revision: int, actor: Actor, now: datetime) -> None:
    """Smooth the wording that is shown; what was sent stays as it was.

    Raises:
        Conflict: somebody else was faster.
        ProductError: nothing or too much was typed (field ``text``).
    """
    claim(question, revision, now)
    cleaned = clean_text(text)
    if problem := problem_with(cleaned):
        raise ProductError(problem, "text")
    before, question.text = question.text, cleaned
    db.session.flush()
    record(
        QuestionReworded(
            actor=actor,
            now=now,
            subject_id=question.id,
            event_id=question.event_id,
            details={"before": before, "after": cleaned},
        )
    )


@whole
def change_queue(question: FloorQuestion, move: QueueMove, actor: Actor, now: datetime) -> None:
    """Put a question among those that come up next, move it, or take it out.

    Raises:
        Conflict: it is not accepted (any more), or there are enough already.
    """
    ensure_floor(question.event_id)
    db.session.refresh(question)
    if question.state is not QuestionState.ACCEPTED:
        state = QUESTION_STATES.labels[question.state]
        raise Conflict(OVERTAKEN.format(number=question.number, state=state))
    line = [each for each in queries.queue_of(question.event_id) if each.id != question.id]
    at = question.place
    if move is not QueueMove.REMOVE:
        if len(line) >= MOST_QUEUED:
            raise Conflict(QUEUE_FULL)
        line.insert(_new_index(move, at, len(line)), question)
    question.place = None
    for index, each in enumerate(line):
        each.place = index + 1
    db.session.flush()
    record(
        QuestionQueued(
            actor=actor,
            now=now,
            subject_id=question.id,
            event_id=question.event_id,
            details={"move": move.value},
        )
    )


def _new_index(move: QueueMove, place: int | None, others: int) -> int:
    """Where the question goes among the ``others``; places count from 1 without gaps."""
    if place is None:
        return others
    step = {QueueMove.UP: -1, QueueMove.DOWN: 1}.get(move, 0)
    return max(0, min(others, place - 1 + step))


@whole
def project_question(question: FloorQuestion, actor: Actor, now: datetime) -> None:
    """Show a question large in the hall.

    Raises:
        Conflict: it is not accepted.
    """
    floor = ensure_floor(question.event_id)
    db.session.refresh(question)
    if question.state is not QuestionState.ACCEPTED:
        raise Conflict(NOT_ACCEPTED)
    floor.question_id, floor.poll_id = question.id, None
    _projected(floor, f"question {question.number}", actor, now)


@whole
def project_poll(poll: FloorPoll, actor: Actor, now: datetime) -> None:
    """Show a show of hands with its figures in the hall.

    Raises:
        Conflict: it was not opened yet.
    """
    floor = ensure_floor(poll.event_id)
    if poll.state is PollState.DRAFT:
        raise Conflict(NOT_OPENED)
    floor.question_id, floor.poll_id = None, poll.id
    _projected(floor, "poll", actor, now)


def project_nothing(event: RegionalEvent, actor: Actor, now: datetime) -> None:
    """Clear the screen in the hall."""
    floor = ensure_floor(event.id)
    floor.question_id = floor.poll_id = None
    _projected(floor, "nothing", actor, now)


def _projected(floor: Floor, what: str, actor: Actor, now: datetime) -> None:
    db.session.flush()
    record(
        ProjectionChanged(
            actor=actor,
            now=now,
            subject_id=floor.event_id,
            event_id=floor.event_id,
            details={"projected": what},
        )
    )


def take_from_projection(question: FloorQuestion) -> None:
    """Clear the screen when it shows this question."""
    db.session.execute(
        update(Floor)
        .where(Floor.event_id == question.event_id, Floor.question_id == question.id)
        .values(question_id=None)
        .execution_options(synchronize_session=False)
    )


@whole
def change_switches(
    event: RegionalEvent, data: SwitchData, revision: int, actor: Actor, now: datetime
) -> None:
    """Say what is taken from now on.

    Raises:
        Conflict: somebody else changed it since ``revision`` was read.
    """
    floor = ensure_floor(event.id)
    if floor.revision != revision:
        raise Conflict(SWITCHES_OVERTAKEN)
    floor.revision += 1
    floor.takes_beforehand, floor.is_asking_open = data.takes_beforehand, data.is_asking_open
    floor.is_voting_open, floor.admits_guests = data.is_voting_open, data.admits_guests
    db.session.flush()
    details = {
        "takes_beforehand": data.takes_beforehand,
        "is_asking_open": data.is_asking_open,
        "is_voting_open": data.is_voting_open,
        "admits_guests": data.admits_guests,
    }
    record(
        FloorChanged(actor=actor, now=now, subject_id=event.id, event_id=event.id, details=details)
    )


def renew_projection_link(event: RegionalEvent, actor: Actor, now: datetime) -> None:
    """Make the link of the hall's computer void and give a new one."""
    floor = ensure_floor(event.id)
    floor.projection_version += 1
    _renewed(event.id, "projection", actor, now)


def renew_room_code(event: RegionalEvent, actor: Actor, now: datetime) -> None:
    """Make the codes shown in the room so far void; whoever joined stays in."""
    floor = ensure_floor(event.id)
    floor.join_version += 1
    _renewed(event.id, "room", actor, now)


def _renewed(event_id: uuid.UUID, what: str, actor: Actor, now: datetime) -> None:
    db.session.flush()
    record(
        FloorLinkRenewed(
            actor=actor,
            now=now,
            subject_id=event_id,
            event_id=event_id,
            details={"link": what},
        )
    )
