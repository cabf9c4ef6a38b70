"""Reading the files of posts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.core.db import db
from matchmaker.posts.attachments.models import MOST_ATTACHMENTS, Attachment


def attachments_of(post_id: uuid.UUID) -> Sequence[Attachment]:
    """Files of a post in their order, at most ten."""
    query = (
        select(Attachment)
        .where(Attachment.post_id == post_id)
        .options(joinedload(Attachment.file))
        .order_by(Attachment.position)
        .limit(MOST_ATTACHMENTS)
    )
    return db.session.scalars(query).all()


def get_attachment(attachment_id: uuid.UUID) -> Attachment | None:
    """One file of a post."""
    query = (
        select(Attachment)
        .where(Attachment.id == attachment_id)
        .options(joinedload(Attachment.file))
    )
    return db.session.scalar(query)


def posts_with_attachments(post_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the posts that have files."""
    query = (
        select(Attachment.post_id)
        .where(Attachment.post_id.in_(post_ids))
        .distinct()
        .order_by(Attachment.post_id)
    )
    return set(db.session.scalars(query))
