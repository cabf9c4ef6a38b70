"""Errors have pages that help, even when the page itself cannot be drawn."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from matchmaker.core.db import db


def test_an_unknown_address_gets_a_page_that_helps(client: FlaskClient) -> None:
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "見つかりません" in answer.text


def test_a_database_that_is_away_gives_a_plain_page_with_the_number(
    app: Flask, tmp_path: Path
) -> None:
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        db.engine.dispose()
    (tmp_path / "meguriawase.db").write_bytes(b"this is no database" * 100)
    answer = app.test_client().get("/needs", headers={"X-Request-ID": "abc123"})
    assert answer.status_code == 500
    assert "abc123" in answer.text
    assert "<h1>" in answer.text


def test_a_request_that_is_too_large_is_told_so(client: FlaskClient, app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = client.post("/sign-in", data={"email": "x" * 5000})
    assert answer.status_code in (302, 413)
