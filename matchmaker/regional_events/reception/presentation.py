"""Results at the door in words, for pages and for the devices."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matchmaker.core.clock import today
from matchmaker.core.formatting import clock_on
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.reception.domain import (
    ADVICE,
    SIGNALS,
    TITLES,
    CheckInWay,
    Outcome,
    Signal,
    obstacle,
)
from matchmaker.regional_events.reception.models import CheckIn, RoomNotice
from matchmaker.regional_events.reception.queries import (
    DoorPerson,
    EventPresence,
    TrackPresence,
)
from matchmaker.regional_events.reception.scanning import Answer
from matchmaker.regional_events.registrations.domain import ATTENDEE_ROLE_LABELS, AttendeeRole


@dataclass(frozen=True, slots=True)
class Result:
    """What staff see about one person.

    Args:
        outcome: what became of the scan.
        signal: its colour.
        title: the same in a few words.
        text: when and by whom, or what can be done.
        person: whom it is about, if known.
    """

    outcome: Outcome
    signal: Signal
    title: str
    text: str
    person: DoorPerson | None


def result_of(outcome: Outcome, person: DoorPerson | None, now: datetime) -> Result:
    """Put an outcome into words."""
    title, text = TITLES[outcome], ADVICE[outcome]
    check_in = person.check_in if person else None
    if check_in is not None and outcome is Outcome.ALREADY:
        title = f"{clock_on(check_in.at, today(now))}に受付済みです"
        text = f"{who_received(check_in)}。{text}"
    return Result(outcome, SIGNALS[outcome], title, text, person)


def clock(moment: datetime) -> str:
    """``10:02`` in Japan's time."""
    return clock_on(moment, today(moment))


def who_received(check_in: CheckIn) -> str:
    """Who noted it, and where: 「受付した人：山田　端末：受付1」."""
    if check_in.way is CheckInWay.ONLINE:
        return "オンラインでの参加です"
    parts = [
        f"受付した人：{check_in.actor_name}" if check_in.actor_name else "",
        f"端末：{check_in.device}" if check_in.device else "",
    ]
    return "　".join(part for part in parts if part) or "受付の記録があります"


def standing_outcome(person: DoorPerson) -> Outcome:
    """How a person stands before anything is done: there, expected, or kept out by something."""
    if person.check_in is not None:
        return Outcome.ALREADY
    track = person.attendee.track
    way = CheckInWay.QR
    found = obstacle(person.attendee.state, track.kind if track else None, way)
    return found or Outcome.TAKEN


def role_of(person: DoorPerson) -> str:
    """The role when it is not that of an ordinary participant."""
    role = person.attendee.role
    return "" if role is AttendeeRole.PARTICIPANT else ATTENDEE_ROLE_LABELS[role]


def answer_data(
    answer: Answer, people: dict[uuid.UUID, DoorPerson], now: datetime
) -> dict[str, Any]:
    """The answer to one scan for a device."""
    person = people.get(answer.attendee_id) if answer.attendee_id else None
    result = result_of(answer.outcome, person, now)
    return {
        "id": str(answer.client_id),
        "outcome": result.outcome.value,
        "signal": result.signal.value,
        "title": result.title,
        "text": result.text,
        "person": _person_data(person) if person else None,
    }


def _person_data(person: DoorPerson) -> dict[str, str]:
    attendee = person.attendee
    return {
        "id": str(attendee.id),
        "name": attendee.name,
        "kana": attendee.kana,
        "organization": person.organization,
        "role": role_of(person),
        "track": attendee.track.name if attendee.track else "",
    }


def presence_words(each: TrackPresence) -> str:
    """``会場A 32人（80席の40%）``."""
    if each.percent is None:
        return f"{each.present}人"
    return f"{each.present}人（{each.track.capacity}席の{each.percent}%）"


def presence_data(presence: EventPresence) -> list[dict[str, Any]]:
    """The counts for a device."""
    return [
        {"track": each.track.name, "present": each.present, "expected": each.expected,
         "words": presence_words(each)}
        for each in presence.tracks
    ]  # fmt: skip


def notice_words(notices: Sequence[RoomNotice], event: RegionalEvent) -> list[str]:
    """What staff are told about rooms: ``13:05　会場Aの席が80%埋まりました。``"""
    day = today(event.starts_at)
    return [
        f"{clock_on(each.at, day)}　{each.track.name}の席が"
        + ("すべて埋まりました。" if each.threshold == FULL else f"{each.threshold}%埋まりました。")
        for each in notices
    ]


FULL = 100
