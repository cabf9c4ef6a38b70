"""Pages on answering a call for a consortium."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.access import authorize
from matchmaker.core.actor import Actor
from matchmaker.core.errors import ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.text import clean_text
from matchmaker.partnering.consortia import joining, policy, queries, service
from matchmaker.partnering.consortia.blueprint import (
    INVALID,
    Opened,
    blueprint,
    open_consortium,
    open_to_change,
)
from matchmaker.partnering.consortia.forms import ProposeForm, ReasonForm
from matchmaker.working_groups.calls import queries as call_queries
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.policy import can_view as can_view_call
from matchmaker.working_groups.proposals.pair_link import calls_to_answer

Answer = Response | tuple[str, int] | str


@blueprint.get("/<uuid:consortium_id>/proposals/new")
def choose_call(consortium_id: uuid.UUID) -> str:
    """Which open call is answered."""
    opened = _to_propose(open_consortium(consortium_id))
    return _page(opened, ProposeForm(stashed_values(request.path)))


@blueprint.post("/<uuid:consortium_id>/proposals")
def propose(consortium_id: uuid.UUID) -> Answer:
    """Begin the proposal, and go on to writing it."""
    opened = _to_propose(open_to_change(consortium_id))
    form = ProposeForm()
    if not form.validate_on_submit():
        return _page(opened, form), INVALID
    try:
        call = _call(form.call_id.data, opened.actor)
        proposal = joining.begin_proposal(opened.consortium, call, opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(opened, form), error.status
    flash("座組の内容を写して、提案を書き始めました。参加者に、書く案内を送りました。", "success")
    return redirect(url_for("proposals.edit", proposal_id=proposal.id))


def _call(text: str | None, actor: Actor) -> Call:
    try:
        call = call_queries.get_call(uuid.UUID(text or ""))
    except ValueError:
        raise ProductError("公募を選んでください。", "call_id") from None
    if not can_view_call(actor, call):
        raise ProductError("公募を選んでください。", "call_id")
    return call


def _to_propose(opened: Opened) -> Opened:
    authorize(policy.can_propose(opened.actor, opened.consortium))
    return opened


def _page(opened: Opened, form: ProposeForm) -> str:
    calls = calls_to_answer(opened.actor, opened.now)
    form.call_id.choices = [(str(each.id), each.title) for each in calls]
    return render_template(
        "consortia/propose.html",
        consortium=opened.consortium,
        form=form,
        calls=calls,
        obstacles=service.obstacles_of(opened.consortium),
        is_agreed=opened.consortium.state == "agreed",
    )


@blueprint.get("/<uuid:consortium_id>/proposals/<uuid:proposal_id>/removal")
def ask_unlink(consortium_id: uuid.UUID, proposal_id: uuid.UUID) -> str:
    """Why the proposal no longer speaks for the consortium."""
    opened = open_consortium(consortium_id)
    authorize(policy.can_lead(opened.actor, opened.consortium))
    form = ReasonForm(stashed_values(request.path))
    return _unlink_page(opened, proposal_id, form)


@blueprint.post("/<uuid:consortium_id>/proposals/<uuid:proposal_id>/removal")
def unlink(consortium_id: uuid.UUID, proposal_id: uuid.UUID) -> Answer:
    """Take the link back, with a reason."""
    opened = open_to_change(consortium_id)
    authorize(policy.can_lead(opened.actor, opened.consortium))
    form = ReasonForm()
    if not form.validate_on_submit():
        return _unlink_page(opened, proposal_id, form), INVALID
    try:
        reason = clean_text(form.reason.data or "")
        joining.unlink(opened.consortium, proposal_id, reason, opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _unlink_page(opened, proposal_id, form), error.status
    flash("座組と提案のつながりを外しました。", "success")
    return redirect(url_for(".show", consortium_id=consortium_id))


def _unlink_page(opened: Opened, proposal_id: uuid.UUID, form: ReasonForm) -> str:
    return render_template(
        "consortia/unlink.html",
        consortium=opened.consortium,
        link=queries.link_of(opened.consortium.id, proposal_id),
        proposal_id=proposal_id,
        form=form,
    )
