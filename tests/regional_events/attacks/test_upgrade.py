"""An installation of the version before events takes their tables, and gives them up again."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from flask_migrate import downgrade, upgrade

from matchmaker.app import create_app
from matchmaker.core.database import MIGRATIONS
from tests.conftest import make_settings
from tests.regional_events.registrations.booking_world import BookingWorld
from tests.working_groups.attacks.test_upgrade import (
    Columns,
    _with,
    bring_over,
    fill,
    problems,
    rows,
    tables_of,
)

BEFORE = "0002"
REFERENCE = (
    "INSERT INTO reference_events (id, key, kind, name, held_on, time_note, place, prefecture,"
    " organiser, source, source_url) VALUES ('" + "a" * 32 + "', 'past-1', 'seminar',"
    " '昔の催し', '2024-03-31', '', '名古屋市', '愛知県', '事務局', '資料', 'https://example.jp/')"
)
OUTBOX = 3


def test_what_an_older_installation_holds_survives_up_and_down(
    migrated_database: Path, tmp_path: Path
) -> None:
    """Reference events are loaded anew by the seed, and so may go; everything else stays."""
    old, newest = tmp_path / "old", tmp_path / "newest"
    for folder in (old, newest):
        folder.mkdir()
    shutil.copy(migrated_database, newest / "meguriawase.db")
    source = create_app(make_settings(newest))
    _with(source, fill)
    world = BookingWorld(source)
    for number in range(OUTBOX):
        world.register(submission_key=str(number), contact_email=f"{number}@example.net")
    app = create_app(make_settings(old))
    _with(app, lambda: upgrade(str(MIGRATIONS), revision=BEFORE))
    kept = bring_over_shared(newest, old)
    before = rows(old, kept)
    assert len(before["outbox_messages"]) >= OUTBOX
    _with(app, lambda: upgrade(str(MIGRATIONS)))
    assert rows(old, kept) == before
    assert problems(old) == []
    assert _attachments(old) == {"[]"}
    _with(app, lambda: downgrade(str(MIGRATIONS), revision=BEFORE))
    assert rows(old, kept) == before
    assert not {"regional_events", "attendees"} & set(tables_of(old))
    assert "reference_events" in tables_of(old)
    assert problems(old) == []
    _with(app, lambda: upgrade(str(MIGRATIONS)))
    assert rows(old, kept) == before
    assert tables_of(old) == tables_of(newest)


def bring_over_shared(source: Path, target: Path) -> Columns:
    """The rows of the tables that both have; and a reference event, which only the old one has."""
    with sqlite3.connect(target / "meguriawase.db") as connection:
        connection.execute(REFERENCE)
    connection.close()
    return bring_over(source, target)


def _attachments(folder: Path) -> set[str]:
    with sqlite3.connect(folder / "meguriawase.db") as connection:
        found = {text for (text,) in connection.execute("SELECT attachments FROM outbox_messages")}
    connection.close()
    return found
