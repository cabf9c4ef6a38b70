"""Reads of the floor. Votes are always counted from their rows, so that they are right."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, select

from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, paginate
from matchmaker.regional_events.floor.domain import (
    MOST_QUEUED,
    SHOWN,
    Order,
    PollState,
    QuestionKind,
    QuestionState,
)
from matchmaker.regional_events.floor.models import (
    Floor,
    FloorPoll,
    FloorQuestion,
    FloorVote,
)
from matchmaker.regional_events.floor.poll_results import PollResult, results_of
from matchmaker.regional_events.planning.programme.models import ProgrammeSession

PER_PAGE = 50
MOST_OWN = 30
MOST_SESSIONS = 60
MOST_COMPARED = 400
MOST_REPORTED = 2000


@dataclass(frozen=True, slots=True)
class Shown:
    """A question with what belongs to it.

    Args:
        question: the one that stands for all merged into it.
        votes: how many people support it or one merged into it; each counts once.
        merged: those merged into it.
        session: title of the session it was sent to, or nothing.
        is_voted: whether the person who looks supports it.
    """

    question: FloorQuestion
    votes: int = 0
    merged: Sequence[FloorQuestion] = ()
    session: str = ""
    is_voted: bool = False


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question that was answered, as a report shows it.

    Args:
        name: of whoever asked, when it is to be shown.
        answer: in writing; empty when it was answered aloud only.
    """

    number: int
    kind: QuestionKind
    text: str
    answer: str
    session: str
    name: str
    votes: int
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Projection:
    """What the hall sees; nothing but accepted questions and opened shows of hands."""

    question: Shown | None = None
    poll: PollResult | None = None
    upcoming: Sequence[Shown] = field(default_factory=tuple)


def floor_of(event_id: uuid.UUID) -> Floor:
    """How an event takes questions.

    Until moderators set anything, a programme with a session that takes questions opens the floor;
    the object given then is not stored.
    """
    found = db.session.scalar(
        select(Floor).where(Floor.event_id == event_id).execution_options(populate_existing=True)
    )
    return found or usual_floor(event_id)


def usual_floor(event_id: uuid.UUID) -> Floor:
    """The floor an event begins with."""
    asks = select(
        exists().where(
            ProgrammeSession.event_id == event_id, ProgrammeSession.takes_questions.is_(True)
        )
    )
    takes = bool(db.session.scalar(asks))
    return Floor(
        event_id=event_id,
        takes_beforehand=takes,
        is_asking_open=takes,
        is_voting_open=True,
        admits_guests=True,
        join_version=1,
        projection_version=1,
        last_number=0,
        revision=1,
    )


def sessions_with_questions(event_id: uuid.UUID) -> Sequence[ProgrammeSession]:
    """The sessions that take questions, in the order of the programme."""
    query = (
        select(ProgrammeSession)
        .where(ProgrammeSession.event_id == event_id, ProgrammeSession.takes_questions.is_(True))
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.position, ProgrammeSession.id)
        .limit(MOST_SESSIONS)
    )
    return db.session.scalars(query).all()


def get_question(event_id: uuid.UUID, question_id: uuid.UUID) -> FloorQuestion:
    """A question of an event.

    Raises:
        NotFound: the event has none of that id.
    """
    query = select(FloorQuestion).where(
        FloorQuestion.id == question_id, FloorQuestion.event_id == event_id
    )
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def top() -> ColumnElement[uuid.UUID]:
    """The question that stands for another one, or the question itself."""
    return func.coalesce(FloorQuestion.leading_id, FloorQuestion.id)


