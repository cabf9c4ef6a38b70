"""Who was there online: people say so by their own link, or the staff paste the stream's list."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from matchmaker.accounts.domain import email_key
from matchmaker.core.actor import VISITOR, Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.reception.domain import (
    CheckInWay,
    Door,
    door_of,
    search_form,
)
from matchmaker.regional_events.reception.events import AttendanceImported
from matchmaker.regional_events.reception.queries import MOST_PEOPLE
from matchmaker.regional_events.reception.service import Received, check_door, receive
from matchmaker.regional_events.registrations.domain import AttendeeState
from matchmaker.regional_events.registrations.models import Attendee

BEFORE_START = timedelta(minutes=15)
MOST_LINES = 10_000
TOO_EARLY = "開始の15分前から、その日の終わりまで、参加を記録できます。"
TOO_MANY = f"一度に取り込めるのは{MOST_LINES:,}行までです。分けて貼り付けてください。"
NOTHING = "出席した人を、1行に1人ずつ貼り付けてください。"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the lines of an attendance list.

    Args:
        taken: names noted now.
        already: names noted before.
        unmatched: lines that fit nobody.
        unclear: lines that fit several people.
    """

    taken: list[str]
    already: list[str]
    unmatched: list[str]
    unclear: list[str]


def may_say_present(event: RegionalEvent, now: datetime) -> bool:
    """Whether people online can say now that they take part."""
    is_day = door_of(event.state, event.starts_at, event.ends_at, now) is Door.OPEN
    return is_day and now >= event.starts_at - BEFORE_START


def say_present(event: RegionalEvent, attendee_id: uuid.UUID, now: datetime) -> Received:
    """Note that somebody takes part online, by their own word.

    Raises:
        Conflict: it is not the time of the event.
        NotReceived: the person holds no seat online.
    """
    if not may_say_present(event, now):
        raise Conflict(TOO_EARLY)
    return receive(event, attendee_id, CheckInWay.ONLINE, now, VISITOR, now)


def import_attendance(event: RegionalEvent, text: str, actor: Actor, now: datetime) -> Imported:
    """Note those whom a pasted list names, by mail address or by name.

    Raises:
        ProductError: there are no lines, or too many (field ``people``).
        Conflict: it is not the day of the event (nor shortly after).
    """
    check_door(event, now)
    result = Imported([], [], [], [])
    known = _online_people(event.id)
    for line in _lines(text):
        found = known.get(_key(line), [])
        if len(found) != 1:
            (result.unclear if found else result.unmatched).append(line)
            continue
        attendee_id, name = found[0]
        received = receive(event, attendee_id, CheckInWay.ONLINE, now, actor, now)
        (result.taken if received.is_new else result.already).append(name)
    missed = len(result.unmatched) + len(result.unclear)
    details = {"taken": len(result.taken), "unmatched": missed}
    record(AttendanceImported(actor=actor, now=now, subject_id=event.id, details=details))
    return result


def _lines(text: str) -> list[str]:
    lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if not lines:
        raise ProductError(NOTHING, "people")
    if len(lines) > MOST_LINES:
        raise ProductError(TOO_MANY, "people")
    return lines


def _key(line: str) -> str:
    return email_key(line) if "@" in line else search_form(line)


def _online_people(event_id: uuid.UUID) -> dict[str, list[tuple[uuid.UUID, str]]]:
    """Confirmed people online by address, by name and by reading."""
    query = (
        select(Attendee.id, Attendee.name, Attendee.kana, Attendee.email)
        .join(Track, Track.id == Attendee.track_id)
        .where(
            Attendee.event_id == event_id,
            Attendee.state == AttendeeState.CONFIRMED,
            Track.kind == TrackKind.ONLINE,
        )
        .order_by(Attendee.id)
        .limit(MOST_PEOPLE)
    )
    known: dict[str, list[tuple[uuid.UUID, str]]] = {}
    for attendee_id, name, kana, email in db.session.execute(query):
        words = {search_form(name), search_form(kana), email_key(email) if email else ""}
        for key in words - {""}:
            known.setdefault(key, []).append((attendee_id, name))
    return known
