"""Pages of the people of an event: its staff with their duties, those who are invited."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import user_of, user_with_email
from matchmaker.core.errors import ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.regional_events.planning import people, queries
from matchmaker.regional_events.planning.domain import DUTY_LABELS, Duty
from matchmaker.regional_events.planning.loading import OpenEvent, open_to_plan
from matchmaker.regional_events.planning.models import EventStaff
from matchmaker.regional_events.planning.people_forms import InviteesForm, StaffForm

INVALID = 422
UNKNOWN_ADDRESS = (
    "このメールアドレスのアカウントは見つかりません。"
    "先に、団体の代表者か事務局から、サービスへの招待を送ってください。"
)
Answer = str | Redirect | tuple[str, int]
blueprint = Blueprint("event_people", __name__, url_prefix="/regional-events/<uuid:event_id>")


@blueprint.get("/people")
def index(event_id: uuid.UUID) -> Answer:
    """Who works for the event, and what they do."""
    return _staff_page(open_to_plan(event_id), StaffForm(stashed_values(request.path)))


@blueprint.post("/people")
def create(event_id: uuid.UUID) -> Answer:
    """Let somebody work for the event, or do something else for it."""
    opened, form = open_to_plan(event_id), StaffForm()
    form.validate_on_submit()
    duties, user = form.chosen(), user_with_email(form.email.data or "")
    if user is None or not user.active:
        form.add_error("email", UNKNOWN_ADDRESS)
    if user is None or form.errors:
        return _staff_page(opened, form)
    try:
        people.set_duties(opened.event, user, duties, opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _staff_page(opened, form)
    flash(f"{user.name}さんを、スタッフとして保存しました。", "success")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.post("/people/<uuid:user_id>/removals")
def remove(event_id: uuid.UUID, user_id: uuid.UUID) -> Answer:
    """Take all duties of somebody away."""
    opened, user = open_to_plan(event_id), user_of(user_id)
    people.set_duties(opened.event, user, frozenset(), opened.actor, opened.now)
    flash("スタッフから外しました。", "success")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.get("/invitees")
def invitees(event_id: uuid.UUID) -> Answer:
    """Who is invited, and whether their invitation went out."""
    return _invitees_page(open_to_plan(event_id), InviteesForm(stashed_values(request.path)))


@blueprint.post("/invitees")
def invite(event_id: uuid.UUID) -> Answer:
    """Invite organisations and people."""
    opened, form = open_to_plan(event_id), InviteesForm()
    if not form.validate_on_submit():
        return _invitees_page(opened, form)
    try:
        done = people.invite(opened.event, form.lines.data or "", opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _invitees_page(opened, form)
    known = f"{done.known}件は、もう招待しています。" if done.known else ""
    flash(f"{done.added}件を招待に加えました。{known}", "success")
    return redirect(url_for(".invitees", event_id=event_id))


@blueprint.post("/invitees/<uuid:invitee_id>/removals")
def take_back(event_id: uuid.UUID, invitee_id: uuid.UUID) -> Answer:
    """Take an invitation back."""
    opened = open_to_plan(event_id)
    people.take_back(opened.event, invitee_id, opened.actor, opened.now)
    flash("招待を取り消しました。", "success")
    return redirect(url_for(".invitees", event_id=event_id))


def _staff_page(opened: OpenEvent, form: StaffForm) -> Answer:
    page = render_template(
        "event_people/index.html",
        event=opened.event,
        form=form,
        staff=_by_person(queries.staff_of(opened.event.id)),
        labels=DUTY_LABELS,
    )
    return (page, INVALID) if form.errors or form.form_errors else page


def _by_person(staff: Sequence[EventStaff]) -> list[tuple[User, list[Duty]]]:
    return [
        (duties[0].user, [each.duty for each in duties])
        for _user_id, found in groupby(staff, key=lambda each: each.user_id)
        if (duties := list(found))
    ]


def _invitees_page(opened: OpenEvent, form: InviteesForm) -> Answer:
    page = render_template(
        "event_people/invitees.html",
        event=opened.event,
        form=form,
        invitees=queries.invitees_of(opened.event.id),
    )
    return (page, INVALID) if form.errors or form.form_errors else page
