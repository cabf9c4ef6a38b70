"""Who may open the pages of programme, speakers and materials; the editor plans the event.

One speaker agreed to be shown, another did not answer yet. One material is for members.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.signed_links import sign
from matchmaker.regional_events.planning.domain import Duty, MaterialAudience, SpeakerConsent
from matchmaker.regional_events.planning.models import EventStaff
from matchmaker.regional_events.planning.programme.domain import (
    LINK_PURPOSE,
    SessionData,
    SpeakerData,
    Upload,
)
from matchmaker.regional_events.planning.programme.service import add_material, add_session
from matchmaker.regional_events.planning.programme.speakers import add_speaker
from tests.architecture.access_rules import (
    EDITOR,
    SECRETARIAT,
    VISITOR,
    Row,
    Statuses,
    Things,
    everyone,
    get,
    hidden_except,
    only,
    post,
)
from tests.regional_events.builders import make_event
from tests.regional_events.programme.planner_world import picture

EVENT: dict[str, Any] = {"event_id": "programme_event_id"}
SESSION: dict[str, Any] = {**EVENT, "session_id": "programme_session_id"}
SHOWN: dict[str, Any] = {**EVENT, "speaker_id": "shown_speaker_id"}
ASKED: dict[str, Any] = {**EVENT, "speaker_id": "asked_speaker_id"}
MATERIAL: dict[str, Any] = {**EVENT, "material_id": "event_material_id"}
TOKEN: dict[str, Any] = {"token": "speaker_token"}
PLANNING = (EDITOR, SECRETARIAT)
MEMBERS: Statuses = {**everyone(), VISITOR: 401}


def _rows() -> Iterator[Row]:
    for page in ("event_programme.index", "event_programme.new", "event_speakers.index",
                 "event_speakers.new", "event_materials.index"):  # fmt: skip
        yield get(page, only(*PLANNING), **EVENT)
    for page in ("event_programme", "event_speakers", "event_materials"):
        yield post(f"{page}.create", only(*PLANNING, status=422), **EVENT)
    for page, thing in (
        ("event_programme", SESSION), ("event_speakers", SHOWN), ("event_materials", MATERIAL),
    ):  # fmt: skip
        yield get(f"{page}.edit", only(*PLANNING), **thing)
        yield post(f"{page}.update", only(*PLANNING, status=422), **thing)
        yield post(f"{page}.remove", only(*PLANNING, status=302), **thing)
    yield post("event_programme.move", only(*PLANNING, status=302), **SESSION)
    yield post("event_speakers.move", only(*PLANNING, status=302), **SHOWN)
    yield post("event_speakers.ask", only(*PLANNING, status=302), **ASKED)
    yield get("event_speakers.portrait", everyone(), **SHOWN)
    yield get("event_speakers.portrait", hidden_except(*PLANNING), **ASKED)
    yield get("event_materials.download", MEMBERS, **MATERIAL)
    yield get("speaker_consents.show", everyone(), **TOKEN)
    yield get("speaker_consents.portrait", everyone(), **TOKEN)
    yield post("speaker_consents.update", everyone(422), **TOKEN)


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """An event with one of each."""
    now = clock.now()
    event = make_event()
    staff = EventStaff(event_id=event.id, user_id=world.ids["editor_id"], duty=Duty.PLANNING)
    staff.created_at = now
    db.session.add(staff)
    times = (event.starts_at, event.starts_at + timedelta(hours=1))
    session = add_session(event, SessionData("開会", *times), SYSTEM, now)
    portrait = Upload("face.jpg", picture().getvalue())
    shown = add_speaker(event, SpeakerData("山田花子"), portrait, SYSTEM, now)
    shown.consent, shown.consent_at = SpeakerConsent.GIVEN, now
    asked = add_speaker(
        event, SpeakerData("佐藤一郎", email="s@example.com"), portrait, SYSTEM, now
    )
    text = Upload("text.txt", b"text")
    material = add_material(event, "資料", text, MaterialAudience.MEMBERS, SYSTEM, now)
    db.session.flush()
    world.ids.update(
        programme_event_id=event.id,
        programme_session_id=session.id,
        shown_speaker_id=shown.id,
        asked_speaker_id=asked.id,
        event_material_id=material.id,
        speaker_token=sign(LINK_PURPOSE, asked.id, asked.link_version),
    )
