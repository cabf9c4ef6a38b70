"""Pages of a person's own account, of invitations, and of an organisation's people."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_security import login_user
from werkzeug.wrappers import Response

from matchmaker.accounts import invitations, policy, queries, service
from matchmaker.accounts.domain import GLOBAL_ROLES, ORGANIZATION_ROLES, InvitationNotUsable
from matchmaker.accounts.forms import (
    JoinForm,
    MemberInvitationForm,
    MemberRoleForm,
    ProfileForm,
)
from matchmaker.accounts.models import Invitation, User
from matchmaker.accounts.sessions import signed_in_user
from matchmaker.accounts.two_factor import must_have_two_factor
from matchmaker.core.access import authorize, current_actor, public
from matchmaker.core.actor import Actor, OrganizationRole
from matchmaker.core.clock import now
from matchmaker.core.errors import ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.forms import ConfirmForm
from matchmaker.core.navigation import url_if_exists
from matchmaker.organizations.models import Organization
from matchmaker.organizations.queries import organization_of

INVALID = 422
GONE = 410
Answer = str | Response | tuple[str, int]
blueprint = Blueprint("accounts", __name__)
ROLE_LABELS = {choice.code: choice.label for choice in (*ORGANIZATION_ROLES, *GLOBAL_ROLES)}
ROLE_HELP = {choice.code: choice.help for choice in ORGANIZATION_ROLES}


@blueprint.get("/account")
def index() -> str:
    """The person's own account."""
    actor = authorize(policy.can_use_account(current_actor()))
    user = _own_user(actor)
    return render_template(
        "accounts/index.html",
        user=user,
        role_labels=ROLE_LABELS,
        two_factor_is_required=must_have_two_factor(user),
        codes_left=len(user.mf_recovery_codes or []),
    )


@blueprint.get("/account/start")
def start() -> Response:
    """Where a person arrives after signing in: the dashboard when there is one."""
    authorize(policy.can_use_account(current_actor()))
    return redirect(url_if_exists("dashboard.index") or url_for(".index"))


@blueprint.route("/account/profile", methods=["GET", "POST"])
def profile() -> Answer:
    """Name and reading."""
    actor = authorize(policy.can_use_account(current_actor()))
    user = _own_user(actor)
    restored = request.form if request.method == "POST" else stashed_values(request.path)
    form = ProfileForm(restored, obj=user)
    if form.is_submitted() and form.validate():
        service.rename_user(user, form.name.data or "", form.kana.data or "", actor, now())
        flash("保存しました。", "success")
        return redirect(url_for(".index"))
    page = render_template("accounts/profile.html", form=form)
    return (page, INVALID) if form.is_submitted() else page


@blueprint.get("/account/two-factor")
def after_two_factor() -> Response:
    """Where a person arrives after two-step sign-in changed: at recovery codes when none exist."""
    actor = authorize(policy.can_use_account(current_actor()))
    user = _own_user(actor)
    if user.has_two_factor and not user.mf_recovery_codes:
        flash(
            "次に、リカバリーコードを作ってください。スマートフォンをなくしたときに使います。",
            "info",
        )
        return redirect(url_for("security.mf_recovery_codes"))
    return redirect(url_for(".index"))


@blueprint.route("/invitations/<string:token>", methods=["GET", "POST"])
@public
def accept_invitation(token: str) -> Answer:
    """The link of an invitation: make an account, or join with the one there is."""
    try:
        invitation = invitations.check_usable(queries.invitation_with_token(token), now())
    except InvitationNotUsable as error:
        return render_template("accounts/invitation_gone.html", message=error.message), GONE
    if queries.user_with_email(invitation.email) is not None:
        return _join_with_account(invitation)
    return _join_anew(invitation)


@blueprint.get("/organizations/<uuid:organization_id>/people")
def members(organization_id: uuid.UUID) -> str:
    """The people of an organisation and who is invited."""
    organization = organization_of(organization_id)
    actor = authorize(policy.can_see_members(current_actor(), organization_id))
    may_manage = policy.can_manage_members(actor, organization_id)
    return render_template(
        "accounts/members.html",
        organization=organization,
        members=queries.members_of(organization_id),
        open_invitations=queries.open_invitations(organization_id, now()) if may_manage else [],
        may_manage=may_manage,
        role_labels=ROLE_LABELS,
        role_help=ROLE_HELP,
        token_form=ConfirmForm(),
    )


@blueprint.route("/organizations/<uuid:organization_id>/people/invite", methods=["GET", "POST"])
def invite_member(organization_id: uuid.UUID) -> Answer:
    """Invite a person to an organisation by mail."""
    organization = organization_of(organization_id)
    actor = authorize(policy.can_manage_members(current_actor(), organization_id))
    form = MemberInvitationForm(_restored())
    if form.is_submitted() and form.validate() and _invited(form, organization, actor):
        return redirect(url_for(".members", organization_id=organization_id))
    page = render_template(
        "accounts/invite_member.html", form=form, organization=organization, role_help=ROLE_HELP
    )
    return (page, INVALID) if form.is_submitted() else page


