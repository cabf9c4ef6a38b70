"""Files of groups and meetings with all their versions. Commands flush and record events."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict
from matchmaker.core.storage import store
from matchmaker.core.uploads import ATTACHMENT, RefusedFile, check_upload
from matchmaker.working_groups.groups.activity import queries
from matchmaker.working_groups.groups.activity.domain import (
    TITLE_LENGTH,
    VERSION_NOTE_LENGTH,
    checked_line,
    checked_reason,
)
from matchmaker.working_groups.groups.activity.events import (
    DocumentAdded,
    DocumentChanged,
    DocumentRemoved,
    DocumentReplaced,
    DocumentRestored,
    GroupActivity,
)
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.groups.models import DocumentVersion, GroupDocument, WorkingGroup
from matchmaker.working_groups.groups.policy import Standing

FIELD = "file"
REPLACED_MEANWHILE = (
    "ほかの人がこの資料を先に差し替えました。新しい版を確かめてから、もう一度送ってください。"
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it."""

    name: str
    content: bytes


def add_document(
    group: WorkingGroup,
    title: str,
    upload: Upload | None,
    visibility: Visibility,
    actor: Actor,
    now: datetime,
    *,
    meeting_id: uuid.UUID | None = None,
    agenda_item_id: uuid.UUID | None = None,
    publish_at: datetime | None = None,
) -> GroupDocument:
    """Add a document with its first version.

    Args:
        title: what it is; the file's name when empty.
        upload: the file.
        visibility: who may read it once its moment has come.
        meeting_id: the meeting it belongs to, if one.
        agenda_item_id: the item of that meeting's agenda, if one.
        publish_at: before this moment only those who run the group see it.

    Raises:
        RefusedFile: the file is missing or not taken (field ``file``).
        ProductError: the title is too long (field ``title``).
    """
    upload = _present(upload)
    title = checked_line(title, "資料の名前", "title", TITLE_LENGTH, required=False)
    document = GroupDocument(
        group_id=group.id,
        meeting_id=meeting_id,
        agenda_item_id=agenda_item_id,
        title=title or upload.name[:TITLE_LENGTH],
        visibility=visibility,
        publish_at=publish_at if publish_at is not None and publish_at > now else None,
        position=queries.last_position(group.id, meeting_id) + 1,
        created_at=now,
        versions=[],
    )
    version = _version(upload, 1, "", actor, now)
    document.versions.append(version)
    document.title = title or version.file.name[:TITLE_LENGTH]
    db.session.add(document)
    db.session.flush()
    details = {"title": document.title, "file": version.file.name}
    _record(DocumentAdded, document, actor, now, details=details)
    return document


def replace_document(
    document: GroupDocument,
    upload: Upload | None,
    note: str,
    actor: Actor,
    now: datetime,
    *,
    expected_number: int | None = None,
) -> DocumentVersion:
    """Give a document a new version; earlier ones stay readable.

    Args:
        document: with its versions loaded (``queries.document_of``).
        upload: the new file.
        note: what is different, for people.
        expected_number: the latest version that the person has seen.

    Raises:
        Conflict: it was removed, or somebody else replaced it meanwhile.
        RefusedFile: the file is missing or not taken (field ``file``).
        ProductError: the note is missing or too long (field ``note``).
    """
    _lock(document)
    latest = document.versions[-1].number
    if document.removed_at is not None:
        raise Conflict("この資料は取り除かれました。差し替えることはできません。")
    if expected_number is not None and expected_number != latest:
        raise Conflict(REPLACED_MEANWHILE)
    note = checked_line(note, "変えたところ", "note", VERSION_NOTE_LENGTH)
    version = _version(_present(upload), latest + 1, note, actor, now)
    document.versions.append(version)
    db.session.flush()
    details = {"number": version.number, "file": version.file.name, "note": note}
    _record(DocumentReplaced, document, actor, now, details=details)
    return version


def change_document(
    document: GroupDocument,
    title: str,
    visibility: Visibility,
    publish_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Change what a document is called, who sees it and from when on.

    Raises:
        ProductError: the title is missing or too long.
    """
    wanted = {
        "title": checked_line(title, "資料の名前", "title", TITLE_LENGTH),
        "visibility": visibility,
        "publish_at": publish_at,
    }
    changed = [name for name, value in wanted.items() if getattr(document, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(document, name, wanted[name])
    db.session.flush()
    _record(DocumentChanged, document, actor, now, details={"fields": changed})


def remove_document(document: GroupDocument, reason: str, actor: Actor, now: datetime) -> None:
    """Take a document away; it can be restored.

    Raises:
        Conflict: it was removed before.
        ProductError: the reason is missing or too long.
    """
    reason = checked_reason(reason)
    _lock(document)
    if document.removed_at is not None:
        raise Conflict("この資料は、すでに取り除かれています。")
    document.removed_at, document.removal_reason = now, reason
    db.session.flush()
    details = {"title": document.title}
    _record(DocumentRemoved, document, actor, now, reason=reason, details=details)


def restore_document(document: GroupDocument, actor: Actor, now: datetime) -> None:
    """Bring a removed document back.

    Raises:
        Conflict: it is not removed.
    """
    _lock(document)
    if document.removed_at is None:
        raise Conflict("この資料は、取り除かれていません。")
    document.removed_at, document.removal_reason = None, ""
    db.session.flush()
    _record(DocumentRestored, document, actor, now, details={"title": document.title})


def documents_of(
    group_id: uuid.UUID,
    actor: Actor,
    standing: Standing,
    now: datetime,
    meeting_id: uuid.UUID | None = None,
) -> Sequence[GroupDocument]:
    """Documents that the person may see, with their versions: of a meeting, or the group's latest.

    The caller has asked whether the person may see the group (or the meeting) at all.

    Args:
        meeting_id: only documents of this meeting, in their order; otherwise the newest come first.
    """
    query = queries.documents_query(group_id, actor, standing, now)
    if meeting_id is not None:
        return queries.documents_of_meeting(query, meeting_id)
    return queries.latest_documents(query, queries.MOST_DOCUMENTS)


def _present(upload: Upload | None) -> Upload:
    if upload is None or not upload.name:
        raise RefusedFile("ファイルを選んでください。", FIELD)
    return upload


def _version(
    upload: Upload, number: int, note: str, actor: Actor, now: datetime
) -> DocumentVersion:
    stored = store(check_upload(upload.name, upload.content, ATTACHMENT, FIELD), actor, now)
    version = DocumentVersion(
        number=number,
        file_id=stored.id,
        note=note,
        created_by_id=actor.user_id,
        created_by_name=actor.name,
        created_at=now,
    )
    version.file = stored
    return version


def _lock(document: GroupDocument) -> None:
    """Hold the row until the end of the transaction and read what others have done."""
    db.session.refresh(document, with_for_update=True)
    db.session.expire(document, ["versions"])
    queries.document_of(document.group_id, document.id)


def _record(
    kind: type[GroupActivity],
    document: GroupDocument,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    details: dict[str, Any],
) -> None:
    if document.meeting_id is not None:
        details = {**details, "meeting_id": str(document.meeting_id)}
    record(
        kind(
            actor=actor,
            now=now,
            subject_id=document.id,
            group_id=document.group_id,
            reason=reason,
            details=details,
        )
    )
