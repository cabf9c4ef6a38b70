"""Making versions of a plan: asked for, solved (here or by the worker), stored. Never changed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.matching.engine import MatchingEngine
from matchmaker.regional_events.tables import queries
from matchmaker.regional_events.tables.domain import (
    DIRECT_PEOPLE,
    PEOPLE_MOST,
    PlanSettings,
    VersionCause,
    VersionState,
)
from matchmaker.regional_events.tables.events import TablesAssigned
from matchmaker.regional_events.tables.models import (
    TableMeeting,
    TablePlan,
    TableSeat,
    TableVersion,
)
from matchmaker.regional_events.tables.room import (
    RoomPlan,
    begun_slots,
    load_people,
    make_room,
    seating_from,
    shortfalls_of,
)
from matchmaker.regional_events.tables.seating import AWAY, Numbers, SeatingPlan
from matchmaker.regional_events.tables.solver import solve

DIRECT_SECONDS, WORKER_SECONDS = 2.0, 2.9


def settings_of(plan: TablePlan) -> PlanSettings:
    """The present settings of a plan."""
    return PlanSettings(
        plan.first_starts_at, plan.slot_minutes, plan.break_minutes, plan.slots, plan.tables,
        plan.seats, plan.opt_in_until, plan.note,
    )  # fmt: skip


def settings_as_json(settings: PlanSettings) -> dict[str, Any]:
    """Settings as a version keeps them."""
    values = asdict(settings)
    for name in ("first_starts_at", "opt_in_until"):
        values[name] = values[name].isoformat() if values[name] else None
    return values


def settings_of_version(version: TableVersion) -> PlanSettings:
    """The settings with which a version was made."""
    values = dict(version.settings)
    for name in ("first_starts_at", "opt_in_until"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    return PlanSettings(**values)


def ask_for_version(
    plan: TablePlan, actor: Actor, now: datetime, *, at_the_door: bool = False
) -> TableVersion:
    """Ask for a new version; it is made by :func:`make_version`, or by the worker.

    Args:
        plan: with its event.
        actor: who asks.
        now: slots that have begun by then stay as they are in the version in force.
        at_the_door: seat only those who are there, and change as little as possible.

    Raises:
        ProductError: nobody takes part, too many do, or there is no plan to start from.
        Conflict: one is being made already.
    """
    people = queries.count_taking_part(plan.id)
    if not people:
        raise ProductError("まだだれも参加していません。参加する人が決まってから作ってください。")
    if people > PEOPLE_MOST:
        raise ProductError(f"一度に作れるのは{PEOPLE_MOST}人までです。")
    if any(each.state is VersionState.WANTED for each in queries.versions_of(plan.id)):
        raise Conflict("いま作っている座席表があります。できあがるまでお待ちください。")
    base = queries.version_in_force(plan.id) or queries.newest_ready(plan.id)
    if at_the_door and base is None:
        raise ProductError("もとになる座席表がまだありません。はじめに座席表を作ってください。")
    fixed = begun_slots(settings_of(plan), now) if base is not None and _runs(plan, base) else 0
    if fixed >= plan.slots:
        raise ProductError("すべての回が始まっているため、座席表は作れません。")
    cause = VersionCause.RESOLVED if at_the_door else VersionCause.SOLVED
    return add_version(plan, cause, base, actor, now, present_only=at_the_door, fixed_slots=fixed)


def _runs(plan: TablePlan, base: TableVersion) -> bool:
    """Whether people sit by this version, with the times of the present settings."""
    same_times = settings_of_version(base).first_starts_at == plan.first_starts_at
    return base.release is not None and same_times


def add_version(
    plan: TablePlan,
    cause: VersionCause,
    base: TableVersion | None,
    actor: Actor,
    now: datetime,
    *,
    present_only: bool = False,
    fixed_slots: int = 0,
    reason: str = "",
) -> TableVersion:
    """Add a version that is still to be filled."""
    last = select(func.max(TableVersion.number)).where(TableVersion.plan_id == plan.id)
    version = TableVersion(
        id=new_id(), plan_id=plan.id, number=(db.session.scalar(last) or 0) + 1,
        state=VersionState.WANTED, cause=cause, based_on_id=base.id if base else None,
        settings=settings_as_json(settings_of(plan)), present_only=present_only,
        fixed_slots=fixed_slots, reason=reason, actor_name=actor.name, created_at=now,
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    details = {"version": version.number, "cause": cause.value}
    record(
        TablesAssigned(
            actor=actor, now=now, subject_id=plan.event_id, reason=reason, details=details
        )
    )
    return version


def is_direct(plan_id: uuid.UUID) -> bool:
    """Whether a version is made at once, since it takes less than two seconds."""
    return queries.count_taking_part(plan_id) <= DIRECT_PEOPLE


def room_of(version: TableVersion, engine: MatchingEngine) -> RoomPlan:
    """The problem that a version solves, from what is known now."""
    event = queries.event_of_plan(version.plan_id)
    settings = settings_of_version(version)
    seats = queries.seats_of(version.based_on_id) if version.based_on_id else []
    keeps = version.cause is not VersionCause.SOLVED
    counted = seats if keeps else [seat for seat in seats if seat.slot <= version.fixed_slots]
    people = load_people(event.id, version.plan_id, counted, present_only=version.present_only)
    previous = seating_from(seats, people, settings.slots) if seats else None
    return make_room(
        engine, people, settings,
        previous=previous, fixed_slots=version.fixed_slots if seats else 0, keeps=keeps,
    )  # fmt: skip


def make_version(
    version: TableVersion, engine: MatchingEngine, now: datetime, seconds: float = DIRECT_SECONDS
) -> None:
    """Solve and store a version within the present transaction."""
    room = room_of(version, engine)
    store(version, room, solve(room.problem, seconds), now)


def store(version: TableVersion, room: RoomPlan, plan: SeatingPlan, now: datetime) -> None:
    """Write a solved version down; one that is there already stays as it is."""
    if version.state is not VersionState.WANTED:
        return
    write_seats(version, room, plan.seating)
    version.figures = figures_of(room, plan)
    version.shortfalls = shortfalls_of(room, plan)
    version.state, version.ready_at = VersionState.READY, now
    db.session.flush()


def figures_of(room: RoomPlan, plan: SeatingPlan) -> dict[str, Any]:
    """What is told of a plan, in numbers."""
    guests = room.problem.present & ~room.problem.secretariat
    meetings = plan.meetings[guests]
    return {
        "people": int(guests.sum()),
        "secretariat": int((room.problem.present & room.problem.secretariat).sum()),
        "with_two": int((meetings >= room.problem.wanted).sum()),
        "with_one": int((meetings == 1).sum()),
        "with_none": int((meetings == 0).sum()),
        "value": round(plan.value, 3),
        "bound": round(plan.bound, 3),
        "seats": plan.seats_used,
        "changes": plan.changes,
        "seconds": round(plan.seconds, 2),
    }


def write_seats(version: TableVersion, room: RoomPlan, seating: Numbers) -> None:
    """Seats, and the meetings of worth among them with their posts."""
    seats = [
        {
            "id": new_id(), "version_id": version.id, "slot": slot + 1,
            "table": int(seating[slot, person]) + 1, "guest_id": room.people[person].guest_id,
        }
        for slot in range(seating.shape[0])
        for person in range(seating.shape[1])
        if seating[slot, person] != AWAY
    ]  # fmt: skip
    if seats:
        db.session.execute(insert(TableSeat), seats)
    meetings = [
        row
        for slot in range(seating.shape[0])
        for row in _meetings_in(version.id, slot, room, seating[slot])
    ]
    if meetings:
        db.session.execute(insert(TableMeeting), meetings)


def _meetings_in(
    version_id: uuid.UUID, slot: int, room: RoomPlan, row: Numbers
) -> Sequence[dict[str, Any]]:
    worth = room.problem.worth()
    together = (row[:, None] == row[None, :]) & (row[:, None] != AWAY)
    found = []
    for one, other in zip(*((worth > 0) & together).nonzero(), strict=True):
        if one > other:
            continue
        first, second = (one, other) if (one, other) in room.pairs else (other, one)
        need_id, offering_id = room.pairs.get((int(first), int(second)), (None, None))
        found.append(
            {
                "id": new_id(), "version_id": version_id, "slot": slot + 1,
                "first_id": room.people[first].guest_id,
                "second_id": room.people[second].guest_id,
                "need_id": need_id, "offering_id": offering_id,
            }
        )  # fmt: skip
    return found
