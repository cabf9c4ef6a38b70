"""Pages on which the planner writes the programme."""

from __future__ import annotations

import uuid
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.clock import today
from matchmaker.core.errors import ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.text import whole_number
from matchmaker.regional_events.planning.loading import OpenEvent, open_to_plan
from matchmaker.regional_events.planning.programme import queries, service
from matchmaker.regional_events.planning.programme.forms import SessionForm, session_values
from matchmaker.regional_events.planning.programme.models import ProgrammeSession
from matchmaker.regional_events.planning.programme.presentation import days_of

INVALID = 422
ADD_ROWS = "add_rows"
STEPS = {"up": -1, "down": 1}
Answer = str | Response | tuple[str, int]
blueprint = Blueprint(
    "event_programme", __name__, url_prefix="/regional-events/<uuid:event_id>/programme"
)


@blueprint.get("")
def index(event_id: uuid.UUID) -> str:
    """The programme with what looks wrong."""
    opened = open_to_plan(event_id)
    sessions = queries.programme_of(event_id)
    return render_template(
        "event_programme/index.html",
        event=opened.event,
        days=days_of(opened.event, sessions, to_staff=True),
        order=[session.id for session in sessions],
    )


@blueprint.get("/sessions/new")
def new(event_id: uuid.UUID) -> Answer:
    """An empty form that begins where the programme ends."""
    opened = open_to_plan(event_id)
    form = SessionForm(stashed_values(request.path), data={"day": _first_day(opened)})
    form.add_blank_rows()
    return _page(opened, form, None)


@blueprint.post("/sessions/new")
def create(event_id: uuid.UUID) -> Answer:
    """Add a session."""
    opened, form = open_to_plan(event_id), SessionForm()
    if ADD_ROWS in request.form:
        form.add_blank_rows()
        return _page(opened, form, None)
    data = form.session_data(_first_day(opened), today(opened.event.ends_at))
    if data is None:
        return _page(opened, form, None)
    try:
        session = service.add_session(opened.event, data, opened.actor, opened.now)
    except ProductError as error:
        form.refuse(error)
        return _page(opened, form, None)
    flash(f"「{session.title}」を加えました。", "success")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.get("/sessions/<uuid:session_id>/edit")
def edit(event_id: uuid.UUID, session_id: uuid.UUID) -> Answer:
    """The form of a session."""
    opened = open_to_plan(event_id)
    session = queries.get_session(event_id, session_id)
    form = SessionForm(stashed_values(request.path), data=session_values(session))
    form.add_blank_rows()
    return _page(opened, form, session)


@blueprint.post("/sessions/<uuid:session_id>/edit")
def update(event_id: uuid.UUID, session_id: uuid.UUID) -> Answer:
    """Save a session, or give its form more rows."""
    opened, form = open_to_plan(event_id), SessionForm()
    session = queries.get_session(event_id, session_id)
    if ADD_ROWS in request.form:
        form.add_blank_rows()
        return _page(opened, form, session)
    data = form.session_data(today(session.starts_at), today(opened.event.ends_at))
    if data is None:
        return _page(opened, form, session)
    try:
        seen = whole_number(form.revision.data)
        service.change_session(session, data, opened.actor, opened.now, expected_revision=seen)
    except ProductError as error:
        form.refuse(error)
        form.revision.data = str(session.revision)
        return _page(opened, form, session)
    flash(f"「{session.title}」を保存しました。", "success")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.post("/sessions/<uuid:session_id>/moves")
def move(event_id: uuid.UUID, session_id: uuid.UUID) -> Response:
    """Let a session change places with its neighbour."""
    opened = open_to_plan(event_id)
    session = queries.get_session(event_id, session_id)
    step = STEPS.get(request.form.get("direction", ""))
    try:
        other = step and service.swap_with_neighbour(session, step, opened.actor, opened.now)
        if other:
            flash(f"「{session.title}」と「{other.title}」を入れ替えました。", "success")
    except ProductError as error:
        flash(error.message, "error")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.post("/sessions/<uuid:session_id>/deletions")
def remove(event_id: uuid.UUID, session_id: uuid.UUID) -> Response:
    """Take a session out of the programme."""
    opened = open_to_plan(event_id)
    session = queries.get_session(event_id, session_id)
    title = session.title
    service.remove_session(session, opened.actor, opened.now)
    flash(f"「{title}」を消しました。", "success")
    return redirect(url_for(".index", event_id=event_id))


def _first_day(opened: OpenEvent) -> date:
    return today(opened.event.starts_at)


def _asks_day(opened: OpenEvent, session: ProgrammeSession | None) -> bool:
    """Whether the day is asked: the event has several, or the session stands on another one."""
    first, last = _first_day(opened), today(opened.event.ends_at)
    return first != last or (session is not None and today(session.starts_at) != first)


def _page(opened: OpenEvent, form: SessionForm, session: ProgrammeSession | None) -> Answer:
    form.offer_speakers(queries.speakers_of(opened.event.id))
    page = render_template(
        "event_programme/session.html",
        event=opened.event,
        form=form,
        session=session,
        asks_day=_asks_day(opened, session),
        has_speakers=bool(queries.count_speakers(opened.event.id)),
    )
    return (page, INVALID) if form.errors or form.form_errors else page
