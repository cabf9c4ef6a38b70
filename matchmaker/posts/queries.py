"""Reading posts: one by one, as filtered lists, and their versions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.core.db import db
from matchmaker.core.paging import Page, paginate
from matchmaker.posts.domain import PostState
from matchmaker.posts.models import PostVersion, WorkingCopy
from matchmaker.posts.types import PostType

MOST_WORKING_COPIES = 20


def get(post_type: PostType, post_id: uuid.UUID) -> Any | None:
    """One post with its tags and organisation."""
    model = post_type.model
    query = (
        select(model)
        .where(model.id == post_id)
        .options(selectinload(model.tags), joinedload(model.organization))
    )
    return db.session.scalar(query)


def get_many(post_type: PostType, post_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Any]:
    """Several posts by id, each with its tags and organisation."""
    model = post_type.model
    query = (
        select(model)
        .where(model.id.in_(post_ids))
        .order_by(model.id)
        .options(selectinload(model.tags), joinedload(model.organization))
    )
    return {post.id: post for post in db.session.scalars(query)}


class PostHead(NamedTuple):
    """What decides who may see a post, without its texts."""

    id: uuid.UUID
    organization_id: uuid.UUID
    state: PostState
    visibility: str


def heads_of(post_type: PostType, post_ids: Sequence[uuid.UUID]) -> list[PostHead]:
    """Heads of several posts; for lists of which few are shown in the end."""
    model = post_type.model
    columns = model.id, model.organization_id, model.state, model.visibility
    rows = db.session.execute(select(*columns).where(model.id.in_(post_ids)).order_by(model.id))
    return [PostHead(*row) for row in rows]


def last_version_number(post_id: uuid.UUID) -> int:
    """Number of the newest version, 0 when there is none."""
    query = select(func.max(PostVersion.number)).where(PostVersion.post_id == post_id)
    return db.session.scalar(query) or 0


def versions_page(post_id: uuid.UUID, number: int) -> Page[PostVersion]:
    """Versions of a post, newest first."""
    query = (
        select(PostVersion)
        .where(PostVersion.post_id == post_id)
        .order_by(PostVersion.number.desc())
    )
    return paginate(query, number)


def get_version(post_id: uuid.UUID, number: int) -> PostVersion | None:
    """One version of a post."""
    query = select(PostVersion).where(PostVersion.post_id == post_id, PostVersion.number == number)
    return db.session.scalar(query)


def working_copy(user_id: uuid.UUID, form_key: str) -> WorkingCopy | None:
    """What the person was typing into one form."""
    query = select(WorkingCopy).where(
        WorkingCopy.user_id == user_id, WorkingCopy.form_key == form_key
    )
    return db.session.scalar(query)


def working_copies_of(user_id: uuid.UUID) -> Sequence[WorkingCopy]:
    """Forms the person has begun, newest first."""
    query = (
        select(WorkingCopy)
        .where(WorkingCopy.user_id == user_id)
        .order_by(WorkingCopy.saved_at.desc())
        .limit(MOST_WORKING_COPIES)
    )
    return db.session.scalars(query).all()
