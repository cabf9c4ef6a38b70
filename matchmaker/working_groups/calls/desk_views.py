"""The secretariat's desk of a call: write it, watch it, lead it through its life."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.questions.domain import Questionnaire
from matchmaker.questions.forms import AnswersForm, answers_form
from matchmaker.working_groups.calls import policy, queries, service, steps
from matchmaker.working_groups.calls.content import InvalidCall, publishing_problems
from matchmaker.working_groups.calls.domain import CALL_STATES, CallMove, Phase
from matchmaker.working_groups.calls.forms import CallForm, ExtensionForm, OutcomeForm, StepForm
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.views import (
    CONFLICT,
    INVALID,
    Answer,
    blueprint,
    page_of,
    typed,
)

ADD_ROWS = "add-rows"
"""Name of the button that asks for more blank rows; nothing is saved by it."""


def managed(call_id: uuid.UUID) -> Call:
    """A call, for the secretariat; to others drafts do not exist."""
    call = queries.get_call(call_id)
    authorize(policy.can_manage(current_actor()), hidden=not policy.can_view(current_actor(), call))
    return call


@blueprint.get("/new")
def new() -> str:
    """An empty form."""
    authorize(policy.can_manage(current_actor()))
    form = CallForm.of(None, formdata=typed())
    form.add_rows()
    return basics_page(form, None)


@blueprint.post("/new")
def create() -> Answer:
    """Begin a call as a draft."""
    actor = authorize(policy.can_manage(current_actor()))
    form = CallForm()
    form.offer_parents(queries.possible_parents())
    if ADD_ROWS in request.form:
        form.add_rows()
        return basics_page(form, None)
    if not form.validate_on_submit():
        return basics_page(form, None), INVALID
    try:
        call = service.create_call(form.call_data(), actor, clock.now())
    except InvalidCall as invalid:
        form.tell(invalid)
        return basics_page(form, None), INVALID
    flash("公募を下書きとして保存しました。続けて、質問と評価基準を入れてください。", "success")
    return redirect(url_for("calls.desk", call_id=call.id))


@blueprint.get("/<uuid:call_id>/edit")
def edit(call_id: uuid.UUID) -> str:
    """The form of a call's text, period and timetable."""
    call = managed(call_id)
    form = CallForm.of(service.data_of(call), call.revision, formdata=typed())
    form.add_rows()
    return basics_page(form, call)


@blueprint.post("/<uuid:call_id>/edit")
def update(call_id: uuid.UUID) -> Answer:
    """Save text, period and timetable."""
    call = managed(call_id)
    form = CallForm()
    form.offer_parents(queries.possible_parents())
    if ADD_ROWS in request.form:
        form.add_rows()
        return basics_page(form, call)
    if not form.validate_on_submit():
        return basics_page(form, call), INVALID
    try:
        revision = revision_of(form)
        service.save_call(call, form.call_data(), current_actor(), clock.now(), revision)
    except InvalidCall as invalid:
        form.tell(invalid)
        return basics_page(form, call), INVALID
    except Conflict as conflict:
        return basics_page(told(form, conflict, call), call), CONFLICT
    flash("保存しました。", "success")
    return redirect(url_for("calls.desk", call_id=call.id))


def basics_page(form: CallForm, call: Call | None) -> str:
    """The form as a page."""
    form.offer_parents(queries.possible_parents())
    phase = call.phase(clock.now()) if call else Phase.DRAFT
    return render_template("calls/edit.html", form=form, call=call, phase=phase)


def revision_of(form: Any) -> int | None:
    """The revision a form was filled from."""
    text = form.revision.data or ""
    return int(text) if text.isdecimal() and len(text) < len("1000000000") else None


def told(form: Any, conflict: Conflict, call: Call) -> Any:
    """The form with a conflict told, ready to be saved over the present revision."""
    form.add_error(None, conflict.message)
    form.revision.data = str(call.revision)
    return form


@blueprint.get("/<uuid:call_id>/desk")
def desk(call_id: uuid.UUID) -> str:
    """How the call stands, what is missing, what can be done."""
    call = managed(call_id)
    now = clock.now()
    return render_template(
        "calls/desk.html",
        call=call,
        phase=call.phase(now),
        now=now,
        statistics=queries.statistics_of(call),
        problems=publishing_problems(
            service.data_of(call), call.criteria, queries.kind_of_parent(call.parent_group_id), now
        ),
        moves=possible_moves(call, now),
        rules=CALL_STATES.moves,
    )


