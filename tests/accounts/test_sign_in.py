"""Signing in over HTTP: the pages, the lock, the session."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matchmaker.accounts import service
from matchmaker.accounts.models import EndedSession, User
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from tests.accounts.conftest import PASSWORD, add_person
from tests.accounts.pages import Visitor, heading, target

EMAIL = "hanako@town.example"
UNKNOWN = "サインインできませんでした"


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    return Visitor(client)


@pytest.fixture(autouse=True)
def hanako(app: Flask) -> None:
    add_person(app, EMAIL, "田中花子")


def stored(app: Flask) -> User:
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == EMAIL)).one()
        db.session.expunge_all()
        return user


def test_the_right_password_opens_the_account(app: Flask, visitor: Visitor) -> None:
    answer = visitor.sign_in(EMAIL, PASSWORD)
    assert (answer.status_code, target(answer)) == (302, "/account/start")
    page = visitor.open("/account")
    assert heading(page) == "アカウントの設定"
    assert "田中花子" in page.text
    assert stored(app).last_sign_in_at is not None


def test_full_width_input_and_another_case_are_understood(visitor: Visitor) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in PASSWORD)
    answer = visitor.sign_in("ＨＡＮＡＫＯ＠ｔｏｗｎ．example ", wide)
    assert answer.status_code == 302


def test_a_person_returns_to_the_page_asked_for(visitor: Visitor) -> None:
    answer = visitor.client.get("/account/profile")
    assert target(answer) == "/sign-in?next=/account/profile"
    assert target(visitor.sign_in(EMAIL, PASSWORD, "/account/profile")) == "/account/profile"


def test_nobody_is_sent_to_another_site(visitor: Visitor) -> None:
    answer = visitor.sign_in(EMAIL, PASSWORD, "https://evil.example/")
    assert answer.status_code == 422 or "evil" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("email", [EMAIL, "nobody@town.example", "no-address"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    visitor: Visitor, email: str
) -> None:
    answer = visitor.sign_in(email, "not-the-password")
    assert answer.status_code == 422
    assert heading(answer) == "サインイン"
    assert answer.text.count(UNKNOWN) == 1
    without_token = re.sub(r'name="csrf_token"[^>]*>', "", answer.text)
    assert "登録されていません" not in without_token


def test_repeated_failures_lock_the_account_and_tell_the_person_by_mail(
    app: Flask, visitor: Visitor
) -> None:
    for _ in range(10):
        visitor.sign_in(EMAIL, "not-the-password")
    answer = visitor.sign_in(EMAIL, PASSWORD)
    assert answer.status_code == 422
    assert UNKNOWN in answer.text
    assert stored(app).failed_logins == 10
    with app.app_context():
        mails = db.session.scalars(select(OutboxMessage.subject)).all()
        assert mails == ["アカウントを一時的に止めました"]
        tags = db.session.scalars(select(AuditEntry.tag)).all()
        assert tags.count("accounts:user:locked") == 1


def test_the_lock_runs_out(app: Flask, visitor: Visitor) -> None:
    for _ in range(10):
        visitor.sign_in(EMAIL, "not-the-password")
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == EMAIL)).one()
        user.locked_until = clock.now() - timedelta(seconds=1)
        db.session.commit()
    assert visitor.sign_in(EMAIL, PASSWORD).status_code == 302
    assert (stored(app).failed_logins, stored(app).locked_until) == (0, None)


def test_a_closed_account_cannot_sign_in_and_its_session_ends(app: Flask, visitor: Visitor) -> None:
    visitor.sign_in(EMAIL, PASSWORD)
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == EMAIL)).one()
        service.deactivate(user, "異動", SYSTEM, clock.now())
        db.session.commit()
    assert target(visitor.client.get("/account")) == "/sign-in?next=/account"
    assert visitor.sign_in(EMAIL, PASSWORD).status_code == 422


def test_signing_out_needs_a_post_and_makes_a_copied_cookie_worthless(
    app: Flask, visitor: Visitor
) -> None:
    visitor.sign_in(EMAIL, PASSWORD)
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None
    assert visitor.client.get("/sign-out").status_code == 405
    assert visitor.sign_out().status_code == 302
    thief = Visitor(app.test_client())
    thief.client.set_cookie("session", cookie.value)
    assert target(thief.client.get("/account")) == "/sign-in?next=/account"
    with app.app_context():
        assert len(db.session.scalars(select(EndedSession)).all()) == 1


def test_the_session_and_its_token_are_new_after_signing_in(visitor: Visitor) -> None:
    visitor.open("/sign-in")
    with visitor.client.session_transaction() as before:
        before["planted"] = "by somebody else"
        token = before["csrf_token"]
    visitor.sign_in(EMAIL, PASSWORD)
    with visitor.client.session_transaction() as after:
        assert "planted" not in after
        assert after.get("csrf_token") != token
        assert after["sid"]
        assert after.permanent


def test_a_form_without_token_is_not_taken(app: Flask, visitor: Visitor) -> None:
    visitor.sign_in(EMAIL, PASSWORD)
    answer = visitor.client.post("/account/profile", data={"name": "別の名前"})
    assert answer.status_code == 302
    assert stored(app).name == "田中花子"


def test_changing_the_password_ends_all_other_sessions(app: Flask, visitor: Visitor) -> None:
    visitor.sign_in(EMAIL, PASSWORD)
    other = Visitor(app.test_client())
    other.sign_in(EMAIL, PASSWORD)
    new = "atarashii-kagi-2026"
    answer = visitor.send(
        "/password/change", password=PASSWORD, new_password=new, new_password_confirm=new
    )
    assert (answer.status_code, target(answer)) == (302, "/account")
    assert visitor.open("/account").status_code == 200
    assert heading(visitor.open("/account")) == "アカウントの設定"
    assert heading(other.open("/account")) == "サインイン"
    assert Visitor(app.test_client()).sign_in(EMAIL, PASSWORD).status_code == 422
    assert Visitor(app.test_client()).sign_in(EMAIL, new).status_code == 302


def test_a_weak_new_password_is_refused_with_a_reason(visitor: Visitor) -> None:
    visitor.sign_in(EMAIL, PASSWORD)
    answer = visitor.send(
        "/password/change", password=PASSWORD, new_password="short", new_password_confirm="short"
    )
    assert answer.status_code == 422
    assert "12文字以上" in answer.text


def test_a_forgotten_password_is_made_new_by_mail(app: Flask, visitor: Visitor) -> None:
    answer = visitor.send("/password/reset", email=EMAIL)
    assert answer.status_code == 200
    with app.app_context():
        body = db.session.scalars(select(OutboxMessage.body)).one()
    link = next(line for line in body.splitlines() if "/password/reset/" in line)
    assert "このメールから2時間" in body
    assert link.startswith("http://127.0.0.1:8000/password/reset/")
    path = link.removeprefix("http://127.0.0.1:8000")
    new = "atarashii-kagi-2026"
    answer = visitor.send(path, password=new, password_confirm=new)
    assert (answer.status_code, target(answer)) == (302, "/sign-in")
    assert visitor.sign_in(EMAIL, new).status_code == 302
    used = Visitor(app.test_client()).open(path)
    assert heading(used) == "パスワードを忘れたとき"


def test_asking_for_a_reset_of_an_unknown_address_tells_nothing(
    app: Flask, visitor: Visitor
) -> None:
    known = visitor.send("/password/reset", email=EMAIL).text
    unknown = visitor.send("/password/reset", email="nobody@town.example").text
    strip = re.compile(r'value="[^"]*"|hanako@town.example|nobody@town.example|nonce="[^"]*"')
    assert strip.sub("", known) == strip.sub("", unknown)
    with app.app_context():
        assert len(db.session.scalars(select(OutboxMessage)).all()) == 1


def test_guessing_is_slowed_down_by_address(app: Flask) -> None:
    visitor = Visitor(app.test_client())
    codes = [visitor.sign_in(f"a{n}@town.example", "x").status_code for n in range(31)]
    assert codes[:30] == [422] * 30
    assert codes[30] == 429
