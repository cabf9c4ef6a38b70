"""User administration of the secretariat: all accounts, invitations, locks, roles."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.accounts import invitations, policy, queries, service
from matchmaker.accounts.domain import GLOBAL_ROLES, is_locked
from matchmaker.accounts.forms import GeneralInvitationForm, ReasonForm
from matchmaker.accounts.models import User
from matchmaker.accounts.views import ROLE_HELP, ROLE_LABELS
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor, GlobalRole, OrganizationRole
from matchmaker.core.audit import entries_of
from matchmaker.core.clock import now
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.forms import NOT_CHOSEN, ConfirmForm
from matchmaker.core.paging import page_number
from matchmaker.organizations.models import Organization
from matchmaker.organizations.queries import all_organizations, organization_of

INVALID = 422
TEXT_LENGTH = 100
Answer = str | Response | tuple[str, int]
blueprint = Blueprint("user_administration", __name__, url_prefix="/secretariat/users")
TAG_LABELS = {
    "accounts:user:created": "アカウントの作成",
    "accounts:user:renamed": "名前の変更",
    "accounts:user:signed-in": "サインイン",
    "accounts:user:locked": "失敗が続いたための一時停止",
    "accounts:user:unlocked": "一時停止の解除",
    "accounts:user:deactivated": "アカウントの停止",
    "accounts:user:reactivated": "停止の解除",
    "accounts:user:password-changed": "パスワードの変更",
    "accounts:user:two-factor-changed": "2段階認証の変更",
    "accounts:user:role-changed": "全体の役割の変更",
    "accounts:mail:due": "サインインに関するメール",
}
STATES = {"active": "使える", "locked": "一時停止中", "inactive": "停止"}


@blueprint.get("")
def index() -> str:
    """All accounts with search, and the invitations that are open."""
    actor = authorize(policy.can_manage_users(current_actor()))
    moment = now()
    wanted = _filter_from_request()
    return render_template(
        "accounts/users.html",
        page=queries.users_page(wanted, page_number(request.args.get("page")), moment),
        wanted=wanted,
        states=STATES,
        global_roles=GLOBAL_ROLES,
        role_labels=ROLE_LABELS,
        open_invitations=queries.open_invitations(None, moment),
        may_invite=policy.can_invite_globally(actor),
        now=moment,
        token_form=ConfirmForm(),
    )


@blueprint.route("/invite", methods=["GET", "POST"])
def invite() -> Answer:
    """Invite a person to any organisation or to a role for the whole service."""
    actor = authorize(policy.can_invite_globally(current_actor()))
    form = GeneralInvitationForm(
        request.form if request.method == "POST" else stashed_values(request.path)
    )
    form.organization.choices = [
        NOT_CHOSEN,
        *((str(each.id), f"{each.name}（{each.prefecture}）") for each in all_organizations()),
    ]
    if form.is_submitted() and form.validate() and _invited(form, actor):
        return redirect(url_for(".index"))
    page = render_template("accounts/invite.html", form=form, role_help=ROLE_HELP)
    return (page, INVALID) if form.is_submitted() else page


@blueprint.get("/<uuid:user_id>")
def show(user_id: uuid.UUID) -> str:
    """One account with what was done to it."""
    actor = authorize(policy.can_manage_users(current_actor()))
    user = queries.user_of(user_id)
    return render_template(
        "accounts/user.html",
        user=user,
        held={role.name for role in user.roles},
        is_locked=is_locked(user.locked_until, now()),
        global_roles=GLOBAL_ROLES,
        role_labels=ROLE_LABELS,
        entries=entries_of(user.id, limit=20),
        tag_labels=TAG_LABELS,
        may_change_role=lambda role: policy.can_change_global_role(
            actor, user.id, GlobalRole(role)
        ),
        may_deactivate=policy.can_deactivate(actor, user.id),
        may_reset_two_factor=user.has_two_factor and policy.can_reset_two_factor(actor, user.id),
    )


@blueprint.route("/<uuid:user_id>/<string:step>", methods=["GET", "POST"])
def take_step(user_id: uuid.UUID, step: str) -> Answer:
    """Unlock, close, reopen or reset two-step sign-in, each with a reason."""
    if step not in STEPS:
        raise NotFound
    title, explanation, allowed, act = STEPS[step]
    actor = authorize(allowed(current_actor(), user_id))
    user = queries.user_of(user_id)
    return _with_reason(user, title, explanation, lambda reason: act(user, reason, actor, now()))


@blueprint.route("/<uuid:user_id>/roles/<string:role>/<string:change>", methods=["GET", "POST"])
def change_role(user_id: uuid.UUID, role: str, change: str) -> Answer:
    """Give or take a role for the whole service, with a reason."""
    if role not in set(GlobalRole) or change not in ("grant", "revoke"):
        raise NotFound
    wanted = GlobalRole(role)
    actor = authorize(policy.can_change_global_role(current_actor(), user_id, wanted))
    user = queries.user_of(user_id)
    verb = "つける" if change == "grant" else "外す"
    command = service.grant_global_role if change == "grant" else service.revoke_global_role
    return _with_reason(
        user,
        f"「{ROLE_LABELS[role]}」の役割を{verb}",
        "この人ができることが変わります。",
        lambda reason: command(user, wanted, actor=actor, now=now(), reason=reason),
    )


def _may_unlock(actor: Actor, _user_id: uuid.UUID) -> bool:
    return policy.can_manage_users(actor)


STEPS: dict[str, tuple[str, str, Callable[[Actor, uuid.UUID], bool], Callable[..., None]]] = {
    "unlock": (
        "一時停止を解く",
        "すぐにサインインできるようになります。",
        _may_unlock,
        service.unlock,
    ),
    "deactivate": (
        "アカウントを停止する",
        "サインインできなくなり、いまのサインインも終わります。",
        policy.can_deactivate,
        service.deactivate,
    ),
    "reactivate": (
        "アカウントの停止を解く",
        "また同じパスワードでサインインできるようになります。",
        policy.can_deactivate,
        service.reactivate,
    ),
    "two-factor-reset": (
        "2段階認証を解除する",
        "本人であることを電話などで確かめてから行ってください。本人はもう一度設定できます。",
        policy.can_reset_two_factor,
        service.reset_two_factor,
    ),
}


def _with_reason(user: User, title: str, explanation: str, act: Callable[[str], Any]) -> Answer:
    """Ask for the reason, then act."""
    form = ReasonForm()
    if form.is_submitted() and form.validate():
        act((form.reason.data or "").strip())
        flash(f"{user.name}さん：{title}ことを記録しました。", "success")
        return redirect(url_for(".show", user_id=user.id))
    page = render_template(
        "accounts/user_step.html", form=form, user=user, title=title, explanation=explanation
    )
    return (page, INVALID) if form.is_submitted() else page


def _filter_from_request() -> queries.UserFilter:
    role = request.args.get("role", "")
    state = request.args.get("state", "")
    return queries.UserFilter(
        text=request.args.get("q", "").strip()[:TEXT_LENGTH],
        role=role if role in set(GlobalRole) else "",
        state=state if state in STATES else "",
    )


def _invited(form: GeneralInvitationForm, actor: Actor) -> bool:
    organization = _chosen_organization(form)
    role = OrganizationRole(form.role.data) if form.role.data else None
    global_role = GlobalRole(form.global_role.data) if form.global_role.data else None
    if (organization is None) != (role is None):
        form.add_error("role", "団体と、団体での役割を両方選んでください。")
    elif organization is None and global_role is None:
        form.add_error("global_role", "団体か、全体の役割を選んでください。")
    else:
        try:
            invitation = invitations.invite(
                form.email.data or "",
                actor,
                now(),
                organization=organization,
                role=role,
                global_role=global_role,
            )
        except ProductError as error:
            form.add_error(error.field, error.message)
        else:
            flash(f"{invitation.email}に招待のメールを送りました。", "success")
            return True
    return False


def _chosen_organization(form: GeneralInvitationForm) -> Organization | None:
    try:
        return organization_of(uuid.UUID(form.organization.data or ""))
    except (ValueError, NotFound):
        return None
