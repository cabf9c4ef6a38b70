"""Background work of matching, called by the worker; each function manages its own transactions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.matching.engine import current_engine
from matchmaker.matching.indexing import (
    BATCH,
    MOST_ATTEMPTS,
    note_failure,
    process,
    request_missing_vectors,
    waiting_requests,
)
from matchmaker.matching.models import IndexRequest
from matchmaker.matching.readings.current import current_reader
from matchmaker.matching.readings.service import read_waiting, waiting_count

log = structlog.get_logger()
MOST_BATCHES = 200
POSTS_A_RUN = 20
"""Reading the partners of one post takes a second or two; further ones wait for the next run."""


def process_index_queue(now: datetime, report: Callable[[int], None] | None = None) -> int:
    """Make the entries of all waiting requests.

    Args:
        report: told after each batch how many requests are left.

    Returns:
        How many posts were done.
    """
    engine = current_engine()
    done = 0
    for _ in range(MOST_BATCHES):
        try:
            count = process(engine.encoder, now)
        except Exception:
            db.session.rollback()
            count = _one_by_one(now)
        if count == 0:
            break
        done += count
        if report is not None:
            report(waiting_requests())
    return done


def _one_by_one(now: datetime) -> int:
    """A batch failed: find the post that cannot be indexed, so that the others go on."""
    encoder = current_engine().encoder
    waiting = select(IndexRequest.post_id).where(IndexRequest.attempts < MOST_ATTEMPTS)
    for post_id in db.session.scalars(waiting.distinct().limit(BATCH)).all():
        try:
            process(encoder, now, post_id=post_id)
        except Exception:
            db.session.rollback()
            log.exception("indexing_failed", post_id=str(post_id))
            note_failure(post_id)
    return 1


def request_what_is_missing(now: datetime) -> int:
    """After a change of model, rules or vocabulary: ask for entries that are out of date."""
    count = request_missing_vectors(current_engine().encoder, now)
    db.session.commit()
    return count


def read_pairs(now: datetime, report: Callable[[int], None] | None = None) -> int:
    """Read the best partners of posts that were saved or changed, where a reader is set.

    Args:
        report: told at the end how many posts are left.

    Returns:
        How many posts were done.
    """
    reader = current_reader()
    done = read_waiting(reader, current_engine(), now, limit=POSTS_A_RUN)
    if done and report is not None:
        report(waiting_count(reader.model_id))
    return done
