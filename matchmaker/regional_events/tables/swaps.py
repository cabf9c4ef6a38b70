"""Changing a version by hand, and bringing an earlier one back: always as a new version."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.matching.engine import MatchingEngine
from matchmaker.regional_events.tables import queries
from matchmaker.regional_events.tables.domain import VersionCause, VersionState
from matchmaker.regional_events.tables.models import TablePlan, TableVersion
from matchmaker.regional_events.tables.room import (
    RoomPlan,
    begun_slots,
    load_people,
    make_room,
    seating_from,
)
from matchmaker.regional_events.tables.seating import AWAY, Numbers
from matchmaker.regional_events.tables.solver import judged
from matchmaker.regional_events.tables.versions import add_version, settings_of_version, store

RULES = {
    "more people than seats": "そのテーブルには、空いている席がありません。",
    "more than one secretariat seat": "事務局の人は、1つのテーブルに1人までです。",
    "one organisation only": "テーブルにいるのが、1つの団体の人だけになります。",
    "people who refuse each other": "同じテーブルにしないよう頼まれている組み合わせです。",
    "a pair sits together again": "ほかの回で同じテーブルになる組み合わせです。",
    "no such table": "そのテーブルはありません。",
}


@dataclass(frozen=True, slots=True)
class Swap:
    """A change by hand.

    Args:
        slot: from 1.
        guest_id: who is to sit elsewhere.
        other_id: with whom to change places; None to go to ``table``.
        table: from 1; 0 for nowhere.
        reason: why, for the record.
    """

    slot: int
    guest_id: uuid.UUID
    other_id: uuid.UUID | None
    table: int
    reason: str


def swap(
    plan: TablePlan,
    version: TableVersion,
    wanted: Swap,
    engine: MatchingEngine,
    actor: Actor,
    now: datetime,
) -> TableVersion:
    """A new version in which one or two people sit elsewhere in one slot.

    Raises:
        ProductError: no reason, nothing to change, a slot that has begun, or a broken rule (the
            message says which).
    """
    if not wanted.reason.strip():
        raise ProductError("理由を入れてください。", "reason")
    room, seating = _as_it_is(version, engine, now)
    changed = _changed(room, seating, wanted)
    before, after = judged(room.problem, seating), judged(room.problem, changed)
    broken = [each for each in after.violations if each not in before.violations]
    if broken:
        rule = broken[0].partition(": ")[2]
        raise ProductError(RULES.get(rule, "この変更はできません。"), "guest")
    made = add_version(
        plan, VersionCause.SWAPPED, version, actor, now,
        present_only=version.present_only, fixed_slots=room.problem.first_open,
        reason=wanted.reason.strip(),
    )  # fmt: skip
    made.settings = version.settings
    store(made, room, after, now)
    return made


def restore(
    plan: TablePlan, version: TableVersion, engine: MatchingEngine, actor: Actor, now: datetime
) -> TableVersion:
    """A new version with the seats of an earlier one, so that it can be released again.

    Raises:
        Conflict: the version is not done.
    """
    if version.state is not VersionState.READY:
        raise Conflict("この座席表は、まだできあがっていません。")
    room, seating = _as_it_is(version, engine, now)
    made = add_version(
        plan, VersionCause.RESTORED, version, actor, now, fixed_slots=version.fixed_slots
    )
    made.settings = version.settings
    store(made, room, judged(room.problem, seating), now)
    return made


def _as_it_is(
    version: TableVersion, engine: MatchingEngine, now: datetime
) -> tuple[RoomPlan, Numbers]:
    settings = settings_of_version(version)
    event = queries.event_of_plan(version.plan_id)
    seats = queries.seats_of(version.id)
    people = load_people(event.id, version.plan_id, seats, present_only=version.present_only)
    seating = seating_from(seats, people, settings.slots)
    room = make_room(
        engine, people, settings,
        previous=seating, fixed_slots=begun_slots(settings, now), keeps=True,
    )  # fmt: skip
    return room, seating


def _changed(room: RoomPlan, seating: Numbers, wanted: Swap) -> Numbers:
    if not room.problem.first_open < wanted.slot <= room.problem.slots:
        raise ProductError("始まった回は変えられません。", "slot")
    person = _place(room, wanted.guest_id)
    changed, slot = seating.copy(), wanted.slot - 1
    if wanted.other_id is not None:
        other = _place(room, wanted.other_id)
        changed[slot, person], changed[slot, other] = seating[slot, other], seating[slot, person]
    else:
        changed[slot, person] = wanted.table - 1 if wanted.table else AWAY
    if (changed == seating).all():
        raise ProductError("いまの座席と同じです。", "guest")
    return changed


def _place(room: RoomPlan, guest_id: uuid.UUID) -> int:
    for number, person in enumerate(room.people):
        if person.guest_id == guest_id:
            return number
    raise ProductError("人を選んでください。", "guest")
