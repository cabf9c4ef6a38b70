"""Sessions, speakers who agreed to be shown, and materials of invented events."""

from __future__ import annotations

import uuid
from datetime import timedelta

from matchmaker.core.clock import today
from matchmaker.regional_events.planning.domain import MaterialAudience
from matchmaker.regional_events.planning.programme.domain import (
    AppearanceData,
    SessionData,
    SpeakerData,
    Upload,
)
from matchmaker.regional_events.planning.programme.service import add_material, add_session
from matchmaker.regional_events.planning.programme.speakers import add_speaker, answer_as_speaker
from matchmaker.seeding.event_occasion import Occasion
from matchmaker.seeding.files import DEMO, Entry
from matchmaker.seeding.moments import at_time

INVENTED = "（架空）"


def add_programme(occasion: Occasion) -> None:
    """Speakers first, then the sessions they appear in, then what is handed out."""
    entry = occasion.entry
    speakers = {each["key"]: _add_speaker(occasion, each) for each in entry.get("speakers", ())}
    sessions = {
        each["key"]: _add_session(occasion, each, speakers) for each in entry.get("sessions", ())
    }
    for material in entry.get("materials", ()):
        _add_material(occasion, material, sessions)


def _add_speaker(occasion: Occasion, entry: Entry) -> uuid.UUID:
    planned = occasion.at(occasion.entry["planned"])
    data = SpeakerData(
        name=entry["name"] + INVENTED,
        kana=entry["kana"],
        affiliation=entry["affiliation"],
        biography=entry["biography"],
    )
    speaker = add_speaker(occasion.event, data, None, occasion.organizer, planned)
    if entry.get("agrees", True):
        answer_as_speaker(
            speaker, agrees=True, biography=data.biography, portrait=None,
            removes_portrait=False, now=planned + timedelta(days=1),
        )  # fmt: skip
    return speaker.id


def _add_session(occasion: Occasion, entry: Entry, speakers: dict[str, uuid.UUID]) -> uuid.UUID:
    event = occasion.event
    day = today(event.starts_at) + timedelta(days=entry.get("day", 0))
    data = SessionData(
        title=entry["title"],
        starts_at=at_time(day, entry["from"]),
        ends_at=at_time(day, entry["until"]),
        description=entry.get("description", ""),
        room=entry.get("room", ""),
        takes_questions=entry.get("takes_questions", False),
        appearances=tuple(
            AppearanceData(speakers[key], role) for key, role in entry.get("speakers", {}).items()
        ),
    )
    planned = occasion.at(occasion.entry["planned"])
    return add_session(event, data, occasion.organizer, planned).id


def _add_material(occasion: Occasion, entry: Entry, sessions: dict[str, uuid.UUID]) -> None:
    content = entry.get("url") or Upload(
        entry["file"], (DEMO / "files" / entry["file"]).read_bytes()
    )
    add_material(
        occasion.event, entry["title"], content, MaterialAudience(entry["audience"]),
        occasion.organizer, occasion.at(entry["at"]),
        is_recording=entry.get("is_recording", False),
        session_id=sessions[entry["session"]] if "session" in entry else None,
        publish_at=occasion.at(entry["publish"]) if "publish" in entry else None,
    )  # fmt: skip
