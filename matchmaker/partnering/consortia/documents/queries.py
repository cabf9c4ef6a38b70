"""Reads of the documents of a consortium."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, paginate
from matchmaker.partnering.consortia.documents.domain import PackState
from matchmaker.partnering.consortia.documents.models import (
    ApprovalDraft,
    ApprovalStyle,
    ReturnedPack,
)


def draft_of(consortium_id: uuid.UUID, user_id: uuid.UUID | None) -> ApprovalDraft | None:
    """What a person wrote for the approval of one consortium."""
    return db.session.scalar(
        select(ApprovalDraft).where(
            ApprovalDraft.consortium_id == consortium_id, ApprovalDraft.user_id == user_id
        )
    )


def style_of(user_id: uuid.UUID | None) -> ApprovalStyle | None:
    """How a person's approval documents look."""
    return db.session.get(ApprovalStyle, user_id) if user_id is not None else None


def pack_of(consortium_id: uuid.UUID, pack_id: uuid.UUID) -> ReturnedPack:
    """A workbook of the consortium that came back, with its file.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(
        select(ReturnedPack)
        .where(ReturnedPack.id == pack_id, ReturnedPack.consortium_id == consortium_id)
        .options(joinedload(ReturnedPack.file))
    )
    if found is None:
        raise NotFound
    return found


def packs_page(consortium_id: uuid.UUID, number: int) -> Page[ReturnedPack]:
    """One page of the workbooks that came back, the newest first."""
    query = (
        select(ReturnedPack)
        .where(ReturnedPack.consortium_id == consortium_id)
        .order_by(ReturnedPack.created_at.desc(), ReturnedPack.id.desc())
    )
    return paginate(query, number, size=10)


def count_waiting(consortium_id: uuid.UUID) -> int:
    """How many workbooks of the consortium wait for a decision."""
    query = select(func.count()).where(
        ReturnedPack.consortium_id == consortium_id, ReturnedPack.state == PackState.WAITING
    )
    return db.session.scalar(query) or 0
