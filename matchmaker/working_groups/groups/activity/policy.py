"""Who may see and do what in a group's activity. Pure predicates."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.working_groups.groups.domain import GroupState, PostState, Visibility
from matchmaker.working_groups.groups.policy import (
    Standing,
    Subject,
    can_run_group,
    can_see,
    can_view_group,
    can_write_in_group,
)


class Post(Protocol):
    """What the rules need to know of an activity post."""

    @property
    def visibility(self) -> Visibility:
        """Who may read it."""

    @property
    def state(self) -> PostState:
        """Where it stands."""


class Document(Protocol):
    """What the rules need to know of a document."""

    @property
    def visibility(self) -> Visibility:
        """Who may read it."""

    @property
    def publish_at(self) -> datetime | None:
        """The moment from which it is seen; at once when None."""

    @property
    def removed_at(self) -> datetime | None:
        """When it was removed, if it was."""


class Task(Protocol):
    """What the rules need to know of a task."""

    @property
    def owner_id(self) -> uuid.UUID | None:
        """Who is to do it."""


def can_view_post(actor: Actor, group: Subject, post: Post, standing: Standing) -> bool:
    """Published ones by their visibility; drafts for those who work in the group.

    Retracted ones are for those who run it.
    """
    if post.state is PostState.DRAFT:
        return actor.is_secretariat or standing.works
    if post.state is PostState.RETRACTED:
        return can_run_group(actor, standing)
    return can_view_group(actor, group, standing) and can_see(actor, post.visibility, standing)


def can_write_post(actor: Actor, group: Subject, standing: Standing) -> bool:
    """Those who work in the group begin drafts."""
    return can_write_in_group(actor, group, standing)


def can_edit_post(actor: Actor, group: Subject, post: Post, standing: Standing) -> bool:
    """Drafts: those who work in the group; what is published: those who run it."""
    if not can_write_in_group(actor, group, standing) or post.state is PostState.RETRACTED:
        return False
    return post.state is PostState.DRAFT or can_run_group(actor, standing)


def can_publish_post(actor: Actor, group: Subject, standing: Standing) -> bool:
    """Those who run the group, as long as it is not closed."""
    return can_run_group(actor, standing) and group.state is not GroupState.CLOSED


def can_retract_post(actor: Actor, standing: Standing) -> bool:
    """Those who run the group, even after its end."""
    return can_run_group(actor, standing)


def can_view_document(
    actor: Actor, group: Subject, document: Document, standing: Standing, now: datetime
) -> bool:
    """By its visibility; before its moment and after its removal only those who run the group."""
    is_waiting = document.publish_at is not None and document.publish_at > now
    if is_waiting or document.removed_at is not None:
        return can_run_group(actor, standing)
    return can_view_group(actor, group, standing) and can_see(actor, document.visibility, standing)


def can_add_document(actor: Actor, group: Subject, standing: Standing) -> bool:
    """Those who work in the group, as long as it is not closed."""
    return can_write_in_group(actor, group, standing)


def can_replace_document(
    actor: Actor, group: Subject, document: Document, standing: Standing, now: datetime
) -> bool:
    """Those who work in the group and see the document."""
    return (
        document.removed_at is None
        and can_write_in_group(actor, group, standing)
        and can_view_document(actor, group, document, standing, now)
    )


def can_manage_documents(actor: Actor, standing: Standing) -> bool:
    """Change who sees a document and when, remove and restore it: those who run the group."""
    return can_run_group(actor, standing)


def can_view_inside(actor: Actor, group: Subject, standing: Standing) -> bool:
    """Tasks and decisions: whoever takes part in the group, and the secretariat."""
    return can_view_group(actor, group, standing) and can_see(actor, Visibility.GROUP, standing)


def can_write_task(actor: Actor, group: Subject, standing: Standing) -> bool:
    """Those who work in the group, as long as it is not closed."""
    return can_write_in_group(actor, group, standing)


def can_finish_task(actor: Actor, group: Subject, task: Task, standing: Standing) -> bool:
    """Those who work in the group, and whoever the task belongs to."""
    if can_write_in_group(actor, group, standing):
        return True
    owns = actor.user_id is not None and task.owner_id == actor.user_id
    return owns and standing.belongs and group.state is not GroupState.CLOSED


def can_log_decision(actor: Actor, group: Subject, standing: Standing) -> bool:
    """Those who run the group, as long as it is not closed."""
    return can_run_group(actor, standing) and group.state is not GroupState.CLOSED
