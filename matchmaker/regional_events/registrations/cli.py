"""Commands on the seats of events."""

from __future__ import annotations

import uuid

import click
from flask.cli import AppGroup
from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.checking import (
    Difference,
    line_report,
    repair_counters,
    seat_report,
)

event_commands = AppGroup("events", help="Events and their seats.")


@event_commands.command("check-seats")
@click.option("--event", "event_id", type=click.UUID, help="Only this event.")
@click.option("--repair", metavar="REASON", help="Set the counters to what people hold.")
def check_seats(event_id: uuid.UUID | None, repair: str | None) -> None:
    """Compare the counters of seats with the people; ends with 1 where they differ."""
    events = [event_id] if event_id else list(db.session.scalars(select(RegionalEvent.id)))
    wrong = sum(_check(each, repair) for each in events)
    print(f"{len(events)} events, {wrong} differences")
    if wrong and repair is None:
        raise SystemExit(1)


def _check(event_id: uuid.UUID, repair: str | None) -> int:
    differences = seat_report(event_id)
    lines = line_report(event_id)
    for each in differences:
        print(_words(event_id, each))
    for entry_id in lines:
        print(f"event {event_id}: place in line {entry_id} has another size than people")
    if repair is not None and differences:
        repair_counters(event_id, repair, SYSTEM, clock.now())
        db.session.commit()
    return len(differences) + len(lines)


def _words(event_id: uuid.UUID, each: Difference) -> str:
    where = f"track {each.track_id} {each.scope} {each.key}".rstrip()
    return f"event {event_id}: {where}: counted {each.counted}, held {each.held}"
