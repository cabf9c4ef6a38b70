"""推進体制の調整: what resembles each other, asking the leads, joining their proposals."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.errors import ProductError
from matchmaker.core.forms import ProductForm
from matchmaker.core.text import clean_line, clean_text
from matchmaker.matching.engine import current_engine
from matchmaker.questions.domain import Questionnaire
from matchmaker.working_groups.calls import queries as call_queries
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.proposals import coordination as service
from matchmaker.working_groups.proposals import policy, queries
from matchmaker.working_groups.proposals.domain import (
    PROPOSAL_STATES,
    CoordinationAnswer,
    CoordinationState,
)
from matchmaker.working_groups.proposals.forms import (
    CoordinationAnswerForm,
    CoordinationForm,
    MergeForm,
    ReasonForm,
)
from matchmaker.working_groups.proposals.models import Coordination, CoordinationPart
from matchmaker.working_groups.proposals.similarity import COMPARED, similarities
from matchmaker.working_groups.proposals.web.blueprint import blueprint
from matchmaker.working_groups.proposals.web.loading import Loaded, load
from matchmaker.working_groups.proposals.web.submitting import reason_page

INVALID = 422
Answer = Response | tuple[str, int] | str
ANSWER_LABELS = {
    CoordinationAnswer.ASKED: "お返事待ち",
    CoordinationAnswer.WILLING: "いっしょに進めたい",
    CoordinationAnswer.UNWILLING: "それぞれで進めたい",
}
STATE_LABELS = {
    CoordinationState.PROPOSED: "調整中",
    CoordinationState.MERGED: "まとめました",
    CoordinationState.ENDED: "終わりました",
}


@blueprint.get("/calls/<uuid:call_id>/proposals/similarities")
def similar(call_id: uuid.UUID) -> str:
    """Pairs and groups of handed-in proposals that mean the same."""
    call = call_queries.get_call(call_id)
    authorize(policy.can_bring_together(current_actor()), hidden=True)
    form = CoordinationForm()
    form.proposal_ids.data = request.args.getlist("proposal_ids")
    return _similar_page(call, form)


@blueprint.post("/calls/<uuid:call_id>/coordinations")
def bring_together(call_id: uuid.UUID) -> Answer:
    """Ask the leads of the chosen proposals."""
    call = call_queries.get_call(call_id)
    actor = authorize(policy.can_bring_together(current_actor()), hidden=True)
    form = CoordinationForm()
    form.proposal_ids.choices = []
    if not form.validate_on_submit():
        return _similar_page(call, form), INVALID
    chosen = [
        each
        for each in queries.proposals_of(call_id, COMPARED)
        if str(each.id) in (form.proposal_ids.data or [])
    ]
    try:
        message = clean_text(form.message.data or "")
        made = service.bring_together(call, chosen, message, actor, clock.now())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _similar_page(call, form), error.status
    flash("代表の方に案内を送りました。お返事を待ちます。", "success")
    return redirect(url_for("proposals.coordination", coordination_id=made.id))


@blueprint.get("/coordinations/<uuid:coordination_id>")
def coordination(coordination_id: uuid.UUID) -> str:
    """What the leads answered; each lead sees the titles of the others."""
    found = queries.get_coordination(coordination_id)
    actor = _authorize_for(found)
    return _page(found, actor, CoordinationAnswerForm())


@blueprint.post("/coordinations/<uuid:coordination_id>/answers/<uuid:proposal_id>")
def answer_coordination(coordination_id: uuid.UUID, proposal_id: uuid.UUID) -> Answer:
    """A lead says whether they are willing."""
    found = queries.get_coordination(coordination_id)
    actor = current_actor()
    own = {part.proposal_id for part in own_parts(found, actor)}
    authorize(proposal_id in own, hidden=True)
    form = CoordinationAnswerForm()
    if not form.validate_on_submit():
        return _page(found, actor, form), INVALID
    willing, comment = form.answer.data == "willing", clean_text(form.comment.data or "")
    service.answer(found, proposal_id, willing, comment, actor, clock.now())
    flash("お返事を事務局に送りました。", "success")
    return redirect(url_for("proposals.coordination", coordination_id=coordination_id))


@blueprint.post("/coordinations/<uuid:coordination_id>/merges")
def merge(coordination_id: uuid.UUID) -> Answer:
    """Join the proposals, once all leads are willing."""
    found = queries.get_coordination(coordination_id)
    actor = authorize(policy.can_bring_together(current_actor()), hidden=True)
    form = MergeForm()
    form.lead_proposal_id.choices = []
    form.validate_on_submit()
    try:
        title = clean_line(form.title.data or "")
        merged = service.merge(found, _id(form.lead_proposal_id.data), title, actor, clock.now())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(found, actor, form), error.status
    flash("提案をひとつにまとめました。書いている人全員にメールで知らせます。", "success")
    return redirect(url_for("proposals.show", proposal_id=merged.id))


@blueprint.post("/coordinations/<uuid:coordination_id>/endings")
def end_coordination(coordination_id: uuid.UUID) -> Answer:
    """Give it up, with the reason."""
    found = queries.get_coordination(coordination_id)
    actor = authorize(policy.can_bring_together(current_actor()), hidden=True)
    form = ReasonForm()
    try:
        service.end(found, form.given(), actor, clock.now())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(found, actor, form), error.status
    flash("調整を終えました。書いている人全員にメールで知らせます。", "success")
    return redirect(url_for("proposals.similar", call_id=found.call_id))


@blueprint.post("/proposals/<uuid:proposal_id>/unmergings")
def undo_merge(proposal_id: uuid.UUID) -> Answer:
    """Take a merge back, with the reason."""
    found = load(proposal_id)
    authorize(policy.can_bring_together(found.actor), hidden=True)
    form = ReasonForm()
    try:
        _undo(found, form.given())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return reason_page(found, form, "統合を取り消す"), error.status
    flash("統合を取り消しました。もとの提案は「作成中」に戻りました。", "success")
    return redirect(url_for("proposals.index", call_id=found.proposal.call_id))


def _undo(found: Loaded, reason: str) -> None:
    sources = queries.merged_sources(found.proposal.id)
    if not sources:
        raise ProductError("この提案は、ほかの提案をまとめたものではありません。")
    service.undo_merge(found.proposal, sources, reason, found.actor, clock.now())


def own_parts(found: Coordination, actor: Actor) -> list[CoordinationPart]:
    """Parts for which the person answers as the lead."""
    return [
        part for part in found.parts if policy.standing_in(actor, part.proposal.authors).is_lead
    ]


def _authorize_for(found: Coordination) -> Actor:
    actor = current_actor()
    concerned = any(
        policy.standing_in(actor, part.proposal.authors).is_author for part in found.parts
    )
    return authorize(policy.can_bring_together(actor) or concerned, hidden=True)


def _id(text: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return uuid.UUID(int=0)


def _similar_page(call: Call, form: CoordinationForm) -> str:
    proposals = queries.proposals_of(call.id, COMPARED)
    engine = current_engine()
    model_id = engine.encoder.model_id if engine.encoder else ""
    questionnaire = Questionnaire.from_data(call.questions)
    found = similarities(proposals, questionnaire, model_id, engine.rules())
    form.proposal_ids.choices = [
        (str(each.id), f"{each.number}　{each.title}（{each.lead_organization.name}）")
        for each in proposals
    ]
    return render_template(
        "proposals/similarities.html",
        call=call,
        form=form,
        found=found,
        coordinations=queries.coordinations_of_call(call.id),
        state_labels=STATE_LABELS,
    )


def _page(found: Coordination, actor: Actor, form: ProductForm) -> str:
    merge_form = form if isinstance(form, MergeForm) else MergeForm()
    merge_form.lead_proposal_id.choices = [
        (str(part.proposal_id), f"{part.proposal.title}（{part.proposal.lead_organization.name}）")
        for part in found.parts
    ]
    own = own_parts(found, actor)
    waiting = [part for part in own if part.answer is CoordinationAnswer.ASKED]
    goes_on = found.state is CoordinationState.PROPOSED
    all_willing = all(part.answer is CoordinationAnswer.WILLING for part in found.parts)
    return render_template(
        "proposals/coordination.html",
        coordination=found,
        call=call_queries.get_call(found.call_id),
        own={part.proposal_id for part in own},
        answering=next(iter([*waiting, *own]), None) if goes_on else None,
        actor=actor,
        form=form,
        answer_form=form if isinstance(form, CoordinationAnswerForm) else CoordinationAnswerForm(),
        merge_form=merge_form,
        end_form=form if isinstance(form, ReasonForm) else ReasonForm(),
        all_willing=all_willing,
        goes_on=goes_on,
        answer_labels=ANSWER_LABELS,
        state_labels=STATE_LABELS,
        proposal_labels=PROPOSAL_STATES.labels,
    )
