"""Loading the seed files: what is there afterwards, and that loading again changes nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from config import ROOT
from matchmaker.accounts.models import User
from matchmaker.app import create_app
from matchmaker.cases.models import CaseStudy
from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.core.db import Base, db
from matchmaker.needs.models import Need
from matchmaker.notifications.models import OutboxMessage
from matchmaker.offerings.models import Offering
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.models import Municipality, Organization
from matchmaker.organizations.service import create_organization
from matchmaker.posts.domain import PostState
from matchmaker.posts.models import Material
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.secretariat.service import rename_material
from matchmaker.seeding.accounts import ACCOUNTS, NoDemoInProduction
from matchmaker.seeding.loading import seed
from tests.conftest import make_settings
from tests.seeding.seeded import NOW, application

DEMO_PEOPLE = 16


def count(model: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def contents() -> dict[str, Counter[Any]]:
    """All rows of all tables."""
    return {
        name: Counter(map(repr, db.session.execute(text(f'SELECT * FROM "{name}"'))))  # noqa: S608
        for name in Base.metadata.tables
    }


def test_everything_is_there(app: Flask) -> None:
    with app.app_context():
        assert count(Municipality) == 1741
        assert count(Material) == 34
        assert count(RegionalEvent, RegionalEvent.key.is_not(None)) == 13
        assert count(CaseStudy) == 81
        assert count(Need, Need.source_url.is_not(None)) == 15
        assert count(Need, Need.is_demo) >= 40
        assert count(Offering, Offering.is_demo) >= 80
        assert count(Organization, Organization.is_demo) >= 60
        assert count(User, User.is_demo) == len(ACCOUNTS) + DEMO_PEOPLE


def test_loading_again_changes_no_row(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        before = contents()
        db.session.rollback()
        seed(make_settings(tmp_path), NOW + timedelta(days=40))
        assert contents() == before


def test_publicly_posted_needs_carry_their_source(app: Flask) -> None:
    with app.app_context():
        query = select(Need, Organization).join(Organization).where(Need.source_url.is_not(None))
        for need, organization in db.session.execute(query):
            assert need.state is PostState.PUBLISHED
            assert need.source_note.startswith("公開情報より")
            assert not need.is_demo
            assert not organization.is_demo
            assert organization.local_government_code
            assert "掲載したものではありません" in organization.description


def test_demo_posts_stand_where_their_files_say_and_were_published_over_months(app: Flask) -> None:
    with app.app_context():
        states = Counter(db.session.scalars(select(Need.state)))
        assert states[PostState.DRAFT] == 2
        assert states[PostState.CLOSED] == 2
        assert states[PostState.SUBMITTED] == 3
        assert states[PostState.RETURNED] == 1
        query = select(Need.published_at).where(Need.published_at.is_not(None))
        days = {today(moment) for moment in db.session.scalars(query) if moment}
        assert max(days) - min(days) > timedelta(days=90)
        assert all(day.weekday() < 5 and day < today(NOW) for day in days)


def test_loading_sends_no_mail(app: Flask) -> None:
    with app.app_context():
        assert count(OutboxMessage) == 0


def test_reference_data_alone(migrated_database: Path, tmp_path: Path) -> None:
    with application(tmp_path, migrated_database) as app, app.app_context():
        seed(make_settings(tmp_path), NOW, reference_only=True)
        assert count(CaseStudy) == 81
        assert count(Organization) == count(User) == count(Need) == 0


def test_a_database_in_use_gets_no_demo_unless_asked_for(
    migrated_database: Path, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path)
    with application(tmp_path, migrated_database) as app, app.app_context():
        own = OrganizationData(name="青空町", category="municipality", prefecture="高知県")
        create_organization(own, SYSTEM, NOW)
        db.session.commit()
        seed(settings, NOW)
        assert count(Organization, Organization.is_demo) == count(User) == 0
        assert count(Need) == 15
        seed(settings, NOW, demo=True)
        assert count(User) == len(ACCOUNTS) + DEMO_PEOPLE


def test_production_gets_no_demo(migrated_database: Path, tmp_path: Path) -> None:
    settings = make_settings(tmp_path, environment="production")
    with application(tmp_path, migrated_database) as app, app.app_context():
        seed(settings, NOW)
        assert count(Organization, Organization.is_demo) == count(User) == 0
        with pytest.raises(NoDemoInProduction):
            seed(settings, NOW, demo=True)


def test_a_name_the_secretariat_changed_stays(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        bamboo = db.session.get_one(Material, "bamboo")
        rename_material(bamboo, "たけ", "短くします。", SYSTEM, NOW)
        db.session.commit()
        seed(make_settings(tmp_path), NOW)
        assert db.session.get_one(Material, "bamboo").name == "たけ"


def command(folder: Path, *words: str) -> subprocess.Popen[str]:
    """The command as a process of its own, on the database in ``folder``."""
    environment = {
        **os.environ,
        "ENVIRONMENT": "test",
        "INSTANCE_DIR": str(folder),
        "EMBEDDING_MODEL": "none",
        "LOG_LEVEL": "ERROR",
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": "test-secret-key-of-a-test-installation-0123456789",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_a_killed_loading_goes_on_where_it_was(
    migrated_database: Path, seeded_database: Path, tmp_path: Path
) -> None:
    with application(tmp_path, migrated_database):
        pass
    process = command(tmp_path, "seed")
    assert process.stdout
    for line in process.stdout:
        if line.startswith("demo organisations"):
            break
    process.send_signal(signal.SIGKILL)
    process.communicate()
    finished = command(tmp_path, "seed")
    output = finished.communicate(timeout=120)[0]
    assert finished.returncode == 0, output
    accounts = command(tmp_path, "demo-accounts").communicate(timeout=60)[0]
    assert "officer@meguriawase.example" in accounts
    (tmp_path / "whole").mkdir()
    with application(tmp_path / "whole", seeded_database) as app, app.app_context():
        expected = {model: count(model) for model in (Need, Offering, Organization, User)}
    (tmp_path / "resumed").mkdir()
    settings = make_settings(
        tmp_path / "resumed", database_url=f"sqlite:///{tmp_path}/meguriawase.db"
    )
    from_resumed = create_app(settings)
    with from_resumed.app_context():
        assert {model: count(model) for model in expected} == expected
        db.session.remove()
        db.engine.dispose()
