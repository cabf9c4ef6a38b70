"""Name badges: which ones, and the PDF."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template

from matchmaker.core.assets import EXTENSION_KEY, FOLDER, AssetManifest
from matchmaker.core.downloads import download
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.loading import OpenEvent
from matchmaker.regional_events.reception.badge_sheets import (
    MOST_BADGES,
    badge_of,
    note_printed,
    people_with_badges,
)
from matchmaker.regional_events.reception.badges import make_badges, missing_characters
from matchmaker.regional_events.reception.forms import BadgeForm
from matchmaker.regional_events.reception.loading import open_reception
from matchmaker.regional_events.registrations.models import Attendee

blueprint = Blueprint(
    "event_badges", __name__, url_prefix="/regional-events/<uuid:event_id>/reception/badges"
)
INVALID = 422
PDF = "application/pdf"
NOBODY = "印刷する名札がありません。「全員」を選ぶと、もう一度印刷できます。"


@blueprint.get("")
def new(event_id: uuid.UUID) -> str:
    """Which badges are printed."""
    return _page(open_reception(event_id), BadgeForm())


@blueprint.post("")
def create(event_id: uuid.UUID) -> tuple[str, int] | Response:
    """The badges as PDF; they count as printed from now on."""
    opened, form = open_reception(event_id), BadgeForm()
    people = people_with_badges(
        event_id, _tracks(opened, form.track.data), only_new=form.scope.data != "all"
    )
    if not people:
        form.add_error("scope", NOBODY)
        return _page(opened, form), INVALID
    content = make_badges([badge_of(each) for each in people], font_file())
    note_printed(opened.event, people, opened.actor, opened.now)
    return download(content, f"名札_{opened.event.name}.pdf", PDF)


def _tracks(opened: OpenEvent, chosen: str | None) -> list[uuid.UUID]:
    """The chosen room, or all of them."""
    rooms = [track.id for track in opened.event.tracks if track.kind is TrackKind.ON_SITE]
    return [room for room in rooms if str(room) == chosen] or rooms


def _page(opened: OpenEvent, form: BadgeForm) -> str:
    event = opened.event
    rooms = [track for track in event.tracks if track.kind is TrackKind.ON_SITE]
    form.track.choices = [("", "すべての会場"), *((str(room.id), room.name) for room in rooms)]
    everybody = people_with_badges(event.id, [room.id for room in rooms], only_new=False)
    fresh = people_with_badges(event.id, [room.id for room in rooms], only_new=True)
    return render_template(
        "event_badges/new.html", event=event, form=form, total=len(everybody), fresh=len(fresh),
        handwritten=_handwritten(everybody), most=MOST_BADGES,
    )  # fmt: skip


def _handwritten(people: Sequence[Attendee]) -> list[tuple[str, str]]:
    """People with characters that the font lacks."""
    font = font_file()
    found = [(each.name, missing_characters(each.name, font)) for each in people]
    return [(name, missing) for name, missing in found if missing]


def font_file() -> Path:
    """The font of the badges, as the front-end build put it down."""
    manifest: AssetManifest = current_app.extensions[EXTENSION_KEY]
    return Path(current_app.static_folder or "") / FOLDER / manifest.file_name("badge.ttf")
