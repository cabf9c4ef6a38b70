"""Reads of working groups."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from matchmaker.accounts.models import OrganizationMember
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, paginate
from matchmaker.working_groups.groups.domain import (
    RUNNING_ROLES,
    GroupKind,
    GroupRole,
    GroupState,
    Visibility,
)
from matchmaker.working_groups.groups.models import GroupMember, WorkingGroup
from matchmaker.working_groups.groups.policy import OUTSIDE, Standing

MOST_GROUPS = 1000
"""More groups than this are never drawn on one page; the list then says so."""
MOST_PEOPLE = 500


@dataclass(frozen=True, slots=True)
class GroupFilter:
    """What the list of groups is narrowed to; empty values do not narrow.

    Args:
        text: words that name or purpose must contain, all of them.
        states: codes of states, any of them.
        kinds: codes of kinds, any of them.
        recruiting: only groups that take applications or observers now.
    """

    text: str = ""
    states: tuple[GroupState, ...] = ()
    kinds: tuple[GroupKind, ...] = ()
    recruiting: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the list."""
        return not (self.text or self.states or self.kinds or self.recruiting)


def standing_of(actor: Actor, group_id: uuid.UUID, today: date) -> Standing:
    """The roles that the person has in the group on ``today``."""
    if actor.user_id is None:
        return OUTSIDE
    query = select(GroupMember.role).where(
        GroupMember.group_id == group_id, GroupMember.user_id == actor.user_id, present(today)
    )
    return Standing(frozenset(db.session.scalars(query)))


def roles_of(user_id: uuid.UUID, group_id: uuid.UUID, today: date) -> frozenset[GroupRole]:
    """The roles of a person in a group on ``today``, or from a later day on."""
    query = select(GroupMember.role).where(
        GroupMember.group_id == group_id,
        GroupMember.user_id == user_id,
        or_(GroupMember.ends_on.is_(None), GroupMember.ends_on > today),
    )
    return frozenset(db.session.scalars(query))


def takes_part(user_id: uuid.UUID, group_id: uuid.UUID, today: date) -> bool:
    """Whether the person has any role in the group on ``today``."""
    query = select(GroupMember.id).where(
        GroupMember.group_id == group_id, GroupMember.user_id == user_id, present(today)
    )
    return db.session.scalar(query.limit(1)) is not None


def standings_of(actor: Actor, today: date) -> dict[uuid.UUID, Standing]:
    """The roles of the person in each group on ``today``; groups without one are left out."""
    if actor.user_id is None:
        return {}
    query = (
        select(GroupMember.group_id, GroupMember.role)
        .where(GroupMember.user_id == actor.user_id, present(today))
        .order_by(GroupMember.group_id)
    )
    roles: dict[uuid.UUID, set[Any]] = {}
    for group_id, role in db.session.execute(query):
        roles.setdefault(group_id, set()).add(role)
    return {group_id: Standing(frozenset(found)) for group_id, found in roles.items()}


def present(today: date) -> ColumnElement[bool]:
    """Condition for rows of people that hold on ``today``; the last day belongs to them."""
    return and_(
        GroupMember.starts_on <= today,
        or_(GroupMember.ends_on.is_(None), GroupMember.ends_on >= today),
    )


def get_group(group_id: uuid.UUID) -> WorkingGroup:
    """One group with its parent and its final report's file.

    Raises:
        NotFound: there is none.
    """
    query = (
        select(WorkingGroup)
        .options(joinedload(WorkingGroup.parent), joinedload(WorkingGroup.final_report_file))
        .where(WorkingGroup.id == group_id)
    )
    group = db.session.scalar(query)
    if group is None:
        raise NotFound
    return group


def group_called(name: str) -> WorkingGroup | None:
    """The group of that name."""
    return db.session.scalar(select(WorkingGroup).where(WorkingGroup.name == name))


def locked_group(group_id: uuid.UUID) -> WorkingGroup:
    """The group, held until the end of the transaction: commands that count people wait here.

    Raises:
        NotFound: there is none.
    """
    query = select(WorkingGroup).where(WorkingGroup.id == group_id).with_for_update()
    group = db.session.scalar(query.execution_options(populate_existing=True))
    if group is None:
        raise NotFound
    return group


def visible_to(actor: Actor, today: date) -> ColumnElement[bool]:
    """Condition for the groups that the person may see (the rule of ``policy.can_view_group``)."""
    if actor.is_secretariat:
        return true()
    by_visibility = WorkingGroup.visibility == Visibility.PUBLIC
    if actor.is_member:
        by_visibility = WorkingGroup.visibility.in_((Visibility.PUBLIC, Visibility.MEMBERS))
    else:
        by_visibility = and_(by_visibility, WorkingGroup.state != GroupState.FORMING)
    return or_(by_visibility, WorkingGroup.id.in_(own_group_ids(actor, today)))


def visible_group(group_id: uuid.UUID, actor: Actor, today: date) -> WorkingGroup | None:
    """One group, if the person may see it."""
    query = select(WorkingGroup).where(WorkingGroup.id == group_id, visible_to(actor, today))
    return db.session.scalar(query)


def own_group_ids(actor: Actor, today: date) -> Select[tuple[uuid.UUID]]:
    """Ids of the groups in which the person has a role on ``today``."""
    query = select(GroupMember.group_id)
    if actor.user_id is None:
        return query.where(false())
    return query.where(GroupMember.user_id == actor.user_id, present(today))


