"""The developer's mail page."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from tests.accounts.conftest import add_person, application
from tests.accounts.pages import Visitor, heading


def test_a_developer_sees_all_mail(tmp_path: Path) -> None:
    settings = {
        "environment": "development",
        "secret_key": "a-secret-key-of-a-developers-installation",
    }
    with application(tmp_path, **settings) as app:
        visitor = Visitor(app.test_client())
        assert "まだメールはありません" in visitor.open("/dev/mail").text
        add_person(app, "hanako@town.example", "田中花子")
        visitor.send("/password/reset", email="hanako@town.example")
        page = visitor.open("/dev/mail")
        assert heading(page) == "送信メール（開発用）"
        link = page.text.split('href="/dev/mail/')[1].split('"')[0]
        shown = visitor.open(f"/dev/mail/{link}")
        assert heading(shown) == "パスワードを新しくするためのリンク"
        assert "/password/reset/" in shown.text


def test_nobody_else_does(app: Flask) -> None:
    assert app.test_client().get("/dev/mail").status_code == 404
