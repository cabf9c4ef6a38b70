"""Pages of exposure: the report, its file, the policy."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.downloads import download
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.paging import page_number
from matchmaker.core.spreadsheets.writing import XLSX, write_xlsx
from matchmaker.matching.exposure import policy, queries, service
from matchmaker.matching.exposure.exports import exposure_table
from matchmaker.matching.exposure.forms import PolicyForm
from matchmaker.matching.exposure.reporting import report_of

blueprint = Blueprint("exposure", __name__, url_prefix="/exposure-report")


@blueprint.get("")
def index() -> str:
    """How often whom the service shows, and what the policy of exposure costs."""
    authorize(policy.can_read_report(current_actor()))
    return _page(PolicyForm(data=asdict(queries.values_now())))


def _page(form: PolicyForm) -> str:
    run = queries.last_run()
    return render_template(
        "exposure/index.html",
        form=form,
        values=queries.values_now(),
        report=report_of(run, queries.all_rows(run)) if run else None,
        page=queries.moved_page(run, page_number(request.args.get("page"))) if run else None,
        policies=queries.policies(),
    )


@blueprint.get("/export")
def export() -> Response:
    """All organisations of the newest run, for Excel."""
    authorize(policy.can_read_report(current_actor()))
    run, now = queries.last_run(), clock.now()
    if run is None:
        raise NotFound
    rows = queries.all_rows(run)
    table = exposure_table(report_of(run, rows), rows, now)
    return download(write_xlsx(table), f"紹介の配分_{clock.today(now):%Y%m%d}.xlsx", XLSX)


@blueprint.post("/policies")
def change_policy() -> str | tuple[str, int] | Response:
    """Put other values in force."""
    actor = authorize(policy.can_change_policy(current_actor()))
    form = PolicyForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        service.change_policy(form.values(), form.reason.data or "", actor, clock.now())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(form), 422
    flash("紹介の配分の決まりを変えました。数分のうちに計算し直します。", "success")
    return redirect(url_for("exposure.index"))
