"""Events and tracks for tests, made within an application context. Nothing is committed here."""

from __future__ import annotations

import secrets
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.core.db import db
from matchmaker.regional_events.planning import queries
from matchmaker.regional_events.planning.content import EventData
from matchmaker.regional_events.planning.domain import EventState, Seating, TrackKind
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.planning.service import create_event
from matchmaker.regional_events.registrations.domain import PersonData, RegistrationData, Source
from matchmaker.regional_events.registrations.models import Registration
from matchmaker.regional_events.registrations.service import register

AHEAD, LENGTH = timedelta(days=30), timedelta(hours=3)
DATA_FIELDS = frozenset(each.name for each in fields(EventData))


def event_data(now: datetime | None = None, **changes: Any) -> EventData:
    """A public event in Nagoya 30 days ahead, three hours long, open since yesterday.

    Args:
        now: the present moment, from which the usual times are counted.
        changes: fields of :class:`EventData`.
    """
    now = now or clock.now()
    starts_at = changes.get("starts_at", now + AHEAD)
    values: dict[str, Any] = {
        "name": "名古屋 資源循環の対話",
        "summary": "自治体と事業者が、同じ机で話します。",
        "starts_at": starts_at,
        "ends_at": starts_at + LENGTH,
        "venue": "名古屋市公会堂",
        "address": "愛知県名古屋市昭和区鶴舞1-1-3",
        "prefecture": "愛知県",
        "contact_name": "事務局",
        "contact_email": "events@example.com",
        "opens_at": now - timedelta(days=1),
    }
    return EventData(**{**values, **changes})


def make_event(now: datetime | None = None, **changes: Any) -> RegionalEvent:
    """A published event without tracks whose registration is open.

    Args:
        now: the present moment; the real one when left out.
        changes: fields of :class:`EventData`, or columns of :class:`RegionalEvent` such as
            ``state``.

    Returns:
        The event as :func:`queries.get_event` gives it.
    """
    now = now or clock.now()
    given = {name: value for name, value in changes.items() if name in DATA_FIELDS}
    event = create_event(event_data(now, **given), SYSTEM, now)
    event.state, event.published_at = EventState.PUBLISHED, now
    for name in changes.keys() - given.keys():
        setattr(event, name, changes[name])
    db.session.flush()
    return queries.get_event(event.id)


def make_track(event: RegionalEvent, **changes: Any) -> Track:
    """A room of the event with ten chairs.

    Args:
        event: as :func:`make_event` gives it; its tracks are loaded anew.
        changes: columns of :class:`Track`.
    """
    values: dict[str, Any] = {
        "position": len(event.tracks),
        "kind": TrackKind.ON_SITE,
        "name": "会場",
        "room": "大ホール",
        "seating": Seating.THEATRE,
        "capacity": 10,
        "overbooking_rate": 0.0,
        "questions": [],
        "quotas": [],
        "reserves": [],
        "waves": [],
    }
    track = Track(event_id=event.id, **{**values, **changes})
    db.session.add(track)
    db.session.flush()
    queries.get_event(event.id)
    return track


def person_data(track: Track, name: str = "環境 花子", **changes: Any) -> PersonData:
    """Somebody who wants a seat of ``track``; ``changes`` are fields of :class:`PersonData`."""
    return PersonData(**{"name": name, "track_id": track.id, **changes})


def make_registration(
    event: RegionalEvent,
    track: Track,
    names: tuple[str, ...] = ("環境 花子",),
    *,
    actor: Actor = SYSTEM,
    now: datetime | None = None,
    **changes: Any,
) -> Registration:
    """A registration that was sent in; unless ``actor`` is a visitor, seated as far as possible.

    Args:
        event: as :func:`make_event` gives it.
        track: what all of ``names`` want.
        names: one person each; their addresses are made up.
        actor: who sends it in.
        changes: fields of :class:`RegistrationData`, such as ``people`` instead of ``names``.
    """
    key = secrets.token_hex(8)
    people = [
        person_data(track, name, email=f"person-{number}-{key}@example.jp")
        for number, name in enumerate(names, start=1)
    ]
    values: dict[str, Any] = {
        "people": people,
        "contact_name": names[0],
        "contact_email": f"contact-{key}@example.jp",
        "submission_key": key,
        "source": Source.SELF,
    }
    data = RegistrationData(**{**values, **changes})
    return register(event, data, actor, now or clock.now())
