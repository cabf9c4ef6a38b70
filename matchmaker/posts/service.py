"""Commands on posts. They flush and record events; they never commit and know no request."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from embeddings.words import content_words
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.fields import FieldKind
from matchmaker.organizations import queries as organization_queries
from matchmaker.posts import queries, vocabularies
from matchmaker.posts.content import apply_content, content_of, from_json, to_json
from matchmaker.posts.domain import (
    CLOSE_REASONS,
    DEFAULT_VALIDITY,
    POST_STATES,
    Move,
    PostState,
    Stage,
)
from matchmaker.posts.events import PostDeleted, PostMoved, PostSaved
from matchmaker.posts.models import PostVersion
from matchmaker.posts.types import PostType

TEXT_KINDS = (FieldKind.LINE, FieldKind.TEXT)


@dataclass(frozen=True, slots=True)
class Closing:
    """Why a post is closed, and with whom it was solved."""

    reason_code: str
    solved_with: str = ""


def create(
    post_type: PostType,
    organization_id: uuid.UUID,
    values: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    note: str = "",
) -> Any:
    """Begin a post as a draft of the organisation.

    Args:
        values: cleaned values by field name; fields may be missing.

    Returns:
        The new post, flushed.
    """
    post = post_type.model(
        id=new_id(),
        organization_id=organization_id,
        created_by_id=actor.user_id,
        state=PostState.DRAFT,
        created_at=now,
        updated_at=now,
        tags=[],
    )
    db.session.add(post)
    _write(post_type, post, values, actor, now, note or "作成")
    return post


def save(
    post_type: PostType,
    post: Any,
    values: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int | None = None,
    note: str = "",
) -> None:
    """Change the content of a post; a version is kept.

    Raises:
        Conflict: somebody else saved the post since the form was opened.
    """
    if expected_revision is not None and expected_revision != post.revision:
        raise Conflict(
            "ほかの人がこの内容を先に変更しました。入力した内容は残っています。"
            "新しい内容と見くらべてから、もう一度保存してください。"
        )
    values, _place = _placed(post, values)
    if to_json(values) == to_json(content_of(post_type, post)):
        return
    _write(post_type, post, values, actor, now, note)


def _write(
    post_type: PostType,
    post: Any,
    values: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    note: str,
) -> None:
    with db.session.no_autoflush:  # one statement for the whole row
        values, place = _placed(post, values)
        apply_content(post_type, post, values)
        post.latitude, post.longitude = place.latitude, place.longitude
        post.search_text = searchable(post_type, values)
    post.updated_at = now
    db.session.flush()
    db.session.add(
        PostVersion(
            post_kind=post_type.kind,
            post_id=post.id,
            number=queries.last_version_number(post.id) + 1,
            content=to_json(values),
            note=note,
            actor_id=actor.user_id,
            actor_name=actor.name,
            at=now,
        )
    )
    db.session.flush()
    record(_event(PostSaved, post_type, post, actor, now))


def _placed(post: Any, values: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """The values with their prefecture, and the place whose coordinates count.

    That is the municipality named, else the organisation's own place.
    """
    code = values.get("municipality_code")
    municipality = organization_queries.municipality_with(code) if code else None
    organization = organization_queries.organization_of(post.organization_id)
    if municipality is not None:
        return {**values, "prefecture": municipality.prefecture}, municipality
    prefecture = values.get("prefecture") or organization.prefecture
    return {**values, "prefecture": prefecture}, organization


def searchable(post_type: PostType, values: Mapping[str, Any]) -> str:
    """Words of a post in their normalised form, each once, between spaces.

    Only what everybody may read is searched: a search that found a hidden word would tell of it.
    """
    parts = [
        str(values[spec.name])
        for spec in post_type.table.of_kind(*TEXT_KINDS)
        if values.get(spec.name) and Stage(spec.stage) is Stage.PUBLIC
    ]
    parts += vocabularies.labels_of_tags(post_type, values)
    words = dict.fromkeys(content_words("\n".join(parts)))
    return f" {' '.join(words)} "


def _event(
    kind: type[Any], post_type: PostType, post: Any, actor: Actor, now: datetime, **more: Any
) -> Any:
    return kind(
        actor=actor,
        now=now,
        subject_id=post.id,
        organization_id=post.organization_id,
        kind=post_type.kind,
        title=post.title,
        **more,
    )


def move(
    post_type: PostType,
    post: Any,
    step: Move,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    closing: Closing | None = None,
    mail: bool = True,
) -> None:
    """Lead a post from one state to the next.

    Args:
        mail: whether people are told by mail; an import of many posts tells them once itself.

    Raises:
        IllegalMove: the present state does not allow it.
        ProductError: words or a reason code are missing.
    """
    if step is Move.CLOSE:
        reason = _apply_closing(post, closing, reason)
    before, after = post.state, POST_STATES.check(post.state, step, reason)
    post.state, post.state_reason, post.updated_at = after, reason.strip(), now
    _stamp(post, step, now)
    db.session.flush()
    details = {"move": step.value, "before": before.value, "after": after.value}
    record(
        _event(
            PostMoved, post_type, post, actor, now, reason=reason.strip(),
            move=step, before=before, after=after,
            details=details if mail else {**details, "mail": False},
        )
    )  # fmt: skip


def _apply_closing(post: Any, closing: Closing | None, reason: str) -> str:
    labels = {choice.code: choice.label for choice in CLOSE_REASONS}
    if closing is None or closing.reason_code not in labels:
        raise ProductError("終了の理由を選んでください。", "close_reason")
    if closing.reason_code == "solved_here" and not closing.solved_with.strip():
        raise ProductError("だれと解決したかを入れてください。", "solved_with")
    post.close_reason, post.solved_with = closing.reason_code, closing.solved_with.strip()
    return reason.strip() or labels[closing.reason_code]


def _stamp(post: Any, step: Move, now: datetime) -> None:
    if step is Move.SUBMIT:
        post.submitted_at = now
        post.valid_until = post.valid_until or today(now) + DEFAULT_VALIDITY
    if step in (Move.PUBLISH, Move.REOPEN):
        post.published_at = post.published_at or now
        post.closed_at, post.close_reason = None, None
    if step is Move.REOPEN and (post.valid_until is None or post.valid_until < today(now)):
        post.valid_until, post.warned_for = today(now) + DEFAULT_VALIDITY, None
    if step is Move.CLOSE:
        post.closed_at = now


def submit(
    post_type: PostType,
    post: Any,
    actor: Actor,
    now: datetime,
    *,
    publish_trusted: bool,
    mail: bool = True,
) -> None:
    """Hand a post to the secretariat; a trusted organisation's is published at once if so set."""
    move(post_type, post, Move.SUBMIT, actor, now, mail=mail)
    organization = organization_queries.organization_of(post.organization_id)
    if actor.is_secretariat or (publish_trusted and organization.is_trusted):
        move(post_type, post, Move.PUBLISH, actor, now, mail=mail)


def restore(post_type: PostType, post: Any, number: int, actor: Actor, now: datetime) -> None:
    """Write the content of an earlier version again, as a new version.

    Raises:
        NotFound: there is no such version.
    """
    version = queries.get_version(post.id, number)
    if version is None:
        raise NotFound
    values = from_json(post_type.table, version.content)
    save(post_type, post, values, actor, now, note=f"第{number}版に戻した")


def delete(post_type: PostType, post: Any, actor: Actor, now: datetime, reason: str = "") -> None:
    """Remove a post for good: drafts that were never shown, and imports that are undone."""
    record(_event(PostDeleted, post_type, post, actor, now, reason=reason))
    db.session.delete(post)
    db.session.flush()
