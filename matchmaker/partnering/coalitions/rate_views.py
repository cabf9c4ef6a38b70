"""The secretariat's screen of rates behind estimates."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.errors import ProductError
from matchmaker.core.fields import Choice
from matchmaker.core.form_stash import stashed_values
from matchmaker.partnering.coalitions import policy, queries, rates
from matchmaker.partnering.coalitions.forms import RateForm
from matchmaker.posts.vocabularies import DatabaseVocabularies

INVALID = 422
Answer = str | Redirect | tuple[str, int]
blueprint = Blueprint("coalition_rates", __name__, url_prefix="/coalition-rates")


@blueprint.get("")
def index() -> Answer:
    """All rates, and the form."""
    authorize(policy.can_keep_rates(current_actor()))
    known = queries.rate_of(request.args.get("material", ""))
    usual = {
        "material": known.material_code,
        "kg": f"{known.kg_per_head_year.normalize():f}",
        "source": known.source,
    } if known else {}  # fmt: skip
    return _page(RateForm(stashed_values(request.path), data=usual))


@blueprint.post("")
def update() -> Answer:
    """Keep, change or take away a rate."""
    actor = authorize(policy.can_keep_rates(current_actor()))
    form = RateForm()
    is_valid = form.validate_on_submit()
    is_read, kg = form.amount()
    if form.material.data not in {each.code for each in _materials()}:
        form.add_error("material", "品目を選んでください。")
        return _page(form)
    if not (is_valid and is_read):
        return _page(form)
    try:
        rates.keep_rate(form.material.data, kg, form.source.data or "", actor, clock.now())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(form)
    flash(
        "この品目の推計をやめました。" if kg is None else "1人あたりの量を保存しました。", "success"
    )
    return redirect(url_for(".index"))


def _materials() -> list[Choice]:
    return list(DatabaseVocabularies().choices("materials"))


def _page(form: RateForm) -> Answer:
    form.material.choices = [
        ("", "選んでください"),
        *((each.code, each.label) for each in DatabaseVocabularies().choices("materials")),
    ]
    page = render_template("coalition_rates/index.html", form=form, rates=queries.rates())
    return (page, INVALID) if form.errors or form.form_errors else page
