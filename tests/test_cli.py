"""Commands about the whole service."""

from __future__ import annotations

import socket

from flask import Flask
from sqlalchemy import select

from matchmaker.accounts.models import Invitation
from matchmaker.core.actor import GlobalRole
from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage


def test_the_first_person_can_be_invited_from_the_command_line(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["invite", "sato@example.com", "secretariat"])
    assert result.exit_code == 0, result.output
    with app.app_context():
        assert db.session.scalars(select(Invitation.global_role)).one() == GlobalRole.SECRETARIAT
        message = db.session.scalars(select(OutboxMessage)).one()
        assert "/invitations/" in message.body


def test_a_wrong_address_is_told_and_nothing_is_kept(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["invite", "nobody", "operator"])
    assert result.exit_code == 1
    with app.app_context():
        assert db.session.scalars(select(Invitation)).all() == []


def test_release_can_be_run_again_without_changing_anything(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["release"]).exit_code == 0
    before = dump(app)
    assert runner.invoke(args=["release"]).exit_code == 0
    assert dump(app) == before


def test_a_busy_port_is_told_with_the_way_out(app: Flask) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        app.extensions["matchmaker.settings"] = app.extensions["matchmaker.settings"].model_copy(
            update={"port": port}
        )
        result = app.test_cli_runner().invoke(args=["start"])
    assert result.exit_code == 1
    assert f"PORT={port + 1} make run" in result.output


def dump(app: Flask) -> list[str]:
    """The whole content of the database."""
    with app.app_context():
        raw = db.engine.raw_connection()
        try:
            return list(raw.driver_connection.iterdump())  # type: ignore[union-attr]
        finally:
            raw.close()
