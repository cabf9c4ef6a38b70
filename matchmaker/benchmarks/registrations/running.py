"""Runs of the figures: fresh events, everybody over HTTP, then the checks."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from flask import Flask

from config import Settings
from matchmaker.benchmarks.registrations.browser import Browser, Timings
from matchmaker.benchmarks.registrations.checking import Findings, findings_of
from matchmaker.benchmarks.registrations.filling import (
    Hall,
    Member,
    Party,
    add_halls,
    add_members,
    draw_parties,
)
from matchmaker.benchmarks.registrations.mailbox import Mailbox
from matchmaker.benchmarks.registrations.people import THREADS, Crowd, form_of, form_path
from matchmaker.benchmarks.registrations.staff_list import time_staff_list
from matchmaker.benchmarks.serving import Servers, served
from matchmaker.core import clock
from matchmaker.regional_events.registrations.forms import QUICKEST

MakeApp = Callable[[Settings], Flask]
SETTINGS = {"TRUSTED_PROXIES": "1", "WEB_THREADS": "4"}
"""Each person has an address of their own, as behind a proxy: rates are limited by address."""

PACE_A_MINUTE, PACE_TARGET_MS = 200, 300
MINUTE = 60.0
CRASH_RUN = 1000
PACED_RUN = 2000


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done.

    Args:
        seats: of the room, over both events of a run.
        processes: web processes.
        pace_seconds: how long the paced phase lasts; 0 leaves it out.
        rows: people of the staff's list; 0 leaves it out.
    """

    people: int
    seats: int
    processes: int
    runs: int
    pace_seconds: int
    rows: int


@dataclass(frozen=True, slots=True)
class Stage:
    """What stays for all runs."""

    app: Flask
    servers: Servers
    members: list[Member]
    staff: str
    size: Size


def run_registration_bench(
    make_app: MakeApp, size: Size, say: Callable[[str], None]
) -> dict[str, Any]:
    """Let people register again and again, once with all processes killed in the middle.

    Args:
        make_app: ``create_app``.
        say: hears of each run as it ends.

    Returns:
        ``runs`` (one row each), ``total``, ``crash``, ``paced`` and ``list``.
    """
    with served(size.processes, SETTINGS) as servers:
        app = make_app(servers.settings())
        members, staff = add_members(app, size.people)
        stage = Stage(app, servers, members, staff, size)
        servers.start()
        rows = [
            _told(say, f"run {number + 1}", _run(stage, number, is_killed=False))
            for number in range(size.runs)
        ]
        crash = _told(say, "kill -9", _run(stage, CRASH_RUN, is_killed=True))
        paced = _paced(stage) if size.pace_seconds else {}
        servers.stop()
        listed = time_staff_list(app, size.rows) if size.rows else {}
    return {"runs": rows, "total": _total(rows), "crash": crash, "paced": paced, "list": listed}


def _told(say: Callable[[str], None], name: str, row: dict[str, Any]) -> dict[str, Any]:
    say(line_of(name, row))
    return row


def _run(stage: Stage, number: int, *, is_killed: bool) -> dict[str, Any]:
    since, timings = clock.now(), Timings()
    halls = add_halls(stage.app, stage.size.seats, number)
    lot = random.Random(number)  # noqa: S311 - repeatable
    parties = draw_parties(halls, stage.members, stage.size.people, lot)

    def in_the_middle() -> None:
        if is_killed:
            stage.servers.kill()
            stage.servers.start()

    mailbox = Mailbox(stage.app, stage.servers.settings(), since)
    crowd = Crowd(stage.servers.urls, stage.staff, halls, mailbox, timings, number, in_the_middle)
    seconds = crowd.run(parties)
    found = _found(stage, halls, number)
    return {**asdict(found), "refused": len(crowd.refused), **_asked(timings, seconds)}


def _found(stage: Stage, halls: Sequence[Hall], number: int) -> Findings:
    reader = Browser(stage.servers.urls, Timings(), number)

    def fetch(path: str) -> tuple[int, str]:
        page = reader.get(path)
        return page.status, page.text

    events = [hall.event_id for hall in halls]
    return findings_of(stage.app, stage.servers.settings(), events, fetch)


