"""Commands of the audience: ask, take back, support."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotAllowed, ProductError
from matchmaker.core.text import clean_line, clean_text
from matchmaker.regional_events.floor import queries
from matchmaker.regional_events.floor.domain import (
    BEFOREHAND_PER_PERSON,
    BURST,
    BURST_WITHIN,
    QUESTION_STATES,
    QUESTIONS_PER_PERSON,
    SHOWN_NAME_LENGTH,
    QuestionKind,
    QuestionMove,
    QuestionSource,
    QuestionState,
    is_before,
    problem_with,
    takes_questions,
    takes_votes,
)
from matchmaker.regional_events.floor.events import (
    AUDIENCE,
    QuestionMoved,
    QuestionSent,
    QuestionVoted,
)
from matchmaker.regional_events.floor.models import Floor, FloorQuestion, FloorVote
from matchmaker.regional_events.floor.policy import Voice, can_withdraw
from matchmaker.regional_events.floor.whole import whole
from matchmaker.regional_events.planning.models import RegionalEvent

CLOSED = "いまは質問を受け付けていません。"
VOTES_CLOSED = "いまは「わたしも聞きたい」を受け付けていません。"
TOO_MANY = "一人{most}件まで送れます。送った質問のうち確認待ちのものは、取り下げられます。"
TOO_FAST = "続けて送れるのは、1分に{most}件までです。少し待ってから、もう一度送ってください。"
NOT_SHOWN = "この質問は、いまは公開されていません。"
NO_SESSION = "このプログラムは、質問を受け付けていません。選び直してください。"


@dataclass(frozen=True, slots=True)
class AskOptions:
    """What goes along with a question.

    Args:
        session_id: the session it is for; None is the event as a whole.
        shows_name: whether the name is shown to all.
        name: as typed by a guest; registered people keep the name they registered with.
        submission_key: from the form, so that a double click asks once.
    """

    session_id: uuid.UUID | None = None
    shows_name: bool = False
    name: str = ""
    submission_key: str = ""


def ensure_floor(event_id: uuid.UUID) -> Floor:
    """The stored floor of an event, made at first need; held until the transaction ends.

    Whatever depends on counting within an event goes one after the other through this row.
    """
    usual = queries.usual_floor(event_id)
    values = {
        column.key: getattr(usual, column.key)
        for column in Floor.__table__.columns
        if column.key not in {"id", "question_id", "poll_id"}
    }
    insert_or_skip(db.session(), insert(Floor).values(id=new_id(), **values), ["event_id"])
    db.session.execute(
        update(Floor)
        .where(Floor.event_id == event_id)
        .values(last_number=Floor.last_number)
        .execution_options(synchronize_session=False)
    )
    return queries.floor_of(event_id)


@whole
def ask(
    event: RegionalEvent,
    text: str,
    kind: QuestionKind,
    source: QuestionSource,
    voice: Voice,
    now: datetime,
    options: AskOptions | None = None,
) -> FloorQuestion:
    """Send a question or an opinion; whoever asks supports it from the beginning.

    Args:
        source: room or stream; before the start it counts as sent beforehand.

    Raises:
        Conflict: nothing is taken now.
        ProductError: empty, too long, or too many (with the field ``text``).
    """
    options = options or AskOptions()
    floor = ensure_floor(event.id)
    known = already_sent(event.id, options.submission_key)
    if known is not None:
        return known
    if not takes_questions(event, floor, now, is_guest=voice.is_guest):
        raise Conflict(CLOSED)
    is_early = is_before(event, now)
    _check_limits(event.id, voice.key, now, is_early=is_early)
    source = QuestionSource.BEFOREHAND if is_early else source
    question = _write(event, cleaned(text), kind, source, voice, now, options)
    _support(question, voice.key, now)
    return question


def cleaned(text: str) -> str:
    """The text as it is kept.

    Raises:
        ProductError: there is nothing, or too much (field ``text``).
    """
    kept = clean_text(text)
    if problem := problem_with(kept):
        raise ProductError(problem, "text")
    return kept


def already_sent(event_id: uuid.UUID, submission_key: str) -> FloorQuestion | None:
    """What the same form has already sent, if it has."""
    if not submission_key:
        return None
    query = select(FloorQuestion).where(
        FloorQuestion.event_id == event_id, FloorQuestion.submission_key == submission_key
    )
    return db.session.scalar(query)


def _check_limits(event_id: uuid.UUID, key: str, now: datetime, *, is_early: bool) -> None:
    """At most so many in all (those sent beforehand apart), and so many a minute."""
    own = select(func.count(FloorQuestion.id)).where(
        FloorQuestion.event_id == event_id, FloorQuestion.author_key == key
    )
    early = FloorQuestion.source == QuestionSource.BEFOREHAND
    counted = own.where(
        FloorQuestion.state != QuestionState.WITHDRAWN, early if is_early else ~early
    )
    most = BEFOREHAND_PER_PERSON if is_early else QUESTIONS_PER_PERSON
    if (db.session.scalar(counted) or 0) >= most:
        raise ProductError(TOO_MANY.format(most=most), "text")
    lately = own.where(FloorQuestion.created_at > now - BURST_WITHIN)
    if (db.session.scalar(lately) or 0) >= BURST:
        raise ProductError(TOO_FAST.format(most=BURST), "text")


def _write(
    event: RegionalEvent,
    text: str,
    kind: QuestionKind,
    source: QuestionSource,
    voice: Voice,
    now: datetime,
    options: AskOptions,
) -> FloorQuestion:
    check_session(event.id, options.session_id)
    question = FloorQuestion(
        event_id=event.id,
        session_id=options.session_id,
        number=next_number(event.id),
        kind=kind,
        source=source,
        original_text=text,
        text=text,
        author_key=voice.key,
        author_id=voice.user_id,
        attendee_id=voice.attendee_id,
        author_name=(voice.name or clean_line(options.name))[:SHOWN_NAME_LENGTH],
        shows_name=options.shows_name,
        state=QuestionState.NEW,
        submission_key=options.submission_key or secrets.token_urlsafe(24),
        created_at=now,
        updated_at=now,
    )
    db.session.add(question)
    db.session.flush()
    details = {"number": question.number, "event": str(event.id)}
    sent = QuestionSent(
        actor=AUDIENCE, now=now, subject_id=question.id, event_id=event.id, details=details
    )
    record(sent)
    return question


def check_session(event_id: uuid.UUID, session_id: uuid.UUID | None) -> None:
    """Refuse a session that takes no questions.

    Raises:
        ProductError: for the field ``session``.
    """
    if session_id is None:
        return
    if session_id not in {each.id for each in queries.sessions_with_questions(event_id)}:
        raise ProductError(NO_SESSION, "session")


def next_number(event_id: uuid.UUID) -> int:
    """The next number of an event; counted by the database, so that none is given twice."""
    db.session.execute(
        update(Floor)
        .where(Floor.event_id == event_id)
        .values(last_number=Floor.last_number + 1)
        .execution_options(synchronize_session=False)
    )
    query = select(Floor.last_number).where(Floor.event_id == event_id)
    return int(db.session.scalar(query) or 0)


@whole
def withdraw(question: FloorQuestion, voice: Voice, now: datetime) -> None:
    """Take back a question that no moderator has looked at yet.

    Raises:
        NotAllowed: somebody else asked it.
        IllegalMove: it was accepted, rejected or merged meanwhile.
    """
    if not can_withdraw(question, voice):
        raise NotAllowed("自分が送った質問だけを取り下げられます。")
    question.state = QUESTION_STATES.check(question.state, QuestionMove.WITHDRAW)
    question.revision += 1
    question.updated_at = now
    db.session.flush()
    record(
        QuestionMoved(
            actor=AUDIENCE,
            now=now,
            subject_id=question.id,
            event_id=question.event_id,
            move=QuestionMove.WITHDRAW,
            details={"move": QuestionMove.WITHDRAW.value},
        )
    )


@whole
def vote(
    event: RegionalEvent, question: FloorQuestion, voice: Voice, now: datetime, *, wanted: bool
) -> None:
    """Support a question, or take the support back; pressing twice changes nothing.

    A question merged into another one leads to that one: there each person counts once, whichever
    of the two was supported before.

    Raises:
        Conflict: votes are not taken now, or the question is not open to them (any more).
    """
    if not takes_votes(event, queries.floor_of(event.id), now):
        raise Conflict(VOTES_CLOSED)
    top_id = question.leading_id or question.id
    leading = queries.get_question(event.id, top_id)
    if leading.state is not QuestionState.ACCEPTED:
        raise Conflict(NOT_SHOWN)
    is_voted = top_id in queries.voted(event.id, voice.key)
    if wanted == is_voted:
        return
    if wanted:
        _support(leading, voice.key, now)
    else:
        _take_back_support(leading.id, voice.key)
    db.session.flush()
    record(
        QuestionVoted(
            actor=AUDIENCE,
            now=now,
            subject_id=leading.id,
            event_id=event.id,
            details={"wanted": wanted},
        )
    )


def _support(question: FloorQuestion, voter_key: str, now: datetime) -> None:
    row = insert(FloorVote).values(
        id=new_id(),
        event_id=question.event_id,
        question_id=question.id,
        voter_key=voter_key,
        at=now,
    )
    insert_or_skip(db.session(), row, ["question_id", "voter_key"])


def _take_back_support(top_id: uuid.UUID, voter_key: str) -> None:
    all_of_it = select(FloorQuestion.id).where(queries.top() == top_id)
    db.session.execute(
        delete(FloorVote)
        .where(FloorVote.question_id.in_(all_of_it), FloorVote.voter_key == voter_key)
        .execution_options(synchronize_session=False)
    )
