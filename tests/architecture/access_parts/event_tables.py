"""Who may open the pages of the matching tables.

The editor and the reader have a place on site at an event that takes place now; a plan with the two
is in force. The representative has none. The link of the ticket is the reader's.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db, new_id
from matchmaker.matching.engine import current_engine
from matchmaker.organizations.models import Organization
from matchmaker.regional_events.registrations.domain import AttendeeRole, AttendeeState, Source
from matchmaker.regional_events.registrations.links import ticket_token
from matchmaker.regional_events.registrations.models import Attendee, Registration
from matchmaker.regional_events.tables import queries, service, versions
from matchmaker.regional_events.tables.domain import PlanSettings
from tests.architecture.access_rules import (
    EDITOR,
    READER,
    SECRETARIAT,
    Row,
    Things,
    everyone,
    get,
    hidden_except,
    only,
    post,
)
from tests.regional_events.builders import make_event, make_track

EVENT: dict[str, Any] = {"event_id": "tables_event_id"}
VERSION: dict[str, Any] = {**EVENT, "version_id": "tables_version_id"}
GUEST: dict[str, Any] = {**VERSION, "guest_id": "tables_reader_id"}
PERSON: dict[str, Any] = {**EVENT, "attendee_id": "tables_attendee_id"}
TICKET: dict[str, Any] = {"token": "tables_token"}
MEETING: dict[str, Any] = {"slot": 1, "partner_id": "tables_editor_id"}
SEATED = (READER, EDITOR)


def _rows() -> Iterator[Row]:
    for page in ("index", "edit", "people", "outcomes", "export"):
        yield get(f"event_tables.{page}", only(SECRETARIAT), **EVENT)
    yield post("event_tables.update", only(SECRETARIAT, status=422), **EVENT)
    yield get("event_tables.edit_person", only(SECRETARIAT), **PERSON)
    yield post("event_tables.update_person", only(SECRETARIAT, status=422), **PERSON)
    yield get("event_tables.progress", only(SECRETARIAT), **VERSION)
    yield from _versions()
    yield from _people()


def _versions() -> Iterator[Row]:
    yield post("event_table_versions.create", only(SECRETARIAT, status=302), **EVENT)
    for page in ("show", "edit"):
        yield get(f"event_table_versions.{page}", only(SECRETARIAT), **VERSION)
    yield get("event_table_versions.person", only(SECRETARIAT), **GUEST)
    for command in ("release", "restore"):
        yield post(f"event_table_versions.{command}", only(SECRETARIAT, status=302), **VERSION)
    yield post("event_table_versions.update", only(SECRETARIAT, status=422), **VERSION)


def _people() -> Iterator[Row]:
    for page in ("show", "calendar"):
        yield get(f"own_event_tables.{page}", hidden_except(*SEATED), **EVENT)
        yield get(f"event_table_tickets.{page}", everyone(), **TICKET)
    # The first slot has begun, so that nobody can answer any more.
    yield post("own_event_tables.answer", hidden_except(*SEATED, status=302), **EVENT)
    yield post("event_table_tickets.answer", everyone(302), **TICKET)
    # Nobody sits with themselves.
    yield get("own_event_tables.outcome", hidden_except(READER), **EVENT, **MEETING)
    yield post("own_event_tables.record", hidden_except(READER, status=422), **EVENT, **MEETING)
    yield get("event_table_tickets.outcome", everyone(), **TICKET, **MEETING)
    yield post("event_table_tickets.record", everyone(422), **TICKET, **MEETING)


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """An event that began an hour ago, with two people who met in the first slot."""
    now = clock.now()
    event = make_event(now, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=2))
    track = make_track(event)
    settings = PlanSettings(now - timedelta(minutes=10), 20, 5, 3, 2, 4)
    plan = service.open_tables(event, settings, SYSTEM, now)
    towns = [world.ids["organization_id"], _other_organization(world.ids["organization_id"])]
    for number, (role, town) in enumerate(zip(SEATED, towns, strict=True), start=1):
        attendee = _attendee(event.id, track.id, number, world.ids[f"{role}_id"], town)
        meet = [other for other in towns if other != town]
        given = service.GuestAnswer(is_taking_part=True, meet=meet)
        guest = service.answer(plan, attendee, given, SYSTEM, now, expected_revision=0)
        world.ids[f"tables_{role}_id"] = guest.id
        if role == READER:
            world.ids.update(tables_attendee_id=attendee.id, tables_token=ticket_token(attendee))
    version = versions.ask_for_version(plan, SYSTEM, now)
    versions.make_version(version, current_engine(), now)
    service.release(plan, version, SYSTEM, now)
    world.ids.update(tables_event_id=event.id, tables_version_id=version.id)


def _other_organization(first: uuid.UUID) -> uuid.UUID:
    query = db.select(Organization.id).where(Organization.id != first).order_by(Organization.name)
    found: uuid.UUID | None = db.session.scalar(query.limit(1))
    assert found is not None
    return found


def _attendee(
    event_id: uuid.UUID, track_id: uuid.UUID, number: int, user_id: uuid.UUID, town: uuid.UUID
) -> Attendee:
    now = clock.now()
    registration = Registration(
        id=new_id(), event_id=event_id, number=number, category="company", contact_name="担当",
        contact_email="", source=Source.DESK, submission_key=new_id().hex, organization_id=town,
        created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(registration)
    db.session.flush()
    attendee = Attendee(
        id=new_id(), registration_id=registration.id, event_id=event_id, position=1,
        role=AttendeeRole.PARTICIPANT, user_id=user_id, organization_id=town, category="company",
        name=f"参加{number}", kana="サンカ", email="", person_key=new_id().hex, track_id=track_id,
        state=AttendeeState.CONFIRMED, wanted_track_id=track_id, code=new_id().hex,
        created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(attendee)
    db.session.flush()
    found = queries.attendee_by_id(attendee.id)
    assert found is not None
    return found
