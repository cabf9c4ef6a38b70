"""Events of the past that were held before the service was there, loaded from reference data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.regional_events.planning import queries
from matchmaker.regional_events.planning.content import EventData, InvalidEvent, event_errors
from matchmaker.regional_events.planning.domain import EventState, Seating, TrackKind
from matchmaker.regional_events.planning.events import ReferenceEventSaved
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.planning.saving import changed_fields, new_event, store


@dataclass(frozen=True, slots=True)
class ReferenceTrack:
    """A way in which people took part, as far as it is known.

    Args:
        capacity: seats; None where there was no bound, or it is not known.
        per_organization_limit: seats of one organisation; None without a limit.
    """

    name: str
    kind: TrackKind
    seating: Seating = Seating.NONE
    capacity: int | None = None
    per_organization_limit: int | None = None


@dataclass(frozen=True, slots=True)
class ReferenceEvent:
    """A past event as it is loaded.

    Args:
        key: stable name; it decides whether the event is new.
        source: what the facts are taken from.
        source_url: address of the source.
    """

    key: str
    data: EventData
    source: str
    source_url: str
    tracks: Sequence[ReferenceTrack] = ()


def save_reference_event(loaded: ReferenceEvent, actor: Actor, now: datetime) -> RegionalEvent:
    """Add a past event, or bring the one with the same key into line. Tracks are added once.

    Raises:
        InvalidEvent: the data cannot be.
    """
    if errors := event_errors(loaded.data):
        raise InvalidEvent(errors)
    event = queries.event_with_key(loaded.key)
    if event is None:
        event = _new(loaded, now)
        changed = ["new"]
    else:
        changed = changed_fields(event, loaded.data)
    sources = (loaded.source, loaded.source_url)
    if (event.source, event.source_url) != sources:
        changed.append("source")
    if changed:
        store(event, loaded.data, now)
        event.source, event.source_url = sources
        db.session.add(event)
        db.session.flush()
        _count_together(event.tracks)
        details = {"key": loaded.key, "fields": changed}
        record(ReferenceEventSaved(actor=actor, now=now, subject_id=event.id, details=details))
    return event


def _count_together(tracks: Sequence[Track]) -> None:
    """The seat of each member at an assembly was one in all its rooms together."""
    for track in tracks[1:]:
        if track.per_organization_limit is not None:
            track.limit_track_id, track.per_organization_limit = tracks[0].id, None


def _new(loaded: ReferenceEvent, now: datetime) -> RegionalEvent:
    event = new_event(now)
    event.key, event.state, event.published_at = loaded.key, EventState.PUBLISHED, now
    event.source, event.source_url = loaded.source, loaded.source_url
    event.tracks = [
        Track(
            position=position, name=track.name, kind=track.kind, seating=track.seating,
            capacity=track.capacity, per_organization_limit=track.per_organization_limit,
            quotas=[], reserves=[], waves=[],
        )
        for position, track in enumerate(loaded.tracks)
    ]  # fmt: skip
    return event
