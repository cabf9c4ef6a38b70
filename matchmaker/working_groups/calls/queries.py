"""Reads of calls, of their reviewers, and of questions about them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.accounts.models import OrganizationMember, Role, User
from matchmaker.core.actor import GlobalRole, OrganizationRole
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, count, paginate
from matchmaker.core.text import clean_line
from matchmaker.organizations.domain import OrganizationStatus
from matchmaker.organizations.models import Organization
from matchmaker.working_groups.calls.domain import (
    CLOSING_NOTICES,
    CallKind,
    CallQuestionState,
    CallState,
    Phase,
)
from matchmaker.working_groups.calls.models import Call, CallQuestion, CallReviewer
from matchmaker.working_groups.groups.domain import PARENT_KINDS, GroupKind, GroupState
from matchmaker.working_groups.groups.models import WorkingGroup

MOST_PUBLISHED_QUESTIONS = 200
MOST_REVIEWERS = 200
MOST_PARENTS = 200
MOST_WORDS = 8
MOST_CALLS_WAITING = 30
AT_ONCE = 50
"""So many calls one run of a job looks at."""

PUBLIC_PHASES = (Phase.OPEN, Phase.UPCOMING, Phase.CLOSED, Phase.DECIDED, Phase.CANCELLED)


@dataclass(frozen=True, slots=True)
class CallFilter:
    """What the list of calls is narrowed to; empty values do not narrow.

    Args:
        phase: where the call stands now.
        kind: what the call is for.
        text: words of the title, the summary or the text.
    """

    phase: Phase | None = None
    kind: CallKind | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class CallStatistics:
    """Figures of one call.

    Args:
        received: how many proposals got a number.
        reviewers: how many people review.
        waiting_questions: questions that wait for the secretariat.
        published_questions: questions that stand on the page.
    """

    received: int
    reviewers: int
    waiting_questions: int
    published_questions: int


@dataclass(frozen=True, slots=True)
class PublishedQuestion:
    """A question as everybody reads it. It carries nothing that tells who asked."""

    number: int
    text: str
    answer: str
    published_at: datetime


def get_call(call_id: uuid.UUID) -> Call:
    """One call with its criteria and the group above.

    Raises:
        NotFound: there is none.
    """
    query = (
        select(Call)
        .where(Call.id == call_id)
        .options(selectinload(Call.criteria), joinedload(Call.parent_group))
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def calls_page(wanted: CallFilter, sees_all: bool, now: datetime, number: int) -> Page[Call]:
    """One page of calls: open ones first, the nearest deadline on top (two statements).

    Args:
        wanted: what the list is narrowed to.
        sees_all: whether drafts belong to it (for the secretariat).
        now: the present moment.
        number: page, from 1.
    """
    return paginate(filtered(wanted, sees_all, now).order_by(*_order(now)), number)


def phase_counts(wanted: CallFilter, sees_all: bool, now: datetime) -> Mapping[Phase, int]:
    """How many calls stand in each phase, whichever phase is chosen (one statement)."""
    everything = CallFilter(kind=wanted.kind, text=wanted.text)
    phase = case(*((_in_phase(each, now), each.value) for each in Phase), else_="")
    query = filtered(everything, sees_all, now).with_only_columns(phase, func.count())
    found = {Phase(word): number for word, number in db.session.execute(query.group_by(phase))}
    return {each: found.get(each, 0) for each in Phase}


def filtered(wanted: CallFilter, sees_all: bool, now: datetime) -> Select[tuple[Call]]:
    """Statement for the calls that ``wanted`` lets through."""
    query = select(Call)
    if not sees_all:
        query = query.where(Call.state != CallState.DRAFT, Call.published_at.is_not(None))
    if wanted.phase is not None:
        query = query.where(_in_phase(wanted.phase, now))
    if wanted.kind is not None:
        query = query.where(Call.kind == wanted.kind)
    for word in clean_line(wanted.text).split()[:MOST_WORDS]:
        query = query.where(_mentions(word))
    return query


def _mentions(word: str) -> ColumnElement[bool]:
    columns = (Call.title, Call.summary, Call.body)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))


def _in_phase(phase: Phase, now: datetime) -> ColumnElement[bool]:
    """The rule of ``domain.phase_of`` as a condition."""
    if phase is Phase.UPCOMING:
        return and_(Call.state == CallState.PUBLISHED, Call.opens_at > now)
    if phase is Phase.OPEN:
        return and_(Call.state == CallState.PUBLISHED, Call.opens_at <= now, Call.closes_at > now)
    if phase is Phase.CLOSED:
        return and_(Call.state == CallState.PUBLISHED, Call.closes_at <= now)
    return Call.state == CallState(phase.value)


def _order(now: datetime) -> tuple[Any, ...]:
    order = (Phase.DRAFT, *PUBLIC_PHASES)
    rank = case(
        *((_in_phase(phase, now), place) for place, phase in enumerate(order)), else_=len(order)
    )
    running = case((_in_phase(Phase.OPEN, now), Call.closes_at))
    coming = case((_in_phase(Phase.UPCOMING, now), Call.opens_at))
    past = func.coalesce(Call.closes_at, Call.created_at)
    return rank, running, coming, past.desc(), Call.id


def statistics_of(call: Call) -> CallStatistics:
    """Figures of one call (two statements)."""
    query = (
        select(CallQuestion.state, func.count())
        .where(CallQuestion.call_id == call.id)
        .group_by(CallQuestion.state)
    )
    questions: dict[CallQuestionState, int] = dict(db.session.execute(query).tuples().all())
    waiting = (CallQuestionState.ASKED, CallQuestionState.ANSWERED)
    return CallStatistics(
        received=call.last_number,
        reviewers=count(_present_reviewers(call.id)),
        waiting_questions=sum(questions.get(state, 0) for state in waiting),
        published_questions=questions.get(CallQuestionState.PUBLISHED, 0),
    )


def published_questions(call_id: uuid.UUID) -> list[PublishedQuestion]:
    """Questions and answers of the call's page, oldest first; who asked is not even read."""
    query = (
        select(CallQuestion.published_text, CallQuestion.answer, CallQuestion.published_at)
        .where(CallQuestion.call_id == call_id, CallQuestion.state == CallQuestionState.PUBLISHED)
        .order_by(CallQuestion.published_at, CallQuestion.id)
        .limit(MOST_PUBLISHED_QUESTIONS)
    )
    return [
        PublishedQuestion(number, text, answer, published_at)
        for number, (text, answer, published_at) in enumerate(db.session.execute(query), 1)
    ]


