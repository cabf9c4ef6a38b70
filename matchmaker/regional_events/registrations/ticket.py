"""What the page of a ticket says: seat, offer, place in line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.notices import moment_text
from matchmaker.regional_events.registrations import presentation
from matchmaker.regional_events.registrations.domain import AttendeeState, WaitingState
from matchmaker.regional_events.registrations.explaining import Place, place_in_line
from matchmaker.regional_events.registrations.models import Attendee, WaitingEntry

LineCommand = Callable[[WaitingEntry, Actor, datetime], object]


@dataclass(frozen=True, slots=True)
class TicketView:
    """Where one person stands, in words.

    Args:
        state: in a word.
        kind: how the state is coloured.
        facts: of the event and the seat.
        rows: name and value of each fact that is shown.
        shows_code: whether there is a QR code to show at the door.
        place: place in line, if any.
        wanted: the track that is waited for.
        offer_until: until when an offered seat is held, in words.
        is_group: whether several wait together.
        may_change: whether the person may change by themselves now.
    """

    state: str
    kind: str
    facts: dict[str, Any]
    rows: Sequence[tuple[str, str]]
    shows_code: bool
    place: Place | None
    wanted: str
    offer_until: str
    is_group: bool
    may_change: bool


def ticket_view(attendee: Attendee, event: RegionalEvent, now: datetime) -> TicketView:
    """What is shown of a person (registration, track and place in line loaded).

    Args:
        attendee: the person.
        event: with tracks.
        now: the present moment.
    """
    facts = presentation.seat_facts(event, attendee.track)
    entry = attendee.waiting_entry
    waits = entry is not None and presentation.is_open(entry)
    is_seated = attendee.state is AttendeeState.CONFIRMED
    return TicketView(
        state=presentation.state_words(attendee),
        kind=presentation.STATE_KINDS[attendee.state],
        facts=facts,
        rows=_rows(attendee, facts),
        shows_code=is_seated and attendee.track is not None
        and attendee.track.kind is TrackKind.ON_SITE,
        place=place_in_line(entry, now) if entry is not None and waits else None,
        wanted=presentation.track_name(entry.track) if entry is not None and waits else "",
        offer_until=_offer(entry),
        is_group=entry is not None and waits and entry.people > 1,
        may_change=presentation.can_change(event, now),
    )  # fmt: skip


def _offer(entry: WaitingEntry | None) -> str:
    if entry is None or entry.state is not WaitingState.OFFERED:
        return ""
    return moment_text(entry.offer_until)


def _rows(attendee: Attendee, facts: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        ("日時", facts["when"]),
        ("参加方法", facts["track"]),
        ("場所", facts["place"]),
        ("住所", facts["address"]),
        ("交通", facts["access_note"]),
        ("オンラインについて", facts["online_policy"]),
        ("お名前", attendee.name),
        ("団体", presentation.organization_words(attendee)),
        ("手助け", presentation.assistance_words(attendee)),
        ("受付番号", presentation.reference(attendee.registration)),
        ("問い合わせ", facts["contact"]),
    ]
