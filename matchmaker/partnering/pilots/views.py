"""Pages of pilots: lists, the page of one, its plan, its steps."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.cases.drafts.queries import waiting_drafts
from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.paging import page_number
from matchmaker.core.text import whole_number
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.pilots import life, listing, policy, presentation, queries, service
from matchmaker.partnering.pilots.domain import PILOT_STATES, PilotMove, PilotState
from matchmaker.partnering.pilots.forms import ConsentForm, MoveForm, OutcomeForm, PlanForm
from matchmaker.partnering.pilots.loading import (
    OpenPilot,
    open_pilot,
    open_to_write,
    opened,
    renew,
    taking_part,
    tell,
)
from matchmaker.partnering.pilots.models import Pilot
from matchmaker.partnering.pilots.schedule import Interval

INVALID = 422
Answer = str | tuple[str, int] | Response
blueprint = Blueprint("pilots", __name__)
blueprint.context_processor(presentation.words_for_templates)
DONE = {
    PilotMove.START: "実証を始めました。報告の予定ができました。",
    PilotMove.WIND_UP: "取りまとめに入りました。",
    PilotMove.RESUME: "実施中に戻しました。",
    PilotMove.CANCEL: "実証を中止しました。",
    PilotMove.REOPEN: "完了を取り消しました。",
    PilotMove.RESTORE: "中止を取り消しました。",
}


@blueprint.get("/pilots")
def index() -> str:
    """The pilots of the person's organisations; the secretariat sees all, late ones first."""
    actor = authorize(policy.can_list_pilots(current_actor()))
    state = request.args.get("state", "")
    wanted = PilotState(state) if state in set(PilotState) else None
    now, sees_all = clock.now(), policy.can_list_all_pilots(actor)
    drafts = waiting_drafts() if sees_all else ()
    page = listing.pilots_page(
        None if sees_all else actor, wanted, page_number(request.args.get("page")), now
    )
    return render_template(
        "pilots/index.html",
        page=page,
        rows=listing.rows_of(page.items, now),
        wanted=wanted,
        counts=listing.counts_by_state(None if sees_all else actor),
        labels=PILOT_STATES.labels,
        sees_all=sees_all,
        drafts=drafts,
        pilots_of_drafts=listing.pilots_of_drafts([each.id for each in drafts]),
    )


@blueprint.get("/consortia/<uuid:consortium_id>/pilots/new")
def new(consortium_id: uuid.UUID) -> str:
    """Begin the plan of a pilot."""
    consortium = _open_consortium(consortium_id)
    form = opened(
        PlanForm, report_interval=str(int(Interval.QUARTERLY)), report_days="14",
        format=presentation.usual_format(consortium), title=consortium.name,
    )  # fmt: skip
    return _plan_page(form, consortium, None)


def _open_consortium(consortium_id: uuid.UUID) -> Consortium:
    consortium, actor = consortia.get(consortium_id), current_actor()
    authorize(policy.can_view_pilot(actor, consortium), hidden=True)
    authorize(policy.can_plan_pilot(actor, consortium, taking_part(consortium)))
    return consortium


@blueprint.post("/consortia/<uuid:consortium_id>/pilots/new")
def create(consortium_id: uuid.UUID) -> Answer:
    """Keep the new plan."""
    consortium, form = _open_consortium(consortium_id), PlanForm()
    if not form.validate_on_submit():
        return _plan_page(form, consortium, None), INVALID
    try:
        pilot = service.plan_pilot(consortium, form.plan(), current_actor(), clock.now())
    except ProductError as error:
        tell(form, error)
        return _plan_page(form, consortium, None), error.status
    flash("実証の計画を作りました。次に、節目と指標を決めてください。", "success")
    return redirect(url_for("pilots.show", pilot_id=pilot.id))


def _plan_page(form: PlanForm, consortium: Consortium, pilot: Pilot | None) -> str:
    return render_template("pilots/plan.html", form=form, consortium=consortium, pilot=pilot)


@blueprint.get("/pilots/<uuid:pilot_id>/edit")
def edit(pilot_id: uuid.UUID) -> str:
    """The frame of the pilot."""
    place, form = open_to_write(pilot_id), opened(PlanForm)
    if not form.revision.data:
        form.fill(place.pilot)
    return _plan_page(form, place.consortium, place.pilot)


