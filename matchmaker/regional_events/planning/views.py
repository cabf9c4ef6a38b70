"""Pages of events: the list, one event, its form, the steps of its life, paper and calendar."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor, public
from matchmaker.core.downloads import download
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.navigation import url_with
from matchmaker.core.paging import page_number
from matchmaker.core.settings import current_settings
from matchmaker.core.text import whole_number
from matchmaker.regional_events.planning import policy, presentation, queries, service
from matchmaker.regional_events.planning.calendar_entries import CALENDAR_NAME, event_calendar
from matchmaker.regional_events.planning.domain import EVENT_STATES, EventMove
from matchmaker.regional_events.planning.extensions import event_sections, staff_stages
from matchmaker.regional_events.planning.forms import (
    USUAL_VALUES,
    EventForm,
    ResumeForm,
    event_values,
)
from matchmaker.regional_events.planning.loading import OpenEvent, open_event, open_to_plan
from matchmaker.regional_events.planning.models import RegionalEvent

INVALID = 422
CALENDAR_TYPE = "text/calendar; charset=utf-8"
Answer = str | Redirect | tuple[str, int]
blueprint = Blueprint("regional_events", __name__)


@blueprint.get("/regional-events")
@public
def index() -> str:
    """Events that the person may know of, to come or past."""
    actor, now = current_actor(), clock.now()
    wanted, series = presentation.filter_from(request.args), queries.all_series()
    page = queries.list_events(actor, wanted, now, page_number(request.args.get("page")))
    return render_template(
        "regional_events/index.html",
        page=page,
        rows=[presentation.listed(event, now) for event in page.items],
        wanted=wanted,
        chips=[
            (label, url_with(page=None, **without))
            for label, without in presentation.conditions(wanted, series)
        ],
        kept=presentation.kept_values(wanted),
        sorts=presentation.sorts_for(wanted),
        options=presentation.filter_options(series),
        may_create=policy.can_plan_events(actor),
    )


@blueprint.get("/regional-events/<uuid:event_id>")
def show(event_id: uuid.UUID) -> str:
    """One event and what one can do now."""
    return event_page(open_event(event_id), ResumeForm(formdata=None))


def event_page(opened: OpenEvent, resume_form: ResumeForm) -> str:
    """The page of an event.

    Args:
        resume_form: the new date of a postponed event, perhaps one that has to be mended.
    """
    return render_template(
        "regional_events/show.html",
        opened=opened,
        event=opened.event,
        shown=presentation.event_page(opened),
        rules=EVENT_STATES.moves,
        may_copy=policy.can_plan_events(opened.actor),
        form=resume_form,
        sections=event_sections(opened.view),
        stages=staff_stages(opened.view) if opened.is_staff else [],
    )


@blueprint.get("/regional-events/<uuid:event_id>/print", endpoint="print")
def paper(event_id: uuid.UUID) -> str:
    """One event on paper: what somebody takes along who has no phone."""
    opened = open_event(event_id)
    return render_template(
        "regional_events/print.html",
        event=opened.event,
        shown=presentation.event_page(opened),
        sections=event_sections(opened.view),
        address=url_for(".show", event_id=event_id, _external=True),
    )


@blueprint.get("/regional-events/new")
def new() -> Answer:
    """The form of a new event."""
    authorize(policy.can_plan_events(current_actor()))
    return _form_page(EventForm(stashed_values(request.path), data=USUAL_VALUES), None)


@blueprint.post("/regional-events/new")
def create() -> Answer:
    """Begin an event."""
    actor = authorize(policy.can_plan_events(current_actor()))
    form = EventForm()
    data = form.event_data()
    if data is None:
        return _form_page(form, None)
    try:
        event = service.create_event(data, actor, clock.now())
    except ProductError as error:
        form.refuse(error)
        return _form_page(form, None)
    flash("下書きを保存しました。参加方法とプログラムを加えてから、公開します。", "success")
    return redirect(url_for(".show", event_id=event.id))


@blueprint.get("/regional-events/<uuid:event_id>/edit")
def edit(event_id: uuid.UUID) -> Answer:
    """The form of an event."""
    opened = open_to_plan(event_id)
    form = EventForm(stashed_values(request.path), data=event_values(opened.event))
    return _form_page(form, opened.event)


@blueprint.post("/regional-events/<uuid:event_id>/edit")
def update(event_id: uuid.UUID) -> Answer:
    """Save a changed event; those who take part are told what matters to them."""
    opened = open_to_plan(event_id)
    form = EventForm()
    data = form.event_data(opened.event)
    if data is None:
        return _form_page(form, opened.event)
    try:
        told = service.update_event(
            opened.event, data, opened.actor, opened.now,
            expected_revision=whole_number(form.revision.data) or 0,
        )  # fmt: skip
    except ProductError as error:
        form.refuse(error)
        form.revision.data = str(opened.event.revision)
        return _form_page(form, opened.event)
    is_known = told and opened.event.state in service.KNOWN_STATES
    more = "参加登録をした方と関係者に、変わったところをメールで知らせます。" if is_known else ""
    flash(f"イベントを保存しました。{more}", "success")
    return redirect(url_for(".show", event_id=event_id))


@blueprint.post("/regional-events/<uuid:event_id>/moves")
def move(event_id: uuid.UUID) -> Answer:
    """One step in the life of an event; a refusal is told on its page."""
    opened = open_to_plan(event_id)
    step, form = _move_named(request.form.get("move", "")), ResumeForm()
    times = form.times() if step is EventMove.RESUME else (None, None)
    if form.errors:
        return event_page(opened, form), INVALID
    reason = request.form.get("reason", "")[: service.REASON_LENGTH]
    try:
        service.move_event(opened.event, step, reason, opened.actor, opened.now, *times)
    except ProductError as error:
        if step is EventMove.RESUME:
            form.add_error(error.field, error.message)
            return event_page(opened, form), INVALID
        flash(error.message, "error")
    else:
        flash(f"「{EVENT_STATES.moves[step].label}」を行いました。", "success")
    return redirect(url_for(".show", event_id=event_id))


@blueprint.post("/regional-events/<uuid:event_id>/copies")
def copy(event_id: uuid.UUID) -> Answer:
    """Begin a new event with the content of this one."""
    opened = open_to_plan(event_id)
    authorize(policy.can_plan_events(opened.actor))
    made = service.copy_event(opened.event, opened.actor, opened.now)
    flash("内容を写して、新しい下書きを作りました。日時から入れてください。", "success")
    return redirect(url_for(".edit", event_id=made.id))


@blueprint.get("/regional-events/<uuid:event_id>/calendar")
def calendar(event_id: uuid.UUID) -> Response:
    """The calendar file of one event; never with the way into its online part."""
    event = open_event(event_id).event
    content = event_calendar([event], current_settings().resolved_public_url())
    return download(content, f"イベント_{clock.today(event.starts_at)}.ics", CALENDAR_TYPE)


@blueprint.get("/regional-events/calendar")
@public
def calendar_all() -> Response:
    """The calendar file of all events to come that the person may know of."""
    events = queries.calendar_events(current_actor(), clock.now())
    content = event_calendar(events, current_settings().resolved_public_url(), CALENDAR_NAME)
    return download(content, "イベント.ics", CALENDAR_TYPE)


def _move_named(text: str) -> EventMove:
    if text not in set(EventMove):
        raise NotFound("そのような操作はありません。")
    return EventMove(text)


def _form_page(form: EventForm, event: RegionalEvent | None) -> Answer:
    form.offer(queries.all_series())
    page = render_template("regional_events/form.html", form=form, event=event)
    return (page, INVALID) if form.errors or form.form_errors else page
