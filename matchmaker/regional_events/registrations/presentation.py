"""Registrations in words, for pages and mails: ways of taking part, free seats, facts of a seat."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matchmaker.regional_events.planning.domain import CITIZEN, TRACK_LABELS, TrackKind
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.planning.notices import event_facts, moment_text
from matchmaker.regional_events.planning.tracks.domain import general_seats
from matchmaker.regional_events.registrations.domain import (
    ASSISTANCE_LABELS,
    ATTENDEE_LABELS,
    AttendeeState,
    HistoryKind,
    WaitingState,
)
from matchmaker.regional_events.registrations.models import Attendee, Registration, WaitingEntry
from matchmaker.regional_events.registrations.queries import EventCounts, TrackCount

FEW = 10
"""So few free seats (or fewer) are told by their number."""

HYBRID = "+"
STATE_KINDS = {
    AttendeeState.PENDING: "draft",
    AttendeeState.WAITING: "wait",
    AttendeeState.CONFIRMED: "open",
    AttendeeState.CANCELLED: "closed",
    AttendeeState.EXPIRED: "closed",
}
"""How a state is coloured, as the component of states names it."""

HISTORY_LABELS = {
    HistoryKind.REQUESTED: "申し込み",
    HistoryKind.CONFIRMED: "席を確定",
    HistoryKind.WAITING: "キャンセル待ち",
    HistoryKind.OFFERED: "席をご案内",
    HistoryKind.MOVED: "席を移動",
    HistoryKind.HANDED_OVER: "ほかの方に交代",
    HistoryKind.CANCELLED: "取り消し",
    HistoryKind.EXPIRED: "期限切れ",
    HistoryKind.RESTORED: "取り消しを戻した",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One choice of how to take part.

    Args:
        value: what the form sends: the track's id, for a hybrid choice both ids.
        label: what people read.
        help: how many seats are left, in words.
        track_id: where the seat is asked for.
        also_wait_for: the track whose waiting list is joined besides.
    """

    value: str
    label: str
    help: str
    track_id: uuid.UUID
    also_wait_for: uuid.UUID | None = None


def track_name(track: Track) -> str:
    """``会場（大ホール）``: the track as people read it."""
    kind = TRACK_LABELS[track.kind]
    name = track.name if kind in track.name else f"{kind}：{track.name}"
    return f"{name}（{track.room}）" if track.room and track.room not in name else name


def general_capacity(track: Track) -> int | None:
    """Seats open to all before anybody registered (reserves loaded); None is no bound."""
    kept = sum(reserve.seats for reserve in track.reserves)
    return general_seats(track.capacity, track.overbooking_rate, kept, track.first_seats)


def count_of(track: Track, counts: EventCounts) -> TrackCount:
    """How the track is taken; one that nobody asked for yet has all its seats."""
    return counts.tracks.get(track.id) or TrackCount(capacity=general_capacity(track))


def seat_words(count: TrackCount) -> str:
    """How many seats are left, in plain words. Those who wait come first."""
    if count.free is None:
        return "定員はありません。"
    if count.waiting or count.free == 0:
        line = f"（いま{count.waiting}人が待っています）" if count.waiting else ""
        return f"満席です。キャンセル待ちになります{line}。"
    if count.free <= FEW:
        return f"残りわずかです（あと{count.free}席）。"
    return "席に空きがあります。"


def is_full(count: TrackCount) -> bool:
    """Whether a newcomer would wait."""
    return count.free is not None and (count.free == 0 or count.waiting > 0)


def ways_of(event: RegionalEvent, counts: EventCounts) -> list[Way]:
    """All ways of taking part, each with its free seats; for a full room also
    「オンラインで今すぐ、会場が空けば会場へ」."""
    ways = [
        Way(str(track.id), track_name(track), seat_words(count_of(track, counts)), track.id)
        for track in event.tracks
    ]
    online = next((each for each in event.tracks if each.kind is TrackKind.ONLINE), None)
    if online is None or is_full(count_of(online, counts)):
        return ways
    rooms = [each for each in event.tracks if each.kind is TrackKind.ON_SITE]
    return ways + [
        _hybrid(online, room, len(rooms) > 1) for room in rooms if is_full(count_of(room, counts))
    ]


