"""Pages of the staff about one version of the plan: make, read, change by hand, release."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.text import whole_number
from matchmaker.matching.engine import current_engine
from matchmaker.regional_events.planning.loading import OpenEvent
from matchmaker.regional_events.tables import presentation, queries, service, swaps, versions
from matchmaker.regional_events.tables.domain import VersionState
from matchmaker.regional_events.tables.forms import SwapForm
from matchmaker.regional_events.tables.models import TablePlan, TableVersion
from matchmaker.regional_events.tables.timetables import VersionView
from matchmaker.regional_events.tables.views import INVALID, Answer, open_to_arrange

blueprint = Blueprint(
    "event_table_versions",
    __name__,
    url_prefix="/regional-events/<uuid:event_id>/tables/versions",
)


def _opened(
    event_id: uuid.UUID, version_id: uuid.UUID
) -> tuple[OpenEvent, TablePlan, TableVersion]:
    opened, plan = open_to_arrange(event_id), queries.get_plan(event_id)
    return opened, plan, queries.get_version(plan.id, version_id)


@blueprint.post("")
def create(event_id: uuid.UUID) -> Redirect:
    """Make a version: at once for a small room, by the worker for a large one."""
    opened, plan = open_to_arrange(event_id), queries.get_plan(event_id)
    at_the_door = request.form.get("at_the_door") == "1"
    try:
        version = versions.ask_for_version(plan, opened.actor, opened.now, at_the_door=at_the_door)
    except ProductError as error:
        flash(error.message, "error")
        return redirect(url_for("event_tables.index", event_id=event_id))
    if versions.is_direct(plan.id):
        versions.make_version(version, current_engine(), opened.now)
        flash(f"第{version.number}版を作りました。まだ参加する人には知らせていません。", "success")
    return redirect(url_for(".show", event_id=event_id, version_id=version.id))


@blueprint.get("/<uuid:version_id>")
def show(event_id: uuid.UUID, version_id: uuid.UUID) -> str:
    """Tables of each slot, what is short, what would change; or the progress."""
    opened, plan, version = _opened(event_id, version_id)
    if version.state is not VersionState.READY:
        return render_template(
            "event_tables/waiting.html", event=opened.event, version=version,
            state=presentation.progress(version, ""),
        )  # fmt: skip
    return render_template(
        "event_tables/version.html",
        event=opened.event,
        version=version,
        shown=presentation.version_page(plan, version, opened.now),
    )


@blueprint.get("/<uuid:version_id>/people/<uuid:guest_id>")
def person(event_id: uuid.UUID, version_id: uuid.UUID, guest_id: uuid.UUID) -> str:
    """The timetable of one person."""
    opened, _plan, version = _opened(event_id, version_id)
    view = VersionView(version)
    guest = view.guests.get(guest_id)
    if guest is None:
        raise NotFound
    return render_template(
        "event_tables/timetable.html", event=opened.event, version=version, guest=guest,
        sittings=view.timetable(guest_id), title=presentation.person_title(guest),
    )  # fmt: skip


@blueprint.post("/<uuid:version_id>/release")
def release(event_id: uuid.UUID, version_id: uuid.UUID) -> Redirect:
    """Bring the version into force and tell those whose timetable changed."""
    opened, plan, version = _opened(event_id, version_id)
    try:
        service.release(plan, version, opened.actor, opened.now)
    except ProductError as error:
        flash(error.message, "error")
    else:
        flash("座席表を知らせました。時間や席が変わった人にだけ、メールが届きます。", "success")
    return redirect(url_for(".show", event_id=event_id, version_id=version_id))


@blueprint.post("/<uuid:version_id>/restore")
def restore(event_id: uuid.UUID, version_id: uuid.UUID) -> Redirect:
    """Bring an earlier version back as a new one."""
    opened, plan, version = _opened(event_id, version_id)
    try:
        made = swaps.restore(plan, version, current_engine(), opened.actor, opened.now)
    except ProductError as error:
        flash(error.message, "error")
        return redirect(url_for(".show", event_id=event_id, version_id=version_id))
    flash(f"第{version.number}版と同じ内容で、第{made.number}版を作りました。", "success")
    return redirect(url_for(".show", event_id=event_id, version_id=made.id))


@blueprint.get("/<uuid:version_id>/swap")
def edit(event_id: uuid.UUID, version_id: uuid.UUID) -> Answer:
    """The form for a change by hand."""
    opened, _plan, version = _opened(event_id, version_id)
    chosen = {name: request.args.get(name, "") for name in ("slot", "guest")}
    form = SwapForm(stashed_values(request.path), data=chosen)
    return _swap_page(opened, version, form)


@blueprint.post("/<uuid:version_id>/swap")
def update(event_id: uuid.UUID, version_id: uuid.UUID) -> Answer:
    """Change a version by hand: a new version, with the same rules."""
    opened, plan, version = _opened(event_id, version_id)
    form = SwapForm()
    if not form.validate_on_submit():
        return _swap_page(opened, version, form)
    try:
        wanted = _wanted(form)
        made = swaps.swap(plan, version, wanted, current_engine(), opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _swap_page(opened, version, form)
    flash(f"第{made.number}版を作りました。まだ参加する人には知らせていません。", "success")
    return redirect(url_for(".show", event_id=event_id, version_id=made.id))


def _wanted(form: SwapForm) -> swaps.Swap:
    """The change as typed.

    Raises:
        ProductError: nobody, or nothing, was chosen.
    """
    kind, _, target = (form.target.data or "").partition(":")
    table = whole_number(target) if kind == "table" else 0
    other = presentation.id_of(target) if kind == "guest" else None
    guest_id = presentation.id_of(form.guest.data or "")
    if guest_id is None:
        raise ProductError("人を選んでください。", "guest")
    if table is None or (kind == "guest" and other is None) or kind not in {"table", "guest"}:
        raise ProductError("行き先を選んでください。", "target")
    slot = whole_number(form.slot.data) or 0
    return swaps.Swap(slot, guest_id, other, table, form.reason.data or "")


def _swap_page(opened: OpenEvent, version: TableVersion, form: SwapForm) -> Answer:
    if version.state is not VersionState.READY:
        raise NotFound
    presentation.offer_swaps(form, VersionView(version), opened.now)
    page = render_template("event_tables/swap.html", event=opened.event, version=version, form=form)
    return (page, INVALID) if form.errors or form.form_errors else page
