"""Where uploaded files are kept: by the hash of their content, in a folder now.

The database says what a file is called and who brought it; the store holds bytes under their
SHA-256 and nothing else, so an object storage can take the place of the folder.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.actor import Actor
from matchmaker.core.db import Base, IdMixin, db
from matchmaker.core.dialect import reading_only
from matchmaker.core.errors import NotFound
from matchmaker.core.settings import current_settings
from matchmaker.core.uploads import CheckedFile

FOLDER = "files"
LOCK = ".lock"
FORGOTTEN_AFTER = timedelta(days=1)
"""Age from which content that no record names is removed: longer than any request or job runs."""


class StoredFile(IdMixin, Base):
    """One uploaded file. Two of the same content share their bytes."""

    __tablename__ = "stored_files"
    __table_args__ = (CheckConstraint("size >= 0", name="size_not_negative"),)

    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(120))
    is_picture: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    created_by_id: Mapped[uuid.UUID | None]


class ContentStore(Protocol):
    """Bytes under their hash."""

    def put(self, content: bytes) -> str:
        """Keep ``content`` for good and give back its SHA-256 (hexadecimal)."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """A stream of the content.

        Raises:
            FileNotFoundError: there is none of that hash.
        """
        ...

    def remove_unknown(self, known: Iterable[str], before: datetime) -> int:
        """Remove content of other hashes that was last put earlier than ``before``."""
        ...


class FolderStore:
    """A store in a folder: ``ab/cd/abcd…``, each file written whole or not at all.

    Args:
        root: the folder, made when missing.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, content: bytes) -> str:
        """Write under a temporary name, flush to disk, then give it its place."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._lock(fcntl.LOCK_SH):
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                Path(temporary).replace(path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        return sha256

    def open(self, sha256: str) -> BinaryIO:
        """Open the file of that hash for reading."""
        return self._path(sha256).open("rb")

    def remove_unknown(self, known: Iterable[str], before: datetime) -> int:
        """Remove what no record names; content put again meanwhile is new and stays."""
        kept, removed = set(known), 0
        for path in self._root.glob("??/??/*"):
            if path.name in kept:
                continue
            with self._lock(fcntl.LOCK_EX), suppress(FileNotFoundError):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    removed += 1
        return removed

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):  # noqa: PLR2004
            raise FileNotFoundError(sha256)
        return self._root / sha256[:2] / sha256[2:4] / sha256

    @contextmanager
    def _lock(self, mode: int) -> Iterator[None]:
        """Writers share, the remover is alone: it never takes away what was just put again."""
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._root / LOCK).open("a") as lock:
            fcntl.flock(lock, mode)
            yield


def content_store() -> ContentStore:
    """The store of the running application."""
    return FolderStore(current_settings().instance_dir / FOLDER)


def store(file: CheckedFile, actor: Actor, now: datetime) -> StoredFile:
    """Keep a checked file and record it (flushed)."""
    stored = StoredFile(
        sha256=content_store().put(file.content),
        size=len(file.content),
        media_type=file.media_type,
        name=file.name,
        is_picture=file.is_picture,
        created_at=now,
        created_by_id=actor.user_id,
    )
    db.session.add(stored)
    db.session.flush()
    return stored


def open_stored(stored: StoredFile) -> BinaryIO:
    """A stream of the file's content.

    Raises:
        NotFound: the content is missing.
    """
    try:
        return content_store().open(stored.sha256)
    except FileNotFoundError:
        raise NotFound("ファイルが見つかりません。") from None


def read_stored(stored: StoredFile) -> bytes:
    """The whole content of the file."""
    with open_stored(stored) as stream:
        return stream.read()


def get_stored(file_id: uuid.UUID) -> StoredFile | None:
    """The record of one file."""
    return db.session.get(StoredFile, file_id)


def remove_stored(stored: StoredFile) -> None:
    """Forget a file; its bytes go when the next sweep finds them unnamed."""
    db.session.delete(stored)
    db.session.flush()


def sweep(now: datetime) -> int:
    """Remove bytes that no record has named for a day, in a transaction of its own.

    A job calls this once a day.

    Returns:
        How many were removed.
    """
    with reading_only():
        query = select(StoredFile.sha256).distinct().order_by(StoredFile.sha256)
        known = db.session.scalars(query).all()
        db.session.rollback()
    return content_store().remove_unknown(known, now - FORGOTTEN_AFTER)
