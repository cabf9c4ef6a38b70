"""Pages of figures: all events for the coordinators, one event for its staff."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, render_template, request

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.downloads import download
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.core.spreadsheets.writing import XLSX, OutTable, write_xlsx
from matchmaker.core.text import whole_number
from matchmaker.regional_events.planning.domain import KIND_LABELS, EventKind
from matchmaker.regional_events.planning.loading import open_to_plan
from matchmaker.regional_events.reports import comparing, exports, overview
from matchmaker.regional_events.reports.comparing import GROUPING_LABELS, Grouping
from matchmaker.regional_events.reports.costs import costs_of, sums_of
from matchmaker.regional_events.reports.curves import draw
from matchmaker.regional_events.reports.figures import figures_of
from matchmaker.regional_events.reports.overview import OverviewFilter
from matchmaker.regional_events.reports.policy import can_compare_events
from matchmaker.regional_events.reports.views import blueprint as report_blueprint

blueprint = Blueprint("event_overview", __name__, url_prefix="/event-overview")


def wanted_filter() -> OverviewFilter:
    """What the address narrows the overview to; anything unknown narrows nothing."""
    args = request.args
    kind, prefecture = args.get("kind", ""), args.get("prefecture", "")
    return OverviewFilter(
        fiscal_year=_year(args.get("fiscal_year")),
        series_id=_id(args.get("series", "")),
        kind=EventKind(kind) if kind in set(EventKind) else None,
        prefecture=prefecture if prefecture in PREFECTURES else "",
    )


def _year(text: str | None) -> int | None:
    number = whole_number(text)
    return number if number in overview.fiscal_years() else None


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@blueprint.get("")
def index() -> str:
    """All events that fit, beside each other and added up."""
    authorize(can_compare_events(current_actor()))
    wanted, by = wanted_filter(), request.args.get("by", "")
    grouping = Grouping(by) if by in set(Grouping) else Grouping.REGION
    rows = overview.overview(wanted, clock.now())
    return render_template(
        "event_overview/index.html",
        rows=rows,
        wanted=wanted,
        grouping=grouping,
        groupings=GROUPING_LABELS,
        groups=comparing.compare(rows, grouping),
        years=overview.fiscal_years(),
        series=overview.series_choices(),
        kinds=KIND_LABELS,
        percent=exports.percent,
        most=overview.MOST_EVENTS,
    )


@blueprint.get("/export")
def export() -> Response:
    """One row for each event, for Excel."""
    authorize(can_compare_events(current_actor()))
    now = clock.now()
    return _file(exports.events_table(overview.overview(wanted_filter(), now), now), "一覧")


@blueprint.get("/parts/export")
def export_parts() -> Response:
    """One row for each track, category and prefecture of each event, for Excel."""
    authorize(can_compare_events(current_actor()))
    now = clock.now()
    return _file(exports.parts_table(overview.overview(wanted_filter(), now), now), "内訳")


def _file(table: OutTable, name: str) -> Response:
    day = clock.today(clock.now())
    return download(write_xlsx(table), f"イベント_{name}_{day:%Y%m%d}.xlsx", XLSX)


@report_blueprint.get("/statistics")
def statistics(event_id: uuid.UUID) -> str:
    """How one event filled, and its figures now; for its staff."""
    place = open_to_plan(event_id)
    timeline, figures = overview.timeline_of(place.event), figures_of(event_id)
    return render_template(
        "event_reports/statistics.html",
        event=place.event,
        figures=figures if place.event.ends_at <= place.now else figures.while_running(),
        timeline=timeline,
        drawing=draw(timeline) if timeline else None,
        costs=costs_of(event_id),
        total=sums_of([event_id]).get(event_id),
        percent=exports.percent,
    )


@report_blueprint.get("/statistics/export")
def export_statistics(event_id: uuid.UUID) -> Response:
    """How the event filled, day by day, for Excel."""
    place = open_to_plan(event_id)
    table = exports.timeline_table(place.event, overview.timeline_of(place.event), place.now)
    return _file(table, "席の推移")
