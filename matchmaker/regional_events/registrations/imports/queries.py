"""Reads of imports of guests."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select

from matchmaker.accounts.domain import email_key
from matchmaker.core.db import db
from matchmaker.regional_events.registrations.domain import LIVE_STATES
from matchmaker.regional_events.registrations.imports.domain import (
    MOST_ROWS,
    WORKING_STATES,
    ImportState,
    People,
    RowState,
)
from matchmaker.regional_events.registrations.imports.models import GuestImport, GuestImportRow
from matchmaker.regional_events.registrations.models import Attendee

MOST_LISTED = 20


def get_import(import_id: uuid.UUID) -> GuestImport | None:
    """One import."""
    return db.session.get(GuestImport, import_id, populate_existing=True)


def recent_imports(event_id: uuid.UUID) -> Sequence[GuestImport]:
    """Newest imports of an event, at most 20."""
    query = (
        select(GuestImport)
        .where(GuestImport.event_id == event_id)
        .order_by(GuestImport.created_at.desc(), GuestImport.id.desc())
        .limit(MOST_LISTED)
    )
    return db.session.scalars(query).all()


def working_import_ids() -> Sequence[uuid.UUID]:
    """Imports that wait for the worker, the longest waiting first."""
    query = (
        select(GuestImport.id)
        .where(GuestImport.state.in_(sorted(WORKING_STATES)))
        .order_by(GuestImport.started_at, GuestImport.id)
    )
    return db.session.scalars(query).all()


def is_working(event_id: uuid.UUID) -> bool:
    """Whether an import of the event is under way."""
    query = select(GuestImport.id).where(
        GuestImport.event_id == event_id, GuestImport.state.in_(sorted(WORKING_STATES))
    )
    return db.session.scalar(query.limit(1)) is not None


def checked_imports(event_id: uuid.UUID) -> Sequence[GuestImport]:
    """Imports of the event that wait to be started, newest first."""
    query = (
        select(GuestImport)
        .where(GuestImport.event_id == event_id, GuestImport.state == ImportState.CHECKED)
        .order_by(GuestImport.created_at.desc(), GuestImport.id.desc())
    )
    return db.session.scalars(query).all()


def rows_in(
    import_id: uuid.UUID, states: Sequence[RowState], limit: int = MOST_ROWS
) -> Sequence[GuestImportRow]:
    """Rows that stand in one of ``states``, in the order of the file."""
    query = (
        select(GuestImportRow)
        .where(GuestImportRow.import_id == import_id, GuestImportRow.state.in_(states))
        .order_by(GuestImportRow.row_number)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def row_counts(import_id: uuid.UUID) -> dict[RowState, int]:
    """Number of rows by state."""
    query = (
        select(GuestImportRow.state, func.count())
        .where(GuestImportRow.import_id == import_id)
        .group_by(GuestImportRow.state)
        .order_by(GuestImportRow.state)
    )
    return {RowState(state): int(number) for state, number in db.session.execute(query)}


def people_of(event_id: uuid.UUID) -> People:
    """Those who are registered already, for telling doubles."""
    query = (
        select(Attendee.email, Attendee.name, Attendee.organization_name)
        .where(Attendee.event_id == event_id, Attendee.state.in_(LIVE_STATES))
        .order_by(Attendee.id)
    )
    people = People()
    for email, name, organization in db.session.execute(query):
        people.add(email_key(email), name, organization, "もう登録されています。")
    return people
