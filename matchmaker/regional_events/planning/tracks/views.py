"""Pages on which the planner writes the ways of taking part with their seats."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.text import whole_number
from matchmaker.regional_events.planning.loading import OpenEvent, open_to_plan
from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.planning.tracks import service
from matchmaker.regional_events.planning.tracks.forms import (
    USUAL,
    AssemblyForm,
    TrackForm,
    WaveForm,
    track_values,
    wave_values,
)
from matchmaker.regional_events.planning.tracks.presentation import (
    shown_track,
    wave_in_words,
    wave_title,
)
from matchmaker.regional_events.planning.tracks.presets import assembly_tracks, plan_errors
from matchmaker.regional_events.planning.tracks.together import possible_limit_tracks

INVALID = 422
Answer = str | Response | tuple[str, int]
STEPS = {"up": -1, "down": 1}
KEEPS_SEATS = (
    "参加方法を保存しました。ただし、席数はまだ減らしていません。"
    "先に、席を移っていただく方を選んでください。"
)
blueprint = Blueprint(
    "event_tracks", __name__, url_prefix="/regional-events/<uuid:event_id>/tracks"
)


@blueprint.get("")
def index(event_id: uuid.UUID) -> str:
    """All tracks with their seats, and what looks wrong."""
    opened = open_to_plan(event_id)
    event = opened.event
    return render_template(
        "event_tracks/index.html",
        event=event,
        shown=[shown_track(event, track, opened.now) for track in event.tracks],
    )


@blueprint.get("/new")
def new(event_id: uuid.UUID) -> Answer:
    """An empty form."""
    opened = open_to_plan(event_id)
    return _track_page(opened, TrackForm(stashed_values(request.path)), None)


@blueprint.post("/new")
def create(event_id: uuid.UUID) -> Answer:
    """Add a track."""
    opened, form = open_to_plan(event_id), TrackForm()
    data = form.track_data()
    if data is None:
        return _track_page(opened, form, None)
    try:
        track = service.add_track(opened.event, data, opened.actor, opened.now)
    except ProductError as error:
        form.refuse(error)
        return _track_page(opened, form, None)
    flash(f"「{track.name}」を加えました。", "success")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.get("/<uuid:track_id>/edit")
def edit(event_id: uuid.UUID, track_id: uuid.UUID) -> Answer:
    """The form of a track."""
    opened = open_to_plan(event_id)
    track = track_in(opened, track_id)
    form = TrackForm(stashed_values(request.path), data=track_values(track))
    return _track_page(opened, form, track)


@blueprint.post("/<uuid:track_id>/edit")
def update(event_id: uuid.UUID, track_id: uuid.UUID) -> Answer:
    """Save a track; goes on to the page that asks whom to move when seats would be lost."""
    opened, form = open_to_plan(event_id), TrackForm()
    track = track_in(opened, track_id)
    data = form.track_data(track.kind)
    if data is None:
        return _track_page(opened, form, track)
    try:
        seen = whole_number(form.revision.data)
        page = service.change_track(track, data, opened.actor, opened.now, expected_revision=seen)
    except ProductError as error:
        form.refuse(error)
        form.revision.data = str(track.revision)
        return _track_page(opened, form, track)
    if page:
        flash(KEEPS_SEATS, "warning")
        return redirect(page)
    flash(f"「{track.name}」を保存しました。", "success")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.post("/<uuid:track_id>/moves")
def move(event_id: uuid.UUID, track_id: uuid.UUID) -> Response:
    """Move a track up or down."""
    opened = open_to_plan(event_id)
    track = track_in(opened, track_id)
    step = STEPS.get(request.form.get("direction", ""), 0)
    try:
        service.move_track(opened.event, track, step, opened.actor, opened.now)
    except ProductError as error:
        flash(error.message, "error")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.post("/<uuid:track_id>/deletions")
def remove(event_id: uuid.UUID, track_id: uuid.UUID) -> Response:
    """Take a track away that nobody registered for."""
    opened = open_to_plan(event_id)
    track = track_in(opened, track_id)
    name = track.name
    try:
        service.remove_track(opened.event, track, opened.actor, opened.now)
        flash(f"「{name}」を消しました。", "success")
    except ProductError as error:
        flash(error.message, "error")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.get("/presets")
def preset(event_id: uuid.UUID) -> Answer:
    """The usual tracks of an assembly, to be adapted."""
    opened = open_to_plan(event_id)
    usual = {name: str(value) for name, value in USUAL.items()}
    return _preset_page(opened, AssemblyForm(stashed_values(request.path), data=usual))


@blueprint.post("/presets")
def create_preset(event_id: uuid.UUID) -> Answer:
    """Add the usual tracks of an assembly."""
    opened, form = open_to_plan(event_id), AssemblyForm()
    plan = form.plan()
    if plan is None:
        return _preset_page(opened, form)
    for name, message in plan_errors(plan).items():
        form.add_error(name, message)
    if form.errors:
        return _preset_page(opened, form)
    try:
        made = service.add_tracks(
            opened.event, assembly_tracks(plan), opened.actor, opened.now, rooms_together=True
        )
    except ProductError as error:
        form.refuse(error)
        return _preset_page(opened, form)
    flash(f"参加方法を{len(made)}個加えました。部屋の名前などを入れてください。", "success")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.get("/<uuid:track_id>/waves")
def waves(event_id: uuid.UUID, track_id: uuid.UUID) -> Answer:
    """The waves of a track and the form for one more."""
    opened = open_to_plan(event_id)
    track = track_in(opened, track_id)
    return _waves_page(opened, track, WaveForm(stashed_values(request.path)))


@blueprint.post("/<uuid:track_id>/waves")
def create_wave(event_id: uuid.UUID, track_id: uuid.UUID) -> Answer:
    """Plan a wave."""
    opened, form = open_to_plan(event_id), WaveForm()
    track = track_in(opened, track_id)
    data = form.wave_data()
    if data is None:
        return _waves_page(opened, track, form)
    try:
        service.plan_wave(track, data, opened.actor, opened.now)
    except ProductError as error:
        form.refuse(error)
        return _waves_page(opened, track, form)
    flash("追加の枠を計画しました。その日時になると、自動で出ます。", "success")
    return redirect(url_for(".waves", event_id=event_id, track_id=track_id))


@blueprint.get("/<uuid:track_id>/waves/<uuid:wave_id>/edit")
def edit_wave(event_id: uuid.UUID, track_id: uuid.UUID, wave_id: uuid.UUID) -> Answer:
    """The form of a wave."""
    opened = open_to_plan(event_id)
    track = track_in(opened, track_id)
    values = wave_values(service.wave_of(track, wave_id), track.revision)
    return _wave_page(opened, track, WaveForm(stashed_values(request.path), data=values), wave_id)


@blueprint.post("/<uuid:track_id>/waves/<uuid:wave_id>/edit")
def update_wave(event_id: uuid.UUID, track_id: uuid.UUID, wave_id: uuid.UUID) -> Answer:
    """Change a wave before its moment."""
    opened, form = open_to_plan(event_id), WaveForm()
    track = track_in(opened, track_id)
    service.wave_of(track, wave_id)
    data = form.wave_data()
    if data is None:
        return _wave_page(opened, track, form, wave_id)
    try:
        seen = whole_number(form.revision.data)
        service.change_wave(track, wave_id, data, opened.actor, opened.now, expected_revision=seen)
    except ProductError as error:
        form.refuse(error)
        form.revision.data = str(track.revision)
        return _wave_page(opened, track, form, wave_id)
    flash("追加の枠を保存しました。", "success")
    return redirect(url_for(".waves", event_id=event_id, track_id=track_id))


@blueprint.post("/<uuid:track_id>/waves/<uuid:wave_id>/deletions")
def remove_wave(event_id: uuid.UUID, track_id: uuid.UUID, wave_id: uuid.UUID) -> Response:
    """Take a wave back before its moment."""
    opened = open_to_plan(event_id)
    track = track_in(opened, track_id)
    try:
        service.remove_wave(track, wave_id, opened.actor, opened.now)
        flash("追加の枠を消しました。", "success")
    except ProductError as error:
        if isinstance(error, NotFound):
            raise
        flash(error.message, "error")
    return redirect(url_for(".waves", event_id=event_id, track_id=track_id))


def track_in(opened: OpenEvent, track_id: uuid.UUID) -> Track:
    """A track of the event.

    Raises:
        NotFound: it has none of that id.
    """
    track = next((each for each in opened.event.tracks if each.id == track_id), None)
    if track is None:
        raise NotFound
    return track


def _track_page(opened: OpenEvent, form: TrackForm, track: Track | None) -> Answer:
    others = possible_limit_tracks(opened.event, track)
    form.offer(others)
    page = render_template(
        "event_tracks/edit.html", event=opened.event, form=form, track=track, others=others
    )
    return (page, INVALID) if form.errors or form.form_errors else page


def _preset_page(opened: OpenEvent, form: AssemblyForm) -> Answer:
    page = render_template("event_tracks/preset.html", event=opened.event, form=form)
    return (page, INVALID) if form.errors or form.form_errors else page


def _waves_page(opened: OpenEvent, track: Track, form: WaveForm) -> Answer:
    shown = [(wave, wave_title(wave), wave_in_words(wave)) for wave in track.waves]
    page = render_template(
        "event_tracks/waves.html", event=opened.event, track=track, form=form, shown=shown,
        facts=shown_track(opened.event, track, opened.now),
    )  # fmt: skip
    return (page, INVALID) if form.errors or form.form_errors else page


def _wave_page(opened: OpenEvent, track: Track, form: WaveForm, wave_id: uuid.UUID) -> Answer:
    page = render_template(
        "event_tracks/wave.html", event=opened.event, track=track, form=form, wave_id=wave_id
    )
    return (page, INVALID) if form.errors or form.form_errors else page