def vote_counts(event_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """People who support each question at the top of its merges; each person counts once."""
    query = (
        select(top(), func.count(FloorVote.voter_key.distinct()))
        .join(FloorVote, FloorVote.question_id == FloorQuestion.id)
        .where(FloorQuestion.event_id == event_id)
        .group_by(top())
    )
    return {row[0]: int(row[1]) for row in db.session.execute(query)}


def voted(event_id: uuid.UUID, voter_key: str) -> set[uuid.UUID]:
    """The questions (at the top of their merges) that a person supports."""
    if not voter_key:
        return set()
    query = (
        select(top().distinct())
        .join(FloorVote, FloorVote.question_id == FloorQuestion.id)
        .where(FloorVote.event_id == event_id, FloorVote.voter_key == voter_key)
    )
    return set(db.session.scalars(query))


def _ordered(query: Select[tuple[FloorQuestion]], order: Order) -> Select[tuple[FloorQuestion]]:
    if order is Order.TIME:
        return query.order_by(FloorQuestion.number.desc())
    counts = (
        select(top().label("top"), func.count(FloorVote.voter_key.distinct()).label("votes"))
        .join(FloorVote, FloorVote.question_id == FloorQuestion.id)
        .group_by(top())
        .subquery()
    )
    joined = query.outerjoin(counts, counts.c.top == FloorQuestion.id)
    return joined.order_by(func.coalesce(counts.c.votes, 0).desc(), FloorQuestion.number)


def questions_page(
    event_id: uuid.UUID,
    states: Collection[QuestionState],
    order: Order = Order.VOTES,
    number: int = 1,
    *,
    session_id: uuid.UUID | None = None,
    voter_key: str = "",
) -> Page[Shown]:
    """One page of the questions in some states.

    Args:
        order: by votes (then by number), or the newest first.
        session_id: only those sent to this session.
        voter_key: whose own votes are marked.
    """
    query = select(FloorQuestion).where(
        FloorQuestion.event_id == event_id, FloorQuestion.state.in_(states)
    )
    if session_id is not None:
        query = query.where(FloorQuestion.session_id == session_id)
    page = paginate(_ordered(query, order), number, PER_PAGE)
    return Page(shown(event_id, page.items, voter_key), page.number, page.size, page.total)


def shown(
    event_id: uuid.UUID, questions: Sequence[FloorQuestion], voter_key: str = ""
) -> list[Shown]:
    """Questions with votes, those merged into them, and session (at most four statements)."""
    if not questions:
        return []
    counts, mine, titles = vote_counts(event_id), voted(event_id, voter_key), titles_of(event_id)
    merged = merged_into([question.id for question in questions])
    return [
        Shown(
            question,
            counts.get(question.id, 0),
            merged.get(question.id, ()),
            titles.get(question.session_id, "") if question.session_id else "",
            question.id in mine,
        )
        for question in questions
    ]


def titles_of(event_id: uuid.UUID) -> Mapping[uuid.UUID, str]:
    """Titles of the sessions of an event."""
    query = select(ProgrammeSession.id, ProgrammeSession.title).where(
        ProgrammeSession.event_id == event_id
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def merged_into(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[FloorQuestion]]:
    """Those that each of these questions stands for, by number."""
    query = (
        select(FloorQuestion)
        .where(FloorQuestion.leading_id.in_(ids))
        .order_by(FloorQuestion.number)
        .execution_options(populate_existing=True)
    )
    found: dict[uuid.UUID, list[FloorQuestion]] = {}
    for question in db.session.scalars(query):
        if question.leading_id is not None:
            found.setdefault(question.leading_id, []).append(question)
    return found


def own_questions(
    event_id: uuid.UUID, author_key: str
) -> list[tuple[FloorQuestion, QuestionState]]:
    """What a person sent, newest first, each with its state; a merged one has that of its top."""
    if not author_key:
        return []
    query = (
        select(FloorQuestion)
        .where(FloorQuestion.event_id == event_id, FloorQuestion.author_key == author_key)
        .order_by(FloorQuestion.number.desc())
        .limit(MOST_OWN)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalars(query).all()
    tops = {question.leading_id for question in found if question.leading_id is not None}
    states = select(FloorQuestion.id, FloorQuestion.state).where(FloorQuestion.id.in_(tops))
    by_top = {row[0]: row[1] for row in db.session.execute(states)} if tops else {}
    return [
        (each, by_top.get(each.leading_id, each.state) if each.leading_id else each.state)
        for each in found
    ]


def state_counts(event_id: uuid.UUID) -> Mapping[QuestionState, int]:
    """How many questions there are in each state."""
    query = (
        select(FloorQuestion.state, func.count())
        .where(FloorQuestion.event_id == event_id)
        .group_by(FloorQuestion.state)
    )
    return {row[0]: int(row[1]) for row in db.session.execute(query)}


def count_new(event_id: uuid.UUID) -> int:
    """How many wait for a moderator."""
    return state_counts(event_id).get(QuestionState.NEW, 0)


def questions_to_compare(event_id: uuid.UUID) -> Sequence[FloorQuestion]:
    """Those that may be merged, the newest ones when there are very many, by number."""
    states = (QuestionState.NEW, QuestionState.ACCEPTED)
    query = (
        select(FloorQuestion)
        .where(FloorQuestion.event_id == event_id, FloorQuestion.state.in_(states))
        .order_by(FloorQuestion.number.desc())
        .limit(MOST_COMPARED)
    )
    return sorted(db.session.scalars(query), key=lambda question: question.number)


def queue_of(event_id: uuid.UUID) -> Sequence[FloorQuestion]:
    """Those that come up next, in order."""
    query = (
        select(FloorQuestion)
        .where(
            FloorQuestion.event_id == event_id,
            FloorQuestion.place.is_not(None),
            FloorQuestion.state == QuestionState.ACCEPTED,
        )
        .order_by(FloorQuestion.place, FloorQuestion.number)
        .limit(MOST_QUEUED)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def answered_questions(event_id: uuid.UUID) -> list[AnsweredQuestion]:
    """Questions that were answered, in the order of the answers, for the page and the report."""
    query = (
        select(FloorQuestion)
        .where(FloorQuestion.event_id == event_id, FloorQuestion.state == QuestionState.ANSWERED)
        .order_by(FloorQuestion.answered_at, FloorQuestion.number)
        .limit(MOST_REPORTED)
    )
    found = shown(event_id, db.session.scalars(query).all())
    return [
        AnsweredQuestion(
            each.question.number,
            each.question.kind,
            each.question.text,
            each.question.answer,
            each.session,
            each.question.author_name if each.question.shows_name else "",
            each.votes,
            each.question.answered_at,
        )
        for each in found
    ]


def projection_of(floor: Floor) -> Projection:
    """What is projected now. Whatever is not accepted (any more) is left out here as well."""
    event_id = floor.event_id
    current = _projected_question(floor)
    upcoming = [each for each in queue_of(event_id) if each.id != floor.question_id]
    rows = shown(event_id, [*([current] if current else []), *upcoming])
    first = rows[0] if current else None
    return Projection(first, _projected_poll(floor), rows[1:] if current else rows)


def _projected_question(floor: Floor) -> FloorQuestion | None:
    if floor.question_id is None:
        return None
    query = select(FloorQuestion).where(
        FloorQuestion.id == floor.question_id,
        FloorQuestion.event_id == floor.event_id,
        FloorQuestion.state == QuestionState.ACCEPTED,
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def _projected_poll(floor: Floor) -> PollResult | None:
    if floor.poll_id is None:
        return None
    query = select(FloorPoll).where(
        FloorPoll.id == floor.poll_id,
        FloorPoll.event_id == floor.event_id,
        FloorPoll.state != PollState.DRAFT,
    )
    poll = db.session.scalar(query.execution_options(populate_existing=True))
    return results_of([poll])[0] if poll else None


def has_anything_to_read(event_id: uuid.UUID) -> bool:
    """Whether there is a question or an answer that is shown."""
    query = select(
        exists().where(FloorQuestion.event_id == event_id, FloorQuestion.state.in_(SHOWN))
    )
    return bool(db.session.scalar(query))
