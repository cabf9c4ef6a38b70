"""Commands on imports of guests: check a list, start, discard. ``jobs`` registers the guests."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict
from matchmaker.core.spreadsheets.cells import UnreadableTable
from matchmaker.core.uploads import SPREADSHEET, RefusedFile, check_upload
from matchmaker.regional_events.planning.domain import EventState
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.imports import queries
from matchmaker.regional_events.registrations.imports.checking import CheckedList, check_list
from matchmaker.regional_events.registrations.imports.domain import (
    MOST_CHECKED,
    Choices,
    ImportState,
    RowState,
)
from matchmaker.regional_events.registrations.imports.events import (
    GuestImportFailed,
    GuestImportFinished,
    GuestImportStarted,
)
from matchmaker.regional_events.registrations.imports.models import GuestImport, GuestImportRow

FIELD = "file"
ALREADY_BEGUN = "この名簿の登録は、もう始まっています。"
NOT_PUBLISHED = "公開中のイベントではないため、登録できません。先にイベントを公開してください。"


def check(
    event: RegionalEvent, file_name: str, content: bytes, actor: Actor, now: datetime
) -> GuestImport:
    """Take a list, check all its rows and keep the outcome for the preview.

    Args:
        event: with its tracks.
        file_name: as the browser sent it.
        content: the file; it is not kept.

    Raises:
        RefusedFile: the file is not taken, or there is no list in it.
    """
    upload = check_upload(file_name, content, SPREADSHEET, FIELD)
    try:
        checked = check_list(event, upload.name, upload.content, queries.people_of(event.id))
    except UnreadableTable as error:
        raise RefusedFile(f"「{upload.name}」{error}", FIELD) from None
    if not checked.rows:
        raise RefusedFile(f"「{upload.name}」には、登録する人の行がありません。", FIELD)
    for old in queries.checked_imports(event.id)[MOST_CHECKED - 1 :]:
        discard(old)
    made = _import_of(event, checked, actor, now)
    made.file_name = upload.name
    db.session.add(made)
    db.session.flush()
    _keep_rows(made, checked)
    return made


def _import_of(
    event: RegionalEvent, checked: CheckedList, actor: Actor, now: datetime
) -> GuestImport:
    return GuestImport(
        event_id=event.id,
        user_id=actor.user_id,
        user_name=actor.name,
        state=ImportState.CHECKED,
        notices=list(checked.notices),
        columns=list(checked.columns),
        row_count=len(checked.rows),
        good_count=checked.count(RowState.GOOD),
        faulty_count=checked.count(RowState.FAULTY),
        duplicate_count=checked.count(RowState.DUPLICATE),
        created_at=now,
    )


def _keep_rows(made: GuestImport, checked: CheckedList) -> None:
    db.session.execute(
        insert(GuestImportRow),
        [
            {
                "import_id": made.id,
                "row_number": row.number,
                "state": row.state,
                "values": row.values,
                "errors": row.errors,
                "note": row.note,
            }
            for row in checked.rows
        ],
    )


def start(
    made: GuestImport, event: RegionalEvent, choices: Choices, actor: Actor, now: datetime
) -> None:
    """Let the worker register the good rows.

    Raises:
        Conflict: it was started before, another list is under way, there is nothing to register,
            or the event is not published.
    """
    if made.state is not ImportState.CHECKED:
        raise Conflict(ALREADY_BEGUN)
    if event.state is not EventState.PUBLISHED:
        raise Conflict(NOT_PUBLISHED)
    if not made.good_count:
        raise Conflict("登録できる行がありません。")
    if queries.is_working(event.id):
        raise Conflict("このイベントの別の名簿を登録しています。終わってから押してください。")
    statement = (
        update(GuestImport)
        .where(GuestImport.id == made.id, GuestImport.state == ImportState.CHECKED)
        .values(
            state=ImportState.RUNNING, started_at=now, waits=choices.waits, tells=choices.tells,
            user_id=actor.user_id, user_name=actor.name, step_count=made.good_count, steps_done=0,
        )
    )  # fmt: skip
    result: Any = db.session.execute(statement)
    if result.rowcount != 1:
        raise Conflict(ALREADY_BEGUN)
    db.session.refresh(made)
    tell(GuestImportStarted, made, actor, now, {"rows": made.good_count})


def discard(made: GuestImport) -> None:
    """Forget a list that was only checked, with all its rows.

    Raises:
        Conflict: it was started.
    """
    if made.state is not ImportState.CHECKED:
        raise Conflict(ALREADY_BEGUN)
    db.session.delete(made)
    db.session.flush()


def forget_rows(event_id: uuid.UUID) -> None:
    """Remove what lists say of people who are registered (doubles), or of whom nobody can tell
    whether they are (faulty rows): when people are erased, lists keep nothing of them."""
    of_event = select(GuestImport.id).where(GuestImport.event_id == event_id)
    db.session.execute(
        delete(GuestImportRow).where(
            GuestImportRow.import_id.in_(of_event), GuestImportRow.state != RowState.GOOD
        )
    )


def tell(
    kind: type[GuestImportStarted] | type[GuestImportFinished] | type[GuestImportFailed],
    made: GuestImport,
    actor: Actor,
    now: datetime,
    details: dict[str, Any],
) -> None:
    """Record what happened to an import."""
    record(kind(actor=actor, now=now, subject_id=made.id, event_id=made.event_id, details=details))