def possible_moves(call: Call, now: Any) -> list[CallMove]:
    """Steps that the desk offers; with proposals the results come out with the decisions."""
    offered = CALL_STATES.possible(call.state)
    if call.last_number or call.phase(now) is not Phase.CLOSED:
        offered = [move for move in offered if move is not CallMove.DECIDE]
    if call.frozen_at is not None:
        offered = [move for move in offered if move is not CallMove.UNPUBLISH]
    return offered


@blueprint.get("/<uuid:call_id>/preview")
def preview(call_id: uuid.UUID) -> str:
    """The page as everybody will see it, and the form of a proposal to try."""
    call = managed(call_id)
    questionnaire = Questionnaire.from_data(call.questions)
    form: AnswersForm = answers_form(questionnaire)
    shown = {**page_of(call, current_actor()), "sections": []}
    return render_template("calls/preview.html", **shown, form=form, questionnaire=questionnaire)


@blueprint.route(
    "/<uuid:call_id>/moves/<any(publish, unpublish, cancel, decide):step>", methods=["GET", "POST"]
)
def move(call_id: uuid.UUID, step: str) -> Answer:
    """What a step does, the reason for it, and the step itself."""
    call, wanted, form = managed(call_id), CallMove(step), StepForm()
    now = clock.now()
    if wanted is CallMove.DECIDE and call.last_number:
        raise NotFound
    if form.is_submitted() and form.validate():
        try:
            steps.move_call(call, wanted, form.reason.data or "", current_actor(), now)
        except InvalidCall as invalid:
            form.form_errors.extend(invalid.errors.values())
        except ProductError as error:
            form.add_error(error.field, error.message)
        else:
            flash(f"「{CALL_STATES.moves[wanted].label}」を行いました。", "success")
            return redirect(url_for("calls.desk", call_id=call.id))
    page = render_template(
        "calls/move.html",
        call=call,
        form=form,
        move=wanted,
        rule=CALL_STATES.moves[wanted],
        now=now,
    )
    return (page, INVALID) if form.errors or form.form_errors else page


@blueprint.route("/<uuid:call_id>/extensions", methods=["GET", "POST"])
def extend(call_id: uuid.UUID) -> Answer:
    """Move the deadline to a later moment, with the reason."""
    call, form = managed(call_id), ExtensionForm(formdata=typed())
    if form.is_submitted() and form.validate():
        try:
            wanted, reason = form.closes_at.data, form.reason.data or ""
            steps.extend_call(call, wanted, reason, current_actor(), clock.now())
        except InvalidCall as invalid:
            form.add_error("closes_at", invalid.errors["closes_at"])
        except ProductError as error:
            form.add_error(error.field, error.message)
        else:
            flash("締切を延ばしました。", "success")
            return redirect(url_for("calls.desk", call_id=call.id))
    page = render_template("calls/extend.html", call=call, form=form, now=clock.now())
    return (page, INVALID) if form.errors or form.form_errors else page


@blueprint.route("/<uuid:call_id>/outcome", methods=["GET", "POST"])
def outcome(call_id: uuid.UUID) -> Answer:
    """What became of the call, in words."""
    call = managed(call_id)
    form = OutcomeForm(
        formdata=typed(), data={"outcome": call.outcome, "revision": str(call.revision)}
    )
    if form.is_submitted() and form.validate():
        try:
            text, revision = form.outcome.data or "", revision_of(form)
            steps.write_outcome(call, text, current_actor(), clock.now(), revision)
        except InvalidCall as invalid:
            form.add_error("outcome", invalid.errors["outcome"])
        except Conflict as conflict:
            page = render_template("calls/outcome.html", call=call, form=told(form, conflict, call))
            return page, CONFLICT
        else:
            flash("結果の説明を保存しました。", "success")
            return redirect(url_for("calls.desk", call_id=call.id))
    page = render_template("calls/outcome.html", call=call, form=form)
    return (page, INVALID) if form.errors or form.form_errors else page


@blueprint.post("/<uuid:call_id>/copies")
def copy(call_id: uuid.UUID) -> Answer:
    """A new draft with the texts, questions and criteria of this call."""
    call = managed(call_id)
    copied = service.copy_call(call, current_actor(), clock.now())
    flash("写しを下書きとして作りました。受付の期間を入れてください。", "success")
    return redirect(url_for("calls.edit", call_id=copied.id))
