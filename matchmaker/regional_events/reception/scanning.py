"""Scans that devices send, one or many at once, also long after they were made.

A device gives each scan an id of its own. A scan that arrives twice (the answer was lost on the
way) is answered as the first time and does nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.reception import queries
from matchmaker.regional_events.reception.domain import (
    CheckInWay,
    Outcome,
    moment_of_scan,
)
from matchmaker.regional_events.reception.models import DeviceScan
from matchmaker.regional_events.reception.service import NotReceived, check_door, receive


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan as a device tells it.

    Args:
        client_id: made by the device; the same when it is sent again.
        digest: of the code (see :func:`code_digest`).
        at: when it was made, by the device's clock.
        way: by code or from the list.
    """

    client_id: uuid.UUID
    digest: str
    at: datetime | None = None
    way: CheckInWay = CheckInWay.QR


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to one scan.

    Args:
        client_id: of the scan.
        outcome: what became of it.
        attendee_id: whom it was about, if known.
    """

    client_id: uuid.UUID
    outcome: Outcome
    attendee_id: uuid.UUID | None


def take_scans(
    event: RegionalEvent, scans: Sequence[Scan], device: str, actor: Actor, now: datetime
) -> list[Answer]:
    """Check in everybody that a device has scanned; each scan gets its answer, in order.

    Raises:
        Conflict: it is not the day of the event (nor shortly after), or it is not published.
    """
    check_door(event, now)
    known = _answered(event.id, [scan.client_id for scan in scans])
    people = queries.attendees_by_digest(event.id, {scan.digest for scan in scans})
    answers = []
    for scan in scans:
        answer = known.get(scan.client_id)
        if answer is None:
            answer = _take(event, scan, people.get(scan.digest), device, actor, now)
            known[scan.client_id] = answer
        answers.append(answer)
    return answers


def _take(
    event: RegionalEvent,
    scan: Scan,
    attendee_id: uuid.UUID | None,
    device: str,
    actor: Actor,
    now: datetime,
) -> Answer:
    outcome = Outcome.UNKNOWN
    if attendee_id is not None:
        at = moment_of_scan(scan.at, event.starts_at, event.ends_at, now)
        outcome = _outcome(event, attendee_id, scan.way, at, device, actor, now)
    answer = Answer(scan.client_id, outcome, attendee_id)
    _keep(event.id, answer, now)
    return answer


def _outcome(
    event: RegionalEvent,
    attendee_id: uuid.UUID,
    way: CheckInWay,
    at: datetime,
    device: str,
    actor: Actor,
    now: datetime,
) -> Outcome:
    try:
        received = receive(event, attendee_id, way, at, actor, now, device)
    except NotReceived as refusal:
        return refusal.outcome
    return Outcome.TAKEN if received.is_new else Outcome.ALREADY


def _answered(event_id: uuid.UUID, client_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Answer]:
    query = select(DeviceScan).where(
        DeviceScan.event_id == event_id, DeviceScan.client_id.in_(client_ids)
    )
    return {
        each.client_id: Answer(each.client_id, each.outcome, each.attendee_id)
        for each in db.session.scalars(query)
    }


def _keep(event_id: uuid.UUID, answer: Answer, now: datetime) -> None:
    statement = insert(DeviceScan).values(
        id=new_id(), event_id=event_id, client_id=answer.client_id,
        attendee_id=answer.attendee_id, outcome=answer.outcome, received_at=now,
    )  # fmt: skip
    insert_or_skip(db.session(), statement, ["event_id", "client_id"])
