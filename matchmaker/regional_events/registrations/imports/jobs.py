"""The worker's part: registers the guests of lists in batches, and forgets old lists.

Each batch is a transaction of its own (:mod:`matchmaker.core.batch_work`): a worker that is killed
loses at most one, and no row is registered twice.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, or_, select

from matchmaker.accounts.queries import actor_of_today
from matchmaker.core.actor import Actor
from matchmaker.core.batch_work import BatchWork
from matchmaker.core.db import db
from matchmaker.regional_events.planning import policy
from matchmaker.regional_events.planning.domain import EventState
from matchmaker.regional_events.planning.queries import get_event, standing_of
from matchmaker.regional_events.registrations.imports import queries, service, writing
from matchmaker.regional_events.registrations.imports.domain import (
    BATCH_ROWS,
    CHECKED_KEPT,
    ROWS_KEPT,
    WORKING_STATES,
    ImportState,
    RowState,
)
from matchmaker.regional_events.registrations.imports.events import (
    GuestImportFailed,
    GuestImportFinished,
)
from matchmaker.regional_events.registrations.imports.models import GuestImport, GuestImportRow

GIVEN_UP = "システムの不具合で、最後まで登録できませんでした。"
NO_LONGER_ALLOWED = "登録を始めた人の権限がなくなったため、止めました。"
NO_LONGER_OPEN = "イベントが公開中ではなくなったため、止めました。"


def run_due_imports(now: datetime) -> int:
    """Register the guests of all lists that wait, a batch of each in turn; gives the rows."""
    return IMPORTS.run(now)


def _write(made: GuestImport, now: datetime) -> int:
    actor = actor_of_today(made.user_id, made.user_name)
    event = get_event(made.event_id)
    if not policy.can_plan(actor, standing_of(actor, made.event_id)):
        return _fail(made, NO_LONGER_ALLOWED, actor, now)
    if event.state is not EventState.PUBLISHED:
        return _fail(made, NO_LONGER_OPEN, actor, now)
    rows = queries.rows_in(made.id, [RowState.GOOD], BATCH_ROWS)
    if not rows:
        return _finish(made, actor, now)
    writing.register_rows(made, event, rows, actor, now)
    made.steps_done += len(rows)
    return len(rows)


def _finish(made: GuestImport, actor: Actor, now: datetime) -> int:
    made.state, made.finished_at, made.steps_done = ImportState.DONE, now, made.step_count
    counts = queries.row_counts(made.id)
    details = {state.value: number for state, number in counts.items()}
    service.tell(GuestImportFinished, made, actor, now, details)
    return 1


def _fail(made: GuestImport, why: str, actor: Actor, now: datetime) -> int:
    made.state, made.failure, made.finished_at = ImportState.FAILED, why, now
    service.tell(GuestImportFailed, made, actor, now, {"done": made.steps_done})
    return 1


def _give_up(made: GuestImport, now: datetime) -> None:
    _fail(made, GIVEN_UP, actor_of_today(made.user_id, made.user_name), now)


IMPORTS = BatchWork(
    "registrations.imports", GuestImport, WORKING_STATES,
    queries.working_import_ids, queries.get_import, _write, _give_up,
)  # fmt: skip


def forget_old_imports(now: datetime) -> int:
    """Remove lists never started for a week, and the rows of those long through.

    Returns:
        The number of imports that were touched.
    """
    has_rows = exists().where(GuestImportRow.import_id == GuestImport.id)
    query = select(GuestImport).where(
        or_(
            (GuestImport.state == ImportState.CHECKED)
            & (GuestImport.created_at < now - CHECKED_KEPT),
            (GuestImport.finished_at < now - ROWS_KEPT) & has_rows,
        )
    )
    old = db.session.scalars(query.order_by(GuestImport.id)).all()
    for made in old:
        if made.state is ImportState.CHECKED:
            service.discard(made)
        else:
            db.session.execute(delete(GuestImportRow).where(GuestImportRow.import_id == made.id))
    db.session.commit()
    return len(old)