def list_groups(
    actor: Actor, today: date, wanted: GroupFilter | None = None
) -> Sequence[WorkingGroup]:
    """The groups that the person may see, by name, at most 1,000."""
    query = filtered(wanted or GroupFilter(), today).where(visible_to(actor, today))
    return db.session.scalars(query.order_by(WorkingGroup.name).limit(MOST_GROUPS)).all()


def filtered(wanted: GroupFilter, today: date) -> Select[tuple[WorkingGroup]]:
    """Statement for the groups that ``wanted`` lets through."""
    query = select(WorkingGroup)
    for word in wanted.text.split():
        query = query.where(
            WorkingGroup.name.icontains(word, autoescape=True)
            | WorkingGroup.purpose.icontains(word, autoescape=True)
        )
    if wanted.states:
        query = query.where(WorkingGroup.state.in_(wanted.states))
    if wanted.kinds:
        query = query.where(WorkingGroup.kind.in_(wanted.kinds))
    if wanted.recruiting:
        query = query.where(
            WorkingGroup.state != GroupState.CLOSED,
            or_(WorkingGroup.accepts_applications, _recruits_observers(today)),
        )
    return query


def _recruits_observers(today: date) -> ColumnElement[bool]:
    return and_(
        or_(WorkingGroup.observers_from.is_(None), WorkingGroup.observers_from <= today),
        WorkingGroup.observers_until >= today,
    )


def groups_of(actor: Actor, today: date, limit: int = 50) -> Sequence[WorkingGroup]:
    """The groups in which the person has a role on ``today``, those that go on first."""
    query = (
        select(WorkingGroup)
        .where(WorkingGroup.id.in_(own_group_ids(actor, today)))
        .order_by(WorkingGroup.state == GroupState.CLOSED, WorkingGroup.name)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def groups_of_kinds(kinds: Sequence[GroupKind]) -> Sequence[WorkingGroup]:
    """Groups of these kinds that are not closed, by kind and name, at most 1,000."""
    query = select(WorkingGroup).where(
        WorkingGroup.kind.in_(kinds), WorkingGroup.state != GroupState.CLOSED
    )
    found = db.session.scalars(query.order_by(WorkingGroup.name).limit(MOST_GROUPS)).all()
    return sorted(found, key=lambda group: kinds.index(group.kind))


def parents() -> dict[uuid.UUID, uuid.UUID | None]:
    """The parent of each group."""
    query = select(WorkingGroup.id, WorkingGroup.parent_id).order_by(WorkingGroup.id)
    return {row.id: row.parent_id for row in db.session.execute(query)}


def children_of(group_id: uuid.UUID, actor: Actor, today: date) -> Sequence[WorkingGroup]:
    """The groups right below that the person may see, at most 200."""
    query = (
        select(WorkingGroup)
        .where(WorkingGroup.parent_id == group_id, visible_to(actor, today))
        .order_by(WorkingGroup.state == GroupState.CLOSED, WorkingGroup.kind, WorkingGroup.name)
        .limit(200)
    )
    return db.session.scalars(query).all()


def present_members(
    group_id: uuid.UUID, today: date, limit: int = MOST_PEOPLE
) -> Sequence[GroupMember]:
    """The roles held on ``today`` with person and organisation, by role and day of beginning."""
    query = with_person(select(GroupMember)).where(GroupMember.group_id == group_id, present(today))
    found = db.session.scalars(
        query.order_by(GroupMember.starts_on, GroupMember.id).limit(limit)
    ).all()
    return sorted(found, key=lambda member: list(GroupRole).index(member.role))


def no_longer_of_organization(members: Sequence[GroupMember]) -> frozenset[uuid.UUID]:
    """Ids of the roles whose person's account is closed, or who left the organisation they stand
    for, or whose organisation left the partnership (one statement)."""
    pairs = select(OrganizationMember.user_id, OrganizationMember.organization_id).where(
        OrganizationMember.user_id.in_({member.user_id for member in members})
    )
    belongs = {(row[0], row[1]) for row in db.session.execute(pairs)}
    return frozenset(
        m.id
        for m in members
        if not m.user.active
        or (m.organization is not None and not m.organization.is_active)
        or (m.organization_id is not None and (m.user_id, m.organization_id) not in belongs)
    )


def running_members(group_id: uuid.UUID, today: date) -> Sequence[GroupMember]:
    """The roles that run the group on ``today`` of people whose account is open."""
    members = present_members(group_id, today)
    return [m for m in members if m.role in RUNNING_ROLES and m.user.active]


def member_of_group(member_id: uuid.UUID) -> GroupMember:
    """One role with its group, person and organisation.

    Raises:
        NotFound: there is none.
    """
    query = (
        with_person(select(GroupMember))
        .options(joinedload(GroupMember.group))
        .where(GroupMember.id == member_id)
    )
    member = db.session.scalar(query)
    if member is None:
        raise NotFound
    return member


def role_history(group_id: uuid.UUID, number: int) -> Page[GroupMember]:
    """One page of all roles there ever were, the latest beginning first."""
    query = (
        with_person(select(GroupMember))
        .where(GroupMember.group_id == group_id)
        .order_by(GroupMember.starts_on.desc(), GroupMember.id.desc())
    )
    return paginate(query, number, 50)


def numbers_present(today: date) -> Mapping[uuid.UUID, int]:
    """How many people take part in each group on ``today``."""
    query = (
        select(GroupMember.group_id, func.count(GroupMember.user_id.distinct()))
        .where(present(today))
        .group_by(GroupMember.group_id)
        .order_by(GroupMember.group_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def with_person(query: Select[tuple[GroupMember]]) -> Select[tuple[GroupMember]]:
    """The statement that loads person and organisation with each role."""
    return query.options(joinedload(GroupMember.user), joinedload(GroupMember.organization))
