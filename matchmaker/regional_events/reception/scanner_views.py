"""The phone's page and what its script asks for: counts, scans, the script for offline times."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Response, current_app, jsonify, render_template, request
from flask_wtf.csrf import generate_csrf

from matchmaker.core.assets import EXTENSION_KEY, FOLDER, AssetManifest
from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line
from matchmaker.regional_events.planning.loading import OpenEvent
from matchmaker.regional_events.reception import presentation, queries
from matchmaker.regional_events.reception.devices import may_keep_list, touch_device
from matchmaker.regional_events.reception.domain import (
    DOOR_WORDS,
    SCANS_MOST,
    CheckInWay,
    code_digest,
    read_code,
    takes_people,
)
from matchmaker.regional_events.reception.forms import CodeForm
from matchmaker.regional_events.reception.loading import door, open_reception
from matchmaker.regional_events.reception.scanning import Scan, take_scans
from matchmaker.regional_events.reception.views import blueprint

__all__ = ["blueprint"]
INVALID = 422
CAMERA = "camera=(self), geolocation=(), microphone=(), payment=()"


@blueprint.get("/scanner")
def scanner(event_id: uuid.UUID) -> Response:
    """The phone's page with the camera."""
    return _scanner_page(event_id, is_copy=False)


@blueprint.get("/scanner/copy")
def scanner_copy(event_id: uuid.UUID) -> Response:
    """The phone's page as it is kept for times without a connection: nothing of anybody in it."""
    return _scanner_page(event_id, is_copy=True)


def _scanner_page(event_id: uuid.UUID, *, is_copy: bool) -> Response:
    opened = open_reception(event_id)
    page = render_template(
        "event_reception/scanner.html",
        event=opened.event, form=CodeForm(), is_copy=is_copy, is_open=takes_people(door(opened)),
        door_words=DOOR_WORDS[door(opened)],
    )  # fmt: skip
    response = Response(page, mimetype="text/html")
    response.headers["Permissions-Policy"] = CAMERA
    return response


@blueprint.get("/worker")
def worker(event_id: uuid.UUID) -> Response:
    """The script that answers without a connection; the folder of its address is its scope."""
    open_reception(event_id)
    return Response(_built("reception_worker.js"), mimetype="text/javascript")


def _built(name: str) -> str:
    manifest: AssetManifest = current_app.extensions[EXTENSION_KEY]
    folder = Path(current_app.static_folder or "") / FOLDER
    return (folder / manifest.file_name(name)).read_text(encoding="utf-8")


@blueprint.get("/state")
def state(event_id: uuid.UUID) -> Response:
    """What a device asks for again and again: counts, notices, whether it may keep its list."""
    opened = open_reception(event_id)
    device = _uuid(request.args.get("device"))
    return jsonify(
        csrf=generate_csrf(),
        is_open=takes_people(door(opened)),
        door=DOOR_WORDS[door(opened)],
        may_keep=device is None or may_keep_list(event_id, device, opened.now),
        **_state_data(opened),
    )


def _state_data(opened: OpenEvent) -> dict[str, Any]:
    event = opened.event
    return {
        "presence": presentation.presence_data(queries.presence_of(event.id)),
        "notices": presentation.notice_words(queries.room_notices(event.id), event),
    }


@blueprint.post("/scans")
def scans(event_id: uuid.UUID) -> tuple[Response, int] | Response:
    """Scans of a device: one at once, or many after a time without a connection."""
    opened = open_reception(event_id)
    data = request.get_json(silent=True)
    found = _scans(opened, data)
    if found is None or not isinstance(data, dict):
        return jsonify(message="送られた内容を読み取れませんでした。"), INVALID
    device_id, name = _uuid(data.get("device")), str(data.get("device_name") or "")
    may_keep = device_id is None or touch_device(event_id, device_id, opened.now)
    try:
        answers = take_scans(opened.event, found, clean_line(name), opened.actor, opened.now)
    except ProductError as error:
        return jsonify(message=error.message), error.status
    known = {answer.attendee_id for answer in answers if answer.attendee_id}
    people = {each.attendee.id: each for each in queries.people_with(event_id, known)}
    results = [presentation.answer_data(answer, people, opened.now) for answer in answers]
    return jsonify(results=results, may_keep=may_keep, **_state_data(opened))


def _scans(opened: OpenEvent, data: Any) -> list[Scan] | None:
    """The scans in what a device sent; None when that is not what a device sends."""
    raw = data.get("scans") if isinstance(data, dict) else None
    if not isinstance(raw, list) or len(raw) > SCANS_MOST:
        return None
    found = [_scan(opened, each) for each in raw]
    return None if None in found else [each for each in found if each is not None]


def _scan(opened: OpenEvent, raw: Any) -> Scan | None:
    client_id = _uuid(raw.get("id")) if isinstance(raw, dict) else None
    if client_id is None:
        return None
    code, digest = raw.get("code"), raw.get("digest")
    if isinstance(code, str) and code:
        digest = code_digest(opened.event.id, read_code(code))
    if not isinstance(digest, str):
        return None
    way = CheckInWay.LIST if raw.get("way") == "list" else CheckInWay.QR
    return Scan(client_id, digest, _moment(raw.get("at")), way)


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None


def _uuid(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except (TypeError, ValueError, AttributeError):
        return None
