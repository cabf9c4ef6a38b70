"""Registering the rows of one batch. The caller owns the transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.regional_events.planning.models import RegionalEvent, SeatReserve
from matchmaker.regional_events.registrations import service
from matchmaker.regional_events.registrations.domain import (
    AlreadyRegistered,
    AttendeeRole,
    AttendeeState,
    NoSeat,
    PersonData,
    RegistrationData,
    Source,
)
from matchmaker.regional_events.registrations.imports.domain import RESERVES, RowState
from matchmaker.regional_events.registrations.imports.models import GuestImport, GuestImportRow
from matchmaker.regional_events.registrations.models import Attendee, Registration
from matchmaker.regional_events.registrations.records import people_where

NOT_SAVED = "登録できませんでした。内容を確かめて、画面から加えてください。"
MEANWHILE = "取り込みのあいだに登録されました。"
log = structlog.get_logger()


def register_rows(
    made: GuestImport,
    event: RegionalEvent,
    rows: Sequence[GuestImportRow],
    actor: Actor,
    now: datetime,
) -> None:
    """Register the guest of each row; one alone may fail, the others stay.

    Args:
        event: with tracks and kept seats.
    """
    reserves = [reserve for track in event.tracks for reserve in track.reserves]
    for row in rows:
        number = row.row_number
        try:
            _register(made, event, row, reserves, actor, now)
        except AlreadyRegistered:
            row.state, row.note = RowState.DUPLICATE, MEANWHILE
        except NoSeat:
            row.state = RowState.NO_SEAT
        except ProductError as error:
            row.state, row.errors = RowState.FAILED, {"": error.message}
        except SQLAlchemyError:
            log.exception("guest_row_failed", row_number=number)
            row.state, row.errors = RowState.FAILED, {"": NOT_SAVED}


def _register(
    made: GuestImport,
    event: RegionalEvent,
    row: GuestImportRow,
    reserves: Sequence[SeatReserve],
    actor: Actor,
    now: datetime,
) -> None:
    """On kept seats for the role, if one is free; else on a general seat or in line."""
    kept = _reserve_for(row, reserves)
    try:
        registration = _seat(made, event, row, kept, actor, now)
    except NoSeat:
        if kept is None:
            raise
        registration = _seat(made, event, row, None, actor, now)
    people = people_where(Attendee.registration_id == registration.id)
    is_seated = all(person.state is AttendeeState.CONFIRMED for person in people)
    row.state = RowState.SEATED if is_seated else RowState.WAITING
    row.registration_id, row.values = registration.id, {}


def _reserve_for(row: GuestImportRow, reserves: Sequence[SeatReserve]) -> uuid.UUID | None:
    kind = RESERVES.get(AttendeeRole(row.values["role"]))
    track_id = uuid.UUID(row.values["track"])
    found = (each.id for each in reserves if each.kind is kind and each.track_id == track_id)
    return next(found, None)


def _seat(
    made: GuestImport,
    event: RegionalEvent,
    row: GuestImportRow,
    reserve_id: uuid.UUID | None,
    actor: Actor,
    now: datetime,
) -> Registration:
    with db.session.begin_nested():
        return service.register(event, registration_data(made, row, reserve_id), actor, now)


def registration_data(
    made: GuestImport, row: GuestImportRow, reserve_id: uuid.UUID | None
) -> RegistrationData:
    """What a row says. Its key belongs to the row, so that it can never register twice."""
    values = row.values
    person = PersonData(
        name=values["name"],
        kana=values["kana"],
        email=values["email"],
        job_title=values["job_title"],
        role=AttendeeRole(values["role"]),
        track_id=uuid.UUID(values["track"]),
        reserve_id=reserve_id,
        assistance=values["assistance"],
        assistance_note=values["assistance_note"],
    )
    return RegistrationData(
        people=[person],
        contact_name=values["name"],
        contact_email=values["email"],
        organization_name=values["organization_name"],
        submission_key=f"import-{made.id.hex}-{row.row_number}",
        source=Source.IMPORT,
        desk_note=values["memo"],
        waits=made.waits,
        is_quiet=not made.tells,
    )
