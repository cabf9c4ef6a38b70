"""Checks what is in the database after a run; nothing here asks the engine that is checked."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from config import Settings
from matchmaker.benchmarks.registrations.mailbox import LINK, words_of
from matchmaker.benchmarks.registrations.replay import order_violations
from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only
from matchmaker.notifications.models import OutboxMessage
from matchmaker.regional_events.planning.models import SeatWave, Track
from matchmaker.regional_events.registrations.domain import (
    LIVE_STATES,
    AttendeeState,
    SeatScope,
    WaitingState,
)
from matchmaker.regional_events.registrations.models import (
    Attendee,
    Registration,
    SeatCounter,
    WaitingEntry,
)

Fetch = Callable[[str], tuple[int, str]]
"""Opens a page of the service: status and text."""

CODE = re.compile(r"(?<![\w.=-])[2-9A-HJ-NP-Z]{16}(?![\w.=-])", re.ASCII)
"""A code by itself: a part of a signed link may look like one."""
OK = 200


@dataclass(slots=True)
class Findings:
    """What was found; everything but ``confirmed`` has to be 0.

    Args:
        oversold: seats beyond what a track or an organisation has, and counters that differ.
        doubled: people, or forms, that are there more than once.
        unmailed: confirmed people without exactly one mail for their seat, or whose code fails.
        order_violations: seats given past somebody who was entitled to them.
    """

    confirmed: int = 0
    oversold: int = 0
    doubled: int = 0
    unmailed: int = 0
    order_violations: int = 0

    def add(self, other: Findings) -> None:
        """Count others as well."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def findings_of(
    app: Flask, settings: Settings, event_ids: Sequence[uuid.UUID], fetch: Fetch
) -> Findings:
    """Look at all events of a run."""
    found = Findings()
    for event_id in event_ids:
        with app.app_context(), reading_only():
            people = db.session.scalars(
                select(Attendee).where(Attendee.event_id == event_id).order_by(Attendee.id)
            ).all()
            seated = [each for each in people if each.state is AttendeeState.CONFIRMED]
            mails = [_seat_mails(each, settings) for each in seated]
            one = Findings(
                confirmed=len(seated),
                oversold=oversold(event_id, seated),
                doubled=doubled(event_id, people),
                order_violations=len(order_violations(event_id)),
            )
            codes = [each.code for each in seated]
            db.session.remove()
        one.unmailed = sum(
            not _is_told(codes[place], mails[place], fetch) for place in range(len(codes))
        )
        found.add(one)
    return found


def oversold(event_id: uuid.UUID, seated: Sequence[Attendee]) -> int:
    """Seats beyond the bounds of rooms and organisations, and seats that counters miss."""
    held, own = _held(event_id, seated)
    beyond = 0
    for track in db.session.scalars(select(Track).where(Track.event_id == event_id)):
        seats, limit = bounds_now(track)
        if seats is not None:
            beyond += max(0, held[track.id] - seats)
        if limit is not None:
            beyond += sum(max(0, n - limit) for (id_, _), n in own.items() if id_ == track.id)
        counted = db.session.scalar(
            select(SeatCounter.taken).where(
                SeatCounter.track_id == track.id, SeatCounter.scope == SeatScope.TRACK
            )
        )
        beyond += abs((counted or 0) - held[track.id])
    return beyond


def bounds_now(track: Track) -> tuple[int | None, int | None]:
    """Seats of a track, and of one organisation on it, as planned: the wave counts once it is
    released (the events of these figures have neither kept seats nor overbooking)."""
    wave = db.session.scalars(
        select(SeatWave)
        .where(SeatWave.track_id == track.id, SeatWave.released_at.is_not(None))
        .order_by(SeatWave.release_at.desc())
    ).first()
    if wave is not None:
        return (track.capacity if wave.seats is None else wave.seats), wave.per_organization_limit
    seats = track.capacity if track.first_seats is None else track.first_seats
    return seats, track.per_organization_limit


def _held(
    event_id: uuid.UUID, seated: Sequence[Attendee]
) -> tuple[Counter[uuid.UUID], Counter[tuple[uuid.UUID, uuid.UUID]]]:
    """Seats by track, and by track and organisation; those held for an answer are counted too."""
    places = [(each.track_id, each.organization_id) for each in seated]
    places += db.session.execute(
        select(WaitingEntry.track_id, Attendee.organization_id)
        .join(Attendee, Attendee.waiting_entry_id == WaitingEntry.id)
        .where(
            Attendee.event_id == event_id,
            Attendee.state.in_(LIVE_STATES),
            WaitingEntry.state == WaitingState.OFFERED,
        )
    ).tuples()
    held = Counter(track_id for track_id, _ in places if track_id is not None)
    own = Counter((t, o) for t, o in places if t is not None and o is not None)
    return held, own


def doubled(event_id: uuid.UUID, people: Sequence[Attendee]) -> int:
    """Addresses with two live people, and forms that made two registrations."""
    live = Counter(each.email.lower() for each in people if each.state in LIVE_STATES)
    first: dict[uuid.UUID, str] = {}
    for each in people:
        first.setdefault(each.registration_id, each.email.lower())
    sent = db.session.execute(
        select(Registration.submission_key, Registration.contact_email).where(
            Registration.event_id == event_id
        )
    ).all()
    forms = Counter(row.contact_email.lower() for row in sent)
    return sum(count - 1 for count in live.values()) + sum(n - 1 for n in forms.values())


def _seat_mails(person: Attendee, settings: Settings) -> list[str]:
    """The confirmations of a person's present seat, as they arrive."""
    seated = person.seated_at.strftime("%Y%m%d%H%M%S%f") if person.seated_at else ""
    key = f"registration-seat:{person.id}:{person.link_version}:{seated}"
    rows = db.session.scalars(
        select(OutboxMessage).where(
            OutboxMessage.subject_id == person.id, OutboxMessage.dedupe_key.startswith(key)
        )
    )
    return [words_of(row, settings) for row in rows if row.address == person.email]


def _is_told(code: str, mails: Sequence[str], fetch: Fetch) -> bool:
    """Whether there is one mail whose link opens the ticket, and whose code is the present one."""
    if len(mails) != 1:
        return False
    link, named = LINK.search(mails[0]), set(CODE.findall(mails[0]))
    if link is None or named - {code}:
        return False
    status, page = fetch(link[1])
    shown = set(CODE.findall(page))
    return status == OK and shown == named
