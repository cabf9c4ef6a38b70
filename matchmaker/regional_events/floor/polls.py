"""Commands of shows of hands: prepare, open, answer, close.

An answer is written while the poll's row is held for reading and a step of the moderators while it
is held for writing; so nothing is counted after the close.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import insert, select, update

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.text import clean_line
from matchmaker.regional_events.floor.domain import (
    MOST_POLLS,
    POLL_LENGTH,
    POLL_STATES,
    PollMove,
    PollState,
    cleaned_options,
    is_before,
    is_running,
    problem_with_options,
)
from matchmaker.regional_events.floor.events import AUDIENCE, PollAnswered, PollMoved, PollSaved
from matchmaker.regional_events.floor.models import FloorPoll, FloorPollAnswer
from matchmaker.regional_events.floor.policy import Voice
from matchmaker.regional_events.floor.poll_results import polls_of
from matchmaker.regional_events.floor.service import ensure_floor
from matchmaker.regional_events.floor.whole import whole
from matchmaker.regional_events.planning.models import RegionalEvent

POLL_CLOSED = "この挙手は締め切りました。"
NO_SUCH_OPTION = "選択肢から、ひとつ選んでください。"
OVERTAKEN = "この挙手は、ほかの進行担当が先に変えました（いまは「{state}」）。確かめてください。"
ALREADY_OPENED = "始めた挙手は、直したり消したりできません。新しく作ってください。"
TOO_MANY = f"挙手は、ひとつのイベントに{MOST_POLLS}件までです。"
TOO_EARLY = "挙手は、イベントの日程が公開されてから、終わるまでの間に始められます。"


@whole
def prepare_poll(
    event: RegionalEvent,
    text: str,
    options: list[str],
    actor: Actor,
    now: datetime,
    submission_key: str,
) -> FloorPoll:
    """Make a show of hands ready; nobody sees it until it is opened.

    Raises:
        ProductError: question or options do not fit (fields ``text``, ``options``).
        Conflict: the event has very many of them.
    """
    ensure_floor(event.id)
    known = db.session.scalar(
        select(FloorPoll).where(
            FloorPoll.event_id == event.id, FloorPoll.submission_key == submission_key
        )
    )
    if known is not None:
        return known
    if len(polls_of(event.id)) >= MOST_POLLS:
        raise Conflict(TOO_MANY)
    text, options = _checked(text, options)
    poll = FloorPoll(
        event_id=event.id,
        text=text,
        options=options,
        state=PollState.DRAFT,
        submission_key=submission_key,
        created_at=now,
    )
    db.session.add(poll)
    _saved(poll, "made", actor, now)
    return poll


@whole
def change_poll(
    poll: FloorPoll, text: str, options: list[str], revision: int, actor: Actor, now: datetime
) -> None:
    """Change a show of hands that was not opened yet.

    Raises:
        Conflict: it was opened, or somebody else was faster.
        ProductError: question or options do not fit.
    """
    _claim(poll, revision)
    if poll.state is not PollState.DRAFT:
        raise Conflict(ALREADY_OPENED)
    poll.text, poll.options = _checked(text, options)
    _saved(poll, "changed", actor, now)


@whole
def remove_poll(poll: FloorPoll, revision: int, actor: Actor, now: datetime) -> None:
    """Drop a show of hands that was not opened yet.

    Raises:
        Conflict: it was opened, or somebody else was faster.
    """
    _claim(poll, revision)
    if poll.state is not PollState.DRAFT:
        raise Conflict(ALREADY_OPENED)
    _saved(poll, "removed", actor, now)
    db.session.delete(poll)
    db.session.flush()


def _checked(text: str, options: list[str]) -> tuple[str, list[str]]:
    text, options = clean_line(text), cleaned_options(options)
    if not text:
        raise ProductError("聞きたいことを入れてください。", "text")
    if len(text) > POLL_LENGTH:
        raise ProductError(f"{POLL_LENGTH}文字以内で入れてください。", "text")
    if problem := problem_with_options(options):
        raise ProductError(problem, "options")
    return text, options


def _saved(poll: FloorPoll, what: str, actor: Actor, now: datetime) -> None:
    db.session.flush()
    details = {"what": what, "text": poll.text}
    record(
        PollSaved(actor=actor, now=now, subject_id=poll.id, event_id=poll.event_id, details=details)
    )


def _claim(poll: FloorPoll, revision: int) -> None:
    changed = db.session.execute(
        update(FloorPoll)
        .where(FloorPoll.id == poll.id, FloorPoll.revision == revision)
        .values(revision=FloorPoll.revision + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(poll)
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict(OVERTAKEN.format(state=POLL_STATES.labels[poll.state]))


@whole
def move_poll(
    event: RegionalEvent,
    poll: FloorPoll,
    move: PollMove,
    revision: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Open a show of hands, close it, or open it again.

    Raises:
        Conflict: somebody else was faster, or the event is over or not announced.
    """
    _claim(poll, revision)
    target = POLL_STATES.check(poll.state, move)
    if target is PollState.OPEN and not (is_before(event, now) or is_running(event, now)):
        raise Conflict(TOO_EARLY)
    poll.state = target
    if target is PollState.OPEN:
        poll.opened_at, poll.closed_at = poll.opened_at or now, None
    else:
        poll.closed_at = now
    db.session.flush()
    record(
        PollMoved(
            actor=actor,
            now=now,
            subject_id=poll.id,
            event_id=poll.event_id,
            move=move,
            details={"move": move.value},
        )
    )


@whole
def answer_poll(
    event: RegionalEvent, poll_id: uuid.UUID, choice: int | None, voice: Voice, now: datetime
) -> None:
    """Answer a show of hands, or change the answer while it is open.

    Raises:
        NotFound: the event has no such show of hands.
        Conflict: it is not open (any more).
        ProductError: there is no such option.
    """
    poll = _held(event.id, poll_id)
    if poll.state is not PollState.OPEN or not (is_before(event, now) or is_running(event, now)):
        raise Conflict(POLL_CLOSED)
    if choice is None or not 0 <= choice < len(poll.options):
        raise ProductError(NO_SUCH_OPTION, "choice")
    row = insert(FloorPollAnswer).values(
        id=new_id(), poll_id=poll.id, voter_key=voice.key, choice=choice, at=now
    )
    if insert_or_skip(db.session(), row, ["poll_id", "voter_key"]) == 0:
        db.session.execute(
            update(FloorPollAnswer)
            .where(FloorPollAnswer.poll_id == poll.id, FloorPollAnswer.voter_key == voice.key)
            .values(choice=choice, at=now)
            .execution_options(synchronize_session=False)
        )
    db.session.flush()
    record(PollAnswered(actor=AUDIENCE, now=now, subject_id=poll.id, event_id=event.id))


def _held(event_id: uuid.UUID, poll_id: uuid.UUID) -> FloorPoll:
    query = (
        select(FloorPoll)
        .where(FloorPoll.id == poll_id, FloorPoll.event_id == event_id)
        .with_for_update(read=True)
    )
    poll = db.session.scalar(query.execution_options(populate_existing=True))
    if poll is None or poll.state is PollState.DRAFT:
        raise NotFound
    return poll
