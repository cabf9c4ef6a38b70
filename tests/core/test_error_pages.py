"""Errors have pages that help, even when the page itself cannot be drawn."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from matchmaker.core.db import db
from matchmaker.posts.models import Material


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


def test_who_was_second_is_told_so_instead_of_an_error(app: Flask) -> None:
    """Whatever command forgot to catch it: the same unique row was written by somebody else."""

    def write(code: str) -> str:
        db.session.execute(insert(Material).values(code=code, name=code, position=1))
        db.session.execute(insert(Material).values(code=code, name="別", position=2))
        return ""

    def leave_out() -> str:
        db.session.execute(insert(Material).values(code="x", name=None, position=1))
        return ""

    app.add_url_rule("/write", view_func=lambda: write("first-come"), methods=["POST"])
    app.add_url_rule("/leave-out", endpoint="leave_out", view_func=leave_out, methods=["POST"])
    app.config["WTF_CSRF_ENABLED"] = False
    app.testing, app.config["PROPAGATE_EXCEPTIONS"] = False, False
    answer = app.test_client().post("/write")
    assert answer.status_code == 409
    assert "ほかの人が同じときに操作した" in answer.text
    assert app.test_client().post("/leave-out").status_code == 500
    with app.app_context():
        assert db.session.get(Material, "first-come") is None
