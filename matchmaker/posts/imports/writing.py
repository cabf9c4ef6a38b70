"""Writing and undoing the rows of one batch. The caller owns the transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.organizations import queries as organization_queries
from matchmaker.posts import queries as post_queries
from matchmaker.posts import service as post_service
from matchmaker.posts.attachments.queries import posts_with_attachments
from matchmaker.posts.content import from_json
from matchmaker.posts.imports import queries
from matchmaker.posts.imports.domain import (
    KEPT_LABELS,
    KeptReason,
    RowState,
    fingerprint,
)
from matchmaker.posts.imports.models import ImportJob, ImportRow
from matchmaker.posts.types import PostType

NOTE = "取り込み"
NOT_SAVED = "保存できませんでした。内容を確かめて、画面から入力してください。"
log = structlog.get_logger()


def create_rows(
    post_type: PostType, job: ImportJob, rows: Sequence[ImportRow], actor: Actor, now: datetime
) -> None:
    """Make a draft of each row; a row whose double appeared meanwhile is passed over."""
    titles = [row.title for row in rows]
    known = queries.existing_fingerprints(post_type, job.organization_id, titles)
    codes = sorted({row.values.get("municipality_code", "") for row in rows})
    held = organization_queries.municipalities_by_code(codes)  # so that no row asks for them again
    for row in rows:
        values = from_json(post_type.table, row.values)
        mark = fingerprint(values["title"], values[post_type.text_field])
        if mark in known and not job.with_duplicates:
            row.state, row.note = RowState.DUPLICATE, known[mark]
            continue
        known[mark] = f"{row.row_number:,}行目と同じ内容です。"

        def create(row: ImportRow = row, values: dict[str, Any] = values) -> None:
            post = post_service.create(post_type, job.organization_id, values, actor, now, NOTE)
            row.post_id, row.post_revision = post.id, post.revision
            row.state = RowState.CREATED

        _safely(row, create)
    del held


def submit_rows(
    post_type: PostType,
    rows: Sequence[ImportRow],
    actor: Actor,
    now: datetime,
    *,
    publish_trusted: bool,
) -> None:
    """Hand in the draft of each row; one that was changed or removed meanwhile stays as it is."""
    posts = post_queries.get_many(post_type, [row.post_id for row in rows if row.post_id])
    for row in rows:
        post = posts.get(row.post_id) if row.post_id else None
        if post is None or post.revision != row.post_revision:
            row.state = RowState.SUBMITTED
            continue

        def submit(row: ImportRow = row, post: Any = post) -> None:
            post_service.submit(
                post_type, post, actor, now, publish_trusted=publish_trusted, mail=False
            )
            row.post_revision, row.state = post.revision, RowState.SUBMITTED

        _safely(row, submit)


def undo_rows(
    post_type: PostType, rows: Sequence[ImportRow], actor: Actor, now: datetime, reason: str
) -> None:
    """Remove the post of each row unless somebody has worked on it since."""
    ids = [row.post_id for row in rows if row.post_id]
    posts, with_files = post_queries.get_many(post_type, ids), posts_with_attachments(ids)
    for row in rows:
        post = posts.get(row.post_id) if row.post_id else None
        kept = _why_kept(row, post, with_files)
        if kept is not None:
            row.state, row.note = RowState.KEPT, KEPT_LABELS[kept]
            continue
        row.state = RowState.UNDONE
        if post is not None and not _removed(post_type, post, actor, now, reason):
            row.state, row.note = RowState.KEPT, KEPT_LABELS[KeptReason.USED]


def _why_kept(row: ImportRow, post: Any, with_files: set[Any]) -> KeptReason | None:
    if post is None:
        return None
    if post.revision != row.post_revision:
        return KeptReason.CHANGED
    return KeptReason.FILES if post.id in with_files else None


def _removed(post_type: PostType, post: Any, actor: Actor, now: datetime, reason: str) -> bool:
    try:
        with db.session.begin_nested():
            post_service.delete(post_type, post, actor, now, reason)
    except SQLAlchemyError:
        log.info("import_undo_kept", post_id=str(post.id))
        return False
    return True


def _safely(row: ImportRow, action: Callable[[], None]) -> None:
    """One row alone may fail: what it wrote is rolled back, the others stay."""
    number = row.row_number
    try:
        with db.session.begin_nested():
            action()
    except ProductError as error:
        row.state, row.errors = RowState.FAILED, {"": error.message}
    except SQLAlchemyError:
        log.exception("import_row_failed", row_number=number)
        row.state, row.errors = RowState.FAILED, {"": NOT_SAVED}
