"""Attaching files to posts and taking them away. Flushes, records events, never commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.storage import remove_stored, store
from matchmaker.core.uploads import ATTACHMENT, CheckedFile, RefusedFile, check_upload
from matchmaker.posts.attachments import queries
from matchmaker.posts.attachments.events import AttachmentAdded, AttachmentRemoved
from matchmaker.posts.attachments.models import MOST_ATTACHMENTS, Attachment
from matchmaker.posts.events import PostDeleted
from matchmaker.posts.types import PostType

FIELD = "files"
TOO_MANY = f"ファイルは1件につき{MOST_ATTACHMENTS}個までです。いらないものを外してください。"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it."""

    name: str
    content: bytes


class RefusedFiles(ProductError):
    """Some of the files are not taken, so none is; ``messages`` has one for each."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__("\n".join(messages), FIELD)
        self.messages = tuple(messages)


def add(
    post_type: PostType,
    post: Any,
    uploads: Sequence[Upload],
    caption: str,
    actor: Actor,
    now: datetime,
) -> list[Attachment]:
    """Attach files to a post: all of them, or none when one is not taken.

    Args:
        caption: what is to be seen, for pictures the alternative text; applies to each file.

    Raises:
        RefusedFiles: with a message for each file that is not taken.
        Conflict: somebody else attached files at the same moment.
    """
    files = _checked(uploads)
    taken = {attachment.position for attachment in queries.attachments_of(post.id)}
    free = [place for place in range(1, MOST_ATTACHMENTS + 1) if place not in taken]
    if len(files) > len(free):
        raise RefusedFiles([TOO_MANY])
    added = [
        _attachment(post_type, post, file, place, caption, actor, now)
        for file, place in zip(files, free, strict=False)
    ]
    try:
        db.session.flush()
    except IntegrityError:
        raise Conflict("ほかの人が同時にファイルを追加しました。もう一度選んでください。") from None
    for attachment, file in zip(added, files, strict=True):
        _record(AttachmentAdded, post_type, post, attachment, file.name, actor, now)
    return added


def _checked(uploads: Sequence[Upload]) -> list[CheckedFile]:
    if not uploads:
        raise RefusedFiles(["ファイルを選んでください。"])
    files: list[CheckedFile] = []
    messages: list[str] = []
    for upload in uploads:
        try:
            files.append(check_upload(upload.name, upload.content, ATTACHMENT, FIELD))
        except RefusedFile as refused:
            messages.append(refused.message)
    if messages:
        raise RefusedFiles(messages)
    return files


def _attachment(
    post_type: PostType,
    post: Any,
    file: CheckedFile,
    position: int,
    caption: str,
    actor: Actor,
    now: datetime,
) -> Attachment:
    stored = store(file, actor, now)
    attachment = Attachment(
        post_kind=post_type.kind,
        post_id=post.id,
        position=position,
        caption=caption,
        file_id=stored.id,
        created_at=now,
        created_by_id=actor.user_id,
    )
    attachment.file = stored
    db.session.add(attachment)
    return attachment


def remove(
    post_type: PostType, post: Any, attachment: Attachment, actor: Actor, now: datetime
) -> None:
    """Take a file away from its post, for good."""
    stored = attachment.file
    _record(AttachmentRemoved, post_type, post, attachment, stored.name, actor, now)
    db.session.delete(attachment)
    db.session.flush()
    remove_stored(stored)


def remove_all(event: PostDeleted) -> None:
    """Consequence of a post's deletion: its files go with it."""
    for attachment in queries.attachments_of(event.subject_id):
        stored = attachment.file
        db.session.delete(attachment)
        db.session.flush()
        remove_stored(stored)


def _record(
    kind: type[AttachmentAdded | AttachmentRemoved],
    post_type: PostType,
    post: Any,
    attachment: Attachment,
    name: str,
    actor: Actor,
    now: datetime,
) -> None:
    record(
        kind(
            actor=actor,
            now=now,
            subject_id=post.id,
            organization_id=post.organization_id,
            kind=post_type.kind,
            title=post.title,
            details={"file": name, "attachment_id": str(attachment.id)},
        )
    )