@blueprint.route(
    "/organizations/<uuid:organization_id>/people/<uuid:user_id>", methods=["GET", "POST"]
)
def member(organization_id: uuid.UUID, user_id: uuid.UUID) -> Answer:
    """Another role for a person of the organisation."""
    actor = authorize(policy.can_manage_members(current_actor(), organization_id))
    found = queries.member_of(organization_id, user_id)
    form = MemberRoleForm(data={"role": found.role})
    if form.is_submitted() and form.validate():
        try:
            service.change_member_role(found, OrganizationRole(form.role.data), actor, now())
        except ProductError as error:
            form.add_error("role", error.message)
        else:
            flash(f"{found.user.name}さんの役割を保存しました。", "success")
            return redirect(url_for(".members", organization_id=organization_id))
    page = render_template("accounts/member.html", form=form, member=found, role_help=ROLE_HELP)
    return (page, INVALID) if form.is_submitted() else page


@blueprint.post("/organizations/<uuid:organization_id>/people/<uuid:user_id>/removal")
def remove_member(organization_id: uuid.UUID, user_id: uuid.UUID) -> Response:
    """Take a person out of the organisation."""
    actor = authorize(policy.can_manage_members(current_actor(), organization_id))
    found = queries.member_of(organization_id, user_id)
    try:
        service.remove_member(found, actor, now())
    except ProductError as error:
        flash(error.message, "error")
    else:
        flash(f"{found.user.name}さんを団体から外しました。", "success")
    return redirect(url_for(".members", organization_id=organization_id))


@blueprint.post("/invitations/<uuid:invitation_id>/revocation")
def revoke_invitation(invitation_id: uuid.UUID) -> Response:
    """Take an invitation back."""
    invitation = queries.invitation_of(invitation_id)
    actor = authorize(_may_revoke(current_actor(), invitation))
    invitations.revoke_invitation(invitation, actor, now())
    flash(f"{invitation.email}への招待を取り消しました。", "success")
    if invitation.organization_id is not None and actor.belongs_to(invitation.organization_id):
        return redirect(url_for(".members", organization_id=invitation.organization_id))
    return redirect(url_for("user_administration.index"))


def _may_revoke(actor: Actor, invitation: Invitation) -> bool:
    if invitation.organization_id is None or invitation.global_role is not None:
        return policy.can_invite_globally(actor)
    return policy.can_manage_members(actor, invitation.organization_id)


def _own_user(actor: Actor) -> User:
    assert actor.user_id is not None  # noqa: S101 - the policy let only people through
    return queries.user_of(actor.user_id)


def _restored() -> object:
    return request.form if request.method == "POST" else stashed_values(request.path)


def _invited(form: MemberInvitationForm, organization: Organization, actor: Actor) -> bool:
    try:
        role = OrganizationRole(form.role.data)
        email = form.email.data or ""
        invitation = invitations.invite(email, actor, now(), organization=organization, role=role)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return False
    flash(f"{invitation.email}に招待のメールを送りました。", "success")
    return True


def _join_anew(invitation: Invitation) -> Answer:
    """Name and password; the person is signed in at once, having shown that the mail arrived."""
    form = JoinForm()
    if form.is_submitted() and form.validate():
        try:
            user = invitations.accept_as_new_user(
                invitation,
                form.name.data or "",
                form.kana.data or "",
                form.password.data or "",
                now(),
            )
        except ProductError as error:
            form.add_error(error.field, error.message)
        else:
            login_user(user, authn_via=["invitation"])
            flash("ようこそ。アカウントができました。", "success")
            return redirect(url_for(".start"))
    page = render_template("accounts/join.html", form=form, **_invitation_facts(invitation))
    return (page, INVALID) if form.is_submitted() else page


def _join_with_account(invitation: Invitation) -> Answer:
    user = signed_in_user()
    form = ConfirmForm()
    if user is None or not queries.is_address_of(invitation.email, user):
        facts = _invitation_facts(invitation)
        return render_template("accounts/join_sign_in.html", signed_in=user is not None, **facts)
    if form.is_submitted() and form.validate():
        invitations.accept_as_known_user(invitation, user, now())
        flash("招待を受けました。", "success")
        return redirect(url_for(".index"))
    return render_template("accounts/join_known.html", form=form, **_invitation_facts(invitation))


def _invitation_facts(invitation: Invitation) -> dict[str, object]:
    return {
        "invitation": invitation,
        "organization": invitation.organization,
        "role_label": invitations.role_label(invitation),
        "inviter_name": invitations.inviter_name(invitation),
    }
