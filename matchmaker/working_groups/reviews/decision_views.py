"""The secretariat's pages of decisions: the list, one decision, release, correction."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.forms import ConfirmForm
from matchmaker.core.paging import page_number
from matchmaker.core.text import whole_number
from matchmaker.working_groups.calls.queries import get_call
from matchmaker.working_groups.groups.domain import NAME_LENGTH, InvalidGroup
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.reviews import decision_queries as queries
from matchmaker.working_groups.reviews import decisions, policy
from matchmaker.working_groups.reviews.decision_data import InvalidDecision
from matchmaker.working_groups.reviews.decision_forms import (
    CorrectionForm,
    DecisionForm,
    shown_values,
)
from matchmaker.working_groups.reviews.decisions import NotReady
from matchmaker.working_groups.reviews.domain import (
    DECISION_STATES,
    OUTCOME_LABELS,
    DecisionState,
)
from matchmaker.working_groups.reviews.models import Decision
from matchmaker.working_groups.reviews.outcomes import blockers_of
from matchmaker.working_groups.reviews.ranking import out_of_100
from matchmaker.working_groups.reviews.ranking_views import RankedRow, ordered, page_of

STATE_KINDS = {
    DecisionState.DRAFT: "draft",
    DecisionState.CHECKED: "open",
    DecisionState.RELEASED: "closed",
}
Answer = str | tuple[str, int] | Response
blueprint = Blueprint("decisions", __name__, url_prefix="/calls/<uuid:call_id>/decisions")


@blueprint.get("")
def index(call_id: uuid.UUID) -> str:
    """All proposals of a call with their place in the ranking and what is decided."""
    actor = authorize(policy.can_decide(current_actor()))
    call, ranking = get_call(call_id), queries.ranking_of(call_id)
    rows = queries.decision_rows(call_id)
    sort = "number" if request.args.get("sort") == "number" else "place"
    chosen = request.args.get("show", "")
    wanted = [row for row in rows if _is_wanted(row, chosen)]
    ranked = [RankedRow(row, ranking.positions.get(row.proposal_id)) for row in wanted]
    return render_template(
        "decisions/index.html",
        call=call,
        page=page_of(ordered(ranked, sort, "asc"), page_number(request.args.get("page"))),
        counts=_counts(rows),
        total=len(rows),
        chosen=chosen,
        sort=sort,
        blockers=blockers_of(call, clock.now()),
        labels=OUTCOME_LABELS,
        states=DECISION_STATES.labels,
        kinds=STATE_KINDS,
        out_of_100=out_of_100,
        actor_id=actor.user_id,
    )


@blueprint.get("/<uuid:proposal_id>")
def edit(call_id: uuid.UUID, proposal_id: uuid.UUID) -> str:
    """One decision: to be written, read and checked, or looked at."""
    authorize(policy.can_decide(current_actor()))
    proposal = queries.proposal_for_decision(call_id, proposal_id)
    decision = queries.decision_of(proposal_id)
    stored = _stored(proposal, decision)
    return _page(proposal, decision, DecisionForm(stashed_values(request.path), data=stored))


@blueprint.post("/<uuid:proposal_id>")
def update(call_id: uuid.UUID, proposal_id: uuid.UUID) -> Answer:
    """Save the draft of a decision."""
    actor = authorize(policy.can_decide(current_actor()))
    proposal = queries.proposal_for_decision(call_id, proposal_id)
    form = DecisionForm(request.form)
    data = form.data_or_none() if form.validate() else None
    try:
        if data is not None:
            decisions.prepare(proposal, data, form.known_revision, actor, clock.now())
            flash("決定の案を保存しました。ほかの人の確認を待ちます。", "success")
            return redirect(url_for(".edit", call_id=call_id, proposal_id=proposal_id))
    except ProductError as error:
        _show(form, error)
    return _page(proposal, queries.decision_of(proposal_id), form), 422


@blueprint.post("/<uuid:proposal_id>/checks")
def check(call_id: uuid.UUID, proposal_id: uuid.UUID) -> Answer:
    """Confirm a draft that somebody else prepared."""
    actor = authorize(policy.can_decide(current_actor()))
    decision = _existing(queries.decision_of(proposal_id), call_id)
    authorize(policy.can_check(actor, decision.prepared_by_id))
    revision = whole_number(request.form.get("revision")) or 0
    decisions.check(decision, revision, actor, clock.now())
    flash("決定の案を確認しました。", "success")
    return redirect(url_for(".index", call_id=call_id))


@blueprint.route("/<uuid:proposal_id>/corrections", methods=["GET", "POST"])
def correct(call_id: uuid.UUID, proposal_id: uuid.UUID) -> Answer:
    """Put a released decision right."""
    actor = authorize(policy.can_decide(current_actor()))
    proposal = queries.proposal_for_decision(call_id, proposal_id)
    decision = _existing(queries.decision_of(proposal_id), call_id)
    if decision.state is not DecisionState.RELEASED:
        raise Conflict("まだ通知していない決定です。決定の案を直してください。")
    if request.method == "GET":
        stored = _stored(proposal, decision)
        form = CorrectionForm(stashed_values(request.path), data=stored)
        return _correction_page(proposal, decision, form)
    form = CorrectionForm(request.form)
    data = form.data_or_none() if form.validate() else None
    try:
        if data is not None:
            reason = form.reason.data or ""
            decisions.correct(decision, data, reason, form.known_revision, actor, clock.now())
            flash("決定を訂正し、提案した人に知らせました。", "success")
            return redirect(url_for(".edit", call_id=call_id, proposal_id=proposal_id))
    except ProductError as error:
        _show(form, error)
    return _correction_page(proposal, decision, form), 422


@blueprint.get("/releases")
def review_release(call_id: uuid.UUID) -> str:
    """What a release will do, or what is still missing for it."""
    authorize(policy.can_decide(current_actor()))
    return _release_page(call_id)


@blueprint.post("/releases")
def release(call_id: uuid.UUID) -> Answer:
    """Make all decisions valid at one moment. A second press does nothing."""
    actor = authorize(policy.can_decide(current_actor()))
    try:
        done = decisions.release(get_call(call_id), actor, clock.now())
    except NotReady:
        return _release_page(call_id), 409
    if done.decisions:
        flash(f"{done.decisions}件の結果を通知しました。WGが{done.groups}件できました。", "success")
    else:
        flash("通知する決定はありません。すでに通知済みです。", "info")
    return redirect(url_for(".index", call_id=call_id))


def _release_page(call_id: uuid.UUID) -> str:
    call = get_call(call_id)
    rows = queries.decision_rows(call_id)
    return render_template(
        "decisions/release.html",
        call=call,
        blockers=blockers_of(call, clock.now()),
        ready=[row for row in rows if row.is_ready],
        labels=OUTCOME_LABELS,
        form=ConfirmForm(),
    )


def _is_wanted(row: queries.DecisionRow, chosen: str) -> bool:
    return not chosen or chosen == _progress(row)


def _progress(row: queries.DecisionRow) -> str:
    """``open``, ``draft``, ``checked`` or ``released``."""
    if row.decision_state is None:
        return "open"
    if row.decision_state is DecisionState.RELEASED and row.is_waiting:
        return "open"
    return row.decision_state.value


def _counts(rows: Any) -> dict[str, int]:
    counts = dict.fromkeys(("open", "draft", "checked", "released"), 0)
    for row in rows:
        counts[_progress(row)] += 1
    return counts


def _existing(decision: Decision | None, call_id: uuid.UUID) -> Decision:
    if decision is None or decision.call_id != call_id:
        raise NotFound
    return decision


def _stored(proposal: Proposal, decision: Decision | None) -> dict[str, Any]:
    """What the form begins with."""
    if decision is None:
        name = proposal.title[:NAME_LENGTH]
        return {"group_name": name, "planned_meetings": "3", "revision": "0"}
    values = shown_values(decisions.data_of(decision), decision.revision)
    return {**values, "group_name": values["group_name"] or proposal.title[:NAME_LENGTH]}


def _show(form: DecisionForm, error: ProductError) -> None:
    """Put the messages of a command to their fields."""
    if isinstance(error, InvalidDecision):
        form.show(error.problems)
    elif isinstance(error, InvalidGroup):
        for message in error.problems.values():
            form.add_error("group_name", message)
    else:
        form.add_error(error.field, error.message)


def _page(proposal: Proposal, decision: Decision | None, form: DecisionForm) -> str:
    actor = current_actor()
    may_check = decision is not None and decision.state is DecisionState.DRAFT
    return render_template(
        "decisions/edit.html",
        **_shared(proposal, decision),
        form=form,
        may_write=proposal.state.value == "submitted",
        may_check=may_check
        and decision is not None
        and policy.can_check(actor, decision.prepared_by_id),
        waits_for_other=may_check,
        confirm=ConfirmForm(),
    )


def _correction_page(proposal: Proposal, decision: Decision, form: CorrectionForm) -> str:
    return render_template("decisions/correct.html", **_shared(proposal, decision), form=form)


def _shared(proposal: Proposal, decision: Decision | None) -> dict[str, Any]:
    return {
        "call": proposal.call,
        "proposal": proposal,
        "decision": decision,
        "people": queries.prepared_by(decision) if decision else ("", ""),
        "corrections": queries.corrections_of(decision.id) if decision else (),
        "position": queries.ranking_of(proposal.call_id).positions.get(proposal.id),
        "group": queries.group_of(proposal.id),
        "labels": OUTCOME_LABELS,
        "states": DECISION_STATES.labels,
        "kinds": STATE_KINDS,
        "out_of_100": out_of_100,
    }
