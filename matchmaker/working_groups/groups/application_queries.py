"""Reads of applications to working groups and invitations into them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, paginate
from matchmaker.working_groups.groups.domain import ApplicationKind, ApplicationState
from matchmaker.working_groups.groups.models import GroupApplication


def applications_waiting(group_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """How many applications wait for those who run each of these groups."""
    query = (
        select(GroupApplication.group_id, func.count(GroupApplication.id))
        .where(
            GroupApplication.group_id.in_(group_ids),
            GroupApplication.state == ApplicationState.PENDING,
            GroupApplication.kind != ApplicationKind.INVITATION,
        )
        .group_by(GroupApplication.group_id)
        .order_by(GroupApplication.group_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def waiting_application(group_id: uuid.UUID, user_id: uuid.UUID | None) -> GroupApplication | None:
    """The person's own application or invitation that waits."""
    if user_id is None:
        return None
    query = select(GroupApplication).where(
        GroupApplication.group_id == group_id,
        GroupApplication.user_id == user_id,
        GroupApplication.state == ApplicationState.PENDING,
    )
    return db.session.scalar(query)


def invitations_for(user_id: uuid.UUID, limit: int = 50) -> Sequence[GroupApplication]:
    """Invitations that wait for the person's answer, the oldest first, with their groups."""
    query = (
        select(GroupApplication)
        .options(joinedload(GroupApplication.group))
        .where(
            GroupApplication.user_id == user_id,
            GroupApplication.state == ApplicationState.PENDING,
            GroupApplication.kind == ApplicationKind.INVITATION,
        )
        .order_by(GroupApplication.created_at, GroupApplication.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def application_of(application_id: uuid.UUID) -> GroupApplication:
    """One application with group, person and organisation.

    Raises:
        NotFound: there is none.
    """
    query = _with_applicant(select(GroupApplication)).where(GroupApplication.id == application_id)
    application = db.session.scalar(query)
    if application is None:
        raise NotFound
    return application


def applications_page(group_id: uuid.UUID, number: int) -> Page[GroupApplication]:
    """One page of a group's applications and invitations, those that wait first."""
    query = _with_applicant(select(GroupApplication)).where(GroupApplication.group_id == group_id)
    is_settled = GroupApplication.state != ApplicationState.PENDING
    newest = GroupApplication.created_at.desc()
    return paginate(query.order_by(is_settled, newest, GroupApplication.id), number)


def _with_applicant(
    query: Select[tuple[GroupApplication]],
) -> Select[tuple[GroupApplication]]:
    return query.options(
        joinedload(GroupApplication.group),
        joinedload(GroupApplication.user),
        joinedload(GroupApplication.organization),
    )
