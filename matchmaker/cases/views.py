"""Pages of the case library. Everybody may read them."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, request, url_for

from matchmaker.cases import listing, queries
from matchmaker.cases.domain import SORTS, filter_from
from matchmaker.core.access import current_actor, public
from matchmaker.core.paging import page_number

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases")
@public
def index() -> str:
    """The library: searched, filtered, sorted, in pages, with a map."""
    wanted, names = filter_from(request.args), listing.labels()
    here = url_for("cases.index")
    return render_template(
        "cases/index.html",
        wanted=wanted,
        page=queries.cases_page(wanted, page_number(request.args.get("page"))),
        choices=listing.filter_choices(names),
        chips=listing.chips(wanted, names),
        map_items=listing.map_items(wanted, here) if wanted.view == "map" else None,
        labels=names,
        sorts=[(choice.code, choice.label) for choice in SORTS],
        here=here,
    )


@blueprint.get("/cases/<uuid:case_id>")
@public
def show(case_id: uuid.UUID) -> str:
    """One case with its source, its like, and the open needs about the same material."""
    case = queries.case_of(case_id)
    return render_template(
        "cases/show.html",
        case=case,
        labels=listing.labels(),
        sureness=listing.sureness_of(case),
        similar=queries.similar_cases(case),
        needs=queries.open_needs_of(case.materials, current_actor()),
    )
