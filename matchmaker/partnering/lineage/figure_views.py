"""The figures from needs to pilots: for the coordinators, and for everybody without small ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor, public
from matchmaker.core.clock import today
from matchmaker.core.downloads import download
from matchmaker.core.spreadsheets.writing import XLSX, write_xlsx
from matchmaker.partnering.lineage import policy
from matchmaker.partnering.lineage.figure_exports import part_table, stage_table, stop_table
from matchmaker.partnering.lineage.figure_facts import all_needs, all_stops
from matchmaker.partnering.lineage.figures import (
    GROUPING_LABELS,
    STAGE_LABELS,
    STAGES,
    Figures,
    Grouping,
    NeedFacts,
    figures_of,
    parts_of,
    selected,
)
from matchmaker.partnering.lineage.suppression import SMALLEST_SHOWN, ShownColumn, shown_tables

WORD_LENGTH = 60
blueprint = Blueprint("introduction_figures", __name__, url_prefix="/introduction-figures")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for.

    Args:
        grouping: by what the figures are broken down.
        wanted: one word of each grouping that narrows them.
    """

    grouping: Grouping
    wanted: Mapping[Grouping, str]


def chosen() -> Chosen:
    """The conditions of the address; words that mean nothing are left out."""
    by = request.args.get("by", "")
    grouping = Grouping(by) if by in {each.value for each in Grouping} else Grouping.HALF
    words = {each: request.args.get(each.value, "")[:WORD_LENGTH].strip() for each in Grouping}
    return Chosen(grouping, {each: word for each, word in words.items() if word})


@blueprint.get("")
def index() -> str:
    """All figures, with conditions in the address."""
    authorize(policy.can_see_figures(current_actor()))
    asked, needs = chosen(), all_needs()
    return render_template(
        "introduction_figures/index.html",
        asked=asked,
        figures=_figures(needs, asked),
        options=_options(needs),
        groupings=GROUPING_LABELS,
        stages=STAGES,
        stage_labels=STAGE_LABELS,
        has_needs=bool(needs),
    )


def _figures(needs: Sequence[NeedFacts], asked: Chosen) -> Figures:
    return figures_of(selected(needs, asked.wanted), asked.grouping, all_stops())


def _options(needs: Sequence[NeedFacts]) -> dict[Grouping, list[str]]:
    """The words that occur, for each grouping."""
    words = {
        each: {word for need in needs for word in need.parts.get(each, ())} for each in Grouping
    }
    return {each: sorted(found) for each, found in words.items()}


@blueprint.get("/export/<any(stages, parts, stops):table>")
def export(table: str) -> Response:
    """One of the tables as an Excel file, with the same conditions."""
    authorize(policy.can_see_figures(current_actor()))
    asked, now = chosen(), clock.now()
    figures = _figures(all_needs(), asked)
    made = {
        "stages": lambda: stage_table(figures, asked.wanted, now),
        "parts": lambda: part_table(figures, asked.grouping, asked.wanted, now),
        "stops": lambda: stop_table(figures, asked.wanted, now),
    }[table]()
    return download(write_xlsx(made), f"{made.title}_{today(now)}.xlsx", XLSX)


@dataclass(frozen=True, slots=True)
class PublicTable:
    """A breakdown as everybody reads it; None stands for a small or hidden number."""

    title: str
    labels: Sequence[str]
    columns: Sequence[ShownColumn]


@blueprint.get("/public")
@public
def overview() -> str:
    """Sums for everybody: no conditions, so that no two answers can be subtracted."""
    needs = all_needs()
    figures = figures_of(needs, Grouping.HALF, {})
    tables = public_tables(needs)
    return render_template(
        "introduction_figures/public.html",
        tables=tables,
        totals=public_totals(tables, figures),
        medians=[
            each.median_days if each.measured >= SMALLEST_SHOWN else None for each in figures.stages
        ],
        stages=STAGES,
        stage_labels=STAGE_LABELS,
    )


def public_tables(needs: Sequence[NeedFacts]) -> list[PublicTable]:
    """The breakdowns of all needs, small numbers hidden."""
    parts = {grouping: parts_of(needs, grouping) for grouping in Grouping}
    columns = {
        grouping.value: [[part.records[stage] for part in found] for stage in STAGES]
        for grouping, found in parts.items()
    }
    shown = shown_tables(columns)
    return [
        PublicTable(
            GROUPING_LABELS[grouping], [part.label for part in found], shown[grouping.value]
        )
        for grouping, found in parts.items()
    ]


def public_totals(tables: Sequence[PublicTable], figures: Figures) -> list[int | None]:
    """How many records of each stage there are, where neither the number nor a column is small."""
    columns = tables[0].columns if tables else ()
    return [
        None if column.total is None or 0 < each.records < SMALLEST_SHOWN else each.records
        for column, each in zip(columns, figures.stages, strict=False)
    ]
