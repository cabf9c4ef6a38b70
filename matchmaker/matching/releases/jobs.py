"""The worker's part: trainings and measurements that were asked for, and the weekly candidate.

Each request is worked on outside of any write transaction; progress and the result are written in
short ones. A worker that dies leaves the request standing, and the next one begins anew with it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from matchmaker.accounts.queries import actor_of_today
from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only
from matchmaker.core.domain_events import record
from matchmaker.core.errors import ProductError
from matchmaker.matching.engine import current_engine
from matchmaker.matching.live import shadow_version
from matchmaker.matching.models import RankingVersion
from matchmaker.matching.releases import comparing, queries, service, training
from matchmaker.matching.releases.domain import RequestKind, RequestState
from matchmaker.matching.releases.events import RunFailed
from matchmaker.matching.releases.models import RankingRequest
from matchmaker.matching.releases.workshop import Report, current_workshop

MOST_ATTEMPTS = 3
GIVEN_UP = "システムの不具合で終わりませんでした。システム管理者に知らせてください。"
MONDAY = 0
NEW_ENTRIES_LEAST = 20
"""So many new answers since the last version make a new candidate worth its minutes."""
log = structlog.get_logger()


def run_requests(now: datetime) -> int:
    """Do all that was asked for, the longest waiting first.

    Returns:
        The number of requests that were worked on.
    """
    with reading_only():
        waiting = [request.id for request in queries.open_requests()]
        db.session.rollback()
    for request_id in waiting:
        _run(request_id, now)
    return len(waiting)


def _run(request_id: uuid.UUID, now: datetime) -> None:
    request = _begin(request_id)
    if request.attempts > MOST_ATTEMPTS:
        _end(request_id, RequestState.FAILED, GIVEN_UP, now)
        return
    try:
        message = _WORK[request.kind](request, now, _reporter(request_id))
        # With the result, so that a worker that dies leaves both or none.
        _end(request_id, RequestState.DONE, message, now)
    except ProductError as error:
        db.session.rollback()
        _end(request_id, RequestState.FAILED, error.message, now)
    except Exception:
        # It stays open and is tried again; after three times it is given up.
        db.session.rollback()
        log.exception("ranking_request_failed", request_id=str(request_id))
    finally:
        db.session.expunge_all()


def _begin(request_id: uuid.UUID) -> RankingRequest:
    request = db.session.get_one(RankingRequest, request_id)
    request.state, request.done, request.step = RequestState.RUNNING, 0, "準備しています"
    request.attempts += 1
    db.session.commit()
    db.session.refresh(request)
    db.session.expunge(request)
    db.session.rollback()
    return request


def _end(request_id: uuid.UUID, state: RequestState, message: str, now: datetime) -> None:
    request = db.session.get_one(RankingRequest, request_id)
    request.state, request.message, request.finished_at = state, message, now
    if state is RequestState.FAILED:
        details = {"kind": request.kind.value, "number": request.version_number}
        event = RunFailed(
            actor=SYSTEM, now=now, subject_id=request.id, reason=message, details=details
        )
        record(event)
    db.session.commit()


def _reporter(request_id: uuid.UUID) -> Report:
    """Writes progress down in a transaction of its own."""

    def report(done: int, total: int, step: str) -> None:
        request = db.session.get_one(RankingRequest, request_id)
        request.done, request.total, request.step = done, total, step
        db.session.commit()

    return report


def _actor(request: RankingRequest) -> Actor:
    return actor_of_today(request.requested_by_id, "") if request.requested_by_id else SYSTEM


def _train(request: RankingRequest, now: datetime, report: Report) -> str:
    version = training.train_version(current_workshop(), _actor(request), now, report)
    found = version.figures["objections"]
    words = f"気になる点が{len(found)}つあり、見送りました。" if found else "候補になりました。"
    return f"版{version.number}を作りました。{words}"


def _check(request: RankingRequest, now: datetime, report: Report) -> str:
    version = _version_of(request)
    training.check_version(version, current_workshop(), _actor(request), now, report)
    return f"版{version.number}を、いまの版と比べ直しました。"


def _compare(request: RankingRequest, now: datetime, report: Report) -> str:
    version = _version_of(request)
    comparison = comparing.compare_stored(version, current_engine(), now, report)
    return f"版{version.number}の並び方を、ニーズ{comparison.needs}件で比べました。"


def _version_of(request: RankingRequest) -> RankingVersion:
    return queries.version_with(request.version_number or 0)


_WORK: dict[RequestKind, Callable[[RankingRequest, datetime, Report], str]] = {
    RequestKind.TRAIN: _train,
    RequestKind.CHECK: _check,
    RequestKind.COMPARE: _compare,
}


def want_candidate(now: datetime) -> int:
    """Ask for a candidate once a week, when the ledger has grown enough since the last version.

    Returns:
        1 when it was asked for.
    """
    if today(now).weekday() != MONDAY:
        return 0
    newest = queries.newest_version()
    since = newest.trained_at if newest else now - timedelta(days=3650)
    if training.new_entries(since) < NEW_ENTRIES_LEAST:
        db.session.rollback()
        return 0
    service.request_run(RequestKind.TRAIN, SYSTEM, now)
    db.session.commit()
    return 1


def compare_shadow(now: datetime) -> int:
    """Ask for the daily comparison of the version in shadow.

    Returns:
        1 when there is one.
    """
    shadow = shadow_version()
    if shadow is None:
        db.session.rollback()
        return 0
    service.request_run(RequestKind.COMPARE, SYSTEM, now, shadow)
    db.session.commit()
    return 1
