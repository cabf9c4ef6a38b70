"""Server time of the staff's list of people with many registrations."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import insert

from matchmaker.accounts.service import create_user, grant_global_role
from matchmaker.benchmarks.pages import client_of, time_page
from matchmaker.benchmarks.registrations.filling import add_halls
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, GlobalRole
from matchmaker.core.db import db, new_id
from matchmaker.regional_events.registrations.checking import repair_counters
from matchmaker.regional_events.registrations.domain import AttendeeState, Source
from matchmaker.regional_events.registrations.drafting import new_code
from matchmaker.regional_events.registrations.models import Attendee, Registration

ROUNDS = 30
TARGET_MS = 150
SEARCH = "?q=参加者12&sort=name"


def time_staff_list(app: Flask, rows: int) -> dict[str, Any]:
    """The list's first page, its last, and a search, with so many people on the room's seats.

    Returns:
        ``rows``, ``target_ms`` and per page ``p50_ms``, ``p95_ms``, ``queries``.
    """
    hall = add_halls(app, 4 * rows, run=0)[0]
    with app.app_context():
        user = create_user("list@meguriawase.example", "名簿の係", None, clock.now())
        grant_global_role(user, GlobalRole.SECRETARIAT, now=clock.now())
        _add_people(hall.event_id, hall.room_id, rows, clock.now())
        who = user.fs_uniquifier
        db.session.commit()
        db.session.remove()
    base = f"/regional-events/{hall.event_id}/registrations"
    pages = {"first page": base, "last page": f"{base}?page=100000", "search": base + SEARCH}
    client = client_of(app, who)
    timed: dict[str, Mapping[str, float]] = {
        name: time_page(app, client, path, ROUNDS) for name, path in pages.items()
    }
    return {"rows": rows, "target_ms": TARGET_MS, "pages": timed}


def _add_people(event_id: uuid.UUID, room_id: uuid.UUID, rows: int, now: datetime) -> None:
    ids = [new_id() for _ in range(rows)]
    db.session.execute(
        insert(Registration),
        [_registration(event_id, id_, number, now) for number, id_ in enumerate(ids, start=1)],
    )
    db.session.execute(
        insert(Attendee),
        [_attendee(event_id, room_id, id_, n, now) for n, id_ in enumerate(ids, start=1)],
    )
    repair_counters(event_id, "計測のための登録", SYSTEM, now)


def _registration(
    event_id: uuid.UUID, id_: uuid.UUID, number: int, now: datetime
) -> dict[str, Any]:
    return {
        "id": id_, "event_id": event_id, "number": number, "category": "citizen",
        "contact_name": f"参加者{number}", "contact_email": f"list{number}@guest.example",
        "source": Source.SELF, "confirmed_at": now, "submission_key": id_.hex,
        "created_at": now, "updated_at": now,
    }  # fmt: skip


def _attendee(
    event_id: uuid.UUID, room_id: uuid.UUID, id_: uuid.UUID, number: int, now: datetime
) -> dict[str, Any]:
    email = f"list{number}@guest.example"
    return {
        "id": new_id(), "registration_id": id_, "event_id": event_id, "position": 1,
        "category": "citizen", "prefecture": "愛知県", "name": f"参加者{number}",
        "kana": f"サンカシャ{number}", "email": email, "person_key": email,
        "state": AttendeeState.CONFIRMED, "track_id": room_id, "wanted_track_id": room_id,
        "code": new_code(), "seated_at": now, "created_at": now, "updated_at": now,
    }  # fmt: skip
