"""Which support programmes fit one consortium, and the figures it gives for them."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.errors import Conflict
from matchmaker.core.forms import RecordForm
from matchmaker.core.text import whole_number
from matchmaker.partnering.consortia import policy
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.consortia.programmes import queries, service
from matchmaker.partnering.consortia.programmes.conditions import Place, Verdict
from matchmaker.partnering.consortia.programmes.fitting import filling, fits_of
from matchmaker.partnering.consortia.programmes.forms import (
    costs_in_form,
    figures_form,
    figures_in_form,
)

blueprint = Blueprint(
    "consortium_programmes",
    __name__,
    url_prefix="/consortia/<uuid:consortium_id>/support-programmes",
)
INVALID, CONFLICT = 422, 409
VERDICT_WORDS = {
    Verdict.MET: ("合っています", "open"),
    Verdict.UNMET: ("合っていません", "error"),
    Verdict.UNKNOWN: ("まだ分かりません", "wait"),
}
OVERALL_WORDS = {
    Verdict.MET: "条件は、どれも合っています",
    Verdict.UNMET: "合わない条件があります",
    Verdict.UNKNOWN: "確かめる条件があります",
}


@blueprint.get("")
def index(consortium_id: uuid.UUID) -> str:
    """All listed programmes beside the consortium."""
    consortium = consortia.get(consortium_id)
    authorize(policy.can_view(current_actor(), consortium), hidden=True)
    form = figures_form(filling(consortium), queries.figures_of(consortium.id))
    return _page(consortium, form)


@blueprint.post("/figures")
def save_figures(consortium_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Keep the figures, so that conditions and rates can be told."""
    consortium = consortia.get(consortium_id)
    authorize(policy.can_view(current_actor(), consortium), hidden=True)
    actor = authorize(policy.can_write(current_actor(), consortium))
    form = figures_form(filling(consortium), None, sent=True)
    cleaned = form.clean(complete=True) if form.validate_on_submit() else None
    if cleaned is None or cleaned.errors:
        return _page(consortium, form), INVALID
    figures, costs = figures_in_form(cleaned), costs_in_form(cleaned)
    revision = whole_number(form.revision.data or "") or 0
    try:
        service.save_figures(consortium, figures, costs, revision, actor, clock.now())
    except Conflict as conflict:
        form.add_error(None, conflict.message)
        given = queries.figures_of(consortium.id)
        form.revision.data = str(given.revision if given else 0)
        return _page(consortium, form), CONFLICT
    flash("見込みの数を保存しました。条件との照らし合わせに使っています。", "success")
    return redirect(url_for("consortium_programmes.index", consortium_id=consortium.id))


def _page(consortium: Consortium, form: RecordForm) -> str:
    return render_template(
        "consortium_programmes/index.html",
        consortium=consortium,
        form=form,
        fits=fits_of(consortium, clock.today(clock.now())),
        may_write=policy.can_write(current_actor(), consortium),
        verdicts=VERDICT_WORDS,
        overall=OVERALL_WORDS,
        places=Place,
    )