@blueprint.post("/pilots/<uuid:pilot_id>/edit")
def update(pilot_id: uuid.UUID) -> Answer:
    """Keep the changed frame."""
    place, form = open_to_write(pilot_id), PlanForm()
    if not form.validate_on_submit():
        return _plan_page(form, place.consortium, place.pilot), INVALID
    try:
        service.change_plan(
            place.pilot, form.plan(), place.actor, place.now,
            expected_revision=whole_number(form.revision.data) or 0,
        )  # fmt: skip
    except ProductError as error:
        tell(form, error)
        renew(form, place.pilot.revision, error)
        return _plan_page(form, place.consortium, place.pilot), error.status
    flash("計画を保存しました。", "success")
    return redirect(url_for("pilots.show", pilot_id=pilot_id))


@blueprint.get("/pilots/<uuid:pilot_id>")
def show(pilot_id: uuid.UUID) -> str:
    """The pilot: where it stands, figures against goals, milestones, reports, budget."""
    return pilot_page(open_pilot(pilot_id), MoveForm(formdata=None))


def pilot_page(place: OpenPilot, form: MoveForm) -> str:
    """The page of a pilot, with a form that could not be carried out."""
    moves = [
        move
        for move in PILOT_STATES.possible(place.pilot.state)
        if policy.can_move(place.actor, place.pilot, place.partners, move)
        and life.goes_on(place.consortium, move)
    ]
    return render_template(
        "pilots/show.html",
        place=place,
        pilot=place.pilot,
        view=presentation.pilot_view(place),
        form=form,
        moves=moves,
        states=PILOT_STATES,
        consents={each.organization_id for each in queries.consents_of(place.pilot.id)},
        may_write_case=policy.can_write_case(place.actor, place.partners),
    )


@blueprint.post("/pilots/<uuid:pilot_id>/moves")
def move(pilot_id: uuid.UUID) -> Answer:
    """Start, wind up, resume, cancel; the secretariat sets right."""
    place, form = open_pilot(pilot_id), MoveForm()
    if form.move.data not in set(PilotMove) or form.move.data == PilotMove.END:
        raise NotFound
    wanted = PilotMove(form.move.data)
    authorize(policy.can_move(place.actor, place.pilot, place.partners, wanted))
    try:
        life.move_pilot(
            place.pilot, place.consortium, wanted, form.reason.data or "", place.actor, place.now
        )
    except ProductError as error:
        tell(form, error)
        return pilot_page(open_pilot(pilot_id), form), error.status
    flash(DONE[wanted], "success")
    return redirect(url_for("pilots.show", pilot_id=pilot_id))


@blueprint.get("/pilots/<uuid:pilot_id>/outcome")
def edit_outcome(pilot_id: uuid.UUID) -> str:
    """What came of it, to end it."""
    return _outcome_page(_open_to_end(pilot_id), opened(OutcomeForm))


@blueprint.post("/pilots/<uuid:pilot_id>/outcome")
def end(pilot_id: uuid.UUID) -> Answer:
    """End the pilot; the draft of its case follows."""
    place, form = _open_to_end(pilot_id), OutcomeForm()
    if not form.validate_on_submit():
        return _outcome_page(place, form), INVALID
    try:
        life.end_pilot(place.pilot, form.typed(), place.actor, place.now)
    except ProductError as error:
        tell(form, error)
        return _outcome_page(place, form), error.status
    flash("実証を終えました。事例の下書きができました。内容を確かめてください。", "success")
    return redirect(url_for("pilots.show", pilot_id=pilot_id))


def _open_to_end(pilot_id: uuid.UUID) -> OpenPilot:
    place = open_pilot(pilot_id)
    authorize(policy.can_move(place.actor, place.pilot, place.partners, PilotMove.END))
    return place


def _outcome_page(place: OpenPilot, form: OutcomeForm) -> str:
    return render_template(
        "pilots/outcome.html",
        pilot=place.pilot,
        form=form,
        owed=life.owed_words(place.pilot.reports),
    )


@blueprint.post("/pilots/<uuid:pilot_id>/consents")
def consent(pilot_id: uuid.UUID) -> Response:
    """A partner agrees to be named on the public page, or takes that back."""
    place, form = open_pilot(pilot_id), ConsentForm()
    own = {str(each.organization_id): each.organization_id for each in place.own_partners}
    organization_id = own.get(form.organization.data or "")
    authorize(organization_id is not None)
    if organization_id is None or not form.validate_on_submit():
        raise NotFound
    named = form.named.data == "yes"
    service.set_named_publicly(place.pilot, organization_id, named, place.actor, place.now)
    flash("公開ページに団体名を出します。" if named else "団体名を出すのをやめました。", "success")
    return redirect(url_for("pilots.show", pilot_id=pilot_id))
