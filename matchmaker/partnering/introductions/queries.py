"""Reads of introductions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, inspect, or_, select
from sqlalchemy.orm import joinedload

from matchmaker.accounts.queries import actor_of_today, writing_people_of
from matchmaker.core.actor import Actor
from matchmaker.core.clock import start_of_day, today
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import PAGE_SIZE, Page, count, paginate
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.organizations.domain import OrganizationStatus
from matchmaker.organizations.models import Organization
from matchmaker.partnering.introductions import policy
from matchmaker.partnering.introductions.domain import (
    CLOSED_STATES,
    COOL_OFF,
    GRACE,
    LIVE_STATES,
    STANDING_STATES,
    IntroductionState,
)
from matchmaker.partnering.introductions.models import (
    Introduction,
    IntroductionMessage,
    IntroductionStep,
)
from matchmaker.posts.domain import PostState

MOST_MESSAGES, MOST_STEPS = 300, 300


class Box(StrEnum):
    """Which introductions of one's organisations."""

    ALL = "all"
    RECEIVED = "received"
    SENT = "sent"


class Group(StrEnum):
    """States as people narrow a list by them."""

    WAITING = "waiting"
    LIVE = "live"
    ACCEPTED = "accepted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class IntroductionFilter:
    """What a list of introductions is narrowed to; None and empty values do not narrow.

    Args:
        box: received, sent, or both.
        group: states, by the clock.
        organization_id: one of the person's organisations.
        post_id: a need or an offering.
    """

    box: Box = Box.ALL
    group: Group | None = None
    organization_id: uuid.UUID | None = None
    post_id: uuid.UUID | None = None

    @property
    def conditions(self) -> int:
        """How many conditions are in force."""
        others = (self.group, self.organization_id, self.post_id)
        return (self.box is not Box.ALL) + sum(each is not None for each in others)


def loaded() -> Select[tuple[Introduction]]:
    """The statement for introductions with both posts, both organisations, and the people."""
    return select(Introduction).options(
        joinedload(Introduction.need),
        joinedload(Introduction.offering),
        joinedload(Introduction.sender),
        joinedload(Introduction.receiver),
        joinedload(Introduction.sent_by),
        joinedload(Introduction.answered_by),
    )