def _asked(timings: Timings, seconds: float) -> dict[str, Any]:
    return {
        "failed": len(timings.failed),
        "repeated": timings.repeated,
        **_times(timings.posts),
        "requests_a_minute": round(timings.requests / seconds * MINUTE),
        "posts": len(timings.posts),
        "seconds": round(seconds, 1),
        "faults": timings.failed[:5],
    }


def _times(posts: list[float]) -> dict[str, float]:
    times = sorted(posts) or [0.0]
    return {
        "p50_ms": round(times[len(times) // 2] * 1000, 1),
        "p95_ms": round(times[int(len(times) * 0.95)] * 1000, 1),
    }


def _total(rows: list[dict[str, Any]]) -> dict[str, Any]:
    names = [*asdict(Findings()), "failed", "refused", "repeated", "posts"]
    total: dict[str, Any] = {name: sum(row[name] for row in rows) for name in names}
    for name in ("p50_ms", "p95_ms"):
        total[f"{name}_worst"] = max((row[name] for row in rows), default=0)
    return total


def _paced(stage: Stage) -> dict[str, Any]:
    """Forms sent at an even pace; each was fetched before."""
    count = round(PACE_A_MINUTE * stage.size.pace_seconds / MINUTE)
    halls = add_halls(stage.app, stage.size.seats, PACED_RUN)
    lot = random.Random(PACED_RUN)  # noqa: S311 - repeatable
    parties = draw_parties(halls, stage.members, 3 * count, lot)[:count]
    fetching, timings = Timings(), Timings()
    forms = [_fetched(stage, party, fetching) for party in parties]
    time.sleep(QUICKEST.total_seconds())
    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        sent = [
            pool.submit(_send_at, began + number * MINUTE / PACE_A_MINUTE, timings, *form)
            for number, form in enumerate(forms)
        ]
        for each in sent:
            each.result()
    seconds = time.perf_counter() - began
    times = _times(timings.posts)
    return {
        "registrations": len(timings.posts),
        "a_minute": round(len(timings.posts) / seconds * MINUTE),
        **times,
        "target_ms": PACE_TARGET_MS,
        "holds": times["p95_ms"] < PACE_TARGET_MS and not timings.failed,
    }


Fetched = tuple[Party, Browser, Mapping[str, str]]


def _fetched(stage: Stage, party: Party, timings: Timings) -> Fetched:
    session = party.member.session if party.member else ""
    browser = Browser(stage.servers.urls, timings, PACED_RUN * 10_000 + party.number, session)
    return party, browser, form_of(party, browser.get(form_path(party.hall)))


def _send_at(
    moment: float,
    timings: Timings,
    party: Party,
    browser: Browser,
    form: Mapping[str, str],
) -> None:
    time.sleep(max(0.0, moment - time.perf_counter()))
    browser.counting(timings).post(form_path(party.hall), form)


def line_of(name: str, row: Mapping[str, Any]) -> str:
    """One run as a line."""
    shown = (
        "confirmed", "oversold", "doubled", "unmailed", "order_violations", "failed", "refused",
        "repeated", "p50_ms", "p95_ms", "p50_ms_worst", "p95_ms_worst", "requests_a_minute",
    )  # fmt: skip
    return f"{name:8} " + "  ".join(f"{key} {row[key]}" for key in shown if key in row)


def render_registration_bench(result: Mapping[str, Any]) -> str:
    """The figures after the lines of the runs."""
    lines = [line_of("total", result["total"])]
    if result["paced"]:
        paced = result["paced"]
        lines.append(
            f"{paced['a_minute']} registrations a minute: p50 {paced['p50_ms']} ms, "
            f"p95 {paced['p95_ms']} ms (below {paced['target_ms']} ms: "
            f"{'yes' if paced['holds'] else 'no'})"
        )
    if result["list"]:
        lines.append(
            f"list of {result['list']['rows']:,} people (target {result['list']['target_ms']} ms):"
        )
        lines += [
            f"  {name}: p50 {page['p50_ms']} ms, p95 {page['p95_ms']} ms, "
            f"{page['queries']} statements"
            for name, page in result["list"]["pages"].items()
        ]
    return "\n".join(lines)
