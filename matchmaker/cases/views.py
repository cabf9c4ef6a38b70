"""Pages of the case library. Everybody may read them."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, request

from matchmaker.cases import listing, queries
from matchmaker.cases.domain import filter_from
from matchmaker.core.access import current_actor, public
from matchmaker.core.paging import page_number

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases")
@public
def index() -> str:
    """The library: searched, filtered, sorted, in pages, with a map."""
    wanted = filter_from(request.args)
    return render_template(
        "cases/index.html",
        wanted=wanted,
        page=queries.cases_page(wanted, page_number(request.args.get("page"))),
        choices=listing.filter_choices(),
        chips=listing.chosen(wanted),
        counts=queries.counts_by_prefecture(wanted),
        labels=listing.labels(),
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
