"""Invented events: planned with tracks, programme, speakers and materials, and what became of them.

What belongs to an event counts its days from the day it begins; so the whole story moves with the
day of loading.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.matching.indexing import index_by_words
from matchmaker.regional_events.planning.content import EventData, OrganizerData
from matchmaker.regional_events.planning.domain import (
    Audience,
    Duty,
    EventKind,
    EventMove,
    OrganizerRole,
    ReserveKind,
    Seating,
    TrackKind,
)
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.people import invite, set_duties
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.planning.questions.service import add_frequent
from matchmaker.regional_events.planning.service import copy_event, create_event, move_event
from matchmaker.regional_events.planning.tracks.domain import TrackData, WaveData
from matchmaker.regional_events.planning.tracks.service import add_track, plan_wave
from matchmaker.seeding import event_life, event_outcomes, event_people, event_programme
from matchmaker.seeding.event_occasion import FILE, ORGANIZER, Occasion, organization_of
from matchmaker.seeding.files import Entry, read_mapping
from matchmaker.seeding.moments import at_time, moment_of, working_day
from matchmaker.seeding.people import actor_of, person
from matchmaker.seeding.progress import Seeder

PLAIN = (
    "name", "summary", "description", "venue", "address", "prefecture", "latitude", "longitude",
    "access_note", "online_url", "online_policy", "contact_name", "contact_email", "hold_hours",
)  # fmt: skip
INDEXED = "index:words"
"""Key that tells that the posts have been indexed once."""

MOMENTS = ("opens_at", "closes_at", "change_until")


def load_demo_events(seeder: Seeder) -> int:
    """The events of the demo, each with everything that happened to it so far."""
    content = read_mapping(FILE)
    guests = {each["key"]: each for each in content["guests"]}

    def load(entry: Entry) -> uuid.UUID:
        organizer = actor_of(seeder, ORGANIZER)
        if "copy_of" in entry:
            return _copy(seeder, entry, organizer)
        event = _plan(seeder, entry, organizer)
        occasion = Occasion(seeder, entry, guests, event, organizer)
        event_programme.add_programme(occasion)
        move_event(event, EventMove.PUBLISH, "", organizer, occasion.at(entry["published"]))
        event_people.register_people(occasion)
        event_life.live_through(occasion)
        event_outcomes.look_back(occasion)
        return event.id

    return seeder.load_story("demo-event", "key", content["events"], load)


def index_posts_by_words(seeder: Seeder) -> int:
    """Make the posts known to the ranking, so that tables can be planned while loading."""
    if seeder.knows(INDEXED):
        return 0
    done = index_by_words(seeder.now)
    seeder.remember(INDEXED, uuid.uuid5(uuid.NAMESPACE_URL, INDEXED))
    db.session.commit()
    return done


def _copy(seeder: Seeder, entry: Entry, organizer: Actor) -> uuid.UUID:
    """A draft begun from an earlier event, as somebody plans the next one."""
    original = get_event(seeder.record_id(f"demo-event:{entry['copy_of']}"))
    return copy_event(original, organizer, moment_of(entry["at"], seeder.now)).id


def _plan(seeder: Seeder, entry: Entry, organizer: Actor) -> RegionalEvent:
    data = _data(seeder, entry)
    planned = moment_of(entry["planned"], data.starts_at)
    event = get_event(create_event(data, organizer, planned).id)
    event.is_demo = True
    db.session.flush()
    for track in entry["tracks"]:
        _add_track(event, track, organizer, planned)
    add_frequent(event, event, entry.get("questions", ()), organizer, planned)
    for who, duties in entry.get("staff", {}).items():
        wanted = frozenset(Duty(duty) for duty in duties)
        set_duties(event, person(seeder, who), wanted, organizer, planned)
    if invited := [organization_of(seeder, key).name for key in entry.get("invited", ())]:
        invite(event, "\n".join(invited), organizer, planned)
    return get_event(event.id)


def _data(seeder: Seeder, entry: Entry) -> EventData:
    starts_at = at_time(_day(entry, seeder.now), entry["from"])
    ends_on = today(starts_at) + timedelta(days=entry.get("lasts_days", 1) - 1)
    moments: dict[str, Any] = {
        name: moment_of(entry[name], starts_at) for name in MOMENTS if name in entry
    }
    organizers = tuple(
        OrganizerData(OrganizerRole(each["role"]), _organization_id(seeder, each),
                      each.get("name", ""))
        for each in entry["organizers"]
    )  # fmt: skip
    return EventData(
        starts_at=starts_at,
        ends_at=at_time(ends_on, entry["until"]),
        kind=EventKind(entry["kind"]),
        audience=Audience(entry["audience"]),
        organizers=organizers,
        **{name: entry[name] for name in PLAIN if name in entry},
        **moments,
    )


def _organization_id(seeder: Seeder, entry: Entry) -> uuid.UUID | None:
    return organization_of(seeder, entry["organization"]).id if "organization" in entry else None


def _day(entry: Entry, now: datetime) -> date:
    if entry.get("any_day"):
        return today(now) + timedelta(days=entry["day"])
    return working_day(entry["day"], now)


def _add_track(event: RegionalEvent, entry: Entry, organizer: Actor, now: datetime) -> None:
    data = TrackData(
        TrackKind(entry["kind"]),
        entry["name"],
        room=entry.get("room", ""),
        seating=Seating(entry.get("seating", Seating.NONE)),
        capacity=entry.get("capacity"),
        per_organization_limit=entry.get("limit"),
        first_seats=entry.get("first_seats"),
        reserves={ReserveKind(kind): n for kind, n in entry.get("reserves", {}).items()},
        limit_track_id=event.tracks[0].id if entry.get("counts_with_first") else None,
    )
    track = add_track(event, data, organizer, now)
    if wave := entry.get("wave"):
        moment = moment_of(wave["at"], event.starts_at)
        plan_wave(track, WaveData(moment, None, wave.get("limit")), organizer, now)
