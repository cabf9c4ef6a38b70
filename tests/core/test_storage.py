"""Files are kept by content, written whole, and swept only when nothing names them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.downloads import download, download_stored, show_picture
from matchmaker.core.errors import NotFound
from matchmaker.core.storage import (
    FOLDER,
    FolderStore,
    content_store,
    get_stored,
    open_stored,
    read_stored,
    remove_stored,
    store,
    sweep,
)
from matchmaker.core.uploads import CheckedFile

NOW = datetime(2026, 4, 1, tzinfo=UTC)
HELLO = CheckedFile("葛\U000e0100城市 報告.pdf", "application/pdf", b"%PDF-hello")


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application's context."""
    with app.app_context():
        yield app
        db.session.rollback()


def files_under(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file() and path.name != ".lock"]


def test_the_same_content_is_kept_once_under_two_names(context: Flask, tmp_path: Path) -> None:
    first = store(HELLO, SYSTEM, NOW)
    second = store(CheckedFile("b.pdf", "application/pdf", HELLO.content), SYSTEM, NOW)
    assert first.id != second.id
    assert first.sha256 == second.sha256
    [path] = files_under(tmp_path / FOLDER)
    assert path.parent.parent.name == first.sha256[:2]
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert read_stored(first) == HELLO.content


def test_a_write_that_fails_leaves_nothing(
    context: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        store(HELLO, SYSTEM, NOW)
    assert files_under(tmp_path / FOLDER) == []


def test_missing_content_is_told(context: Flask, tmp_path: Path) -> None:
    stored = store(HELLO, SYSTEM, NOW)
    files_under(tmp_path / FOLDER)[0].unlink()
    with pytest.raises(NotFound):
        open_stored(stored)


def test_only_a_hash_leads_to_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    with pytest.raises(FileNotFoundError):
        FolderStore(tmp_path / "files").open("../../secret")


def test_the_sweep_takes_what_nothing_names_for_a_day(context: Flask, tmp_path: Path) -> None:
    kept, gone = store(HELLO, SYSTEM, NOW), content_store().put(b"orphan")
    db.session.commit()
    assert sweep(datetime.now(UTC)) == 0
    assert sweep(datetime.now(UTC) + timedelta(days=2)) == 1
    assert read_stored(kept) == HELLO.content
    with pytest.raises(FileNotFoundError):
        content_store().open(gone)


def test_a_removed_record_frees_its_bytes(context: Flask) -> None:
    stored = store(HELLO, SYSTEM, NOW)
    remove_stored(stored)
    db.session.commit()
    assert get_stored(stored.id) is None
    assert sweep(datetime.now(UTC) + timedelta(days=2)) == 1


def test_downloads_are_attachments_that_no_browser_guesses_at(context: Flask) -> None:
    stored = store(HELLO, SYSTEM, NOW)
    with context.test_request_context():
        response = download_stored(stored)
        response.direct_passthrough = False
        assert response.get_data() == HELLO.content
        disposition = response.headers["Content-Disposition"]
        assert disposition.startswith("attachment;")
        assert "filename*=UTF-8''%E8%91%9B" in disposition
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert "no-store" in response.headers["Cache-Control"]


def test_bytes_made_for_a_request_are_downloads_too(context: Flask) -> None:
    with context.test_request_context():
        response = download(b"a,b", "一覧.csv", "text/csv; charset=utf-8")
        assert response.headers["Content-Disposition"].startswith("attachment;")
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_only_pictures_written_anew_are_shown(context: Flask) -> None:
    picture = store(CheckedFile("a.png", "image/png", b"png", is_picture=True), SYSTEM, NOW)
    document = store(HELLO, SYSTEM, NOW)
    with context.test_request_context():
        assert show_picture(picture).mimetype == "image/png"
        with pytest.raises(ValueError, match="written anew"):
            show_picture(document)
