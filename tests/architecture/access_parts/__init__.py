"""Lines of the access table, and the things they are about, one module for each part.

Each module has ``ROWS`` and ``add_things(world)``, which runs in an application context and notes
ids in ``world.ids``. Parts stand in the order in which their things build on each other.
"""

from __future__ import annotations

from tests.architecture.access_parts import (
    activity,
    blank_map,
    calls,
    coalitions,
    consortia,
    consortium_documents,
    encoders,
    event_floor,
    event_planning,
    event_programme,
    event_reception,
    event_registrations,
    event_reports,
    event_tables,
    event_tracks,
    exposure,
    groups,
    introductions,
    ledger,
    lineage,
    matches,
    meetings,
    minutes,
    pilots,
    proposals,
    releases,
    reviews,
    support_programmes,
    surveys,
    terms,
    writing,
)
from tests.architecture.access_rules import Row, Things

PARTS = (
    groups,
    activity,
    surveys,
    meetings,
    minutes,
    calls,
    proposals,
    reviews,
    event_planning,
    event_programme,
    event_tracks,
    event_registrations,
    event_tables,
    introductions,
    matches,
    coalitions,
    consortia,
    consortium_documents,
    support_programmes,
    lineage,
    blank_map,
    event_floor,
    event_reception,
    event_reports,
    ledger,
    exposure,
    releases,
    encoders,
    terms,
    writing,
    pilots,
)
ROWS: tuple[Row, ...] = tuple(row for part in PARTS for row in part.ROWS)


def add_things(world: Things) -> None:
    """Let every part add its things to the world."""
    for part in PARTS:
        part.add_things(world)
