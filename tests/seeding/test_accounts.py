"""The demo sign-ins and when demo posts were published."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.accounts.domain import password_problem
from matchmaker.accounts.queries import user_of, user_with_email
from matchmaker.accounts.service import note_password_change
from matchmaker.core.clock import JST
from matchmaker.core.db import db
from matchmaker.seeding.accounts import ACCOUNTS, NoDemoInProduction, demo_password
from matchmaker.seeding.moments import begun_at, handed_in_at, published_at
from tests.conftest import make_settings
from tests.seeding.seeded import NOW, Visit


def test_the_password_is_good_and_belongs_to_the_installation(tmp_path: Path) -> None:
    password = demo_password(make_settings(tmp_path))
    assert all(not password_problem(password, a.email, a.name) for a in ACCOUNTS)
    other = make_settings(tmp_path, secret_key="another-secret-key-of-a-test-installation-012")
    assert demo_password(other) != password


def test_there_is_no_password_in_production(tmp_path: Path) -> None:
    with pytest.raises(NoDemoInProduction):
        demo_password(make_settings(tmp_path, environment="production"))


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda a: a.key)
def test_each_demo_person_signs_in(signed_in: Visit, account: object) -> None:
    page = signed_in(account.key).get("/dashboard").get_data(as_text=True)  # type: ignore[attr-defined]
    assert account.name in page  # type: ignore[attr-defined]


def test_the_command_prints_all_and_can_reset(app: Flask, signed_in: Visit) -> None:
    with app.app_context():
        found = user_with_email("officer@meguriawase.example")
        assert found
        user = user_of(found.id)
        user.password = None
        note_password_change(user, NOW)
        db.session.commit()
    output = app.test_cli_runner().invoke(args=["demo-accounts", "--reset"]).output
    assert all(account.email in output for account in ACCOUNTS)
    assert signed_in("officer").get("/dashboard").status_code == 200


def test_contradicting_options_are_refused(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["seed", "--reference-only", "--demo"])
    assert result.exit_code == 2
    assert "exclude each other" in result.output


@given(st.text(max_size=30))
def test_demo_moments_are_in_the_past_and_in_office_hours(key: str) -> None:
    moment = published_at(key, NOW).astimezone(JST)
    assert moment.weekday() < 5
    assert 9 <= moment.hour < 17
    assert begun_at(moment) < moment < NOW - timedelta(days=1)
    assert NOW - timedelta(days=10) < handed_in_at(key, NOW) < NOW - timedelta(days=1)
    assert published_at(key, NOW) == moment
