"""Tracks as a general assembly usually has them. Pure.

Taken from the assembly of 2025: rooms of 200 and 200 seats, 30 % of them at desks, one seat on site
for each member, which large members found too few, so that more seats are released later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from matchmaker.regional_events.planning.domain import CAPACITY_MOST, Seating, TrackKind
from matchmaker.regional_events.planning.tracks.domain import PERCENT, TrackData, WaveData

USUAL_SEATS, USUAL_DESKS_PERCENT, USUAL_LIMIT, USUAL_LATER_LIMIT = 400, 30, 1, 3
FEWEST_SEATS = 2


@dataclass(frozen=True, slots=True)
class AssemblyPlan:
    """What the planner says.

    Args:
        seats: on site, in all rooms together; from 2 on.
        desks_percent: share of them at desks, from 0 to 100.
        limit: seats on site of one organisation at first.
        later_limit: from the wave on; None is no limit.
        release_at: when the wave is released; None for no wave.
        has_stream: whether there is a stream.
        has_archive: whether one may register for the recording alone.
    """

    seats: int = USUAL_SEATS
    desks_percent: int = USUAL_DESKS_PERCENT
    limit: int = USUAL_LIMIT
    later_limit: int | None = USUAL_LATER_LIMIT
    release_at: datetime | None = None
    has_stream: bool = True
    has_archive: bool = True


def plan_errors(plan: AssemblyPlan) -> dict[str, str]:
    """What has to be mended: messages by field name."""
    errors: dict[str, str] = {}
    if not FEWEST_SEATS <= plan.seats <= CAPACITY_MOST:
        errors["seats"] = f"{FEWEST_SEATS}から{CAPACITY_MOST:,}までの数で入れてください。"
    if not 0 <= plan.desks_percent <= PERCENT:
        errors["desks_percent"] = "0から100までの数で入れてください。"
    smallest = min((n for n in _split(plan) if n), default=0)
    if not 1 <= plan.limit <= max(smallest, 1):
        errors["limit"] = "1以上で、いちばん少ない席数までの数で入れてください。"
    more = plan.later_limit is None or plan.later_limit > plan.limit
    if plan.release_at is not None and not more:
        errors["later_limit"] = "最初より多い数を入れるか、空けてください。"
    return errors


def _split(plan: AssemblyPlan) -> tuple[int, int]:
    """Seats at desks and in rows; together always all seats."""
    desks = plan.seats * plan.desks_percent // PERCENT
    return desks, plan.seats - desks


def assembly_tracks(plan: AssemblyPlan) -> list[tuple[TrackData, Sequence[WaveData]]]:
    """The tracks of a plan without errors, each with its waves."""
    desks, chairs = _split(plan)
    waves = [WaveData(plan.release_at, None, plan.later_limit)] if plan.release_at else []
    rooms = [
        ("会場（机つきの席）", Seating.DESK, desks),
        ("会場（いすだけの席）", Seating.THEATRE, chairs),
    ]
    made: list[tuple[TrackData, Sequence[WaveData]]] = [
        (
            TrackData(
                TrackKind.ON_SITE, name, seating=seating, capacity=seats,
                per_organization_limit=plan.limit,
            ),
            waves,
        )
        for name, seating, seats in rooms
        if seats
    ]  # fmt: skip
    if plan.has_stream:
        made.append((TrackData(TrackKind.ONLINE, "オンライン"), ()))
    if plan.has_archive:
        made.append((TrackData(TrackKind.ARCHIVE, "後日の録画のみ"), ()))
    return made