def get(introduction_id: uuid.UUID) -> Introduction:
    """One introduction with both posts and both organisations.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(loaded().where(Introduction.id == introduction_id))
    if found is None:
        raise NotFound
    return found


def read_again(introduction: Introduction) -> Introduction:
    """The same introduction as it stands in the database now; what is loaded with it stays."""
    db.session.refresh(introduction, [column.key for column in inspect(Introduction).columns])
    return introduction


def standing_of_pair(need_id: uuid.UUID, offering_id: uuid.UUID) -> Introduction | None:
    """The one introduction of a pair that is live or accepted, as stored."""
    query = loaded().where(
        Introduction.need_id == need_id,
        Introduction.offering_id == offering_id,
        Introduction.state.in_(STANDING_STATES),
    )
    return db.session.scalar(query)


def sent_with(submission_key: str) -> Introduction | None:
    """The introduction that a form gave, if it was sent already."""
    return db.session.scalar(loaded().where(Introduction.submission_key == submission_key))


def last_declined(
    need_id: uuid.UUID, offering_id: uuid.UUID, sender_id: uuid.UUID, now: datetime
) -> Introduction | None:
    """What the other side declined of this pair within the time in which it is not asked again."""
    query = (
        loaded()
        .where(
            Introduction.need_id == need_id,
            Introduction.offering_id == offering_id,
            Introduction.sender_organization_id == sender_id,
            Introduction.state == IntroductionState.DECLINED,
            Introduction.closed_at > now - COOL_OFF,
        )
        .order_by(Introduction.closed_at.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def sent_today(organization_id: uuid.UUID, now: datetime) -> int:
    """How many interests an organisation has sent since midnight in Japan."""
    query = select(func.count(Introduction.id)).where(
        Introduction.sender_organization_id == organization_id,
        Introduction.created_at >= start_of_day(today(now)),
    )
    return db.session.scalar(query) or 0


def lock_organization(organization_id: uuid.UUID) -> Organization:
    """An organisation whose interests are counted; others wait until this transaction ends.

    Raises:
        NotFound: there is none.
    """
    # Rows that point to it may still be written: both sides may send at the same moment.
    query = select(Organization).where(Organization.id == organization_id)
    query = query.with_for_update(key_share=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def for_organization(
    organization_ids: Sequence[uuid.UUID],
    wanted: IntroductionFilter,
    writes_for: Sequence[uuid.UUID],
    now: datetime,
    number: int = 1,
    size: int = PAGE_SIZE,
) -> Page[Introduction]:
    """One page of the introductions of these organisations; what waits for an answer comes first.

    Args:
        organization_ids: organisations whose introductions are listed.
        writes_for: those of them for which the reader may answer.
        number: page, from 1.
        size: rows a page.
    """
    waits = awaited_from(writes_for, now)
    query = (
        loaded()
        .where(*_conditions(organization_ids, wanted, waits, now))
        .order_by(
            case((waits, 0), else_=1),
            case((waits, Introduction.answer_due_at)),
            Introduction.updated_at.desc(),
            Introduction.id,
        )
    )
    return paginate(query, number, size)


def group_counts(
    organization_ids: Sequence[uuid.UUID],
    box: Box,
    writes_for: Sequence[uuid.UUID],
    now: datetime,
) -> dict[Group, int]:
    """How many introductions of a box stand in each group."""
    waits = awaited_from(writes_for, now)
    wanted = [IntroductionFilter(box, group) for group in Group]
    return {
        each.group: count(
            select(Introduction.id).where(*_conditions(organization_ids, each, waits, now))
        )
        for each in wanted
        if each.group is not None
    }


def _conditions(
    organization_ids: Sequence[uuid.UUID],
    wanted: IntroductionFilter,
    waits: ColumnElement[bool],
    now: datetime,
) -> list[ColumnElement[bool]]:
    if wanted.organization_id is not None:
        organization_ids = [each for each in organization_ids if each == wanted.organization_id]
    conditions = [_in_box(organization_ids, wanted.box)]
    if wanted.group is not None:
        conditions.append(waits if wanted.group is Group.WAITING else in_group(wanted.group, now))
    if wanted.post_id is not None:
        of_post = (Introduction.need_id, Introduction.offering_id)
        conditions.append(or_(*(column == wanted.post_id for column in of_post)))
    return conditions


def _in_box(organization_ids: Sequence[uuid.UUID], box: Box) -> ColumnElement[bool]:
    sent = Introduction.sender_organization_id.in_(organization_ids)
    received = Introduction.receiver_organization_id.in_(organization_ids)
    if box is Box.SENT:
        return sent
    return received if box is Box.RECEIVED else or_(sent, received)


def in_group(group: Group, now: datetime) -> ColumnElement[bool]:
    """The condition for a group of states, by the clock."""
    is_over = Introduction.answer_due_at <= now - GRACE
    live = Introduction.state.in_(LIVE_STATES)
    if group is Group.ACCEPTED:
        return Introduction.state == IntroductionState.ACCEPTED
    if group is Group.CLOSED:
        return or_(Introduction.state.in_(CLOSED_STATES), and_(live, is_over))
    return and_(live, ~is_over)


def awaited_from(organization_ids: Sequence[uuid.UUID], now: datetime) -> ColumnElement[bool]:
    """The condition for what one of these organisations has to answer."""
    answer = and_(
        Introduction.state == IntroductionState.OPEN,
        Introduction.receiver_organization_id.in_(organization_ids),
    )
    reply = and_(
        Introduction.state == IntroductionState.ASKED_BACK,
        Introduction.sender_organization_id.in_(organization_ids),
    )
    return and_(or_(answer, reply), Introduction.answer_due_at > now - GRACE)


def written_for(actor: Actor) -> list[uuid.UUID]:
    """Organisations for which the person writes."""
    return [each for each in actor.roles if actor.writes_for(each)]


def count_waiting(actor: Actor, now: datetime) -> int:
    """How many introductions wait for an answer of this person's organisations."""
    own = written_for(actor)
    if not own:
        return 0
    return count(select(Introduction.id).where(awaited_from(own, now)))


def waiting_for(actor: Actor, now: datetime, limit: int = 5) -> Sequence[Introduction]:
    """The introductions that wait for this person's organisations, the most urgent first."""
    own = written_for(actor)
    if not own:
        return []
    query = loaded().where(awaited_from(own, now))
    query = query.order_by(Introduction.answer_due_at, Introduction.id).limit(limit)
    return db.session.scalars(query).all()


