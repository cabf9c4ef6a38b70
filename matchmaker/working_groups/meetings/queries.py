"""Reads of meetings, their agenda, checklist and attendance."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, paginate
from matchmaker.working_groups.groups.domain import RUNNING_ROLES, GroupState, Visibility
from matchmaker.working_groups.groups.models import GroupMember, WorkingGroup
from matchmaker.working_groups.groups.queries import own_group_ids, present_members
from matchmaker.working_groups.meetings.domain import AttendanceAnswer, MeetingState
from matchmaker.working_groups.meetings.models import (
    AgendaItem,
    Attendance,
    Meeting,
    PreparationStep,
)

MOST_IN_SECTION = 5
MOST_PEOPLE = 1000


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """What the list of meetings is narrowed to.

    Args:
        past: those that are over, newest first; otherwise those to come, the next one first.
        mine: only meetings of groups the person takes part in.
        group_id: only meetings of one group.
    """

    past: bool = False
    mine: bool = False
    group_id: uuid.UUID | None = None


def get_meeting(meeting_id: uuid.UUID) -> Meeting:
    """One meeting with its group and its agenda (speakers included).

    Raises:
        NotFound: there is none.
    """
    query = (
        select(Meeting)
        .where(Meeting.id == meeting_id)
        .options(
            joinedload(Meeting.group),
            selectinload(Meeting.agenda).joinedload(AgendaItem.speaker),
        )
    )
    meeting = db.session.scalar(query)
    if meeting is None:
        raise NotFound
    return meeting


def find_meeting(group_id: uuid.UUID, number: int) -> Meeting | None:
    """The meeting of a group with that round."""
    query = select(Meeting).where(Meeting.group_id == group_id, Meeting.round == number)
    return db.session.scalar(query)


def next_round(group_id: uuid.UUID) -> int:
    """The round after the highest one of the group."""
    query = select(func.max(Meeting.round)).where(Meeting.group_id == group_id)
    return (db.session.scalar(query) or 0) + 1


def last_meeting_before(meeting: Meeting) -> Meeting | None:
    """The latest earlier meeting of the group that has an agenda, with it."""
    query = (
        select(Meeting)
        .where(
            Meeting.group_id == meeting.group_id,
            Meeting.id != meeting.id,
            Meeting.starts_at < meeting.starts_at,
            Meeting.state != MeetingState.CANCELLED,
            select(AgendaItem.id).where(AgendaItem.meeting_id == Meeting.id).exists(),
        )
        .options(selectinload(Meeting.agenda))
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def is_invited_proxy(meeting_id: uuid.UUID, actor: Actor) -> bool:
    """Whether somebody sends this person in their place (by the address of the account)."""
    if actor.user_id is None:
        return False
    query = (
        select(Attendance.id)
        .join(User, User.email_key == Attendance.proxy_email)
        .where(
            Attendance.meeting_id == meeting_id,
            Attendance.answer == AttendanceAnswer.PROXY,
            User.id == actor.user_id,
        )
        .limit(1)
    )
    return db.session.scalar(query) is not None


def meetings_page(
    actor: Actor, wanted: MeetingFilter, now: datetime, today: date, number: int
) -> Page[Meeting]:
    """One page of the meetings that the person may read of, with their groups."""
    query = (
        select(Meeting)
        .join(WorkingGroup, WorkingGroup.id == Meeting.group_id)
        .where(visible_to(actor, today), *_narrowing(actor, wanted, today))
        .options(joinedload(Meeting.group))
    )
    return paginate(_in_time(query, wanted.past, now), number)


def meetings_of(
    group_id: uuid.UUID, actor: Actor, today: date, now: datetime, *, past: bool
) -> Sequence[Meeting]:
    """A few meetings of a group that the person may read of: the next, or the latest ones."""
    query = (
        select(Meeting)
        .join(WorkingGroup, WorkingGroup.id == Meeting.group_id)
        .where(visible_to(actor, today), Meeting.group_id == group_id)
        .options(joinedload(Meeting.group))
        .limit(MOST_IN_SECTION)
    )
    return db.session.scalars(_in_time(query, past, now)).all()


def calendar_meetings(
    group_ids: Sequence[uuid.UUID], actor: Actor, today: date, since: datetime
) -> Sequence[Meeting]:
    """Announced meetings (cancelled ones too) of some groups, for a calendar, oldest first."""
    query = (
        select(Meeting)
        .join(WorkingGroup, WorkingGroup.id == Meeting.group_id)
        .where(
            visible_to(actor, today),
            known_to_others(),
            Meeting.group_id.in_(group_ids),
            Meeting.ends_at >= since,
        )
        .options(
            joinedload(Meeting.group),
            selectinload(Meeting.agenda).joinedload(AgendaItem.speaker),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST_PEOPLE)
    )
    return db.session.scalars(query).all()


def _in_time(query: Select[tuple[Meeting]], past: bool, now: datetime) -> Select[tuple[Meeting]]:
    if past:
        return query.where(Meeting.ends_at < now).order_by(
            Meeting.starts_at.desc(), Meeting.id.desc()
        )
    return query.where(Meeting.ends_at >= now).order_by(Meeting.starts_at, Meeting.id)


def _narrowing(actor: Actor, wanted: MeetingFilter, today: date) -> list[ColumnElement[bool]]:
    rules: list[ColumnElement[bool]] = []
    if wanted.mine:
        rules.append(Meeting.group_id.in_(own_group_ids(actor, today)))
    if wanted.group_id is not None:
        rules.append(Meeting.group_id == wanted.group_id)
    return rules


def known_to_others() -> ColumnElement[bool]:
    """``policy.is_known`` in SQL."""
    return or_(
        Meeting.announced_at.is_not(None),
        Meeting.state.in_([MeetingState.ANNOUNCED, MeetingState.HELD]),
    )


def visible_to(actor: Actor, today: date) -> ColumnElement[bool]:
    """``policy.can_view`` in SQL, for queries that join the group; a test compares both."""
    if actor.is_secretariat:
        return Meeting.id.is_not(None)
    allowed = [Visibility.PUBLIC, *([Visibility.MEMBERS] if actor.is_member else [])]
    open_to_all = and_(Meeting.visibility.in_(allowed), WorkingGroup.visibility.in_(allowed))
    mine = Meeting.group_id.in_(own_group_ids(actor, today))
    readable = or_(mine, open_to_all)
    if not actor.is_member:
        readable = and_(readable, WorkingGroup.state != GroupState.FORMING)
    own = own_group_ids(actor, today)
    run = Meeting.group_id.in_(own.where(GroupMember.role.in_(RUNNING_ROLES)))
    return or_(run, and_(known_to_others(), or_(readable, Meeting.id.in_(_sent_to(actor)))))


def _sent_to(actor: Actor) -> Select[tuple[uuid.UUID]]:
    return (
        select(Attendance.meeting_id)
        .join(User, User.email_key == Attendance.proxy_email)
        .where(Attendance.answer == AttendanceAnswer.PROXY, User.id == actor.user_id)
    )


def steps_of(meeting_id: uuid.UUID) -> Sequence[PreparationStep]:
    """The checklist, what is due first on top."""
    query = (
        select(PreparationStep)
        .where(PreparationStep.meeting_id == meeting_id)
        .order_by(PreparationStep.due_on, PreparationStep.position, PreparationStep.id)
        .limit(100)
    )
    return db.session.scalars(query).all()


def get_step(meeting_id: uuid.UUID, step_id: uuid.UUID) -> PreparationStep | None:
    """One step of a meeting's checklist."""
    step = db.session.get(PreparationStep, step_id)
    return step if step is not None and step.meeting_id == meeting_id else None


