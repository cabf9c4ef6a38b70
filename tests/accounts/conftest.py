"""An application with all tables made directly from the models, and people to act in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from matchmaker.accounts import service
from matchmaker.app import create_app
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, GlobalRole, OrganizationRole
from matchmaker.core.db import db
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.service import create_organization
from tests.conftest import make_settings

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


@contextmanager
def application(folder: Path, **changes: object) -> Iterator[Flask]:
    """An application on an empty database in ``folder``."""
    app = create_app(make_settings(folder, **changes))
    with app.app_context():
        db.create_all()
        db.session.commit()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty database."""
    with application(tmp_path) as app:
        yield app


PASSWORD = "midori-no-yama-42"


def add_person(
    app: Flask,
    email: str,
    name: str,
    *roles: GlobalRole,
    organization: OrganizationData | None = None,
    role: OrganizationRole = OrganizationRole.REPRESENTATIVE,
) -> uuid.UUID:
    """Make an account, with global roles and perhaps a new organisation; gives the person's id."""
    with app.app_context():
        moment = clock.now()
        user = service.create_user(email, name, PASSWORD, moment)
        for each in roles:
            service.grant_global_role(user, each, now=moment)
        if organization is not None:
            made = create_organization(organization, SYSTEM, moment)
            service.add_member(user, made, role, SYSTEM, moment)
        user_id = user.id
        db.session.commit()
        return user_id