def messages_of(introduction_id: uuid.UUID) -> Sequence[IntroductionMessage]:
    """The thread, oldest first, at most 300."""
    query = (
        select(IntroductionMessage)
        .where(IntroductionMessage.introduction_id == introduction_id)
        .order_by(IntroductionMessage.at, IntroductionMessage.id)
        .limit(MOST_MESSAGES)
    )
    return db.session.scalars(query).all()


def steps_of(introduction_id: uuid.UUID) -> Sequence[IntroductionStep]:
    """The trace, oldest first, at most 300."""
    query = (
        select(IntroductionStep)
        .options(joinedload(IntroductionStep.on_behalf_of))
        .where(IntroductionStep.introduction_id == introduction_id)
        .order_by(IntroductionStep.number)
        .limit(MOST_STEPS)
    )
    return db.session.scalars(query).all()


def parties_of(introduction: Introduction) -> tuple[PostState, PostState, bool, bool]:
    """States of need and offering as they are now, and whether sender and receiver take part."""
    sides = (introduction.sender_organization_id, introduction.receiver_organization_id)
    need = select(Need.state).where(Need.id == introduction.need_id)
    offering = select(Offering.state).where(Offering.id == introduction.offering_id)
    active = select(Organization.id).where(
        Organization.id.in_(sides), Organization.status == OrganizationStatus.ACTIVE
    )
    states = [db.session.execute(query).scalar_one() for query in (need, offering)]
    taking_part = set(db.session.scalars(active))
    return states[0], states[1], sides[0] in taking_part, sides[1] in taking_part


def due_to_close(now: datetime, limit: int) -> Sequence[uuid.UUID]:
    """Live introductions whose time is over, the oldest first."""
    return _ids([Introduction.answer_due_at <= now - GRACE], limit)


def not_reminded(
    now: datetime, limit: int, after: Introduction | None = None
) -> Sequence[Introduction]:
    """At most ``limit`` live introductions not reminded of at the deadline, and whose time runs.

    Args:
        after: the last one of the rows before these.
    """
    query = (
        select(Introduction)
        .where(
            Introduction.state.in_(LIVE_STATES),
            Introduction.answer_due_at > now - GRACE,
            Introduction.nudged_due_at.is_(None),
        )
        .order_by(Introduction.answer_due_at, Introduction.id)
        .limit(limit)
    )
    if after is not None:
        due_at, last = Introduction.answer_due_at, after.answer_due_at
        query = query.where(or_(due_at > last, and_(due_at == last, Introduction.id > after.id)))
    return db.session.scalars(query).all()


def live_of_post(post_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Live introductions of a need or an offering."""
    return _ids([or_(Introduction.need_id == post_id, Introduction.offering_id == post_id)])


def live_of_organization(organization_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Live introductions of an organisation, sent or received."""
    return _ids([_in_box([organization_id], Box.ALL)])


def _ids(conditions: list[Any], limit: int = 1_000) -> Sequence[uuid.UUID]:
    query = (
        select(Introduction.id)
        .where(Introduction.state.in_(LIVE_STATES), *conditions)
        .order_by(Introduction.answer_due_at, Introduction.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def has_writing_people(organization_id: uuid.UUID) -> bool:
    """Whether anybody writes for the organisation, so that an interest reaches somebody."""
    return bool(writing_people_of(organization_id))


def still_receives(user_id: uuid.UUID, introduction_id: uuid.UUID) -> bool:
    """Whether mail about an introduction may still go to this person: who may read it today."""
    introduction = db.session.get(Introduction, introduction_id)
    if introduction is None:
        return False
    actor = actor_of_today(user_id, "")
    return policy.can_take_part(actor, introduction) or actor.is_secretariat


def still_awaited(user_id: uuid.UUID, introduction_id: uuid.UUID) -> bool:
    """Whether a reminder may still go to this person: an answer of theirs is awaited."""
    introduction = db.session.get(Introduction, introduction_id)
    if introduction is None or introduction.state not in LIVE_STATES:
        return False
    is_open = introduction.state is IntroductionState.OPEN
    awaited = (
        introduction.receiver_organization_id if is_open else introduction.sender_organization_id
    )
    return actor_of_today(user_id, "").writes_for(awaited)
