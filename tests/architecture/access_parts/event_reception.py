"""Who may open the pages of the reception.

The event of today has one room, one person registered, and the editor works at its reception.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db, new_id
from matchmaker.regional_events.planning.domain import Duty
from matchmaker.regional_events.planning.models import EventStaff
from matchmaker.regional_events.reception.models import ReceptionDevice
from matchmaker.regional_events.registrations.domain import (
    PersonData,
    RegistrationData,
    Source,
)
from matchmaker.regional_events.registrations.links import ticket_token
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.registrations.service import register
from tests.architecture.access_rules import (
    EDITOR,
    SECRETARIAT,
    Row,
    Things,
    everyone,
    get,
    only,
    post,
)
from tests.regional_events.builders import make_event, make_track

EVENT: dict[str, Any] = {"event_id": "todays_event_id"}
PERSON: dict[str, Any] = {**EVENT, "attendee_id": "todays_attendee_id"}
DEVICE: dict[str, Any] = {**EVENT, "device_id": "todays_device_id"}
DOOR = (EDITOR, SECRETARIAT)


def _rows() -> Iterator[Row]:
    for page in ("index", "counts", "scanner", "scanner_copy", "worker", "state"):
        yield get(f"event_reception.{page}", only(*DOOR), **EVENT)
    yield get("event_reception.show", only(*DOOR), **PERSON)
    yield post("event_reception.create", only(*DOOR, status=422), **EVENT)
    yield post("event_reception.check_in", only(*DOOR, status=302), **PERSON)
    yield post("event_reception.undo", only(*DOOR, status=302), **PERSON)
    yield post("event_reception.scans", only(*DOOR, status=422), **EVENT)
    yield get("walk_ins.new", only(*DOOR), **EVENT)
    yield post("walk_ins.create", only(*DOOR, status=422), **EVENT)
    yield post("walk_ins.admit", only(*DOOR, status=302), **PERSON)
    yield get("event_badges.new", only(*DOOR), **EVENT)
    yield post("event_badges.create", only(*DOOR), {"scope": "all"}, **EVENT)
    yield get("reception_devices.index", only(*DOOR), **EVENT)
    yield post("reception_devices.create", only(*DOOR, status=422), **EVENT)
    yield post("reception_devices.revoke", only(*DOOR, status=302), **DEVICE)
    yield get("online_attendances.new", only(*DOOR), **EVENT)
    yield post("online_attendances.create", only(*DOOR, status=422), **EVENT)
    yield get("online_attendances.show", everyone(), token="todays_token")
    yield post("online_attendances.say", everyone(409), token="todays_token")


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """An event that began an hour ago, with a person and a device."""
    now = clock.now()
    event = make_event(now, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    room = make_track(event)
    editor = world.ids["editor_id"]
    db.session.add(
        EventStaff(event_id=event.id, user_id=editor, duty=Duty.RECEPTION, created_at=now)
    )
    device = ReceptionDevice(
        id=new_id(), event_id=event.id, user_id=editor, name="受付1", people=1, downloaded_at=now,
        seen_at=now, expires_at=now + timedelta(hours=6),
    )  # fmt: skip
    db.session.add(device)
    data = RegistrationData(
        people=[PersonData(name="山田 花子", track_id=room.id)], contact_name="山田 花子",
        contact_email="", submission_key=new_id().hex, source=Source.DESK,
    )  # fmt: skip
    registration = register(event, data, SYSTEM, now)
    person = db.session.scalars(
        select(Attendee).where(Attendee.registration_id == registration.id)
    ).one()
    world.ids.update(
        todays_event_id=event.id, todays_attendee_id=person.id, todays_device_id=device.id,
        todays_token=ticket_token(person),
    )  # fmt: skip
