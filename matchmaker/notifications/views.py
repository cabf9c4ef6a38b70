"""The outbox as a page; registered only where the settings show developer pages."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, request

from matchmaker.core.access import public
from matchmaker.core.paging import page_number
from matchmaker.notifications import queries
from matchmaker.notifications.domain import STATE_LABELS

blueprint = Blueprint("developer_mail", __name__, url_prefix="/dev/mail")


@blueprint.get("")
@public
def index() -> str:
    """All mail, newest first."""
    page = queries.messages_page(page_number(request.args.get("page")))
    return render_template("notifications/index.html", page=page, state_labels=STATE_LABELS)


@blueprint.get("/<uuid:message_id>")
@public
def show(message_id: uuid.UUID) -> str:
    """One mail as it is sent."""
    message = queries.message_of(message_id)
    return render_template("notifications/show.html", message=message, state_labels=STATE_LABELS)
