"""The pages: from the page of a post to the answer, and what comes back when something is wrong."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matchmaker.core.db import db
from matchmaker.partnering.introductions import queries
from matchmaker.partnering.introductions.domain import IntroductionState
from tests.partnering.introductions.world import NOTE, World, build_world

S = IntroductionState


@pytest.fixture
def served(app: Flask) -> World:
    """The world, committed, outside of an application context."""
    with app.app_context():
        world = build_world(app)
        db.session.remove()
    return world


def state_of(world: World, address: str) -> IntroductionState:
    with world.app.app_context():
        return queries.get(uuid.UUID(address.rpartition("/")[2])).state


def send(world: World, browser: FlaskClient, **changes: str) -> str:
    """Send the form; gives the address of the introduction."""
    pair = {"need_id": str(world.posts["青空町"]), "offering_id": str(world.posts["緑山工業"])}
    answer = browser.post("/introductions", data={**pair, "note": NOTE, **changes})
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def test_from_the_page_of_a_need_to_a_match(served: World) -> None:
    maker, officer = served.browser("maker"), served.browser("officer")
    need = f"/needs/{served.posts['青空町']}"
    assert "関心を伝える" in maker.get(need).text
    assert 'href="#interest"' in maker.get(need).text
    assert 'id="interest"' not in officer.get(need).text
    pair = f"need={served.posts['青空町']}&offering={served.posts['緑山工業']}"
    form = maker.get(f"/introductions/new?{pair}&source=recommendation")
    assert form.status_code == 200
    assert "この組み合わせの理由" in form.text
    address = send(served, maker, submission_key="one", source="recommendation")
    assert send(served, maker, submission_key="one") == address
    again = maker.get(f"/introductions/new?{pair}", follow_redirects=True)
    assert "すでに関心を伝えています" in again.text
    assert "緑山工業 から届きました" in officer.get("/introductions?group=waiting").text
    page = officer.get(address).text
    assert NOTE in page
    assert "あなたの返事を待っています" in page
    moves = f"{address}/moves"
    empty = officer.post(moves, data={"move": "ask_back", "ask_back-words": ""})
    assert empty.status_code == 422
    assert "聞きたいことを入れてください" in empty.text
    asked = {"move": "ask_back", "ask_back-words": "いつから引き取れますか。"}
    assert officer.post(moves, data=asked).status_code == 302
    assert maker.post(moves, data={"move": "reply", "reply-words": "来月から。"}).status_code == 302
    accepted = officer.post(moves, data={"move": "accept"}, follow_redirects=True)
    assert "成立しました" in accepted.text
    assert state_of(served, address) is S.ACCEPTED
    assert "話し合いのページ" in maker.get(address).text


def test_a_refusal_needs_its_reason_and_loses_no_word(served: World) -> None:
    maker, officer = served.browser("maker"), served.browser("officer")
    address = send(served, maker)
    moves = f"{address}/moves"
    typed = {"move": "decline", "decline-reason": "庁内で相談した結果です。"}
    refused = officer.post(moves, data=typed)
    assert refused.status_code == 422
    assert "見送る理由を選んでください" in refused.text
    assert "庁内で相談した結果です。" in refused.text
    told = officer.post(moves, data={**typed, "decline-reason_code": "internal"})
    assert told.status_code == 302
    page = maker.get(address).text
    assert "庁内調整" in page
    assert "庁内で相談した結果です。" in page
    late = officer.post(moves, data={"move": "accept", "accept-words": "やはりお願いします。"})
    assert late.status_code == 409
    assert "やはりお願いします。" in late.text
    assert officer.post(moves, data={"move": "reopen"}).status_code == 302
    assert state_of(served, address) is S.OPEN


def test_what_is_wrong_with_an_interest_is_told_and_nothing_is_lost(served: World) -> None:
    maker = served.browser("maker")
    pair = {"need_id": str(served.posts["青空町"]), "offering_id": str(served.posts["緑山工業"])}
    day = {"answer_due_on-year": "令和1", "answer_due_on-month": "13", "answer_due_on-day": "1"}
    bad = maker.post("/introductions", data={**pair, **day, "wish": "月20トン"})
    assert bad.status_code == 422
    for words in ("相手へのひとことを入れてください", "日付を、2027年4月1日", "月20トン"):
        assert words in bad.text


def test_strangers_learn_nothing_and_readers_only_read(served: World) -> None:
    address = send(served, served.browser("maker"))
    assert served.browser("hauler").get(address).status_code == 404
    reader = served.browser("reader")
    assert "次にできること" not in reader.get(address).text
    assert reader.post(f"{address}/moves", data={"move": "accept"}).status_code == 403
    assert served.browser("secretariat").get(address).status_code == 200
