"""Reads of drafts of cases."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from matchmaker.cases.drafts.domain import DraftState
from matchmaker.cases.drafts.models import CaseDraft
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound

MOST_WAITING = 100


def get(draft_id: uuid.UUID) -> CaseDraft:
    """One draft with its town.

    Raises:
        NotFound: there is none.
    """
    query = select(CaseDraft).where(CaseDraft.id == draft_id)
    found = db.session.scalar(query.options(joinedload(CaseDraft.municipality)))
    if found is None:
        raise NotFound
    return found


def waiting_drafts() -> Sequence[CaseDraft]:
    """Drafts that wait for the secretariat, the longest waiting first."""
    query = (
        select(CaseDraft)
        .where(CaseDraft.state == DraftState.SUBMITTED)
        .options(joinedload(CaseDraft.municipality))
        .order_by(CaseDraft.updated_at, CaseDraft.id)
        .limit(MOST_WAITING)
    )
    return db.session.scalars(query).all()


def count_waiting() -> int:
    """How many drafts wait for the secretariat."""
    query = select(func.count()).where(CaseDraft.state == DraftState.SUBMITTED)
    return db.session.scalar(query) or 0
