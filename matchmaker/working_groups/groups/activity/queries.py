"""Reads of a group's activity."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy import case as sql_case
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, count, paginate
from matchmaker.working_groups.groups.activity.domain import TaskView
from matchmaker.working_groups.groups.domain import PostState, TaskState, Visibility
from matchmaker.working_groups.groups.models import (
    DocumentVersion,
    GroupDecision,
    GroupDocument,
    GroupPost,
    GroupTask,
    WorkingGroup,
)
from matchmaker.working_groups.groups.policy import Standing, can_run_group
from matchmaker.working_groups.groups.queries import own_group_ids, visible_to

Row = TypeVar("Row")
MOST_DOCUMENTS = 500
MOST_EXPORTED = 10_000


def post_of(group_id: uuid.UUID, post_id: uuid.UUID) -> GroupPost:
    """One activity post of the group.

    Raises:
        NotFound: the group has none of that id.
    """
    query = select(GroupPost).where(GroupPost.id == post_id, GroupPost.group_id == group_id)
    return _found(db.session.scalar(query))


def posts_page(
    group_id: uuid.UUID, actor: Actor, standing: Standing, number: int, size: int = 20
) -> Page[GroupPost]:
    """Posts of a group that the person may read: drafts first, then the newest."""
    query = select(GroupPost).where(
        GroupPost.group_id == group_id, _readable_states(actor, standing), _seen(actor, standing)
    )
    drafts_first = sql_case((GroupPost.state == PostState.DRAFT, 0), else_=1)
    newest = func.coalesce(GroupPost.published_at, GroupPost.updated_at).desc()
    return paginate(query.order_by(drafts_first, newest, GroupPost.id.desc()), number, size)


def _readable_states(actor: Actor, standing: Standing) -> ColumnElement[bool]:
    states = [PostState.PUBLISHED]
    if actor.is_secretariat or standing.works:
        states.append(PostState.DRAFT)
    if can_run_group(actor, standing):
        states.append(PostState.RETRACTED)
    return GroupPost.state.in_(states)


def _seen(actor: Actor, standing: Standing) -> ColumnElement[bool]:
    if actor.is_secretariat or standing.belongs:
        return true()
    return GroupPost.visibility.in_(_visibilities(actor))


def _visibilities(actor: Actor) -> list[Visibility]:
    """What somebody outside the group may read."""
    return [Visibility.PUBLIC, Visibility.MEMBERS] if actor.is_member else [Visibility.PUBLIC]


def newest_posts(actor: Actor, today: date, number: int, size: int = 20) -> Page[GroupPost]:
    """Published posts of all groups that the person may read, newest first, with their group."""
    by_visibility: ColumnElement[bool] = GroupPost.visibility.in_(_visibilities(actor))
    if actor.is_secretariat:
        by_visibility = true()
    elif actor.is_signed_in:
        own = own_group_ids(actor, today)
        by_visibility = or_(by_visibility, GroupPost.group_id.in_(own))
    query = (
        select(GroupPost)
        .join(GroupPost.group)
        .where(GroupPost.state == PostState.PUBLISHED, by_visibility, visible_to(actor, today))
        .options(contains_eager(GroupPost.group))
        .order_by(GroupPost.published_at.desc(), GroupPost.id.desc())
    )
    return paginate(query, number, size)


def document_of(group_id: uuid.UUID, document_id: uuid.UUID) -> GroupDocument:
    """One document of the group with all its versions and their files.

    Raises:
        NotFound: the group has none of that id.
    """
    query = _with_versions(
        select(GroupDocument).where(
            GroupDocument.id == document_id, GroupDocument.group_id == group_id
        )
    )
    return _found(db.session.scalar(query.execution_options(populate_existing=True)))


def version_of(document: GroupDocument, number: int) -> DocumentVersion:
    """One version of a document whose versions are loaded.

    Raises:
        NotFound: there is none of that number.
    """
    return _found(next((each for each in document.versions if each.number == number), None))


def documents_query(
    group_id: uuid.UUID,
    actor: Actor,
    standing: Standing,
    now: datetime,
    *,
    removed: bool = False,
) -> Select[tuple[GroupDocument]]:
    """Statement for the documents that the person may see (the rule of ``can_view_document``).

    Args:
        removed: the removed ones instead, for those who run the group.
    """
    query = select(GroupDocument).where(GroupDocument.group_id == group_id)
    runs = can_run_group(actor, standing)
    if removed and runs:
        return query.where(GroupDocument.removed_at.is_not(None))
    query = query.where(GroupDocument.removed_at.is_(None))
    if not runs:
        query = query.where(is_out(now))
    if not (actor.is_secretariat or standing.belongs):
        query = query.where(GroupDocument.visibility.in_(_visibilities(actor)))
    return query


def is_out(now: datetime) -> ColumnElement[bool]:
    """Condition for documents whose moment has come."""
    return or_(GroupDocument.publish_at.is_(None), GroupDocument.publish_at <= now)


def documents_page(query: Select[tuple[GroupDocument]], number: int) -> Page[GroupDocument]:
    """One page of documents with their versions, newest first."""
    newest = func.coalesce(GroupDocument.publish_at, GroupDocument.created_at).desc()
    return paginate(_with_versions(query).order_by(newest, GroupDocument.id.desc()), number)


def latest_documents(query: Select[tuple[GroupDocument]], limit: int) -> Sequence[GroupDocument]:
    """The newest documents with their versions."""
    newest = func.coalesce(GroupDocument.publish_at, GroupDocument.created_at).desc()
    ordered = _with_versions(query).order_by(newest, GroupDocument.id.desc())
    return db.session.scalars(ordered.limit(limit)).all()


def documents_of_meeting(
    query: Select[tuple[GroupDocument]], meeting_id: uuid.UUID
) -> Sequence[GroupDocument]:
    """Documents of one meeting with their versions, in their order, at most 500."""
    wanted = _with_versions(query.where(GroupDocument.meeting_id == meeting_id))
    ordered = wanted.order_by(GroupDocument.position, GroupDocument.id)
    return db.session.scalars(ordered.limit(MOST_DOCUMENTS)).all()


def last_position(group_id: uuid.UUID, meeting_id: uuid.UUID | None) -> int:
    """The highest place among the documents of a group or a meeting; 0 when there are none."""
    query = select(func.max(GroupDocument.position)).where(
        GroupDocument.group_id == group_id,
        GroupDocument.meeting_id.is_not_distinct_from(meeting_id),
    )
    return db.session.scalar(query) or 0


def _with_versions(query: Select[tuple[GroupDocument]]) -> Select[tuple[GroupDocument]]:
    return query.options(selectinload(GroupDocument.versions).joinedload(DocumentVersion.file))


def task_of(group_id: uuid.UUID, task_id: uuid.UUID) -> GroupTask:
    """One task of the group with its owner.

    Raises:
        NotFound: the group has none of that id.
    """
    query = (
        select(GroupTask)
        .where(GroupTask.id == task_id, GroupTask.group_id == group_id)
        .options(joinedload(GroupTask.owner))
    )
    return _found(db.session.scalar(query))


def tasks_query(group_id: uuid.UUID) -> Select[tuple[GroupTask]]:
    """Statement for all tasks: open ones by their last day (overdue ones lead), then the rest."""
    query = select(GroupTask).where(GroupTask.group_id == group_id)
    return query.options(joinedload(GroupTask.owner)).order_by(
        GroupTask.state != TaskState.OPEN,
        GroupTask.due_on.is_(None),
        sql_case((GroupTask.state == TaskState.OPEN, GroupTask.due_on)),
        GroupTask.done_at.desc(),
        GroupTask.id,
    )


def tasks_shown(
    group_id: uuid.UUID, view: TaskView, user_id: uuid.UUID | None
) -> Select[tuple[GroupTask]]:
    """Statement for one part of the list of tasks.

    Args:
        view: which part.
        user_id: whose tasks 「自分の担当」 means.
    """
    query = tasks_query(group_id)
    if view is TaskView.CLOSED:
        return query.where(GroupTask.state != TaskState.OPEN)
    query = query.where(GroupTask.state == TaskState.OPEN)
    return query.where(GroupTask.owner_id == user_id) if view is TaskView.MINE else query


def tasks_page(query: Select[tuple[GroupTask]], number: int) -> Page[GroupTask]:
    """One page of tasks with their owners."""
    return paginate(query, number)


def tasks_to_export(group_id: uuid.UUID) -> Sequence[GroupTask]:
    """All tasks of a group, at most 10,000."""
    return db.session.scalars(tasks_query(group_id).limit(MOST_EXPORTED)).all()


def first_tasks(query: Select[tuple[GroupTask]], limit: int) -> Sequence[GroupTask]:
    """The most pressing tasks of a list."""
    return db.session.scalars(query.limit(limit)).all()


def number_of_tasks(query: Select[tuple[GroupTask]], overdue_on: date | None = None) -> int:
    """How many tasks a list has; with ``overdue_on``, how many of them are late on that day."""
    if overdue_on is not None:
        late = and_(GroupTask.state == TaskState.OPEN, GroupTask.due_on < overdue_on)
        query = query.where(late)
    return count(query)


def open_tasks_of(user_id: uuid.UUID, today: date, limit: int = 20) -> Sequence[GroupTask]:
    """Open tasks of a person in the groups that go on, most pressing first (for dashboards)."""
    query = (
        select(GroupTask)
        .join(WorkingGroup, WorkingGroup.id == GroupTask.group_id)
        .where(
            GroupTask.owner_id == user_id,
            GroupTask.state == TaskState.OPEN,
            GroupTask.group_id.in_(own_group_ids(Actor(user_id=user_id), today)),
        )
        .order_by(GroupTask.due_on.is_(None), GroupTask.due_on, GroupTask.id)
    )
    return db.session.scalars(query.limit(limit)).all()


def decision_of(group_id: uuid.UUID, decision_id: uuid.UUID) -> GroupDecision:
    """One decision of the group.

    Raises:
        NotFound: the group has none of that id.
    """
    query = select(GroupDecision).where(
        GroupDecision.id == decision_id, GroupDecision.group_id == group_id
    )
    return _found(db.session.scalar(query.execution_options(populate_existing=True)))


def decisions_query(group_id: uuid.UUID) -> Select[tuple[GroupDecision]]:
    """Statement for the decisions of a group, latest first."""
    query = select(GroupDecision).where(GroupDecision.group_id == group_id)
    return query.order_by(GroupDecision.number.desc())


def decisions_page(group_id: uuid.UUID, number: int) -> Page[GroupDecision]:
    """One page of the decisions log, latest first."""
    return paginate(decisions_query(group_id), number)


def decisions_to_export(group_id: uuid.UUID) -> Sequence[GroupDecision]:
    """The whole log from the first entry on, at most 10,000."""
    query = decisions_query(group_id).order_by(None).order_by(GroupDecision.number)
    return db.session.scalars(query.limit(MOST_EXPORTED)).all()


def latest_decisions(group_id: uuid.UUID, limit: int) -> Sequence[GroupDecision]:
    """The latest decisions that are in force."""
    query = decisions_query(group_id).where(GroupDecision.replaced_by_id.is_(None))
    return db.session.scalars(query.limit(limit)).all()


def decision_numbers(decision_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The numbers of decisions by their ids."""
    query = (
        select(GroupDecision.id, GroupDecision.number)
        .where(GroupDecision.id.in_(decision_ids))
        .order_by(GroupDecision.number)
    )
    return {row.id: row.number for row in db.session.execute(query)}


def last_decision_number(group_id: uuid.UUID) -> int:
    """The highest number in the log; 0 when it is empty."""
    query = select(func.max(GroupDecision.number)).where(GroupDecision.group_id == group_id)
    return db.session.scalar(query) or 0


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
