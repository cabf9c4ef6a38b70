"""Reads stored readings."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from matchmaker.core.db import db
from matchmaker.matching.models import IndexEntry
from matchmaker.matching.readings.current import current_reader
from matchmaker.matching.readings.models import PairReading
from matchmaker.posts.domain import PostKind

MOST = 1000
"""A well-known offering may stand among the best of thousands of needs."""
SAMPLE = 1000
"""Readings over which the usual one is taken."""


def readings_for(kind: PostKind, post_id: uuid.UUID) -> dict[str, float]:
    """What is stored of a post's pairs, as ``TwoSidedIndex`` takes it.

    Only readings of the present reader and of both posts' present texts count. They are told
    against the mean of what this reader says: readers differ in where they begin, most partners
    of a post are never read, and having no reading must count for and against nobody.

    Args:
        kind: which side ``post_id`` is.
        post_id: the post.

    Returns:
        Id of the other post → log-odds against the usual; the newest :data:`MOST`. Empty without
        a reader.
    """
    model_id = current_reader().model_id
    if not model_id:
        return {}
    own, other = _columns(kind)
    need, offering = aliased(IndexEntry), aliased(IndexEntry)
    query = (
        select(other, PairReading.score - _usual(model_id))
        .join(need, need.post_id == PairReading.need_id)
        .join(offering, offering.post_id == PairReading.offering_id)
        .where(
            own == post_id,
            PairReading.model_id == model_id,
            PairReading.need_hash == need.text_hash,
            PairReading.offering_hash == offering.text_hash,
        )
        .order_by(PairReading.at.desc(), other)
        .limit(MOST)
    )
    return {str(id_): score for id_, score in db.session.execute(query)}


def _usual(model_id: str) -> Any:
    some = select(PairReading.score).where(PairReading.model_id == model_id).limit(SAMPLE)
    return select(func.avg(some.subquery().c.score)).scalar_subquery()


def _columns(kind: PostKind) -> tuple[Any, Any]:
    columns = (PairReading.need_id, PairReading.offering_id)
    return columns if kind is PostKind.NEED else (columns[1], columns[0])
