"""Pages and addresses for the lists that phones take with them."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line
from matchmaker.regional_events.reception import devices
from matchmaker.regional_events.reception.loading import open_reception

blueprint = Blueprint(
    "reception_devices",
    __name__,
    url_prefix="/regional-events/<uuid:event_id>/reception/devices",
)


@blueprint.get("")
def index(event_id: uuid.UUID) -> str:
    """The devices that took a list, each with a button that takes it away."""
    opened = open_reception(event_id)
    found = devices.devices_of(event_id)
    return render_template(
        "reception_devices/index.html", event=opened.event, devices=found, now=opened.now
    )


@blueprint.post("")
def create(event_id: uuid.UUID) -> tuple[Response, int] | Response:
    """Note the device and give it the list, which it encrypts before keeping it."""
    opened = open_reception(event_id)
    data = request.get_json(silent=True)
    name = clean_line(str(data.get("name") or "")) if isinstance(data, dict) else ""
    try:
        device, people = devices.take_list(opened.event, name, opened.actor, opened.now)
    except ProductError as error:
        return jsonify(message=error.message), error.status
    return jsonify(
        device=str(device.id), name=device.name, expires_at=device.expires_at.isoformat(),
        people=people,
    )  # fmt: skip


@blueprint.post("/<uuid:device_id>/revocations")
def revoke(event_id: uuid.UUID, device_id: uuid.UUID) -> Response:
    """Take the list of one device away."""
    opened = open_reception(event_id)
    device = devices.get_device(event_id, device_id)
    devices.revoke_device(device, opened.actor, opened.now)
    flash(f"「{device.name}」の名簿を取り消しました。端末が次につながると消えます。", "success")
    return redirect(url_for("reception_devices.index", event_id=event_id))
