"""Check-in by several devices at once: real server processes, a throw-away database, HTTP."""

from __future__ import annotations

import http.cookiejar
import json
import random
import re
import tempfile
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from matchmaker.accounts.service import create_user, grant_global_role
from matchmaker.benchmarks.serving import Servers
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, GlobalRole
from matchmaker.core.db import db, new_id
from matchmaker.regional_events.planning.content import EventData
from matchmaker.regional_events.planning.domain import EventState, Seating, TrackKind
from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.planning.service import create_event
from matchmaker.regional_events.reception.models import CheckIn
from matchmaker.regional_events.registrations.domain import (
    PersonData,
    RegistrationData,
    Source,
)
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.registrations.service import register

EMAIL, PASSWORD = "reception@meguriawase.example", "midori-no-yama-42"
BATCH = 20
"""People of one registration while the database is filled."""

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Hall:
    """What is to be done: the event's id and everybody's code."""

    event_id: uuid.UUID
    codes: Sequence[str]


def run_check_in_bench(make_app: Any, people: int, devices: int, processes: int) -> dict[str, Any]:
    """Let each device scan everybody in an order of its own.

    Args:
        make_app: ``create_app``.
        people: with a seat.
        devices: that scan at the same time.
        processes: web processes; devices are spread over them.

    Returns:
        ``people``, ``devices``, ``scans``, ``taken``, ``already``, ``rows``, ``doubled`` (people
        told twice that they were taken, or with two rows), ``seconds``, ``p50_ms``, ``p95_ms``.
    """
    with tempfile.TemporaryDirectory() as folder:
        servers = Servers(Path(folder), {}, processes)
        servers.flask("db", "upgrade")
        hall = _fill(make_app(servers.settings()), people)
        servers.start()
        try:
            began = time.perf_counter()
            with ThreadPoolExecutor(devices) as pool:
                urls = [servers.urls[number % processes] for number in range(devices)]
                told = list(pool.map(_device, urls, range(devices), [hall] * devices))
            seconds = time.perf_counter() - began
        finally:
            servers.stop()
        rows = _rows(make_app(servers.settings()), hall.event_id)
    return _figures(people, devices, [each for part in told for each in part], rows, seconds)


def _figures(
    people: int, devices: int, told: Sequence[tuple[str, float]], rows: int, seconds: float
) -> dict[str, Any]:
    times = sorted(took for _, took in told)
    taken = sum(outcome == "taken" for outcome, _ in told)
    return {
        "people": people,
        "devices": devices,
        "scans": len(told),
        "taken": taken,
        "already": sum(outcome == "already" for outcome, _ in told),
        "rows": rows,
        "doubled": max(0, taken - people) + max(0, rows - people),
        "seconds": round(seconds, 1),
        "p50_ms": round(times[len(times) // 2] * 1000, 1),
        "p95_ms": round(times[int(len(times) * 0.95)] * 1000, 1),
    }


def _fill(app: Flask, people: int) -> Hall:
    now = clock.now()
    with app.app_context():
        grant_global_role(
            create_user(EMAIL, "受付", PASSWORD, now), GlobalRole.SECRETARIAT, now=now
        )
        data = EventData(
            name="計測の総会", starts_at=now, ends_at=now + timedelta(hours=3), opens_at=now
        )
        event = create_event(data, SYSTEM, now)
        event.state, event.published_at = EventState.PUBLISHED, now
        room = Track(
            id=new_id(), event_id=event.id, position=0, kind=TrackKind.ON_SITE, name="会場",
            seating=Seating.THEATRE, capacity=people, questions=[],
        )  # fmt: skip
        db.session.add(room)
        db.session.flush()
        for first in range(0, people, BATCH):
            names = [f"参加者{number}" for number in range(first, min(first + BATCH, people))]
            register(event, _registration(names, room.id), SYSTEM, now)
        codes = db.session.scalars(select(Attendee.code).order_by(Attendee.id)).all()
        db.session.commit()
        hall = Hall(event.id, codes)
        db.session.remove()
        db.engine.dispose()
    return hall


def _registration(names: Sequence[str], room_id: uuid.UUID) -> RegistrationData:
    return RegistrationData(
        people=[PersonData(name=name, track_id=room_id) for name in names],
        contact_name=names[0],
        contact_email="",
        submission_key=new_id().hex,
        source=Source.DESK,
    )


def _rows(app: Flask, event_id: uuid.UUID) -> int:
    with app.app_context():
        query = select(func.count(CheckIn.id)).where(CheckIn.event_id == event_id)
        found = db.session.scalar(query) or 0
        db.session.remove()
        db.engine.dispose()
    return found


def _device(url: str, number: int, hall: Hall) -> list[tuple[str, float]]:
    """One device: sign in, then scan everybody; outcome and seconds of each scan."""
    opener = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )
    page = opener.open(f"{url}/sign-in", timeout=TIMEOUT_SECONDS).read().decode()
    found = TOKEN.search(page)
    fields = {"email": EMAIL, "password": PASSWORD, "csrf_token": found[1] if found else ""}
    opener.open(f"{url}/sign-in", urllib.parse.urlencode(fields).encode(), timeout=TIMEOUT_SECONDS)
    door = f"{url}/regional-events/{hall.event_id}/reception"
    token = json.load(opener.open(f"{door}/state", timeout=TIMEOUT_SECONDS))["csrf"]
    codes = random.Random(number).sample(hall.codes, len(hall.codes))  # noqa: S311 - repeatable
    return list(_scans(opener, door, token, f"受付{number + 1}", codes))


def _scans(
    opener: urllib.request.OpenerDirector, door: str, token: str, name: str, codes: Sequence[str]
) -> Iterator[tuple[str, float]]:
    headers = {"Content-Type": "application/json", "X-CSRFToken": token}
    for code in codes:
        body = {"device_name": name, "scans": [{"id": str(uuid.uuid4()), "code": code}]}
        request = urllib.request.Request(f"{door}/scans", json.dumps(body).encode(), headers)  # noqa: S310
        began = time.perf_counter()
        answer = json.load(opener.open(request, timeout=TIMEOUT_SECONDS))
        yield answer["results"][0]["outcome"], time.perf_counter() - began


def render_check_in_bench(result: Mapping[str, Any]) -> str:
    """The figures in lines for people."""
    return "\n".join(f"{name:10} {value}" for name, value in result.items())


def check_in_command(make_app: Callable[[Settings], Flask]) -> click.Command:
    """The command that lets devices check people in; it makes applications by ``make_app``."""

    @click.command("check-in")
    @click.option("--people", type=click.IntRange(1, 5000), default=500, show_default=True)
    @click.option("--devices", type=click.IntRange(1, 32), default=4, show_default=True)
    @click.option("--processes", type=click.IntRange(1, 8), default=2, show_default=True)
    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    def check_in(people: int, devices: int, processes: int, as_json: bool) -> None:
        """Scan everybody with each of several devices at once, over HTTP."""
        result = run_check_in_bench(make_app, people, devices, processes)
        text = json.dumps(result, ensure_ascii=False) if as_json else render_check_in_bench(result)
        click.echo(text)

    return check_in
