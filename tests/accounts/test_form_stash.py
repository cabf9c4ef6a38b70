"""A form that arrives after the session ended comes back after signing in."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.core import clock, form_stash
from matchmaker.core.db import db
from matchmaker.core.form_stash import FormStash, kept_fields
from tests.accounts.conftest import PASSWORD, add_person
from tests.accounts.pages import Visitor, target, token_of

EMAIL = "hanako@town.example"
PATH = "/account/profile"
TYPED = "田中花子（環境課）"


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    add_person(app, EMAIL, "田中花子")
    visitor = Visitor(app.test_client())
    visitor.sign_in(EMAIL, PASSWORD)
    return visitor


def type_and_lose_session(visitor: Visitor, **fields: str) -> str:
    """Open the form, lose the session, send the form; gives where one is led."""
    token = token_of(visitor.client.get(PATH))
    visitor.client.delete_cookie("session")
    answer = visitor.client.post(
        PATH,
        data={"csrf_token": token, "name": TYPED, "kana": "タナカ", **fields},
        headers={"Referer": f"http://localhost{PATH}", "Origin": "http://localhost"},
    )
    assert answer.status_code == 302
    return target(answer)


def stashes(app: Flask) -> list[dict[str, list[str]]]:
    with app.app_context():
        return [stash.payload for stash in db.session.scalars(select(FormStash))]


def test_what_was_typed_is_there_again_after_signing_in(app: Flask, visitor: Visitor) -> None:
    assert type_and_lose_session(visitor) == f"/sign-in?next={PATH}"
    assert "入力していた内容が戻ります" in visitor.open("/sign-in").text
    assert target(visitor.sign_in(EMAIL, PASSWORD, PATH)) == PATH
    page = visitor.open(PATH)
    assert f'value="{TYPED}"' in page.text
    assert "入力していた内容を戻しました" in page.text
    visitor.send(PATH, name=TYPED, kana="タナカ")
    assert stashes(app) == []
    assert "入力していた内容を戻しました" not in visitor.open(PATH).text


def test_passwords_tokens_and_huge_forms_are_never_kept(app: Flask, visitor: Visitor) -> None:
    type_and_lose_session(visitor, new_password="himitsu-no-kotoba", code="123456")
    assert stashes(app) == [{"name": [TYPED], "kana": ["タナカ"]}]
    assert kept_fields([("text", "あ" * 100_000)]) == {}


def test_another_person_at_the_same_desk_does_not_see_it(app: Flask, visitor: Visitor) -> None:
    add_person(app, "jiro@town.example", "山本次郎")
    type_and_lose_session(visitor)
    visitor.sign_in("jiro@town.example", PASSWORD, PATH)
    assert TYPED not in visitor.open(PATH).text


def test_nothing_is_kept_for_strangers_and_from_other_sites(app: Flask, visitor: Visitor) -> None:
    stranger = app.test_client()
    headers = {"Referer": f"http://localhost{PATH}"}
    stranger.post(PATH, data={"name": TYPED}, headers=headers)
    visitor.client.delete_cookie("session")
    foreign = {"Origin": "https://evil.example"}
    visitor.client.post(PATH, data={"name": TYPED}, headers=foreign)
    assert stashes(app) == []


def test_a_form_with_a_stale_token_comes_back_at_once_when_still_signed_in(
    app: Flask, visitor: Visitor
) -> None:
    answer = visitor.client.post(
        PATH,
        data={"csrf_token": "old", "name": TYPED},
        headers={"Referer": f"http://localhost{PATH}"},
    )
    assert target(answer) == PATH
    assert f'value="{TYPED}"' in visitor.open(PATH).text


def test_a_script_gets_the_error_itself(visitor: Visitor) -> None:
    visitor.client.delete_cookie("session")
    answer = visitor.client.post(PATH, data={"name": TYPED}, headers={"X-CSRFToken": "old"})
    assert answer.status_code == 400


def test_a_sign_in_page_left_open_can_simply_be_sent_again(app: Flask) -> None:
    visitor = Visitor(app.test_client())
    answer = visitor.client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert target(answer) == "/sign-in"
    assert "もう一度送ってください" in visitor.open("/sign-in").text


def test_a_form_is_kept_for_a_day_and_no_longer(app: Flask, visitor: Visitor) -> None:
    type_and_lose_session(visitor)
    with app.app_context():
        assert form_stash.drop_expired(clock.now()) == 0
        assert form_stash.drop_expired(clock.now() + timedelta(hours=24)) == 1


def test_a_session_without_activity_ends_and_activity_keeps_it(app: Flask) -> None:
    assert app.permanent_session_lifetime == timedelta(hours=12)
    app.permanent_session_lifetime = timedelta(seconds=2)
    add_person(app, EMAIL, "田中花子")
    visitor = Visitor(app.test_client())
    visitor.sign_in(EMAIL, PASSWORD)
    kept = visitor.client.get_cookie("session")
    for _ in range(3):
        time.sleep(1.1)
        assert visitor.client.get(PATH).status_code == 200
    assert kept is not None
    late = app.test_client()
    late.set_cookie("session", kept.value)
    assert late.get(PATH).status_code == 302
