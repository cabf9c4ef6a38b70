"""Where documents, support programmes and pilots join in, without consortia knowing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from matchmaker.core.actor import Actor
from matchmaker.partnering.consortia.models import Consortium

SECTIONS_KEY = "matchmaker.consortium_sections"
COSTS_KEY = "matchmaker.consortium_costs"
Context = Callable[[Consortium, Actor], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class ConsortiumSection:
    """A part of a consortium's page: a template and what it is filled with (None: leave it out).

    The template finds its context under ``found``.
    """

    template: str
    context: Context


def add_consortium_section(app: Flask, section: ConsortiumSection) -> None:
    """Show ``section`` on the page of each consortium, after those added before."""
    app.extensions.setdefault(SECTIONS_KEY, []).append(section)


def consortium_sections(consortium: Consortium, actor: Actor) -> list[tuple[str, Any]]:
    """Template and context of each section that has something to show for this consortium."""
    sections: list[ConsortiumSection] = current_app.extensions.get(SECTIONS_KEY, [])
    filled = [(each.template, each.context(consortium, actor)) for each in sections]
    return [(template, context) for template, context in filled if context is not None]


@dataclass(frozen=True, slots=True)
class PlannedCost:
    """What something costs and who pays.

    Args:
        payer: as written, not always a partner.
        yen: planned, tax included.
    """

    label: str
    payer: str
    yen: int


CostSource = Callable[[Consortium, Actor], Sequence[PlannedCost]]


def add_cost_source(app: Flask, source: CostSource) -> None:
    """Take planned costs of a consortium from ``source``, which gives only what its reader sees."""
    app.extensions.setdefault(COSTS_KEY, []).append(source)


def planned_costs(consortium: Consortium, actor: Actor) -> list[PlannedCost]:
    """What is planned to be paid, as later parts know it."""
    sources: list[CostSource] = current_app.extensions.get(COSTS_KEY, [])
    return [cost for source in sources for cost in source(consortium, actor)]
