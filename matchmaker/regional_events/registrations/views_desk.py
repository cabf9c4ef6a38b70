"""Pages of the staff: the list of people, one registration, what is put right by hand."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.clock import today
from matchmaker.core.db import new_id
from matchmaker.core.downloads import download
from matchmaker.core.errors import ProductError
from matchmaker.core.paging import page_number
from matchmaker.core.spreadsheets.writing import XLSX
from matchmaker.regional_events.planning.loading import OpenEvent, open_to_plan
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations import corrections, desk, queries, service
from matchmaker.regional_events.registrations.corrections import Correction
from matchmaker.regional_events.registrations.domain import (
    AttendeeRole,
    PersonData,
    RegistrationData,
    Source,
)
from matchmaker.regional_events.registrations.exports import assistance_workbook, people_workbook
from matchmaker.regional_events.registrations.forms_desk import (
    ByHandForm,
    CorrectionForm,
    OrganizationForm,
    ReasonForm,
    SeatForm,
)
from matchmaker.regional_events.registrations.listing import ANY, AttendeeFilter
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.registrations.views_entry import blueprint as registrations

INVALID = 422
Answer = str | Response | tuple[str, int]
blueprint = Blueprint(
    "event_attendees", __name__, url_prefix="/regional-events/<uuid:event_id>/attendees"
)


@registrations.get("")
def index(event_id: uuid.UUID) -> str:
    """The list of people, narrowed and sorted by the address."""
    opened = open_to_plan(event_id)
    wanted = desk.filter_of(request.args)
    sort, direction = request.args.get("sort", "number"), request.args.get("direction", "asc")
    page = queries.list_attendees(
        event_id, wanted, sort, direction, page_number(request.args.get("page"))
    )
    return render_template(
        "event_registrations/index.html",
        opened=opened,
        event=opened.event,
        page=page,
        wanted=wanted,
        sort=sort,
        direction=direction,
        counts=queries.counts_of(event_id),
        choices=desk.filter_choices(opened.event),
        active=desk.active_filters(wanted),
        rows=[desk.row_of(attendee) for attendee in page.items],
    )


@registrations.get("/export")
def export(event_id: uuid.UUID) -> Response:
    """What the list shows as an Excel file."""
    opened = open_to_plan(event_id)
    people = queries.all_attendees(event_id, desk.filter_of(request.args))
    content = people_workbook(opened.event, people, opened.now)
    return download(content, f"参加者_{opened.event.name}_{today(opened.now):%Y%m%d}.xlsx", XLSX)


@registrations.get("/export-assistance")
def export_assistance(event_id: uuid.UUID) -> Response:
    """Those who need assistance, as an Excel file of its own."""
    opened = open_to_plan(event_id)
    people = queries.all_attendees(event_id, AttendeeFilter(assistance=ANY))
    content = assistance_workbook(opened.event, people, opened.now)
    return download(content, f"手助け_{opened.event.name}_{today(opened.now):%Y%m%d}.xlsx", XLSX)


@registrations.get("/<uuid:registration_id>")
def show(event_id: uuid.UUID, registration_id: uuid.UUID) -> str:
    """One registration: its people, what happened, which mails went out and which did not."""
    opened = open_to_plan(event_id)
    registration = queries.get_registration(registration_id, event_id)
    return render_template(
        "event_registrations/show.html",
        opened=opened,
        event=opened.event,
        registration=registration,
        detail=desk.detail_of(registration, opened.event),
    )


@blueprint.get("/new")
def new(event_id: uuid.UUID) -> str:
    """Add somebody by hand."""
    opened = open_to_plan(event_id)
    form = ByHandForm(formdata=None)
    form.submission_key.data = new_id().hex
    return _new_page(opened, form)


@blueprint.post("")
def create(event_id: uuid.UUID) -> Answer:
    """Add that person; on kept seats, or on a general one (or in line)."""
    opened, form = open_to_plan(event_id), ByHandForm()
    form.offer(desk.seats_of(opened.event))
    if not form.check():
        return _new_page(opened, form), INVALID
    try:
        registration = service.register(
            opened.event, _by_hand(form, opened), opened.actor, opened.now
        )
    except ProductError as error:
        form.add_error(desk.field_of(error.field), error.message)
        return _new_page(opened, form), error.status
    flash(f"{form.name.data}さんを登録しました。", "success")
    return redirect(
        url_for("event_registrations.show", event_id=event_id, registration_id=registration.id)
    )


def _by_hand(form: ByHandForm, opened: OpenEvent) -> RegistrationData:
    track_id, reserve_id = desk.parse_seat(opened.event, form.seat.data)
    person = PersonData(
        name=form.name.data or "",
        kana=form.kana.data or "",
        email=form.email.data or "",
        job_title=form.job_title.data or "",
        role=AttendeeRole(form.role.data),
        track_id=track_id,
        reserve_id=reserve_id,
        assistance=desk.known_needs(form.assistance.data),
    )
    return RegistrationData(
        people=[person],
        contact_name=form.name.data or "",
        contact_email=form.email.data or "",
        organization_name=form.organization_name.data or "",
        submission_key=form.submission_key.data or new_id().hex,
        source=Source.DESK,
        desk_note=form.desk_note.data or "",
    )


def _new_page(opened: OpenEvent, form: ByHandForm) -> str:
    form.offer(desk.seats_of(opened.event))
    return render_template("event_attendees/new.html", opened=opened, event=opened.event, form=form)


def _open(event_id: uuid.UUID, attendee_id: uuid.UUID) -> tuple[OpenEvent, Attendee]:
    """The event for those who run it, and one of its people; the tracks stay wholly loaded."""
    opened = open_to_plan(event_id)
    attendee = queries.get_attendee(attendee_id, event_id)
    get_event(event_id)
    return opened, attendee


@blueprint.get("/<uuid:attendee_id>/edit")
def edit(event_id: uuid.UUID, attendee_id: uuid.UUID) -> str:
    """Put a person right."""
    opened, attendee = _open(event_id, attendee_id)
    return _person_page("edit", opened, attendee, CorrectionForm(formdata=None, obj=attendee))


@blueprint.post("/<uuid:attendee_id>/edit")
def update(event_id: uuid.UUID, attendee_id: uuid.UUID) -> Answer:
    """Store what was put right."""
    (opened, attendee), form = _open(event_id, attendee_id), CorrectionForm()
    if not form.check():
        return _person_page("edit", opened, attendee, form), INVALID
    data = Correction(
        name=form.name.data or "",
        kana=form.kana.data or "",
        job_title=form.job_title.data or "",
        email=form.email.data or "",
        assistance=form.assistance.data or [],
        assistance_note=form.assistance_note.data or "",
    )
    try:
        corrections.correct_attendee(
            attendee, data, form.reason.data or "", opened.actor, opened.now
        )
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _person_page("edit", opened, attendee, form), error.status
    return _back(attendee, f"{attendee.name}さんの内容を直しました。")


@blueprint.get("/<uuid:attendee_id>/organization")
def organization(event_id: uuid.UUID, attendee_id: uuid.UUID) -> str:
    """Put right in whose name a person comes."""
    opened, attendee = _open(event_id, attendee_id)
    form = OrganizationForm(formdata=None, data=desk.belonging_values(attendee))
    return _organization_page(opened, attendee, form)


@blueprint.post("/<uuid:attendee_id>/organization")
def reassigned(event_id: uuid.UUID, attendee_id: uuid.UUID) -> Answer:
    """Store it; a full bound is told first, and asks what is to be done."""
    (opened, attendee), form = _open(event_id, attendee_id), OrganizationForm()
    if not form.validate_on_submit():
        return _organization_page(opened, attendee, form), INVALID
    try:
        service.correct_organization(
            attendee, form.correction(), form.reason.data or "", opened.actor, opened.now
        )
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _organization_page(opened, attendee, form), error.status
    return _back(attendee, f"{attendee.name}さんの団体を直しました。席の数も数え直しました。")


def _organization_page(opened: OpenEvent, attendee: Attendee, form: OrganizationForm) -> str:
    registration = queries.get_registration(attendee.registration_id, opened.event.id)
    form.name_people(attendee.name, len(registration.attendees))
    is_alone = desk.is_alone(registration)
    present = queries.get_attendee(attendee.id, opened.event.id)  # as it is, not as it was typed
    return render_template(
        "event_attendees/organization.html",
        opened=opened,
        event=opened.event,
        attendee=present,
        row=desk.row_of(present),
        form=form,
        is_alone=is_alone,
        category=desk.CATEGORY_LABELS.get(present.category, ""),
    )


@blueprint.post("/<uuid:attendee_id>/mails")
def resend(event_id: uuid.UUID, attendee_id: uuid.UUID) -> Response:
    """Send the confirmation again."""
    opened, attendee = _open(event_id, attendee_id)
    corrections.send_again(attendee, "", opened.actor, opened.now)
    return _back(attendee, "案内のメールを送り直します。前のリンクは使えなくなりました。")


@blueprint.get("/<uuid:attendee_id>/cancel")
def cancel(event_id: uuid.UUID, attendee_id: uuid.UUID) -> str:
    """Ask for the reason of a cancellation."""
    opened, attendee = _open(event_id, attendee_id)
    return _person_page("cancel", opened, attendee, ReasonForm(formdata=None))


@blueprint.post("/<uuid:attendee_id>/cancel")
def cancelled(event_id: uuid.UUID, attendee_id: uuid.UUID) -> Answer:
    """Take a person off the list; the seat goes on at once."""
    (opened, attendee), form = _open(event_id, attendee_id), ReasonForm()
    if not form.validate_on_submit():
        return _person_page("cancel", opened, attendee, form), INVALID
    try:
        service.cancel_attendee(attendee, form.reason.data or "", opened.actor, opened.now)
    except ProductError as error:
        form.add_error("reason", error.message)
        return _person_page("cancel", opened, attendee, form), error.status
    return _back(attendee, f"{attendee.name}さんの登録を取り消しました。")


@blueprint.get("/<uuid:attendee_id>/restore")
def restore(event_id: uuid.UUID, attendee_id: uuid.UUID) -> str:
    """Ask for the reason of undoing a cancellation."""
    opened, attendee = _open(event_id, attendee_id)
    return _person_page("restore", opened, attendee, ReasonForm(formdata=None))


@blueprint.post("/<uuid:attendee_id>/restore")
def restored(event_id: uuid.UUID, attendee_id: uuid.UUID) -> Answer:
    """Undo a cancellation: a seat, or the old place in line."""
    (opened, attendee), form = _open(event_id, attendee_id), ReasonForm()
    if not form.validate_on_submit():
        return _person_page("restore", opened, attendee, form), INVALID
    try:
        service.restore_attendee(attendee, form.reason.data or "", opened.actor, opened.now)
    except ProductError as error:
        form.add_error("reason", error.message)
        return _person_page("restore", opened, attendee, form), error.status
    return _back(attendee, f"{attendee.name}さんの取り消しを戻しました。")


@blueprint.get("/<uuid:attendee_id>/move")
def move(event_id: uuid.UUID, attendee_id: uuid.UUID) -> str:
    """Choose another seat for a person."""
    opened, attendee = _open(event_id, attendee_id)
    return _person_page("move", opened, attendee, _seat_form(opened))


@blueprint.post("/<uuid:attendee_id>/move")
def moved(event_id: uuid.UUID, attendee_id: uuid.UUID) -> Answer:
    """Seat a person there, beyond the order of the line: with the reason told."""
    (opened, attendee), form = _open(event_id, attendee_id), SeatForm()
    form.offer(desk.seats_of(opened.event))
    if not form.validate_on_submit():
        return _person_page("move", opened, attendee, form), INVALID
    try:
        desk.seat_person(opened, attendee, form.seat.data, form.reason.data or "")
    except ProductError as error:
        form.add_error("seat", error.message)
        return _person_page("move", opened, attendee, form), error.status
    return _back(attendee, f"{attendee.name}さんの席を移しました。")


def _seat_form(opened: OpenEvent) -> SeatForm:
    form = SeatForm(formdata=None)
    form.offer(desk.seats_of(opened.event))
    return form


def _person_page(
    page: str, opened: OpenEvent, attendee: Attendee, form: ReasonForm | CorrectionForm
) -> str:
    return render_template(
        f"event_attendees/{page}.html",
        opened=opened,
        event=opened.event,
        attendee=attendee,
        row=desk.row_of(attendee),
        form=form,
    )


def _back(attendee: Attendee, said: str) -> Response:
    flash(said, "success")
    return redirect(
        url_for(
            "event_registrations.show",
            event_id=attendee.event_id,
            registration_id=attendee.registration_id,
        )
    )
