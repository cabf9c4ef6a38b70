"""Pages of the staff on waiting lists, waves and rooms that become smaller."""

from __future__ import annotations

import uuid
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.text import whole_number
from matchmaker.regional_events.planning.loading import OpenEvent, open_to_plan
from matchmaker.regional_events.planning.models import SeatWave, Track
from matchmaker.regional_events.registrations import desk, presentation, queries, service
from matchmaker.regional_events.registrations.domain import CapacityTooLow
from matchmaker.regional_events.registrations.explaining import place_in_line, rule_in_words
from matchmaker.regional_events.registrations.forms_desk import CapacityForm, ReasonForm
from matchmaker.regional_events.registrations.models import WaitingEntry

INVALID, MOST_SHOWN = 422, 200
Answer = str | Response | tuple[str, int]
blueprint = Blueprint(
    "event_waiting", __name__, url_prefix="/regional-events/<uuid:event_id>/waiting-lists"
)


@blueprint.get("")
def index(event_id: uuid.UUID) -> str:
    """Each track's line in its order, with why each waits."""
    opened = open_to_plan(event_id)
    return _lines_page(opened, ReasonForm(formdata=None))


def _lines_page(opened: OpenEvent, form: ReasonForm) -> str:
    event, counts = opened.event, queries.counts_of(opened.event.id)
    entries = queries.lines_of(event.id)
    by_track = {key: list(found) for key, found in groupby(entries, lambda each: each.track_id)}
    lines = [
        {
            "track": track,
            "name": presentation.track_name(track),
            "words": presentation.seat_words(presentation.count_of(track, counts)),
            "count": presentation.count_of(track, counts),
            "places": _places(by_track.get(track.id, []), opened),
            "total": len(by_track.get(track.id, [])),
        }
        for track in event.tracks
    ]
    return render_template(
        "event_waiting/index.html", opened=opened, event=event, lines=lines, form=form,
        most=MOST_SHOWN, rules=rule_in_words(event.waiting_rule),
    )  # fmt: skip


def _places(entries: list[WaitingEntry], opened: OpenEvent) -> list[dict[str, object]]:
    found = [
        {
            "entry": entry,
            "place": place_in_line(entry, opened.now),
            "people": presentation.names_of(entry.attendees),
        }
        for entry in entries[:MOST_SHOWN]
    ]
    return sorted(found, key=lambda each: each["place"].number)  # type: ignore[attr-defined]


@blueprint.post("/waves/<uuid:wave_id>")
def release(event_id: uuid.UUID, wave_id: uuid.UUID) -> Answer:
    """Give out the seats of a wave now, before its time."""
    opened, form = open_to_plan(event_id), ReasonForm()
    wave = _wave(opened, wave_id)
    if not form.validate_on_submit():
        return _lines_page(opened, form), INVALID
    try:
        service.release_wave(wave, opened.now, opened.actor, form.reason.data or "")
    except ProductError as error:
        form.add_error("reason", error.message)
        return _lines_page(opened, form), error.status
    flash("追加の枠の席を、待っている方に回しました。", "success")
    return redirect(url_for(".index", event_id=event_id))


def _wave(opened: OpenEvent, wave_id: uuid.UUID) -> SeatWave:
    waves = [wave for track in opened.event.tracks for wave in track.waves]
    found = next((wave for wave in waves if wave.id == wave_id), None)
    if found is None:
        raise NotFound
    return found


@blueprint.get("/<uuid:track_id>/capacity")
def capacity(event_id: uuid.UUID, track_id: uuid.UUID) -> str:
    """Ask who moves when a room becomes smaller."""
    opened = open_to_plan(event_id)
    track = _track(opened, track_id)
    form = CapacityForm(formdata=None)
    wanted = whole_number(request.args.get("capacity"))
    form.capacity.data = str(wanted if wanted is not None else track.capacity or "")
    return _capacity_page(opened, track, form)


@blueprint.post("/<uuid:track_id>/capacity")
def lower(event_id: uuid.UUID, track_id: uuid.UUID) -> Answer:
    """Make the room smaller and move those who were named, nobody else."""
    opened, form = open_to_plan(event_id), CapacityForm()
    track, seats = _track(opened, track_id), whole_number(form.capacity.data)
    if not form.validate_on_submit() or seats is None:
        if seats is None and not form.capacity.errors:
            form.add_error("capacity", "席数は、数字で入れてください。")
        return _capacity_page(opened, track, form), INVALID
    try:
        service.lower_capacity(
            track, seats, _moves(opened, form), opened.actor, opened.now, form.reason.data or ""
        )
    except ProductError as error:
        form.add_error(error.field if error.field in form else "capacity", error.message)
        return _capacity_page(opened, track, form, error), error.status
    flash("席数を変えました。移した方には、メールでお知らせします。", "success")
    return redirect(url_for(".index", event_id=event_id))


def _moves(opened: OpenEvent, form: CapacityForm) -> dict[uuid.UUID, uuid.UUID | None]:
    target = next((t.id for t in opened.event.tracks if str(t.id) == form.target.data), None)
    return {uuid.UUID(person): target for person in form.people.data or () if _is_id(person)}


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _track(opened: OpenEvent, track_id: uuid.UUID) -> Track:
    track = desk.track_of(opened.event, track_id)
    if track is None:
        raise NotFound
    return track


def _capacity_page(
    opened: OpenEvent, track: Track, form: CapacityForm, error: ProductError | None = None
) -> str:
    people = queries.seated_on(track.id)
    form.offer(
        [(str(each.id), _seat_words(each)) for each in people],
        [
            (str(other.id), presentation.track_name(other))
            for other in opened.event.tracks
            if other.id != track.id
        ],
    )
    seats = whole_number(form.capacity.data)
    return render_template(
        "event_waiting/capacity.html",
        opened=opened,
        event=opened.event,
        track=track,
        name=presentation.track_name(track),
        form=form,
        seated=len(people),
        surplus=error.surplus if isinstance(error, CapacityTooLow) else _surplus(track, seats),
    )


def _surplus(track: Track, seats: int | None) -> int:
    """How many seats have to become free before the room has so few."""
    try:
        service.check_capacity(track, seats)
    except CapacityTooLow as error:
        return error.surplus
    return 0


def _seat_words(attendee: object) -> str:
    row = desk.row_of(attendee)  # type: ignore[arg-type]
    parts = (row.number, f"{row.attendee.name}さん", row.organization, row.role)
    return "　".join(part for part in parts if part)
