"""Pages on the partners of a consortium: inviting, answering, leaving, roles, the lead."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.access import authorize
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.text import clean_line, clean_text
from matchmaker.organizations.choosing import prefill
from matchmaker.partnering.consortia import partners, policy
from matchmaker.partnering.consortia.blueprint import (
    INVALID,
    Opened,
    blueprint,
    open_consortium,
    open_to_change,
)
from matchmaker.partnering.consortia.domain import (
    MOST_PARTNERS,
    PARTNER_STATES,
    PRESENT_STATES,
    ROLE_LABELS,
    ROLE_TASKS,
    PartnerState,
    roles_of,
)
from matchmaker.partnering.consortia.forms import (
    ExternalForm,
    InviteForm,
    LeadForm,
    ReasonForm,
    RolesForm,
)
from matchmaker.partnering.consortia.inviting_views import chosen_member
from matchmaker.partnering.consortia.models import ConsortiumPartner

Answer = Response | tuple[str, int] | str


@blueprint.get("/<uuid:consortium_id>/partners")
def list_partners(consortium_id: uuid.UUID) -> str:
    """Who takes part, who is asked, who left, and forms for all of it."""
    opened = open_consortium(consortium_id)
    wanted = {
        "organization": clean_line(request.args.get("organization", "")),
        "roles": request.args.getlist("role"),
    }
    invite_form = InviteForm(stashed_values(request.path), data=wanted)
    return _page(opened, invite_form)


@blueprint.post("/<uuid:consortium_id>/partners")
def invite(consortium_id: uuid.UUID) -> Answer:
    """Ask a member organisation to take part."""
    opened = _to_manage(open_to_change(consortium_id))
    form = InviteForm()
    is_valid = form.validate_on_submit()
    chosen = chosen_member(form, opened.consortium)
    if not is_valid or chosen is None:
        return _page(opened, form), INVALID
    try:
        message = clean_text(form.message.data or "")
        partners.invite(opened.consortium, chosen, form.chosen(), message, opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(opened, form), error.status
    flash("参加の案内を送りました。返事が来るとメールで知らせます。", "success")
    return _back(opened)


@blueprint.post("/<uuid:consortium_id>/external-partners")
def add_external(consortium_id: uuid.UUID) -> Answer:
    """Name a partner that is no member."""
    opened = _to_manage(open_to_change(consortium_id))
    form = ExternalForm()
    if not form.validate_on_submit():
        return _page(opened, external_form=form), INVALID
    name, note = clean_line(form.name.data or ""), clean_line(form.note.data or "")
    try:
        partners.add_external(
            opened.consortium, name, note, form.chosen(), opened.actor, opened.now
        )
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(opened, external_form=form), error.status
    flash("外部の参加者を加えました。会員ではないことが、どのページにも示されます。", "success")
    return _back(opened)


@blueprint.post("/<uuid:consortium_id>/partners/<uuid:partner_id>/acceptances")
def accept(consortium_id: uuid.UUID, partner_id: uuid.UUID) -> Response:
    """Take part."""
    opened, partner = _own(consortium_id, partner_id)
    partners.answer(opened.consortium, partner, True, "", opened.actor, opened.now)
    flash("座組に参加しました。内容を読んで、同意してください。", "success")
    return redirect(url_for(".show", consortium_id=consortium_id))


@blueprint.get("/<uuid:consortium_id>/partners/<uuid:partner_id>/leaving")
def ask_leaving(consortium_id: uuid.UUID, partner_id: uuid.UUID) -> str:
    """Why a partner declines, leaves or is taken out."""
    opened = open_consortium(consortium_id)
    partner = opened.partner(partner_id)
    authorize(_may_end(opened, partner))
    return _leaving_page(opened, partner, ReasonForm(stashed_values(request.path)))


@blueprint.post("/<uuid:consortium_id>/partners/<uuid:partner_id>/leaving")
def leave(consortium_id: uuid.UUID, partner_id: uuid.UUID) -> Answer:
    """Decline, leave or take out, with a reason."""
    opened = open_to_change(consortium_id)
    partner = opened.partner(partner_id)
    authorize(_may_end(opened, partner))
    form = ReasonForm()
    if not form.validate_on_submit():
        return _leaving_page(opened, partner, form), INVALID
    try:
        _end(opened, partner, clean_text(form.reason.data or ""))
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _leaving_page(opened, partner, form), error.status
    flash("手続きをしました。ほかの参加者にメールで知らせます。", "success")
    if policy.can_view(opened.actor, opened.consortium):
        return _back(opened)
    return redirect(url_for(".index"))


def _may_end(opened: Opened, partner: ConsortiumPartner) -> bool:
    own = policy.can_answer(opened.actor, opened.consortium, partner)
    return own or policy.can_manage_partners(opened.actor, opened.consortium)


def _end(opened: Opened, partner: ConsortiumPartner, reason: str) -> None:
    """Which step it is follows from whose partner it is, and where it stands."""
    consortium, actor, now = opened.consortium, opened.actor, opened.now
    if not policy.can_answer(actor, consortium, partner):
        partners.remove(consortium, partner, reason, actor, now)
    elif partner.state is PartnerState.INVITED:
        partners.answer(consortium, partner, False, reason, actor, now)
    else:
        partners.leave(consortium, partner, reason, actor, now)


def _leaving_page(opened: Opened, partner: ConsortiumPartner, form: ReasonForm) -> str:
    is_own = policy.can_answer(opened.actor, opened.consortium, partner)
    return render_template(
        "consortia/leaving.html",
        consortium=opened.consortium,
        partner=partner,
        form=form,
        is_own=is_own,
        is_present=partner.state in PRESENT_STATES,
        declines=is_own and partner.state is PartnerState.INVITED,
    )


@blueprint.get("/<uuid:consortium_id>/partners/<uuid:partner_id>/roles")
def ask_roles(consortium_id: uuid.UUID, partner_id: uuid.UUID) -> str:
    """What a partner does."""
    opened = _to_manage(open_consortium(consortium_id))
    partner = opened.partner(partner_id)
    form = RolesForm(stashed_values(request.path), data={"roles": partner.roles})
    return _roles_page(opened, partner, form)


@blueprint.post("/<uuid:consortium_id>/partners/<uuid:partner_id>/roles")
def change_roles(consortium_id: uuid.UUID, partner_id: uuid.UUID) -> Answer:
    """Say anew what a partner does."""
    opened = _to_manage(open_to_change(consortium_id))
    partner, form = opened.partner(partner_id), RolesForm()
    if not form.validate_on_submit():
        return _roles_page(opened, partner, form), INVALID
    try:
        partners.change_roles(opened.consortium, partner, form.chosen(), opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _roles_page(opened, partner, form), error.status
    flash("役割を変えました。", "success")
    return _back(opened)


def _roles_page(opened: Opened, partner: ConsortiumPartner, form: RolesForm) -> str:
    return render_template(
        "consortia/roles.html",
        consortium=opened.consortium,
        partner=partner,
        form=form,
        tasks=ROLE_TASKS,
    )


@blueprint.post("/<uuid:consortium_id>/lead-offers")
def offer_lead(consortium_id: uuid.UUID) -> Answer:
    """Ask a partner to take the lead."""
    opened = _to_manage(open_to_change(consortium_id))
    form = LeadForm()
    chosen = _id(form.partner_id.data)
    if not form.validate_on_submit() or chosen is None:
        if chosen is None:
            form.add_error("partner_id", "引き継ぐ団体を選んでください。")
        return _page(opened, lead_form=form), INVALID
    reason = clean_text(form.reason.data or "")
    try:
        partners.offer_lead(
            opened.consortium, opened.partner(chosen), reason, opened.actor, opened.now
        )
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(opened, lead_form=form), error.status
    flash("代表の引き継ぎを頼みました。相手が承諾すると代表が変わります。", "success")
    return _back(opened)


@blueprint.post("/<uuid:consortium_id>/partners/<uuid:partner_id>/lead-answers")
def answer_lead(consortium_id: uuid.UUID, partner_id: uuid.UUID) -> Response:
    """Take the lead that was offered, or decline it."""
    opened, partner = _own(consortium_id, partner_id)
    is_taken = request.form.get("answer") == "accept"
    partners.answer_lead(opened.consortium, partner, is_taken, opened.actor, opened.now)
    flash("代表を引き継ぎました。" if is_taken else "引き継がないと答えました。", "success")
    return redirect(url_for(".show", consortium_id=consortium_id))


@blueprint.post("/<uuid:consortium_id>/partners/<uuid:partner_id>/lead-takings")
def take_lead(consortium_id: uuid.UUID, partner_id: uuid.UUID) -> Response:
    """Take the lead when nobody has it."""
    opened, partner = _own(consortium_id, partner_id)
    authorize(policy.can_take_lead(opened.actor, opened.consortium) or _has_lead(opened))
    partners.take_lead(opened.consortium, partner, opened.actor, opened.now)
    flash("代表になりました。", "success")
    return redirect(url_for(".show", consortium_id=consortium_id))


def _has_lead(opened: Opened) -> bool:
    """Somebody was quicker: the command says so in words."""
    return any(each.is_lead for each in opened.consortium.partners)


def _own(consortium_id: uuid.UUID, partner_id: uuid.UUID) -> tuple[Opened, ConsortiumPartner]:
    """A partner for which the person answers."""
    opened = open_to_change(consortium_id)
    partner = opened.partner(partner_id)
    authorize(policy.can_answer(opened.actor, opened.consortium, partner))
    return opened, partner


def _to_manage(opened: Opened) -> Opened:
    if policy.can_lead(opened.actor, opened.consortium):
        _refuse_ended(opened)
    authorize(policy.can_manage_partners(opened.actor, opened.consortium))
    return opened


def _refuse_ended(opened: Opened) -> None:
    if not policy.can_manage_partners(opened.actor, opened.consortium):
        raise Conflict("終了した座組の参加者は変えられません。")


def _back(opened: Opened) -> Response:
    return redirect(url_for(".list_partners", consortium_id=opened.consortium.id))


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _page(
    opened: Opened,
    invite_form: InviteForm | None = None,
    external_form: ExternalForm | None = None,
    lead_form: LeadForm | None = None,
) -> str:
    """The page with one form as it was sent and the others empty."""
    sent = invite_form or external_form or lead_form
    invite_form = invite_form or InviteForm(None)
    prefill(invite_form)
    consortium = opened.consortium
    present = [each for each in consortium.partners if each.state in PRESENT_STATES]
    may_manage = policy.can_manage_partners(opened.actor, consortium)
    return render_template(
        "consortia/partners.html",
        consortium=consortium,
        present=present,
        gone=[each for each in consortium.partners if each.state not in PRESENT_STATES],
        roles_of=roles_of,
        labels=ROLE_LABELS,
        states=PARTNER_STATES.labels,
        form=sent,
        invite_form=invite_form,
        external_form=external_form or ExternalForm(None),
        lead_form=_with_partners(lead_form or LeadForm(None), present),
        may_manage=may_manage,
        own_ids=opened.standing.partner_ids,
        most=MOST_PARTNERS,
    )


def _with_partners(form: LeadForm, present: list[ConsortiumPartner]) -> LeadForm:
    form.partner_id.choices = [
        (str(each.id), each.name)
        for each in present
        if each.state is PartnerState.ACCEPTED and not each.is_lead
    ]
    return form
