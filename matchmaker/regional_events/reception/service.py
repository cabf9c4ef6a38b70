"""Commands at the door: check in, take it back.

A second scan, two devices at once, or a scan that arrives late change nothing: there is at most one
row a person, by a unique key.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.reception import queries
from matchmaker.regional_events.reception.domain import (
    ADVICE,
    DEVICE_NAME_LENGTH,
    DOOR_WORDS,
    REASON_LENGTH,
    TITLES,
    CheckInWay,
    Outcome,
    door_of,
    obstacle,
    reached,
    takes_people,
)
from matchmaker.regional_events.reception.events import (
    PersonReceived,
    ReceptionUndone,
    RoomFilled,
)
from matchmaker.regional_events.reception.models import CheckIn, RoomNotice
from matchmaker.regional_events.registrations.models import Attendee


class NotReceived(Conflict):
    """The person cannot be checked in; ``outcome`` says what is the matter."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"{TITLES[outcome]}。{ADVICE[outcome]}")
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Received:
    """A check-in, and whether it is new."""

    check_in: CheckIn
    is_new: bool


def check_in(
    event: RegionalEvent,
    attendee: Attendee,
    way: CheckInWay,
    at: datetime,
    actor: Actor,
    now: datetime,
    device: str = "",
) -> CheckIn:
    """Note that a person is there; said again, it gives what was noted first.

    Raises:
        NotReceived: the person has no confirmed seat of the right kind.
        Conflict: it is not the day of the event (nor shortly after), or it is not published.
    """
    return receive(event, attendee.id, way, at, actor, now, device).check_in


def receive(
    event: RegionalEvent,
    attendee_id: uuid.UUID,
    way: CheckInWay,
    at: datetime,
    actor: Actor,
    now: datetime,
    device: str = "",
) -> Received:
    """Note that a person of the event is there.

    Args:
        event: the event at whose door the person stands.
        attendee_id: the person.
        way: how presence was established.
        at: when the person came.
        actor: who says so.
        now: the present moment.
        device: name of the device at the door.

    Raises:
        NotReceived: the person has no confirmed seat of the right kind in this event.
        Conflict: it is not the day of the event (nor shortly after), or it is not published.
    """
    check_door(event, now)
    track_id = _seat_of(event, attendee_id, way)
    statement = insert(CheckIn).values(
        id=new_id(), event_id=event.id, attendee_id=attendee_id, way=way, at=at, received_at=now,
        device=device[:DEVICE_NAME_LENGTH], actor_id=actor.user_id, actor_name=actor.name[:100],
    )  # fmt: skip
    is_new = insert_or_skip(db.session(), statement, ["attendee_id"]) == 1
    noted = queries.check_in_of(attendee_id)
    assert noted is not None  # noqa: S101 - written above, or by somebody else before
    if is_new:
        _tell(event, noted, track_id, actor, now)
    return Received(noted, is_new)


def check_door(event: RegionalEvent, now: datetime) -> None:
    """Refuse what is not on the day (or in the days of grace after it).

    Raises:
        Conflict: with the reason in words.
    """
    door = door_of(event.state, event.starts_at, event.ends_at, now)
    if not takes_people(door):
        raise Conflict(DOOR_WORDS[door])


def _seat_of(event: RegionalEvent, attendee_id: uuid.UUID, way: CheckInWay) -> uuid.UUID:
    """The track of a person who may be checked in; the row is held against changes meanwhile."""
    query = (
        select(Attendee.state, Attendee.track_id)
        .where(Attendee.id == attendee_id, Attendee.event_id == event.id)
        .with_for_update()
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotReceived(Outcome.UNKNOWN)
    state, track_id = row
    found = obstacle(state, _kind_of(track_id), way)
    if found is not None:
        raise NotReceived(found)
    assert track_id is not None  # noqa: S101 - confirmed people have one (a check of the table)
    return uuid.UUID(str(track_id))


def _kind_of(track_id: uuid.UUID | None) -> TrackKind | None:
    return db.session.scalar(select(Track.kind).where(Track.id == track_id))


def _tell(
    event: RegionalEvent, noted: CheckIn, track_id: uuid.UUID, actor: Actor, now: datetime
) -> None:
    details = {"way": noted.way.value, "attendee_id": str(noted.attendee_id)}
    record(
        PersonReceived(
            actor=actor, now=now, subject_id=event.id, attendee_id=noted.attendee_id,
            details=details,
        )
    )  # fmt: skip
    _watch_room(event, track_id, actor, now)


def _watch_room(event: RegionalEvent, track_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Note the thresholds that a room has reached, each once."""
    track = db.session.get_one(Track, track_id)
    if track.kind is not TrackKind.ON_SITE:
        return
    present = queries.present_in(track_id)
    for threshold in reached(present, track.capacity):
        statement = insert(RoomNotice).values(
            id=new_id(), track_id=track_id, threshold=threshold, present=present, at=now
        )
        if insert_or_skip(db.session(), statement, ["track_id", "threshold"]):
            record(
                RoomFilled(
                    actor=actor, now=now, subject_id=event.id, track_id=track_id,
                    threshold=threshold, details={"track": track.name, "percent": threshold},
                )
            )  # fmt: skip


def undo_check_in(
    event: RegionalEvent, attendee_id: uuid.UUID, reason: str, actor: Actor, now: datetime
) -> bool:
    """Take a check-in back, with a reason for the record.

    Returns:
        Whether there was something to take back.

    Raises:
        ProductError: no reason was given, or it is too long (field ``reason``).
        Conflict: the records are closed.
    """
    check_door(event, now)
    reason = checked_reason(reason)
    statement = delete(CheckIn).where(
        CheckIn.event_id == event.id, CheckIn.attendee_id == attendee_id
    )
    if not db.session.execute(statement).rowcount:  # type: ignore[attr-defined]
        return False
    details = {"attendee_id": str(attendee_id)}
    record(
        ReceptionUndone(
            actor=actor, now=now, subject_id=event.id, attendee_id=attendee_id, reason=reason,
            details=details,
        )
    )  # fmt: skip
    return True


def checked_reason(reason: str) -> str:
    """A reason that can be kept.

    Raises:
        ProductError: it is empty or too long (field ``reason``).
    """
    reason = reason.strip()
    if not reason:
        raise ProductError("理由を入れてください。", "reason")
    if len(reason) > REASON_LENGTH:
        raise ProductError(f"理由は{REASON_LENGTH}文字までで入れてください。", "reason")
    return reason
