"""Public pages of calls: the list, one call, its calendar, and asking a question."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from matchmaker.core import clock, form_stash
from matchmaker.core.access import authorize, current_actor, public
from matchmaker.core.actor import Actor
from matchmaker.core.downloads import download
from matchmaker.core.errors import ProductError
from matchmaker.core.paging import page_number
from matchmaker.core.settings import current_settings
from matchmaker.questions.domain import Questionnaire
from matchmaker.working_groups.calls import policy, presentation, queries
from matchmaker.working_groups.calls.asking import ask_question
from matchmaker.working_groups.calls.domain import ASKING_PHASES, KIND_LABELS, PHASE_LABELS, Phase
from matchmaker.working_groups.calls.exports import call_calendar
from matchmaker.working_groups.calls.forms import AskForm
from matchmaker.working_groups.calls.listing import filter_from, phase_choices
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.sections import sections_for

blueprint = Blueprint("calls", __name__, url_prefix="/calls")
Answer = str | tuple[str, int] | BaseResponse
INVALID, CONFLICT = 422, 409
CALENDAR = "text/calendar; charset=utf-8"
STATE_KINDS = {
    Phase.DRAFT: "draft",
    Phase.UPCOMING: "wait",
    Phase.OPEN: "open",
    Phase.CLOSED: "closed",
    Phase.DECIDED: "closed",
    Phase.CANCELLED: "error",
}
"""How the mark of each phase is coloured."""


@blueprint.get("")
@public
def index() -> str:
    """All calls: open ones first, with the time left."""
    actor, now = current_actor(), clock.now()
    sees_all = policy.can_manage(actor)
    wanted = filter_from(request.args, sees_all)
    counts = queries.phase_counts(wanted, sees_all, now)
    return render_template(
        "calls/index.html",
        page=queries.calls_page(wanted, sees_all, now, page_number(request.args.get("page"))),
        wanted=wanted,
        choices=phase_choices(wanted, counts, sees_all),
        kinds=KIND_LABELS,
        may_manage=sees_all,
        now=now,
    )


@blueprint.get("/<uuid:call_id>")
def show(call_id: uuid.UUID) -> str:
    """One call with all its facts, its questions and answers."""
    call = viewed(call_id)
    return render_template("calls/show.html", **page_of(call, current_actor()))


def viewed(call_id: uuid.UUID) -> Call:
    """A call that the person may read."""
    call = queries.get_call(call_id)
    authorize(policy.can_view(current_actor(), call), hidden=True)
    return call


def page_of(call: Call, actor: Actor) -> dict[str, Any]:
    """Everything the page of a call shows."""
    now = clock.now()
    phase = call.phase(now)
    return {
        "call": call,
        "phase": phase,
        "now": now,
        "asked": Questionnaire.from_data(call.questions).questions,
        "total_weight": sum(criterion.weight for criterion in call.criteria),
        "questions": queries.published_questions(call.id),
        "sections": sections_for(call, actor),
        "takes_questions": phase in ASKING_PHASES,
        "may_write": phase is Phase.OPEN and policy.writes_for_any(actor),
        "may_manage": policy.can_manage(actor),
    }


@blueprint.get("/<uuid:call_id>/calendar")
def calendar(call_id: uuid.UUID) -> Response:
    """Opening, deadline and timetable for a calendar program."""
    call = viewed(call_id)
    base = current_settings().resolved_public_url()
    content = call_calendar(call, f"{base}{url_for('calls.show', call_id=call.id)}")
    return download(content, f"{call.title}.ics", CALENDAR)


@blueprint.route("/<uuid:call_id>/questions/new", methods=["GET", "POST"])
def ask(call_id: uuid.UUID) -> Answer:
    """Ask something; it will be published without a name."""
    call = viewed(call_id)
    actor = authorize(policy.can_ask(current_actor(), call))
    form = AskForm(formdata=typed())
    if form.is_submitted() and form.validate():
        try:
            ask_question(call, form.text.data or "", actor, clock.now())
        except ProductError as error:
            form.add_error(error.field, error.message)
        else:
            flash("質問を送りました。事務局が回答すると、メールでお知らせします。", "success")
            return redirect(url_for("calls.show", call_id=call.id))
    is_late = call.phase(clock.now()) not in ASKING_PHASES
    page = render_template("calls/ask.html", form=form, call=call, is_late=is_late)
    return (page, INVALID) if form.errors or form.form_errors else page


def typed() -> Any:
    """What was just sent, or sent when the session had ended; None for a page that is opened."""
    return request.form if request.method == "POST" else form_stash.stashed_values(request.path)


def call_words() -> dict[str, Any]:
    """Words and formats that all templates of calls use."""
    return {
        "call_kinds": KIND_LABELS,
        "call_phases": PHASE_LABELS,
        "call_phase_kinds": STATE_KINDS,
        "call_period": presentation.period_in_words,
        "call_answerers": presentation.answerers_in_words,
        "call_deadline": presentation.deadline_in_words,
        "call_timetable": presentation.timetable_in_order,
    }
