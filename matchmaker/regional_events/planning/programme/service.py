"""Commands on sessions and materials. They flush, record events and never commit."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.storage import StoredFile, remove_stored, store
from matchmaker.core.text import clean_line
from matchmaker.core.uploads import ATTACHMENT, check_upload
from matchmaker.regional_events.planning.domain import SESSIONS_MOST, MaterialAudience
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.programme import queries
from matchmaker.regional_events.planning.programme.domain import (
    MATERIALS_MOST,
    InvalidProgramme,
    MaterialData,
    SessionData,
    Upload,
    address_error,
    cleaned_material,
    cleaned_session,
    material_errors,
    overlap,
    session_errors,
    swapped,
)
from matchmaker.regional_events.planning.programme.events import MaterialChanged, ProgrammeChanged
from matchmaker.regional_events.planning.programme.models import (
    Appearance,
    EventMaterial,
    ProgrammeSession,
)

CHANGED_BY_OTHERS = (
    "あなたが開いているあいだに、ほかの人がここを変えました。入力した内容は残っています。"
    "いまの内容を別の画面で確かめてから、もう一度保存してください。"
)
FILE_OR_ADDRESS = "ファイルを選ぶか、アドレスを入れてください。"
PARALLEL = "時間の重なるセッションは、入れ替えられません。時刻を直してください。"


def add_session(
    event: RegionalEvent, data: SessionData, actor: Actor, now: datetime
) -> ProgrammeSession:
    """Add a session to the programme.

    Raises:
        InvalidProgramme: what was typed cannot be.
        ProductError: there are too many.
    """
    if queries.count_of(ProgrammeSession, event.id) >= SESSIONS_MOST:
        raise ProductError(f"セッションは{SESSIONS_MOST}個までです。")
    position = queries.next_position(ProgrammeSession, event.id)
    session = ProgrammeSession(event_id=event.id, position=position, appearances=[])
    _write_session(session, data)
    db.session.add(session)
    _record_session(session, actor, now, "added")
    return session


def change_session(
    session: ProgrammeSession,
    data: SessionData,
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int | None = None,
) -> None:
    """Change a session (loaded with its speakers).

    Raises:
        Conflict: somebody changed it since.
        InvalidProgramme: what was typed cannot be.
    """
    refuse_stale(session, expected_revision)
    _write_session(session, data)
    session.revision += 1
    _record_session(session, actor, now, "changed")


def swap_with_neighbour(
    session: ProgrammeSession, step: int, actor: Actor, now: datetime
) -> ProgrammeSession | None:
    """Let a session change places with the one before (-1) or after it (1).

    Each keeps its length. Of two that begin at the same moment only the order changes.

    Returns:
        The other session; None at the end of the programme.

    Raises:
        Conflict: both take place at the same time, but do not begin together.
    """
    sessions = list(queries.programme_of(session.event_id))
    place = next(n for n, each in enumerate(sessions) if each.id == session.id) + step
    if not 0 <= place < len(sessions):
        return None
    other = sessions[place]
    first, second = (other, session) if step < 0 else (session, other)
    _swap(first, second)
    for each in (first, second):
        each.revision += 1
    _record_session(session, actor, now, "moved")
    return other


def _swap(first: ProgrammeSession, second: ProgrammeSession) -> None:
    if first.starts_at == second.starts_at:
        order = sorted((first.position, second.position))
        second.position, first.position = order[0], max(order[1], order[0] + 1)
        return
    if overlap(first, second):
        raise Conflict(PARALLEL)
    times = swapped(first, second)
    (first.starts_at, first.ends_at), (second.starts_at, second.ends_at) = times


def remove_session(session: ProgrammeSession, actor: Actor, now: datetime) -> None:
    """Take a session out of the programme; its materials become those of the event."""
    _record_session(session, actor, now, "removed")
    db.session.delete(session)
    db.session.flush()


def _write_session(session: ProgrammeSession, data: SessionData) -> None:
    data = cleaned_session(data)
    errors = session_errors(data)
    if errors:
        raise InvalidProgramme(errors)
    session.title, session.description = data.title, data.description
    session.starts_at, session.ends_at = data.starts_at, data.ends_at
    session.room, session.takes_questions = data.room, data.takes_questions
    _write_appearances(session, data)


def _write_appearances(session: ProgrammeSession, data: SessionData) -> None:
    known = {each.speaker_id: each for each in session.appearances}
    possible = {speaker.id for speaker in queries.speakers_of(session.event_id)}
    kept = []
    for place, wanted in enumerate(data.appearances, start=1):
        if wanted.speaker_id not in possible:
            raise InvalidProgramme({"appearances": "登壇者を、一覧から選び直してください。"})
        appearance = known.get(wanted.speaker_id) or Appearance(speaker_id=wanted.speaker_id)
        appearance.role, appearance.position = wanted.role, place
        kept.append(appearance)
    session.appearances[:] = kept


def _record_session(session: ProgrammeSession, actor: Actor, now: datetime, action: str) -> None:
    db.session.flush()
    details = {"action": action, "title": session.title}
    record(ProgrammeChanged(actor=actor, now=now, subject_id=session.event_id, details=details))


def add_material(
    event: RegionalEvent,
    title: str,
    upload_or_url: Upload | str | None,
    audience: MaterialAudience,
    actor: Actor,
    now: datetime,
    is_recording: bool = False,
    session_id: uuid.UUID | None = None,
    publish_at: datetime | None = None,
) -> EventMaterial:
    """Add a document or a recording: either a file or an https address.

    Args:
        title: what it is; the file's name when empty.
        session_id: the session it belongs to; None for the whole event.
        publish_at: from when it is shown; None is at once.

    Raises:
        RefusedFile: the file is not taken (field ``file``).
        InvalidProgramme: a field does not fit.
        ProductError: there are too many.
    """
    if queries.count_of(EventMaterial, event.id) >= MATERIALS_MOST:
        raise ProductError(f"資料は{MATERIALS_MOST}個までです。")
    if not title and isinstance(upload_or_url, Upload):
        title = upload_or_url.name.rpartition(".")[0] or upload_or_url.name
    data = MaterialData(title, audience, is_recording, session_id, publish_at)
    data, (file, url) = _checked(event.id, data), _content(upload_or_url, actor, now)
    position = queries.next_position(EventMaterial, event.id)
    material = EventMaterial(event_id=event.id, position=position, url=url, created_at=now)
    material.file = file
    _write_material(material, data)
    db.session.add(material)
    _record_material(material, actor, now, "added")
    return material


def _content(
    upload_or_url: Upload | str | None, actor: Actor, now: datetime
) -> tuple[StoredFile | None, str]:
    if isinstance(upload_or_url, Upload):
        checked = check_upload(upload_or_url.name, upload_or_url.content, ATTACHMENT)
        return store(checked, actor, now), ""
    url = clean_line(upload_or_url or "")
    if not url:
        raise InvalidProgramme({"file": FILE_OR_ADDRESS})
    if error := address_error(url):
        raise InvalidProgramme({"url": error})
    return None, url


def change_material(
    material: EventMaterial,
    data: MaterialData,
    replacement: Upload | str | None,
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int | None = None,
) -> None:
    """Change what is said about a material, and what it is if ``replacement`` is given.

    Raises:
        Conflict: somebody changed it since.
        RefusedFile: the file is not taken.
        InvalidProgramme: a field does not fit.
    """
    refuse_stale(material, expected_revision)
    data = _checked(material.event_id, data)
    if replacement:
        _replace(material, *_content(replacement, actor, now))
    _write_material(material, data)
    material.revision += 1
    _record_material(material, actor, now, "changed")


def _replace(material: EventMaterial, file: StoredFile | None, url: str) -> None:
    former = material.file
    material.file, material.url = file, url
    db.session.flush()
    if former is not None:
        remove_stored(former)


def remove_material(material: EventMaterial, actor: Actor, now: datetime) -> None:
    """Take a material away for good."""
    former = material.file
    _record_material(material, actor, now, "removed")
    db.session.delete(material)
    db.session.flush()
    if former is not None:
        remove_stored(former)


def _checked(event_id: uuid.UUID, data: MaterialData) -> MaterialData:
    data = cleaned_material(data)
    errors = material_errors(data)
    sessions = {session.id for session in queries.programme_of(event_id)}
    if data.session_id is not None and data.session_id not in sessions:
        errors["session_id"] = "セッションを選び直してください。"
    if errors:
        raise InvalidProgramme(errors)
    return data


def _write_material(material: EventMaterial, data: MaterialData) -> None:
    material.title, material.audience = data.title, data.audience
    material.is_recording, material.session_id = data.is_recording, data.session_id
    material.publish_at = data.publish_at


def _record_material(material: EventMaterial, actor: Actor, now: datetime, action: str) -> None:
    db.session.flush()
    details: dict[str, Any] = {"action": action, "title": material.title}
    details["audience"] = material.audience.value
    event_id, material_id = material.event_id, material.id
    record(
        MaterialChanged(
            actor=actor, now=now, subject_id=event_id, material_id=material_id, details=details,
        )
    )  # fmt: skip


def refuse_stale(thing: Any, expected: int | None) -> None:
    """Refuse to write over what somebody else changed.

    Raises:
        Conflict: the revision is another one than ``expected``.
    """
    if expected is not None and expected != thing.revision:
        raise Conflict(CHANGED_BY_OTHERS)
