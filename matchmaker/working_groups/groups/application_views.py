"""Pages on which people apply, are invited, and get their answer."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.accounts.queries import user_of
from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.paging import page_number
from matchmaker.organizations.choosing import prefill
from matchmaker.organizations.queries import organizations_by_id
from matchmaker.working_groups.groups import (
    application_queries,
    applications,
    policy,
    queries,
)
from matchmaker.working_groups.groups.domain import ApplicationKind, ApplicationState
from matchmaker.working_groups.groups.forms import AnswerForm, JoinForm, PersonForm, as_uuid
from matchmaker.working_groups.groups.loading import OpenGroup, open_group, open_to_run
from matchmaker.working_groups.groups.models import GroupApplication
from matchmaker.working_groups.groups.people_views import (
    known_person,
    own_organization,
)
from matchmaker.working_groups.groups.policy import Standing

INVALID = 422
Answer = str | Response | tuple[str, int]
blueprint = Blueprint(
    "group_applications", __name__, url_prefix="/working-groups/<uuid:group_id>/applications"
)
ASKED_FOR = {
    "application": ApplicationKind.APPLICATION,
    "observer": ApplicationKind.OBSERVER,
}

ANSWERS = {"accept": True, "decline": False}


@blueprint.get("")
def index(group_id: uuid.UUID) -> str:
    """Applications and invitations of a group (those who run it)."""
    opened = open_to_run(group_id)
    number = page_number(request.args.get("page"))
    return render_template(
        "working_groups/applications.html",
        group=opened.group,
        opened=opened,
        page=application_queries.applications_page(group_id, number),
        may_keep=policy.can_keep_people(opened.actor, opened.group, opened.standing),
    )


@blueprint.get("/new/<any(application, observer):kind>")
def new(group_id: uuid.UUID, kind: str) -> Answer:
    """The form with which people apply."""
    opened = open_group(group_id)
    authorize(policy.can_apply(opened.actor, opened.group, opened.standing))
    return _join_page(opened, ASKED_FOR[kind], JoinForm(stashed_values(request.path)))


@blueprint.post("/new/<any(application, observer):kind>")
def create(group_id: uuid.UUID, kind: str) -> Answer:
    """Apply."""
    opened = open_group(group_id)
    authorize(policy.can_apply(opened.actor, opened.group, opened.standing))
    form = JoinForm()
    organization_id = _chosen_organization(opened, form)
    if organization_id is None or not form.validate_on_submit():
        return _join_page(opened, ASKED_FOR[kind], form)
    try:
        applications.apply_to_join(
            opened.group, user_of(_person(opened)), organization_id, ASKED_FOR[kind],
            form.message.data or "", opened.actor, opened.now,
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _join_page(opened, ASKED_FOR[kind], form)
    flash("申し込みました。WGを運営する人が確認して、メールで返事をします。", "success")
    return redirect(url_for("working_groups.show", group_id=group_id))


@blueprint.route("/invitation", methods=["GET", "POST"])
def invite(group_id: uuid.UUID) -> Answer:
    """Ask a person to take a role (those who run the group)."""
    opened = open_to_run(group_id)
    authorize(policy.can_keep_people(opened.actor, opened.group, opened.standing))
    form = PersonForm(request.form if request.method == "POST" else stashed_values(request.path))
    if form.is_submitted() and form.validate() and _invited(opened, form):
        flash("招待しました。本人にメールで知らせます。", "success")
        return redirect(url_for(".index", group_id=group_id))
    prefill(form)
    page = render_template("working_groups/invite.html", form=form, group=opened.group)
    return (page, INVALID) if form.is_submitted() else page


@blueprint.get("/<uuid:application_id>")
def show(group_id: uuid.UUID, application_id: uuid.UUID) -> Answer:
    """One application or invitation, for whoever answers it."""
    return _answer_page(_to_answer(group_id, application_id), AnswerForm())


@blueprint.post("/<uuid:application_id>/answer")
def decide(group_id: uuid.UUID, application_id: uuid.UUID) -> Answer:
    """Accept or decline."""
    application = _to_answer(group_id, application_id)
    form, answer = AnswerForm(), request.form.get("answer", "")
    if not form.validate_on_submit() or answer not in ANSWERS:
        if answer not in ANSWERS:
            form.add_error(None, "返事のボタンを、どちらか押してください。")
        return _answer_page(application, form)
    accepted, reason = ANSWERS[answer], form.reason.data or ""
    try:
        applications.decide(application, accepted, reason, current_actor(), clock.now())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _answer_page(application, form)
    flash("承認しました。" if accepted else "見送りを伝えました。", "success")
    return redirect(_after_answer(application, accepted))


@blueprint.post("/<uuid:application_id>/withdrawal")
def withdraw(group_id: uuid.UUID, application_id: uuid.UUID) -> Answer:
    """Take back one's own application, or an invitation of the group."""
    application, standing = _application(group_id, application_id)
    actor = authorize(
        policy.can_withdraw_application(current_actor(), application, standing), hidden=True
    )
    applications.withdraw(application, actor, clock.now())
    is_own = application.kind is not ApplicationKind.INVITATION
    flash("申し込みを取り下げました。" if is_own else "招待を取り消しました。", "success")
    page = "working_groups.show" if is_own else ".index"
    return redirect(url_for(page, group_id=group_id))


