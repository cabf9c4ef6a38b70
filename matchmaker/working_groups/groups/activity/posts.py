"""Commands on activity posts (WG・SWG活動発信). They flush and record events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict
from matchmaker.working_groups.groups.activity.domain import (
    POST_STATES,
    PostData,
    PostMove,
    checked_reason,
)
from matchmaker.working_groups.groups.activity.events import (
    GroupActivity,
    PostPublished,
    PostRetracted,
    PostSaved,
)
from matchmaker.working_groups.groups.domain import PostState
from matchmaker.working_groups.groups.models import GroupPost, WorkingGroup

CHANGED_MEANWHILE = (
    "ほかの人がこの内容を先に変更しました。入力した内容は残っています。"
    "新しい内容と見くらべてから、もう一度保存してください。"
)
READ_MEANWHILE = (
    "ほかの人がこの下書きを先に変更しました。新しい内容を読みなおしてから、公開してください。"
)


def draft_post(group: WorkingGroup, data: PostData, actor: Actor, now: datetime) -> GroupPost:
    """Begin an activity post as a draft.

    Raises:
        ProductError: title or text is missing or too long.
    """
    data = data.cleaned()
    post = GroupPost(
        group_id=group.id,
        title=data.title,
        body=data.body,
        visibility=data.visibility,
        state=PostState.DRAFT,
        author_id=actor.user_id,
        author_name=actor.name,
        revision=1,
        created_at=now,
        updated_at=now,
    )
    db.session.add(post)
    db.session.flush()
    _record(PostSaved, post, actor, now, details={"title": post.title, "new": True})
    return post


def change_post(
    post: GroupPost, data: PostData, actor: Actor, now: datetime, *, expected_revision: int
) -> None:
    """Replace what a draft or published post says; nothing is recorded when nothing differs.

    Args:
        expected_revision: the revision that the person's form was made from.

    Raises:
        Conflict: somebody else saved it meanwhile, or it was taken back.
        ProductError: title or text is missing or too long.
    """
    data = data.cleaned()
    _lock(post)
    if post.revision != expected_revision:
        raise Conflict(CHANGED_MEANWHILE)
    if post.state is PostState.RETRACTED:
        raise Conflict("この活動発信は取り下げられました。直すことはできません。")
    names = ("title", "body", "visibility")
    changed = [name for name in names if getattr(post, name) != getattr(data, name)]
    if not changed:
        return
    for name in changed:
        setattr(post, name, getattr(data, name))
    _touch(post, now)
    _record(PostSaved, post, actor, now, details={"fields": changed})


def publish_post(post: GroupPost, actor: Actor, now: datetime, *, expected_revision: int) -> None:
    """Let a draft be read.

    Args:
        expected_revision: the revision that the person has read.

    Raises:
        Conflict: it was changed meanwhile, or it is no draft any more.
    """
    _lock(post)
    target = POST_STATES.check(post.state, PostMove.PUBLISH)
    if post.revision != expected_revision:
        raise Conflict(READ_MEANWHILE)
    post.state, post.published_at = target, now
    _touch(post, now)
    _record(PostPublished, post, actor, now, details={"title": post.title})


def retract_post(post: GroupPost, reason: str, actor: Actor, now: datetime) -> None:
    """Take back a published post; it stays, for those who run the group.

    Raises:
        IllegalMove: it is not published.
        ProductError: the reason is missing or too long.
    """
    _lock(post)
    target = POST_STATES.check(post.state, PostMove.RETRACT, reason)
    post.state_reason, post.state = checked_reason(reason), target
    _touch(post, now)
    _record(PostRetracted, post, actor, now, reason=post.state_reason)


def _lock(post: GroupPost) -> None:
    """Hold the row until the end of the transaction and read what others have done."""
    db.session.refresh(post, with_for_update=True)


def _touch(post: GroupPost, now: datetime) -> None:
    post.revision += 1
    post.updated_at = now
    db.session.flush()


def _record(
    kind: type[GroupActivity],
    post: GroupPost,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    record(
        kind(
            actor=actor,
            now=now,
            subject_id=post.id,
            group_id=post.group_id,
            reason=reason,
            details=details or {},
        )
    )
