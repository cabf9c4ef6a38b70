"""Two-step sign-in: setting it up, signing in with it, doing without the telephone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from passlib.totp import TOTP
from sqlalchemy import select

from matchmaker.accounts.models import User
from matchmaker.core.actor import GlobalRole
from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from tests.accounts.conftest import PASSWORD, add_person, application
from tests.accounts.pages import Visitor, heading, target

EMAIL = "jimu@cps.example"
PERIOD = 30


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An installation that asks two steps of the secretariat."""
    with application(tmp_path, require_two_factor=True) as app:
        yield app


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    add_person(app, EMAIL, "佐藤一", GlobalRole.SECRETARIAT)
    return Visitor(app.test_client())


def code(key: str, periods_ahead: int = 0) -> str:
    """What the authenticator app shows (each code works once, so later ones look ahead)."""
    return str(TOTP(key=key).generate(time=int(time.time()) + periods_ahead * PERIOD).token)


def set_up(visitor: Visitor) -> str:
    """Set two steps up; gives the key."""
    page = visitor.send("/two-factor/setup", setup="authenticator")
    assert page.status_code == 200, page.text
    found = re.search(r'id="totp-key">([^<]+)<', page.text)
    action = re.search(r'action="(/two-factor/setup/[^"]+)"', page.text)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found and action and token
    key = found.group(1).replace("-", "").replace(" ", "")
    answer = visitor.client.post(
        action.group(1), data={"csrf_token": token.group(1), "code": code(key, -1)}
    )
    assert target(answer) == "/account/two-factor"
    return key


def recovery_codes(visitor: Visitor) -> list[str]:
    page = visitor.send("/two-factor/recovery-codes", generate_new_codes="1")
    return re.findall(r"<strong>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</strong>", page.text)


def test_the_secretariat_is_sent_to_set_it_up_before_its_pages_open(visitor: Visitor) -> None:
    visitor.sign_in(EMAIL, PASSWORD)
    answer = visitor.client.get("/secretariat/users")
    assert target(answer) == "/two-factor/setup"
    page = visitor.open("/secretariat/users")
    assert heading(page) == "2段階認証の設定"
    assert "先に2段階認証を設定してください" in page.text
    set_up(visitor)
    assert heading(visitor.open("/secretariat/users")) == "利用者の管理"


def test_after_setting_up_the_recovery_codes_come_next(visitor: Visitor) -> None:
    visitor.sign_in(EMAIL, PASSWORD)
    set_up(visitor)
    assert heading(visitor.open("/account/two-factor")) == "リカバリーコード"
    assert len(recovery_codes(visitor)) == 8
    assert heading(visitor.open("/account/two-factor")) == "アカウントの設定"


def test_signing_in_asks_for_the_code_and_takes_each_code_once(
    app: Flask, visitor: Visitor
) -> None:
    visitor.sign_in(EMAIL, PASSWORD)
    key = set_up(visitor)
    again = Visitor(app.test_client())
    answer = again.sign_in(EMAIL, PASSWORD, "/account/profile")
    assert target(answer).startswith("/two-factor/code")
    assert heading(again.open("/account")) == "サインイン"
    again.sign_in(EMAIL, PASSWORD, "/account/profile")
    used = code(key, 0)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in used)
    answer = again.send("/two-factor/code?next=/account/profile", code=wide)
    assert target(answer) == "/account/profile"
    third = Visitor(app.test_client())
    third.sign_in(EMAIL, PASSWORD)
    assert third.send("/two-factor/code", code=used).status_code == 422


def test_wrong_codes_lock_the_account_too(app: Flask, visitor: Visitor) -> None:
    visitor.sign_in(EMAIL, PASSWORD)
    key = set_up(visitor)
    guesser = Visitor(app.test_client())
    guesser.sign_in(EMAIL, PASSWORD)
    for _ in range(10):
        assert guesser.send("/two-factor/code", code="000000").status_code == 422
    assert guesser.send("/two-factor/code", code=code(key, 1)).status_code == 422
    assert Visitor(app.test_client()).sign_in(EMAIL, PASSWORD).status_code == 422


def test_a_recovery_code_opens_the_account_once(app: Flask, visitor: Visitor) -> None:
    visitor.sign_in(EMAIL, PASSWORD)
    set_up(visitor)
    first = recovery_codes(visitor)[0]
    for expected in (302, 422):
        again = Visitor(app.test_client())
        again.sign_in(EMAIL, PASSWORD)
        assert (
            again.send("/two-factor/recovery", code=first.upper().lower()).status_code == expected
        )
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == EMAIL)).one()
        assert len(user.mf_recovery_codes or []) == 7
        assert first not in str(user.mf_recovery_codes)


def test_without_any_code_the_secretariat_is_asked_by_mail(app: Flask, visitor: Visitor) -> None:
    add_person(app, "hanako@town.example", "田中花子")
    person = Visitor(app.test_client())
    person.sign_in("hanako@town.example", PASSWORD)
    set_up(person)
    again = Visitor(app.test_client())
    again.sign_in("hanako@town.example", PASSWORD)
    page = again.send("/two-factor/help", from_page="/two-factor/code", help_setup="help")
    assert "事務局に連絡しました" in page.text
    with app.app_context():
        mail = db.session.scalars(select(OutboxMessage)).one()
        assert (mail.address, "田中花子" in mail.subject) == (EMAIL, True)


def test_the_secretariat_cannot_do_without_but_others_can(app: Flask, visitor: Visitor) -> None:
    visitor.sign_in(EMAIL, PASSWORD)
    set_up(visitor)
    refused = visitor.send("/two-factor/setup", setup="disable")
    assert refused.status_code == 422
    assert "やめられません" in refused.text
    add_person(app, "hanako@town.example", "田中花子")
    person = Visitor(app.test_client())
    person.sign_in("hanako@town.example", PASSWORD)
    set_up(person)
    assert person.send("/two-factor/setup", setup="disable").status_code == 302
    again = Visitor(app.test_client())
    assert target(again.sign_in("hanako@town.example", PASSWORD)) == "/account/start"
