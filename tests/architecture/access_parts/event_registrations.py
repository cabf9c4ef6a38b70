"""Who may open the pages of registrations.

One event is public and open; one person holds a seat. Tickets are opened by whoever has the link.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.models import SeatWave
from matchmaker.regional_events.registrations.imports.models import GuestImport
from matchmaker.regional_events.registrations.links import LinkPurpose, ticket_token, token_for
from matchmaker.regional_events.registrations.queries import get_registration
from tests.architecture.access_rules import (
    SECRETARIAT,
    Row,
    Things,
    everyone,
    get,
    only,
    post,
    signed_in,
)
from tests.regional_events.builders import make_event, make_registration, make_track

EVENT: dict[str, Any] = {"event_id": "booked_event_id"}
PERSON: dict[str, Any] = {**EVENT, "attendee_id": "booked_attendee_id"}
TICKET: dict[str, Any] = {"token": "booked_ticket_token"}
STAFF = only(SECRETARIAT)
STAFF_FORM = only(SECRETARIAT, status=422)


def _rows() -> Iterator[Row]:
    yield get("event_registrations.new", everyone(), **EVENT)
    yield post("event_registrations.create", everyone(422), **EVENT)
    yield get("event_registrations.sent", everyone(), **EVENT)
    yield get("event_own_registrations.index", signed_in())
    yield from _staff()
    yield from _imports()
    yield from _tickets()


def _staff() -> Iterator[Row]:
    for page in ("index", "export", "export_assistance"):
        yield get(f"event_registrations.{page}", STAFF, **EVENT)
    yield get("event_registrations.show", STAFF, **EVENT, registration_id="booked_registration_id")
    yield get("event_attendees.new", STAFF, **EVENT)
    yield post("event_attendees.create", STAFF_FORM, **EVENT)
    for page, sent in (
        ("edit", "update"),
        ("cancel", "cancelled"),
        ("restore", "restored"),
        ("move", "moved"),
        ("organization", "reassigned"),
    ):
        yield get(f"event_attendees.{page}", STAFF, **PERSON)
        yield post(f"event_attendees.{sent}", STAFF_FORM, **PERSON)
    yield post("event_attendees.resend", only(SECRETARIAT, status=302), **PERSON)
    yield get("event_waiting.index", STAFF, **EVENT)
    yield post("event_waiting.release", STAFF_FORM, **EVENT, wave_id="booked_wave_id")
    track: dict[str, Any] = {**EVENT, "track_id": "booked_track_id"}
    yield get("event_waiting.capacity", STAFF, **track)
    yield post("event_waiting.lower", STAFF_FORM, **track)


def _imports() -> Iterator[Row]:
    yield get("event_imports.new", STAFF, **EVENT)
    yield post("event_imports.create", STAFF_FORM, **EVENT)
    yield get("event_imports.template", STAFF, **EVENT)
    made: dict[str, Any] = {**EVENT, "import_id": "booked_import_id"}
    for page in ("show", "progress", "errors"):
        yield get(f"event_imports.{page}", STAFF, **made)
    yield post("event_imports.start", STAFF_FORM, **made)
    discarded: dict[str, Any] = {**EVENT, "import_id": "booked_discarded_import_id"}
    yield post("event_imports.discard", only(SECRETARIAT, status=302), **discarded)


def _tickets() -> Iterator[Row]:
    for page in ("show", "calendar", "change", "hand_over", "cancel"):
        yield get(f"event_tickets.{page}", everyone(), **TICKET)
    for form in ("changed", "handed_over", "accept", "decline", "leave", "split", "at_once"):
        yield post(f"event_tickets.{form}", everyone(422), **TICKET)
    yield get("event_tickets.confirm", everyone(302), token="booked_confirm_token")
    yield post("event_tickets.confirmed", everyone(302), token="booked_confirm_token")
    yield post("event_tickets.cancelled", everyone(404), token="forged")


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """An open event with a room, a stream, a wave to come and one person with a seat."""
    now = clock.now()
    event = make_event(now)
    room = make_track(event, capacity=50, first_seats=20)
    make_track(event, name="配信", kind=TrackKind.ONLINE, capacity=None, position=1)
    wave = SeatWave(track_id=room.id, release_at=now + timedelta(days=5), seats=None)
    db.session.add(wave)
    db.session.flush()
    made = make_registration(event, room, actor=SYSTEM, now=now)
    registration = get_registration(made.id)
    person = registration.attendees[0]
    lists = [
        GuestImport(
            event_id=event.id,
            user_name="事務局",
            file_name="名簿.csv",
            good_count=1,
            created_at=now,
        )
        for _ in range(2)
    ]
    db.session.add_all(lists)
    db.session.flush()
    world.ids.update(
        booked_import_id=lists[0].id,
        booked_discarded_import_id=lists[1].id,
        booked_event_id=event.id,
        booked_track_id=room.id,
        booked_wave_id=wave.id,
        booked_registration_id=registration.id,
        booked_attendee_id=person.id,
        booked_ticket_token=ticket_token(person),
        booked_confirm_token=token_for(
            LinkPurpose.CONFIRM, registration.id, registration.link_version
        ),
    )
