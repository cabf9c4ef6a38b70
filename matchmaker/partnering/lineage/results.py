"""What the pilots of a lineage reached so far: the end of the way from a need."""

from __future__ import annotations

from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.lineage.domain import RecordKind
from matchmaker.partnering.lineage.family import Family
from matchmaker.partnering.pilots import queries as pilots
from matchmaker.partnering.pilots.figures import IndicatorView, indicator_views
from matchmaker.partnering.pilots.policy import can_view_pilot
from matchmaker.partnering.pilots.presentation import goal_text

MOST_PILOTS = 10
"""Each pilot is read with all its reports; a need with more of them is not one case any more."""


def results_of(actor: Actor, family: Family) -> list[dict[str, Any]]:
    """Indicators of the pilots of a family, against their goals.

    Args:
        family: holds only what the person may see.

    Returns:
        A row each: ``indicator``, ``pilot``, ``goal``, ``total``. Who takes no part in a pilot gets
        the indicators that are public.
    """
    keys = [each.key for each in family.in_order() if each.key.kind is RecordKind.PILOT]
    rows: list[dict[str, Any]] = []
    for key in keys[:MOST_PILOTS]:
        pilot = pilots.get_whole(key.record_id)
        sees_all = can_view_pilot(actor, consortia.get(pilot.consortium_id))
        shown = [each for each in indicator_views(pilot) if sees_all or each.is_public]
        rows += [_row(pilot.title, each) for each in shown]
    return rows


def _row(title: str, view: IndicatorView) -> dict[str, Any]:
    estimate = "（推計を含む）" if view.has_estimate else ""
    total = "" if view.total is None else f"{view.total_text}{view.unit}{estimate}"
    return {"indicator": view.name, "pilot": title, "goal": goal_text(view), "total": total}