def questions_page(
    call_id: uuid.UUID, state: CallQuestionState | None, number: int
) -> Page[CallQuestion]:
    """Questions of a call for the secretariat, those that wait first, with who asked."""
    waits = case((CallQuestion.state.in_([CallQuestionState.ASKED, CallQuestionState.ANSWERED]), 0),
                 else_=1)  # fmt: skip
    query = (
        select(CallQuestion)
        .where(CallQuestion.call_id == call_id)
        .options(joinedload(CallQuestion.asker))
        .order_by(waits, CallQuestion.asked_at, CallQuestion.id)
    )
    if state is not None:
        query = query.where(CallQuestion.state == state)
    return paginate(query, number)


def get_question(call_id: uuid.UUID, question_id: uuid.UUID) -> CallQuestion:
    """One question of a call with the call and who asked.

    Raises:
        NotFound: the call has no such question.
    """
    query = (
        select(CallQuestion)
        .where(CallQuestion.id == question_id, CallQuestion.call_id == call_id)
        .options(joinedload(CallQuestion.asker), joinedload(CallQuestion.call))
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def waiting_questions_of(call_id: uuid.UUID, asker_id: uuid.UUID) -> Sequence[CallQuestion]:
    """What a person asked about a call and has no answer to yet."""
    query = (
        select(CallQuestion)
        .where(
            CallQuestion.call_id == call_id,
            CallQuestion.asker_id == asker_id,
            CallQuestion.state.in_([CallQuestionState.ASKED, CallQuestionState.ANSWERED]),
        )
        .order_by(CallQuestion.asked_at, CallQuestion.id)
    )
    return db.session.scalars(query).all()


def reviewers_of(call_id: uuid.UUID) -> Sequence[CallReviewer]:
    """Everybody who reviews or reviewed, those who left last, with the people."""
    query = (
        select(CallReviewer)
        .where(CallReviewer.call_id == call_id)
        .options(joinedload(CallReviewer.user))
        .order_by(CallReviewer.left_at.is_not(None), CallReviewer.added_at, CallReviewer.id)
        .limit(MOST_REVIEWERS)
    )
    return db.session.scalars(query).all()


def present_reviewers(call_id: uuid.UUID) -> Sequence[CallReviewer]:
    """Who reviews the proposals of the call now, with the people."""
    query = _present_reviewers(call_id).options(joinedload(CallReviewer.user))
    return db.session.scalars(query.limit(MOST_REVIEWERS)).all()


def _present_reviewers(call_id: uuid.UUID) -> Select[tuple[CallReviewer]]:
    return (
        select(CallReviewer)
        .where(CallReviewer.call_id == call_id, CallReviewer.left_at.is_(None))
        .order_by(CallReviewer.added_at, CallReviewer.id)
    )


def is_reviewer_of(call_id: uuid.UUID, user_id: uuid.UUID | None) -> bool:
    """Whether the person reviews the proposals of the call now."""
    query = select(CallReviewer.id).where(
        CallReviewer.call_id == call_id,
        CallReviewer.user_id == user_id,
        CallReviewer.left_at.is_(None),
    )
    return db.session.scalar(query) is not None


def get_reviewer(call_id: uuid.UUID, reviewer_id: uuid.UUID) -> CallReviewer:
    """One reviewer of a call, with the person.

    Raises:
        NotFound: the call has no such reviewer.
    """
    query = (
        select(CallReviewer)
        .where(CallReviewer.id == reviewer_id, CallReviewer.call_id == call_id)
        .options(joinedload(CallReviewer.user))
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def reviewer_with(call_id: uuid.UUID, user_id: uuid.UUID) -> CallReviewer | None:
    """The row of a person who reviews, or once reviewed, the proposals of a call."""
    query = select(CallReviewer).where(
        CallReviewer.call_id == call_id, CallReviewer.user_id == user_id
    )
    return db.session.scalar(query)


def reviewing_rows_of(user_id: uuid.UUID) -> Sequence[CallReviewer]:
    """Each call whose proposals the person reviews now."""
    query = select(CallReviewer).where(
        CallReviewer.user_id == user_id, CallReviewer.left_at.is_(None)
    )
    return db.session.scalars(query.order_by(CallReviewer.added_at, CallReviewer.id)).all()


def possible_reviewers(call_id: uuid.UUID) -> Sequence[User]:
    """People with the role of a reviewer who do not review the proposals of this call."""
    present = _present_reviewers(call_id).with_only_columns(CallReviewer.user_id).order_by(None)
    query = (
        select(User)
        .join(User.roles)
        .where(Role.name == GlobalRole.REVIEWER, User.active, User.id.not_in(present))
        .order_by(User.kana, User.id)
        .limit(MOST_REVIEWERS)
    )
    return db.session.scalars(query).all()


def possible_parents() -> Sequence[WorkingGroup]:
    """Groups that a sub-group may stand under."""
    query = (
        select(WorkingGroup)
        .where(
            WorkingGroup.kind.in_(PARENT_KINDS[GroupKind.SUB_WG]),
            WorkingGroup.state != GroupState.CLOSED,
        )
        .order_by(WorkingGroup.name, WorkingGroup.id)
        .limit(MOST_PARENTS)
    )
    return db.session.scalars(query).all()


def kind_of_parent(group_id: uuid.UUID | None) -> GroupKind | None:
    """Kind of the group under which adopted groups will stand; None without one."""
    return db.session.scalar(select(WorkingGroup.kind).where(WorkingGroup.id == group_id))


def representatives() -> Sequence[User]:
    """The active representatives of all members, each once: who is told of a new call."""
    representing = (
        select(OrganizationMember.user_id)
        .join(Organization, Organization.id == OrganizationMember.organization_id)
        .where(
            OrganizationMember.role == OrganizationRole.REPRESENTATIVE,
            Organization.status == OrganizationStatus.ACTIVE,
        )
    )
    query = select(User).where(User.active, User.id.in_(representing)).order_by(User.id)
    return db.session.scalars(query).all()


def calls_to_announce(now: datetime) -> Sequence[Call]:
    """Calls that have opened and were not announced."""
    query = select(Call).where(_in_phase(Phase.OPEN, now), Call.announced_at.is_(None))
    return db.session.scalars(query.order_by(Call.opens_at, Call.id).limit(AT_ONCE)).all()


def calls_closing(now: datetime, until: datetime) -> Sequence[Call]:
    """Open calls whose deadline lies before ``until`` and whose last notice is still to come."""
    query = select(Call).where(
        _in_phase(Phase.OPEN, now),
        Call.closes_at <= until,
        func.coalesce(Call.closing_told_days, max(CLOSING_NOTICES) + 1) > min(CLOSING_NOTICES),
    )
    return db.session.scalars(query.order_by(Call.closes_at, Call.id).limit(AT_ONCE)).all()


def calls_with_open_questions() -> Sequence[tuple[Call, int]]:
    """Calls with the number of their questions that wait for an answer or its publication."""
    waits = CallQuestion.state.in_([CallQuestionState.ASKED, CallQuestionState.ANSWERED])
    query = (
        select(Call, func.count(CallQuestion.id))
        .join(CallQuestion, CallQuestion.call_id == Call.id)
        .where(waits)
        .group_by(Call.id)
        .order_by(func.min(CallQuestion.asked_at), Call.id)
        .limit(MOST_CALLS_WAITING)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]
