"""The people who write a proposal together: inviting, answering, leaving, handing over."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize
from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line, clean_text
from matchmaker.organizations.choosing import AllMembers, chosen_member, prefill
from matchmaker.working_groups.proposals import authorship, policy
from matchmaker.working_groups.proposals.domain import AUTHOR_LABELS, AuthorRole
from matchmaker.working_groups.proposals.forms import HandOverForm, InviteForm
from matchmaker.working_groups.proposals.origins import suggested_organizations
from matchmaker.working_groups.proposals.web.blueprint import blueprint
from matchmaker.working_groups.proposals.web.loading import Loaded, load, load_to_manage

INVALID = 422
Answer = Response | tuple[str, int] | str


@blueprint.get("/proposals/<uuid:proposal_id>/authors")
def authors(proposal_id: uuid.UUID) -> str:
    """Who writes, who is asked, and forms for both."""
    found = load(proposal_id)
    proposal, standing = found.proposal, found.standing
    allowed = policy.can_manage_people(found.actor, proposal, standing) or standing.is_author
    authorize(allowed, hidden=True)
    return _page(found, InviteForm(), HandOverForm())


@blueprint.post("/proposals/<uuid:proposal_id>/authors")
def invite(proposal_id: uuid.UUID) -> Answer:
    """Ask somebody to write together."""
    found = load_to_manage(proposal_id)
    form = InviteForm()
    is_valid = form.validate_on_submit()
    chosen = chosen_member(form, AllMembers())
    if not is_valid or chosen is None:
        return _page(found, form, HandOverForm()), INVALID
    email = clean_line(form.email.data or "")
    try:
        asked = authorship.invite(found.proposal, chosen, email, found.actor, clock.now())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(found, form, HandOverForm()), error.status
    flash(f"{len(asked)}人に案内を送りました。返事はメールで届きます。", "success")
    return redirect(url_for("proposals.authors", proposal_id=proposal_id))


@blueprint.post("/proposals/<uuid:proposal_id>/invitation-answers")
def answer_invitation(proposal_id: uuid.UUID) -> Response:
    """Accept or decline writing together."""
    found = load(proposal_id)
    authorize(found.standing.is_invited or found.standing.is_author, hidden=True)
    accepted = request.form.get("answer") == "accept"
    authorship.answer(found.proposal, accepted, found.actor, clock.now())
    if not accepted:
        flash("案内を辞退しました。", "success")
        return redirect(url_for("proposals.mine"))
    flash("提案をいっしょに書けるようになりました。", "success")
    return redirect(url_for("proposals.show", proposal_id=proposal_id))


@blueprint.post("/proposals/<uuid:proposal_id>/authors/<uuid:user_id>/removals")
def remove_author(proposal_id: uuid.UUID, user_id: uuid.UUID) -> Response:
    """Leave, or take somebody off."""
    found = load(proposal_id)
    own = found.standing.is_author and user_id == found.actor.user_id
    managing = policy.can_manage_people(found.actor, found.proposal, found.standing)
    authorize(own or managing, hidden=True)
    reason = clean_text(request.form.get("reason", ""))
    authorship.leave(found.proposal, user_id, reason, found.actor, clock.now())
    flash("提案から外れました。" if own else "提案を書く人から外しました。", "success")
    if own:
        return redirect(url_for("proposals.mine"))
    return redirect(url_for("proposals.authors", proposal_id=proposal_id))


@blueprint.post("/proposals/<uuid:proposal_id>/lead-offers")
def offer_lead(proposal_id: uuid.UUID) -> Answer:
    """Ask a co-author to take over the lead."""
    found = load_to_manage(proposal_id)
    form = HandOverForm()
    form.user_id.choices = []
    chosen = _id(form.user_id.data)
    if not form.validate_on_submit() or chosen is None:
        if chosen is None:
            form.add_error("user_id", "引き継ぐ人を選んでください。")
        return _page(found, InviteForm(formdata=None), form), INVALID
    reason = clean_text(form.reason.data or "")
    try:
        authorship.offer_lead(found.proposal, chosen, reason, found.actor, clock.now())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(found, InviteForm(formdata=None), form), error.status
    flash("代表の引き継ぎを頼みました。相手が承諾すると代表が変わります。", "success")
    return redirect(url_for("proposals.authors", proposal_id=proposal_id))


@blueprint.post("/proposals/<uuid:proposal_id>/lead-answers")
def answer_lead(proposal_id: uuid.UUID) -> Response:
    """Take over the lead, or decline."""
    found = load(proposal_id)
    authorize(found.standing.is_author, hidden=True)
    accepted = request.form.get("answer") == "accept"
    authorship.answer_lead(found.proposal, accepted, found.actor, clock.now())
    flash("代表を引き継ぎました。" if accepted else "引き継がないと答えました。", "success")
    return redirect(url_for("proposals.show", proposal_id=proposal_id))


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _page(found: Loaded, invite_form: InviteForm, lead_form: HandOverForm) -> str:
    proposal = found.proposal
    present = [each for each in proposal.authors if each.left_at is None]
    lead_form.user_id.choices = [
        (str(each.user_id), f"{each.user.name}（{each.organization.name}）")
        for each in present
        if each.accepted_at is not None and each.role is AuthorRole.CO_AUTHOR
    ]
    organizations = {each.organization_id for each in present}
    prefill(invite_form)
    return render_template(
        "proposals/authors.html",
        proposal=proposal,
        standing=found.standing,
        actor=found.actor,
        writing=[each for each in present if each.accepted_at is not None],
        asked=[each for each in present if each.accepted_at is None],
        suggested=suggested_organizations(proposal.origin_facts, organizations),
        labels=AUTHOR_LABELS,
        form=lead_form if lead_form.errors else invite_form,
        invite_form=invite_form,
        lead_form=lead_form,
        may_manage=policy.can_manage_people(found.actor, proposal, found.standing),
    )