def _application(
    group_id: uuid.UUID, application_id: uuid.UUID
) -> tuple[GroupApplication, Standing]:
    """It may belong to a group that the invited person does not see yet."""
    application = application_queries.application_of(application_id)
    if application.group_id != group_id:
        raise NotFound
    today = clock.today(clock.now())
    return application, queries.standing_of(current_actor(), group_id, today)


def _to_answer(group_id: uuid.UUID, application_id: uuid.UUID) -> GroupApplication:
    application, standing = _application(group_id, application_id)
    authorize(policy.can_decide_application(current_actor(), application, standing), hidden=True)
    return application


def _after_answer(application: GroupApplication, accepted: bool) -> str:
    """Whoever runs the group goes on with the list; an invited person to the group, or home."""
    if application.kind is not ApplicationKind.INVITATION:
        return url_for(".index", group_id=application.group_id)
    if accepted:
        return url_for("working_groups.show", group_id=application.group_id)
    return url_for("working_groups.index")


def _answer_page(application: GroupApplication, form: AnswerForm) -> Answer:
    page = render_template(
        "working_groups/application.html",
        form=form,
        application=application,
        group=application.group,
        waits=application.state is ApplicationState.PENDING,
        is_invitation=application.kind is ApplicationKind.INVITATION,
    )
    return (page, INVALID) if form.is_submitted() else page


def _person(opened: OpenGroup) -> uuid.UUID:
    if opened.actor.user_id is None:
        raise NotFound
    return opened.actor.user_id


def _offer_own_organizations(opened: OpenGroup, form: JoinForm) -> list[str]:
    own = organizations_by_id(list(opened.actor.roles))
    form.organization_id.choices = [(str(each.id), each.name) for each in own.values()]
    return [str(each) for each in own]


def _chosen_organization(opened: OpenGroup, form: JoinForm) -> uuid.UUID | None:
    """One of the person's organisations; the only one needs no choice."""
    known = _offer_own_organizations(opened, form)
    if len(known) == 1:
        return as_uuid(known[0])
    if form.organization_id.data in known:
        return as_uuid(form.organization_id.data)
    form.validate()
    form.add_error("organization_id", "団体を選んでください。")
    return None


def _join_page(opened: OpenGroup, kind: ApplicationKind, form: JoinForm) -> Answer:
    known = _offer_own_organizations(opened, form)
    page = render_template(
        "working_groups/join.html",
        form=form,
        group=opened.group,
        kind=kind,
        asks_organization=len(known) > 1,
    )
    return (page, INVALID) if form.is_submitted() else page


def _invited(opened: OpenGroup, form: PersonForm) -> bool:
    """Whether the invitation could be made; what is wrong is told in the form."""
    role, user = form.chosen_role(), known_person(form)
    organization_id = own_organization(user, form) if user is not None else None
    if role is None or user is None or form.errors:
        return False
    try:
        applications.invite(
            opened.group, user, organization_id, role, form.message.data or "",
            opened.actor, opened.now,
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        return False
    return True
