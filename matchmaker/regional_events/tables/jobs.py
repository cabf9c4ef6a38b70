"""The worker's part: large plans are solved outside of any writing transaction."""

from __future__ import annotations

import uuid
from datetime import datetime

import structlog
from flask import current_app

from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only
from matchmaker.matching.engine import MatchingEngine, engine_of
from matchmaker.regional_events.tables import queries
from matchmaker.regional_events.tables.domain import VersionState
from matchmaker.regional_events.tables.models import TableVersion
from matchmaker.regional_events.tables.solver import solve
from matchmaker.regional_events.tables.versions import WORKER_SECONDS, room_of, store

ATTEMPTS_MOST = 3
log = structlog.get_logger()


def make_wanted_versions(now: datetime) -> int:
    """Solve all versions that wait.

    Returns:
        The number of versions that were worked on.
    """
    with reading_only():
        waiting = queries.wanted_ids()
        db.session.rollback()
    engine = engine_of(current_app._get_current_object()) if waiting else None  # type: ignore[attr-defined]
    return sum(_make(version_id, engine, now) for version_id in waiting if engine is not None)


def _make(version_id: uuid.UUID, engine: MatchingEngine, now: datetime) -> int:
    """Read, solve, then write in a short transaction of its own."""
    try:
        with reading_only():
            room = room_of(db.session.get_one(TableVersion, version_id), engine)
            db.session.rollback()
        plan = solve(room.problem, WORKER_SECONDS)
        store(db.session.get_one(TableVersion, version_id), room, plan, now)
        db.session.commit()
    except Exception:
        db.session.rollback()
        log.exception("table_version_failed", version_id=str(version_id))
        _count_failure(version_id)
    finally:
        db.session.expunge_all()
    return 1


def _count_failure(version_id: uuid.UUID) -> None:
    """After three failures the version is given up; an earlier one stays in force."""
    version = db.session.get_one(TableVersion, version_id)
    version.attempts += 1
    if version.attempts >= ATTEMPTS_MOST:
        version.state = VersionState.FAILED
    db.session.commit()
