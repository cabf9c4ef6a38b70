"""What this part adds to the page of an event: seats, own registrations, links of the staff."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import url_for

from matchmaker.regional_events.planning.domain import Phase, phase_of
from matchmaker.regional_events.planning.extensions import (
    EventSection,
    Participation,
    StaffLink,
    View,
)
from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.planning.policy import can_plan, can_register
from matchmaker.regional_events.planning.tracks.domain import SeatsTaken
from matchmaker.regional_events.registrations import desk, presentation, queries, service
from matchmaker.regional_events.registrations.domain import CapacityTooLow
from matchmaker.regional_events.registrations.line import GENERAL
from matchmaker.regional_events.registrations.links import ticket_token
from matchmaker.regional_events.registrations.records import lock_event
from matchmaker.regional_events.registrations.seats import kept_seats, room_of

PLACE, LINK_PLACE = 10, 20
SHOWN = frozenset({Phase.ANNOUNCED, Phase.OPEN, Phase.CLOSED})


def seats_section(view: View) -> EventSection | None:
    """Free seats of each track, and what the person has registered."""
    event = view.event
    own = queries.attendees_of(event.id, view.actor.user_id)
    if not event.tracks or not (own or phase_of(event, view.now) in SHOWN):
        return None
    counts = queries.counts_of(event.id)
    context = {
        "event_id": event.id,
        "ways": [way for way in presentation.ways_of(event, counts) if way.also_wait_for is None],
        "own": [{"row": desk.row_of(person), "token": ticket_token(person)} for person in own],
        "is_open": can_register(view.actor, event, view.standing, view.now),
    }
    return EventSection(
        "event_registrations/_section.html", context, "参加登録", "registration", PLACE
    )


def staff_links(view: View) -> Sequence[StaffLink]:
    """The list of people and the waiting lists, for those who run the event."""
    if not can_plan(view.actor, view.standing):
        return ()
    counts = queries.counts_of(view.event.id)
    event_id = view.event.id
    return (
        StaffLink(
            "参加登録の一覧",
            url_for("event_registrations.index", event_id=event_id),
            f"確定{counts.confirmed:,}人",
            LINK_PLACE,
        ),
        StaffLink(
            "キャンセル待ちと追加の枠",
            url_for("event_waiting.index", event_id=event_id),
            f"待っている方{counts.in_line:,}人",
            LINK_PLACE + 1,
        ),
    )


def participation(event_id: uuid.UUID, user_id: uuid.UUID) -> Participation:
    """Whether the person holds a seat or waits for one."""
    return Participation(is_registered=queries.is_registered(event_id, user_id))


def seats_taken(track: Track) -> SeatsTaken:
    """How the seats of a track are taken; nobody takes another until the plan is changed."""
    lock_event(track.event_id)
    kept = {each.kind: each.taken for each in kept_seats(track.id) if each.taken}
    return SeatsTaken(room_of(track.id).taken(GENERAL), kept)


def page_asking_whom_to_move(track: Track, capacity: int) -> str | None:
    """The page that asks whom to move before a track gets fewer seats than are taken."""
    try:
        service.check_capacity(track, capacity)
    except CapacityTooLow:
        return url_for(
            "event_waiting.capacity", event_id=track.event_id, track_id=track.id, capacity=capacity
        )
    return None
