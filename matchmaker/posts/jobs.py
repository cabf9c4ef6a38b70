"""Daily work on posts: warn two weeks before expiry, close what has expired.

Each post is done in a transaction of its own and asks "what is due?", so that a missed or repeated
run changes nothing wrongly.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.posts import queries, service
from matchmaker.posts.domain import EXPIRY_WARNING, Move, PostState
from matchmaker.posts.events import PostExpiring
from matchmaker.posts.models import WorkingCopy
from matchmaker.posts.types import PostType

AT_ONCE = 500
ABANDONED_AFTER = timedelta(days=90)


def warn_of_expiry(post_types: Sequence[PostType], now: datetime) -> int:
    """Warn of each published post that expires within two weeks, once for each date."""
    day = today(now)
    done = 0
    for post_type in post_types:
        model = post_type.model
        due = select(model.id).where(
            model.state == PostState.PUBLISHED,
            model.valid_until >= day,
            model.valid_until <= day + EXPIRY_WARNING,
            model.warned_for.is_distinct_from(model.valid_until),
        )
        done += _each(post_type, due, now, _warn)
    return done


def close_expired(post_types: Sequence[PostType], now: datetime) -> int:
    """Close each published or paused post whose last day is over."""
    done = 0
    for post_type in post_types:
        model = post_type.model
        due = select(model.id).where(
            model.state.in_([PostState.PUBLISHED, PostState.PAUSED]),
            model.valid_until < today(now),
        )
        done += _each(post_type, due, now, _close)
    return done


def _each(
    post_type: PostType,
    due: Any,
    now: datetime,
    action: Callable[[PostType, Any, datetime], None],
) -> int:
    ids: Sequence[uuid.UUID] = db.session.scalars(due.limit(AT_ONCE)).all()
    db.session.commit()
    for post_id in ids:
        post = queries.get(post_type, post_id)
        if post is not None:
            action(post_type, post, now)
        db.session.commit()
    return len(ids)


def _warn(post_type: PostType, post: Any, now: datetime) -> None:
    post.warned_for = post.valid_until
    db.session.flush()
    record(
        PostExpiring(
            actor=SYSTEM, now=now, subject_id=post.id, organization_id=post.organization_id,
            kind=post_type.kind, title=post.title,
            details={"valid_until": post.valid_until.isoformat()},
        )
    )  # fmt: skip


def _close(post_type: PostType, post: Any, now: datetime) -> None:
    closing = service.Closing("expired")
    service.move(post_type, post, Move.CLOSE, SYSTEM, now, closing=closing)


def drop_abandoned_copies(now: datetime) -> int:
    """Remove what was begun and not touched for three months."""
    last = now - ABANDONED_AFTER
    result = db.session.execute(delete(WorkingCopy).where(WorkingCopy.saved_at < last))
    db.session.commit()
    return int(result.rowcount)  # type: ignore[attr-defined]
