"""Time and quality of the matching tables, with people made of the posts of the demo."""

from __future__ import annotations

import dataclasses
import json
import statistics
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import click
from flask import Flask
from sqlalchemy import select

from config import Settings
from matchmaker.benchmarks.throwaway import throwaway_app
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.core.settings import current_settings
from matchmaker.matching.engine import engine_of
from matchmaker.matching.jobs import process_index_queue
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.posts.domain import PostState
from matchmaker.regional_events.tables import solver
from matchmaker.regional_events.tables.domain import PlanSettings
from matchmaker.regional_events.tables.room import Person, RoomPlan, make_room
from matchmaker.regional_events.tables.seating import SeatingPlan
from matchmaker.seeding.loading import seed

SEATS, SLOTS = 6, 4
ONE_IN = 40
"""One person in so many sits in for the secretariat; one in twenty refuses an organisation."""

POSTS_A_PERSON = 2
MakeApp = Callable[[Settings], Flask]


def run_table_bench(
    make_app: MakeApp, settings: Settings, people: int, rounds: int = 3
) -> dict[str, Any]:
    """Seat people with the posts of the demo and compare with lots and with a greedy plan.

    Args:
        make_app: ``create_app``.
        settings: settings to start from; database and files go into a temporary folder.
        people: how many people there are; each brings up to two posts of an organisation.
        rounds: how often the room is read and solved.

    Returns:
        ``seconds_*`` from the posts to the seats (median and largest of the rounds, reading of the
        ranking included), ``value`` beside that of lots, greedy and the upper bound, people with at
        least two meetings, and ``violations``, which is 0 for a plan that may be given out.
    """
    with throwaway_app(make_app, settings) as (app, changed), app.app_context():
        now = clock.now()
        seed(changed, now)
        process_index_queue(now)
        members = _people(people)
        engine_of(app).index()
        plans, seconds, reading = [], [], []
        for _ in range(rounds):
            started = time.perf_counter()
            room = make_room(engine_of(app), members, _settings(people, now))
            reading.append(time.perf_counter() - started)
            plans.append(solver.solve(room.problem))
            seconds.append(time.perf_counter() - started)
        return {
            "people": people,
            "model": engine_of(app).encoder is not None,
            "seconds_median": round(statistics.median(seconds), 2),
            "seconds_max": round(max(seconds), 2),
            "reading_seconds": round(statistics.median(reading), 2),
            **_compared(room, plans),
        }


def _compared(room: RoomPlan, plans: Sequence[SeatingPlan]) -> dict[str, Any]:
    plan, guests = plans[-1], ~room.problem.secretariat
    reachable = ((room.problem.worth() > 0).sum(axis=1) >= room.problem.wanted) & guests
    return {
        "guests": int(guests.sum()),
        "two_meetings": int((plan.meetings[guests] >= room.problem.wanted).sum()),
        "two_possible": int(reachable.sum()),
        "violations": len(solver.judged(room.problem, plan.seating).violations),
        "value": round(plan.value, 2),
        "value_by_lot": round(solver.by_chance(room.problem).value, 2),
        "value_greedy": round(solver.greedy(room.problem).value, 2),
        "bound": round(plan.bound, 2),
        "gap": round(plan.gap, 3),
        "seats": plan.seats_used,
        "moves": plan.moves,
        "same_each_round": all((each.seating == plan.seating).all() for each in plans),
        "door": _door(room, plan),
    }


def _door(room: RoomPlan, plan: SeatingPlan) -> dict[str, Any]:
    """One in twenty does not come: the plan again, for the second slot and later."""
    present = room.problem.present.copy()
    present[::20] = False
    again = dataclasses.replace(
        room.problem, present=present, fixed=plan.seating[:1], previous=plan.seating
    )
    solved = solver.solve(again)
    return {
        "absent": int((~present).sum()),
        "changes": solved.changes,
        "seats_open": int((plan.seating[1:] >= 0)[:, present].sum()),
        "violations": len(solver.judged(again, solved.seating).violations),
        "seconds": round(solved.seconds, 2),
    }


def _settings(people: int, now: datetime) -> PlanSettings:
    return PlanSettings(now, 20, 5, SLOTS, max(1, -(-people // SEATS)), SEATS)


def _people(count: int) -> list[Person]:
    """People with the published posts of the demo, needs and offerings in turn; when there are more
    people than posts, the posts come again, each time for an organisation of its own."""
    sides: list[list[tuple[uuid.UUID, tuple[Any, ...]]]] = []
    models: tuple[type[Any], ...] = (Need, Offering)
    for model in models:
        rows = db.session.scalars(
            select(model).where(model.state == PostState.PUBLISHED).order_by(model.title, model.id)
        ).all()
        own: dict[uuid.UUID, list[Any]] = {}
        for row in rows:
            own.setdefault(row.organization_id, []).append(row)
        sides.append(
            [
                (organization, tuple(posts[start : start + POSTS_A_PERSON]))
                for organization, posts in own.items()
                for start in range(0, len(posts), POSTS_A_PERSON)
            ]
        )
    return [_person(number, sides) for number in range(count)]


def _person(number: int, sides: Sequence[Sequence[tuple[uuid.UUID, tuple[Any, ...]]]]) -> Person:
    kind, place = number % 2, number // 2
    organization, posts = sides[kind][place % len(sides[kind])]
    is_staff = number % ONE_IN == ONE_IN - 1
    refused = sides[1 - kind][(place + 7) % len(sides[1 - kind])][0]
    return Person(
        uuid.UUID(int=number + 1),
        f"{organization}:{place // len(sides[kind])}",
        organization,
        is_member=True,
        is_secretariat=is_staff,
        is_present=True,
        needs=posts if kind == 0 and not is_staff else (),
        offerings=posts if kind == 1 and not is_staff else (),
        avoid=frozenset({refused} if number % (ONE_IN // 2) == 1 else ()),
    )


def render_table_bench(result: Mapping[str, Any]) -> str:
    """The figures as lines for people."""
    door = result["door"]
    return "\n".join(
        (
            f"people: {result['people']}  ({result['guests']} guests, the rest secretariat)",
            f"seconds: median {result['seconds_median']}, max {result['seconds_max']}"
            f" (reading the ranking: {result['reading_seconds']})",
            f"two meetings or more: {result['two_meetings']}"
            f" (possible for {result['two_possible']})",
            f"violations: {result['violations']}",
            f"value: {result['value']}  by lot: {result['value_by_lot']}"
            f"  greedy: {result['value_greedy']}  no plan above: {result['bound']}"
            f"  gap at most: {result['gap']}",
            f"at the door: {door['absent']} absent, {door['changes']} of {door['seats_open']} seats"
            f" changed, {door['violations']} violations, {door['seconds']} s",
        )
    )


def table_command(make_app: MakeApp) -> click.Command:
    """The command that measures the matching tables."""

    @click.command("tables")
    @click.option("--people", type=click.IntRange(1, 400), default=200, show_default=True)
    @click.option("--rounds", type=click.IntRange(1, 50), default=3, show_default=True)
    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    def tables(people: int, rounds: int, as_json: bool) -> None:
        """Seat people with the posts of the demo; print time, value, bound and violations."""
        result = run_table_bench(make_app, current_settings(), people, rounds)
        text = json.dumps(result, ensure_ascii=False) if as_json else render_table_bench(result)
        click.echo(text)

    return tables
