"""Pages of the people of a group: the role history, another role, leaving, handing over."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import members_of, user_of, user_with_email
from matchmaker.core.access import authorize
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.paging import page_number
from matchmaker.organizations.choosing import TheseMembers, chosen_member, prefill
from matchmaker.working_groups.groups import members, overviews, policy, queries, service
from matchmaker.working_groups.groups.forms import (
    DirectPersonForm,
    EndForm,
    HandOverForm,
    PersonForm,
    RoleForm,
)
from matchmaker.working_groups.groups.loading import OpenGroup, open_group
from matchmaker.working_groups.groups.models import GroupMember

INVALID = 422
UNKNOWN_ADDRESS = (
    "このメールアドレスのアカウントは見つかりません。"
    "先に、団体の代表者か事務局から、サービスへの招待を送ってください。"
)
NOT_THEIRS = "この人の団体の名前を入れてください。団体として参加しない人は、空にします。"
Answer = str | Response | tuple[str, int]
blueprint = Blueprint("group_people", __name__, url_prefix="/working-groups/<uuid:group_id>/people")


@blueprint.get("")
def index(group_id: uuid.UUID) -> str:
    """Who takes part with contact data, and who did before."""
    opened = open_group(group_id)
    authorize(policy.can_see_people(opened.actor, opened.standing))
    present = queries.present_members(group_id, opened.today)
    return render_template(
        "working_groups/people.html",
        group=opened.group,
        opened=opened,
        present=present,
        most=queries.MOST_PEOPLE,
        gone=queries.no_longer_of_organization(present) if opened.runs else frozenset(),
        history=queries.role_history(group_id, page_number(request.args.get("page"))),
        may_keep=policy.can_keep_people(opened.actor, opened.group, opened.standing),
        may_add=policy.can_add_directly(opened.actor, opened.group),
        has_no_chair=opened.runs and overviews.lost_its_chair(group_id, opened.today),
    )


@blueprint.get("/new")
def new(group_id: uuid.UUID) -> Answer:
    """The form with which the secretariat enters a person."""
    opened = open_group(group_id)
    authorize(policy.can_add_directly(opened.actor, opened.group))
    return _person_page(opened, DirectPersonForm(stashed_values(request.path)))


@blueprint.post("")
def create(group_id: uuid.UUID) -> Answer:
    """Enter a person."""
    opened = open_group(group_id)
    authorize(policy.can_add_directly(opened.actor, opened.group))
    form = DirectPersonForm()
    is_valid = form.validate_on_submit()
    role, first = form.chosen_role(), form.first_day()
    user = known_person(form)
    organization_id = own_organization(user, form) if user is not None else None
    if not is_valid or form.errors or role is None or user is None:
        return _person_page(opened, form)
    try:
        service.add_group_member(
            opened.group, user, organization_id, role, opened.actor, opened.now, first
        )
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _person_page(opened, form)
    flash(f"{user.name}さんを加えました。本人にメールで知らせます。", "success")
    return redirect(url_for(".index", group_id=group_id))


@blueprint.route("/<uuid:member_id>/role", methods=["GET", "POST"])
def change_role(group_id: uuid.UUID, member_id: uuid.UUID) -> Answer:
    """Give a person another role (those who run the group)."""
    opened, member = _member(group_id, member_id)
    authorize(policy.can_keep_people(opened.actor, opened.group, opened.standing))
    form = RoleForm(data={"role": member.role.value})
    if form.is_submitted() and form.validate():
        role = form.chosen_role()
        if role is not None and _done(
            form, members.change_role, member, role, form.reason.data or "", opened
        ):
            flash(f"{member.user.name}さんの役割を変えました。", "success")
            return redirect(url_for(".index", group_id=group_id))
    return _member_page("role", form, opened, member)


@blueprint.route("/<uuid:member_id>/end", methods=["GET", "POST"])
def end(group_id: uuid.UUID, member_id: uuid.UUID) -> Answer:
    """Leave, or end somebody's role."""
    opened, member = _member(group_id, member_id)
    is_own = policy.can_leave(opened.actor, member)
    authorize(is_own or opened.runs)
    form = EndForm()
    if form.is_submitted() and form.validate():
        try:
            members.end_role(
                member, form.reason.data or "", opened.actor, opened.now,
                at_once=not is_own, without_successor=bool(form.without_successor.data),
            )  # fmt: skip
        except ProductError as error:
            form.add_error(error.field if opened.actor.is_secretariat else None, error.message)
        else:
            flash("参加を終えました。" if is_own else "役割を終えました。", "success")
            return redirect(_after_end(opened, is_own))
    return _member_page("end", form, opened, member)


