"""Pages of the blank map: the map, one gap, its file, and the draft of a call."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor, public
from matchmaker.core.actor import Actor
from matchmaker.core.downloads import download
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, page_number
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.core.settings import current_settings
from matchmaker.core.spreadsheets.writing import XLSX, write_xlsx
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.partnering.blank_map import policy, queries, service
from matchmaker.partnering.blank_map.domain import (
    AGE_CHOICES,
    COVERAGE_LABELS,
    GROUPING_LABELS,
    REGIONS,
    BlankFilter,
    Cell,
    Coverage,
    filter_from,
)
from matchmaker.partnering.blank_map.drafting import WHY, Theme, theme_of
from matchmaker.partnering.blank_map.exports import blank_table
from matchmaker.partnering.blank_map.picture import Gap, Picture, gap_of, picture_of
from matchmaker.partnering.blank_map.sources import id_of, wishes_of
from matchmaker.posts.queries import get_many
from matchmaker.posts.vocabularies import material_names
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.sections import CallSection

blueprint = Blueprint("blank_map", __name__, url_prefix="/blank-map")
PAGE_SIZE, MOST_POSTS = 30, 30
COVERAGE_KINDS = {
    Coverage.NONE: "error",
    Coverage.LOT: "wait",
    Coverage.SHORT: "wait",
    Coverage.FEW: "wait",
    Coverage.UNKNOWN: "draft",
    Coverage.ENOUGH: "open",
}
"""How the mark of each state is coloured."""


@blueprint.get("")
@public
def index() -> str:
    """Where nothing, or too little, answers: map and table."""
    actor, wanted = current_actor(), filter_from(request.args)
    picture, names = _picture(wanted, actor), material_names()
    return render_template(
        "blank_map/index.html",
        picture=picture,
        page=_page(picture, page_number(request.args.get("page"))),
        wanted=wanted,
        here=url_for("blank_map.index"),
        map_items=_map_items(picture, wanted),
        chips=_chips(wanted, names),
        choices=_choices(wanted, names, picture),
        groupings=GROUPING_LABELS,
        coverages=COVERAGE_LABELS,
        kinds=COVERAGE_KINDS,
        shows_amounts=policy.can_see_amounts(actor),
        now=clock.now(),
    )


def _picture(wanted: BlankFilter, actor: Actor) -> Picture:
    shows = policy.can_see_amounts(actor)
    return picture_of(wanted, clock.now(), is_member=shows, shows_amounts=shows)


def _page(picture: Picture, number: int) -> Page[Cell]:
    total = len(picture.cells)
    number = min(number, max(1, -(-total // PAGE_SIZE)))
    first = (number - 1) * PAGE_SIZE
    return Page(picture.cells[first : first + PAGE_SIZE], number, PAGE_SIZE, total)


def _map_items(picture: Picture, wanted: BlankFilter) -> list[dict[str, Any]]:
    here = url_for("blank_map.index")
    return [
        {
            "prefecture": name,
            "count": picture.without.get(name, 0),
            "url": f"{here}?{wanted.query_string(prefecture=name, region='')}#cells",
        }
        for name in PREFECTURES
    ]


def _chips(wanted: BlankFilter, names: Mapping[str, str]) -> list[tuple[str, str]]:
    single: list[tuple[Any, str, dict[str, Any]]] = [
        (wanted.region, wanted.region, {"region": ""}),
        (wanted.prefecture, wanted.prefecture, {"prefecture": ""}),
        (wanted.days, f"掲載から{wanted.days}日以上", {"days": 0}),
        (wanted.is_licensed, "許可の記載あり", {"is_licensed": False}),
        (wanted.shows_all, "足りている所も", {"shows_all": False}),
    ]
    found = [
        (names.get(code, code), wanted.query_string(materials=_without(wanted.materials, code)))
        for code in wanted.materials
    ]
    rest = ((label, wanted.query_string(**changes)) for is_on, label, changes in single if is_on)
    return [*found, *rest]


def _without(codes: tuple[str, ...], code: str) -> tuple[str, ...]:
    return tuple(each for each in codes if each != code)


def _choices(
    wanted: BlankFilter, names: Mapping[str, str], picture: Picture
) -> dict[str, list[dict[str, str]]]:
    present = {cell.material for cell in picture.cells} | set(wanted.materials)
    return {
        "materials": [{"value": c, "label": n} for c, n in names.items() if c in present],
        "regions": [{"value": name, "label": name} for name in REGIONS],
        "prefectures": [{"value": name, "label": name} for name in PREFECTURES],
        "days": [{"value": choice.code, "label": choice.label} for choice in AGE_CHOICES],
    }


@blueprint.get("/export")
@public
def export() -> Response:
    """All cells that fit, for Excel."""
    actor, now = current_actor(), clock.now()
    picture = _picture(filter_from(request.args), actor)
    table = blank_table(picture, now, shows_amounts=policy.can_see_amounts(actor))
    return download(write_xlsx(table), f"空白地図_{clock.today(now):%Y%m%d}.xlsx", XLSX)


@blueprint.get("/gap")
@public
def show() -> str:
    """One material in one place: the posts behind it, and for the secretariat the theme."""
    actor = current_actor()
    gap = _gap(request.args, actor)
    may_draft = policy.can_draft_theme(actor)
    cell = gap.cell
    return render_template(
        "blank_map/show.html",
        gap=gap,
        cell=cell,
        why=WHY[cell.coverage],
        coverages=COVERAGE_LABELS,
        kinds=COVERAGE_KINDS,
        needs=_posts(NEED, [id_of(need) for need in gap.needs[:MOST_POSTS]]),
        offerings=_posts(OFFERING, [id_of(taker) for taker in gap.takers[:MOST_POSTS]]),
        theme=_theme(gap) if may_draft else None,
        themes=queries.themes_of(cell.material, cell.place) if may_draft else (),
        ongoing=service.ONGOING,
        now=clock.now(),
    )


def _gap(values: Mapping[str, str], actor: Actor) -> Gap:
    shows = policy.can_see_amounts(actor)
    material, place = values.get("material", ""), values.get("place", "")
    found = gap_of(material, place, clock.now(), is_member=shows, shows_amounts=shows)
    if found is None:
        raise NotFound("この品目と地域には、相手を待っているニーズがありません。")
    return found


def _posts(post_type: Any, ids: list[uuid.UUID]) -> list[Any]:
    """Posts in the order of their ids; all of them were chosen among what the person may see."""
    found = get_many(post_type, ids) if ids else {}
    return [found[each] for each in ids if each in found]


def _theme(gap: Gap) -> Theme:
    base = current_settings().resolved_public_url()
    path = url_for("blank_map.show", material=gap.cell.material, place=gap.cell.place)
    return theme_of(gap.cell, wishes_of(gap.needs), clock.now(), f"{base}{path}")


@blueprint.post("/themes")
def draft() -> Response:
    """Make the draft of a call from a gap; a second press opens the first one."""
    actor = authorize(policy.can_draft_theme(current_actor()))
    gap = _gap(request.form, actor)
    theme, is_new = service.draft_call(gap.cell, _theme(gap), actor, clock.now())
    if is_new:
        flash("公募の下書きを作りました。期間と評価基準を入れて、公開してください。", "success")
    else:
        flash("この空白からは、もう公募ができています。その公募を開きました。", "info")
    return redirect(url_for("calls.desk", call_id=theme.call_id))


def call_section(call: Call, _actor: Actor) -> CallSection | None:
    """On the page of a call that came from a gap: the way back to it."""
    found = queries.theme_of_call(call.id)
    if found is None:
        return None
    theme, name = found
    return CallSection("blank_map/_call_section.html", {"theme": theme, "name": name})