def _hybrid(online: Track, room: Track, is_named: bool) -> Way:
    place = track_name(room) if is_named else "会場"
    return Way(
        f"{online.id}{HYBRID}{room.id}",
        f"オンラインで今すぐ、{place}が空けば{place}へ",
        "オンラインの席をすぐに確定し、会場のキャンセル待ちにも入ります。",
        online.id,
        room.id,
    )


def parse_way(event: RegionalEvent, value: str) -> tuple[uuid.UUID, uuid.UUID | None] | None:
    """The track (and the one to wait for) of a choice; None when it names no track of the event."""
    known = {str(track.id): track.id for track in event.tracks}
    first, _, second = value.partition(HYBRID)
    if first not in known or (second and second not in known):
        return None
    return known[first], known.get(second)


def assistance_words(attendee: Attendee) -> str:
    """What somebody needs, in words."""
    labels = [
        ASSISTANCE_LABELS[need] for need in ASSISTANCE_LABELS if need.value in attendee.assistance
    ]
    return "、".join([*labels, attendee.assistance_note] if attendee.assistance_note else labels)


def organization_words(attendee: Attendee) -> str:
    """The organisation (loaded), or the name that was typed."""
    if attendee.organization is not None:
        return attendee.organization.name
    return attendee.organization_name


def category_label(category: str, labels: dict[str, str]) -> str:
    """The category of an organisation, or 「一般の方」."""
    return "一般の方" if category == CITIZEN else labels.get(category, category)


def state_words(attendee: Attendee) -> str:
    """Where a person stands (waiting entry loaded); a held offer is said."""
    entry = attendee.waiting_entry
    if entry is not None and entry.state is WaitingState.OFFERED:
        return "席をご案内中"
    if attendee.state is AttendeeState.CONFIRMED and entry is not None and is_open(entry):
        return "確定（会場のキャンセル待ち中）"
    return ATTENDEE_LABELS[attendee.state]


def is_open(entry: WaitingEntry) -> bool:
    """Whether somebody still waits (or has an offer)."""
    return entry.state in (WaitingState.WAITING, WaitingState.OFFERED)


def reference(registration: Registration) -> str:
    """The number people tell on the phone."""
    return f"{registration.number:04d}"


def address_of(attendee: Attendee) -> str:
    """Where mail for a person goes (registration loaded)."""
    return attendee.email or attendee.registration.contact_email


def change_until(event: RegionalEvent) -> datetime:
    """Until when people change or cancel by themselves."""
    return event.change_until or event.starts_at


def can_change(event: RegionalEvent, now: datetime) -> bool:
    """Whether people may still change by themselves."""
    return now < min(change_until(event), event.starts_at)


def contact_words(event: RegionalEvent) -> str:
    """Whom to ask."""
    return " ".join(part for part in (event.contact_name, event.contact_email) if part) or "事務局"


def seat_facts(event: RegionalEvent, track: Track | None) -> dict[str, Any]:
    """What a page or mail says of an event to somebody with a seat on ``track`` (or without one).

    The way into the online part is told only to those who hold an online seat.
    """
    facts = event_facts(event)
    kind = track.kind if track is not None else None
    is_on_site, is_online = kind is TrackKind.ON_SITE, kind is TrackKind.ONLINE
    room = f" {track.room}" if track is not None and is_on_site and track.room else ""
    return {
        "event_name": facts["event_name"],
        "when": facts["when"],
        "event_path": facts["event_path"],
        "track": track_name(track) if track is not None else "",
        "place": f"{event.venue}{room}" if is_on_site else "",
        "address": event.address if is_on_site else "",
        "access_note": event.access_note if is_on_site else "",
        "online_url": event.online_url if is_online else "",
        "is_online": is_online,
        "online_policy": event.online_policy if is_online else "",
        "contact": contact_words(event),
        "change_until": moment_text(change_until(event)),
    }


def names_of(people: Sequence[Attendee]) -> str:
    """``田中花子さん、佐藤一郎さん``."""
    return "、".join(f"{person.name}さん" for person in people)