def attendance_of(meeting_id: uuid.UUID, user_id: uuid.UUID | None) -> Attendance | None:
    """What one person answered, with the person."""
    query = (
        select(Attendance)
        .where(Attendance.meeting_id == meeting_id, Attendance.user_id == user_id)
        .options(joinedload(Attendance.user))
    )
    return db.session.scalar(query)


def attendances_of(meeting_id: uuid.UUID) -> Sequence[Attendance]:
    """All answers to a meeting, with people and organisations."""
    query = (
        select(Attendance)
        .where(Attendance.meeting_id == meeting_id)
        .options(joinedload(Attendance.user), joinedload(Attendance.organization))
        .order_by(Attendance.id)
        .limit(MOST_PEOPLE)
    )
    return db.session.scalars(query).all()


def proxies_of(meeting_id: uuid.UUID) -> Sequence[Attendance]:
    """Answers that send somebody else."""
    return [each for each in attendances_of(meeting_id) if each.answer is AttendanceAnswer.PROXY]


def invited_people(group_id: uuid.UUID, today: date) -> list[GroupMember]:
    """Everybody who takes part in the group on ``today``, each once, with the highest role."""
    people: dict[uuid.UUID, GroupMember] = {}
    for member in present_members(group_id, today, MOST_PEOPLE):
        people.setdefault(member.user_id, member)
    return list(people.values())


def meetings_to_answer(actor: Actor, now: datetime, today: date) -> Sequence[Meeting]:
    """Meetings of the person's groups that take answers and have none of theirs; the next first."""
    until = func.coalesce(Meeting.answers_until, Meeting.starts_at)
    answered = select(Attendance.meeting_id).where(
        Attendance.user_id == actor.user_id, Attendance.answer.is_not(None)
    )
    query = (
        select(Meeting)
        .where(
            Meeting.group_id.in_(own_group_ids(actor, today)),
            Meeting.state == MeetingState.ANNOUNCED,
            Meeting.starts_at > now,
            until > now,
            Meeting.id.not_in(answered),
        )
        .options(joinedload(Meeting.group))
        .order_by(until, Meeting.starts_at, Meeting.id)
        .limit(MOST_IN_SECTION * 2)
    )
    return db.session.scalars(query).all()
