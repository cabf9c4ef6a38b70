"""The tables of a pilot's plan: milestones, budget, indicators, each with its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matchmaker.core.clock import today
from matchmaker.partnering.pilots import plans, service
from matchmaker.partnering.pilots.domain import (
    MOST_BUDGET_LINES,
    MOST_INDICATORS,
    MOST_MILESTONES,
)
from matchmaker.partnering.pilots.indicators import RULES, IndicatorKind
from matchmaker.partnering.pilots.loading import OpenPilot
from matchmaker.partnering.pilots.models import Pilot
from matchmaker.partnering.pilots.plans import Row

USUAL_KINDS = (IndicatorKind.COLLECTED, IndicatorKind.RECYCLED, IndicatorKind.DISPOSED)
"""What the empty page proposes."""


@dataclass(frozen=True, slots=True)
class PlanTable:
    """What makes one table of a plan different from the others.

    Args:
        label: what its lines are, in Japanese.
        heads: headings of its columns, in Japanese.
        columns: names of its inputs; those of a line end with ``-<number of the line>``.
        most: how many lines it holds.
        stored: the lines as they are kept.
        save: reads the lines that were typed and keeps them; the last argument is the revision that
            the person saw. Raises what the commands of ``service`` raise.
    """

    label: str
    heads: tuple[str, ...]
    columns: tuple[str, ...]
    most: int
    stored: Callable[[Pilot], list[Row]]
    save: Callable[[OpenPilot, Sequence[Row], int], None]

    @property
    def empty(self) -> Row:
        """A line in which nothing stands."""
        return dict.fromkeys(self.columns, "")


def _milestones(pilot: Pilot) -> list[Row]:
    return [
        {"title": each.title, "due": str(each.due_on), "done": str(each.done_on or "")}
        for each in pilot.milestones
    ]


def _save_milestones(place: OpenPilot, rows: Sequence[Row], revision: int) -> None:
    pilot = place.pilot
    found = plans.read_milestones(rows, pilot.starts_on, pilot.ends_on, today(place.now))
    service.save_milestones(pilot, found, place.actor, place.now, expected_revision=revision)


def _budget(pilot: Pilot) -> list[Row]:
    return [
        {
            "label": each.label,
            "payer": each.payer,
            "planned": _yen(each.planned_yen),
            "actual": _yen(each.actual_yen),
        }
        for each in pilot.budget_lines
    ]


def _yen(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _save_budget(place: OpenPilot, rows: Sequence[Row], revision: int) -> None:
    found = plans.read_budget(rows)
    service.save_budget(place.pilot, found, place.actor, place.now, expected_revision=revision)


def _indicators(pilot: Pilot) -> list[Row]:
    """What is kept, or what most pilots count. A name that is the kind's own is left out."""
    stored: list[Row] = [
        {
            "id": str(each.id),
            "kind": each.kind.value,
            "name": "" if each.name == RULES[each.kind].label else each.name,
            "unit": each.unit,
            "baseline": _number(each.baseline),
            "goal": _number(each.goal),
            "public": "yes" if each.is_public else "",
        }
        for each in pilot.indicators
    ]
    empty = dict.fromkeys(INDICATORS.columns, "")
    return stored or [{**empty, "kind": kind.value} for kind in USUAL_KINDS]


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():,f}"


def _save_indicators(place: OpenPilot, rows: Sequence[Row], revision: int) -> None:
    found = plans.read_indicators(rows)
    service.save_indicators(place.pilot, found, place.actor, place.now, expected_revision=revision)


INDICATORS = PlanTable(
    "指標",
    ("数えるもの", "名前（空でもよい）", "単位", "基準", "目標", "公開"),
    ("id", "kind", "name", "unit", "baseline", "goal", "public"),
    MOST_INDICATORS,
    _indicators,
    _save_indicators,
)
PLAN_TABLES: Mapping[str, PlanTable] = {
    "milestones": PlanTable(
        "節目",
        ("内容", "期日", "できた日"),
        ("title", "due", "done"),
        MOST_MILESTONES,
        _milestones,
        _save_milestones,
    ),
    "budget": PlanTable(
        "予算",
        ("費目", "負担する団体", "予定（円）", "実績（円）"),
        ("label", "payer", "planned", "actual"),
        MOST_BUDGET_LINES,
        _budget,
        _save_budget,
    ),
    "indicators": INDICATORS,
}
"""By the word in the address of their page, which is the name of their template too."""