@blueprint.route("/<uuid:member_id>/handover", methods=["GET", "POST"])
def hand_over(group_id: uuid.UUID, member_id: uuid.UUID) -> Answer:
    """Hand a seat to a colleague of the same organisation."""
    opened, member = _member(group_id, member_id)
    authorize(policy.can_hand_over(opened.actor, member, opened.standing))
    form = HandOverForm()
    colleagues = _colleagues(member)
    form.offer_people([(str(user.id), user.name) for user in colleagues])
    if form.is_submitted() and form.validate():
        successor = _chosen(form, colleagues)
        if successor and _done(
            form, members.hand_over, member, successor, form.reason.data or "", opened
        ):
            flash(f"{successor.name}さんに引き継ぎました。二人にメールで知らせます。", "success")
            return redirect(url_for("working_groups.show", group_id=group_id))
    return _member_page("hand_over", form, opened, member, colleagues=colleagues)


def _after_end(opened: OpenGroup, is_own: bool) -> str:
    """Whoever left may not see a closed group's page for long; others go on with its people."""
    if is_own and not opened.actor.is_secretariat:
        return url_for("working_groups.index")
    return url_for(".index", group_id=opened.group.id)


def known_person(form: Any) -> User | None:
    """The person whose address was typed; an unknown one is told at its field."""
    address = (form.email.data or "").strip()
    user = user_with_email(address) if address else None
    if address and (user is None or not user.active):
        form.add_error("email", UNKNOWN_ADDRESS)
        return None
    return user


def own_organization(user: User, form: PersonForm) -> uuid.UUID | None:
    """The organisation of a person whose name was typed; None where none was.

    One to which the person does not belong is told at its field.
    """
    if not form.words:
        return None
    own = [each.organization for each in user_of(user.id).memberships]
    return chosen_member(form, TheseMembers(own), NOT_THEIRS)


def _member(group_id: uuid.UUID, member_id: uuid.UUID) -> tuple[OpenGroup, GroupMember]:
    """A role of the group that has not ended."""
    opened = open_group(group_id)
    member = queries.member_of_group(member_id)
    if member.group_id != opened.group.id:
        raise NotFound
    return opened, member


def _colleagues(member: GroupMember) -> list[User]:
    """Other people of the organisation whose accounts are open."""
    if member.organization_id is None:
        return []
    people = [each.user for each in members_of(member.organization_id)]
    return [user for user in people if user.active and user.id != member.user_id]


def _chosen(form: HandOverForm, colleagues: list[User]) -> User | None:
    found = next((u for u in colleagues if str(u.id) == form.successor.data), None)
    if found is None:
        form.add_error("successor", "引き継ぐ人を、一覧から選んでください。")
    return found


def _done(form: Any, command: Any, member: GroupMember, *rest: Any) -> bool:
    """Run a command whose last argument is the opened group; a refusal is told in the form."""
    *arguments, opened = rest
    try:
        command(member, *arguments, opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return False
    return True


def _person_page(opened: OpenGroup, form: DirectPersonForm) -> Answer:
    prefill(form)
    page = render_template("working_groups/person.html", form=form, group=opened.group)
    return (page, INVALID) if form.is_submitted() else page


def _member_page(
    name: str, form: Any, opened: OpenGroup, member: GroupMember, **more: Any
) -> Answer:
    page = render_template(
        f"working_groups/{name}.html",
        form=form,
        group=opened.group,
        member=member,
        is_own=policy.can_leave(opened.actor, member),
        is_secretariat=opened.actor.is_secretariat,
        **more,
    )
    return (page, INVALID) if form.is_submitted() else page
