"""Reads across all groups: vacant chairs, final reports, everything for export."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import contains_eager

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.paging import Page, paginate
from matchmaker.working_groups.groups.domain import (
    RUNNING_ROLES,
    GroupKind,
    GroupRole,
    GroupState,
)
from matchmaker.working_groups.groups.models import GroupMember, WorkingGroup
from matchmaker.working_groups.groups.queries import present, visible_to, with_person

MOST_VACANCIES = 200
MOST_EXPORTED = 10_000


def final_reports(actor: Actor, today: date, number: int) -> Page[WorkingGroup]:
    """One page of the groups whose final report is published and may be read, newest first."""
    query = (
        select(WorkingGroup)
        .where(
            WorkingGroup.state == GroupState.CLOSED,
            WorkingGroup.final_report_published_at.is_not(None),
            visible_to(actor, today),
        )
        .order_by(WorkingGroup.final_report_published_at.desc(), WorkingGroup.id)
    )
    return paginate(query, number)


def vacant_chairs(today: date) -> Sequence[tuple[WorkingGroup, date]]:
    """Groups that go on without their chair, with the last day of the last one; at most 200.

    A chair whose account was closed counts as gone, too; the day is then that of the role's
    beginning or end, whichever is known.
    """
    last = func.max(func.coalesce(GroupMember.ends_on, GroupMember.starts_on))
    query = (
        select(WorkingGroup, last)
        .join(GroupMember, GroupMember.group_id == WorkingGroup.id)
        .where(
            WorkingGroup.state != GroupState.CLOSED,
            GroupMember.role == GroupRole.CHAIR,
            GroupMember.starts_on <= today,
            WorkingGroup.id.not_in(_groups_with({GroupRole.CHAIR}, today)),
        )
        .group_by(WorkingGroup.id)
        .order_by(last, WorkingGroup.id)
        .limit(MOST_VACANCIES)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def lost_its_chair(group_id: uuid.UUID, today: date) -> bool:
    """Whether the group had a chair once and has none on ``today``."""
    had = exists().where(
        GroupMember.group_id == group_id,
        GroupMember.role == GroupRole.CHAIR,
        GroupMember.starts_on <= today,
    )
    has = exists().where(
        WorkingGroup.id == group_id, WorkingGroup.id.in_(_groups_with({GroupRole.CHAIR}, today))
    )
    return bool(db.session.scalar(select(and_(had, ~has))))


def unattended_groups(today: date) -> Sequence[WorkingGroup]:
    """Groups that go on and that nobody runs, by name; at most 200."""
    query = select(WorkingGroup).where(
        WorkingGroup.state != GroupState.CLOSED,
        WorkingGroup.kind != GroupKind.ASSEMBLY,
        WorkingGroup.id.not_in(_groups_with(RUNNING_ROLES, today)),
    )
    return db.session.scalars(query.order_by(WorkingGroup.name).limit(MOST_VACANCIES)).all()


def _groups_with(roles: Collection[GroupRole], today: date) -> Select[tuple[uuid.UUID]]:
    """Ids of the groups in which somebody with an open account has one of these roles."""
    return (
        select(GroupMember.group_id)
        .join(GroupMember.user)
        .where(GroupMember.role.in_(roles), present(today), User.active)
    )


def all_groups() -> Sequence[WorkingGroup]:
    """Every group by name, at most 10,000 (for the secretariat's export)."""
    query = select(WorkingGroup).order_by(WorkingGroup.name).limit(MOST_EXPORTED)
    return db.session.scalars(query).all()


def all_members() -> Sequence[GroupMember]:
    """Every role there is and was, by group and day, at most 10,000 (for the export)."""
    query = (
        with_person(select(GroupMember))
        .join(GroupMember.group)
        .options(contains_eager(GroupMember.group))
        .order_by(WorkingGroup.name, GroupMember.starts_on, GroupMember.id)
        .limit(MOST_EXPORTED)
    )
    return db.session.scalars(query).all()
