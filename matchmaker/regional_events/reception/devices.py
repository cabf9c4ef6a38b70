"""Lists that phones take with them, and how they are taken away again (ADR 0047)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.reception import queries
from matchmaker.regional_events.reception.domain import (
    DEVICE_NAME_LENGTH,
    CheckInWay,
    Outcome,
    code_digest,
    day_bounds,
    obstacle,
)
from matchmaker.regional_events.reception.events import DeviceListed, DeviceRevoked
from matchmaker.regional_events.reception.models import ReceptionDevice
from matchmaker.regional_events.reception.queries import DoorPerson
from matchmaker.regional_events.reception.service import check_door

MOST_DEVICES = 100


def devices_of(event_id: uuid.UUID) -> Sequence[ReceptionDevice]:
    """Devices that took a list of the event, newest first, with their people."""
    query = (
        select(ReceptionDevice)
        .where(ReceptionDevice.event_id == event_id)
        .options(joinedload(ReceptionDevice.user))
        .order_by(ReceptionDevice.downloaded_at.desc(), ReceptionDevice.id.desc())
        .limit(MOST_DEVICES)
    )
    return db.session.scalars(query).all()


def get_device(event_id: uuid.UUID, device_id: uuid.UUID) -> ReceptionDevice:
    """One device of the event.

    Raises:
        NotFound: there is none of that id in that event.
    """
    device = db.session.get(ReceptionDevice, device_id)
    if device is None or device.event_id != event_id:
        raise NotFound
    return device


def take_list(
    event: RegionalEvent, name: str, actor: Actor, now: datetime
) -> tuple[ReceptionDevice, list[dict[str, Any]]]:
    """Note a device and give the list that it encrypts and keeps.

    Args:
        event: the event.
        name: what the staff call the device.
        actor: who holds it.
        now: the present moment.

    Raises:
        ProductError: the device has no name (field ``name``).
        Conflict: it is not the day of the event.
    """
    check_door(event, now)
    assert actor.user_id is not None  # noqa: S101 - the policy lets only people in
    name = name.strip()[:DEVICE_NAME_LENGTH]
    if not name:
        raise ProductError("端末の呼び名を入れてください。", "name")
    people = [_line(event.id, each) for each in queries.everybody(event.id)]
    _, end = day_bounds(event.starts_at, event.ends_at)
    device = ReceptionDevice(
        id=new_id(), event_id=event.id, user_id=actor.user_id, name=name, people=len(people),
        downloaded_at=now, seen_at=now, expires_at=max(end, now),
    )  # fmt: skip
    db.session.add(device)
    db.session.flush()
    details = {"device": name, "people": len(people)}
    record(DeviceListed(actor=actor, now=now, subject_id=event.id, details=details))
    return device, people


def _line(event_id: uuid.UUID, person: DoorPerson) -> dict[str, Any]:
    attendee = person.attendee
    track: Track | None = attendee.track
    found = obstacle(attendee.state, track.kind if track else None, CheckInWay.QR)
    state = Outcome.TAKEN if found is None else found
    return {
        "digest": code_digest(event_id, attendee.code),
        "name": attendee.name,
        "kana": attendee.kana,
        "organization": person.organization,
        "track": track.name if track else "",
        "state": (Outcome.ALREADY if person.check_in else state).value,
    }


def touch_device(event_id: uuid.UUID, device_id: uuid.UUID, now: datetime) -> bool:
    """Note that a device is in touch.

    Returns:
        Whether it may keep its list.
    """
    statement = (
        update(ReceptionDevice)
        .where(
            ReceptionDevice.id == device_id,
            ReceptionDevice.event_id == event_id,
            ReceptionDevice.revoked_at.is_(None),
            ReceptionDevice.expires_at > now,
        )
        .values(seen_at=now)
    )
    return bool(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


def may_keep_list(event_id: uuid.UUID, device_id: uuid.UUID, now: datetime) -> bool:
    """Whether the device's list still counts; one that is not known has none."""
    device = db.session.get(ReceptionDevice, device_id)
    return (
        device is not None
        and device.event_id == event_id
        and device.revoked_at is None
        and now < device.expires_at
    )


def revoke_device(device: ReceptionDevice, actor: Actor, now: datetime) -> None:
    """Take the list of a device away: it deletes it as soon as it is in touch."""
    if device.revoked_at is not None:
        return
    device.revoked_at = now
    db.session.flush()
    details = {"device": device.name}
    record(DeviceRevoked(actor=actor, now=now, subject_id=device.event_id, details=details))
