"""What people get wrong, and what changes under their hands: a message, a rule, no word lost."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matchmaker.core import clock
from matchmaker.core.clock import JST, today
from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.partnering.introductions import queries
from matchmaker.partnering.introductions.domain import (
    MOST_A_DAY,
    IntroductionMove,
    IntroductionState,
    last_day,
)
from matchmaker.partnering.introductions.presentation import View
from matchmaker.posts.domain import Move
from tests.partnering.board.reading import value_of
from tests.partnering.introductions.world import NOTE, World, build_world, day_fields

S, M = IntroductionState, IntroductionMove
TOO_MUCH = "竹" * 10_000
NO_SUCH_DAY = {"answer_due_on-year": "2027", "answer_due_on-month": "2", "answer_due_on-day": "30"}


@pytest.fixture
def served(app: Flask) -> World:
    """The world, committed, outside of an application context."""
    with app.app_context():
        world = build_world(app)
        db.session.remove()
    return world


def pair(world: World) -> dict[str, str]:
    return {
        "need_id": str(world.posts["青空町"]),
        "offering_id": str(world.posts["緑山工業"]),
        "note": NOTE,
        "wish": "月20トン",
    }


def sent(world: World) -> str:
    answer = world.browser("maker").post("/introductions", data=pair(world))
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def state_of(world: World, address: str) -> IntroductionState:
    with world.app.app_context():
        return queries.get(uuid.UUID(address.rpartition("/")[2])).state


@pytest.mark.parametrize("days", [-400, -1, 0, 2, 61, 4_000])
def test_a_day_in_the_past_too_near_or_too_far_is_told_at_its_field(
    served: World, days: int
) -> None:
    day = today(clock.now()) + timedelta(days=days)
    typed = {**pair(served), **day_fields("answer_due_on", day)}
    answer = served.browser("maker").post("/introductions", data=typed)
    assert answer.status_code == 422
    # In the summary, whose link leads to the field, and at the field.
    assert answer.text.count("返事の期限は、3日後から60日後までの日にしてください。") == 2
    for kept in (NOTE, "月20トン", f'value="{day.day}"'):
        assert kept in answer.text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"note": ""}, "相手へのひとことを入れてください。"),
        ({"note": " 　\n"}, "相手へのひとことを入れてください。"),
        ({"note": TOO_MUCH}, "2,000文字"),
        ({"wish": TOO_MUCH}, "1,000文字"),
        (NO_SUCH_DAY, "日付を、2027年4月1日"),
    ],
)
def test_a_form_that_is_wrong_keeps_every_word(
    served: World, typed: dict[str, str], message: str
) -> None:
    answer = served.browser("maker").post("/introductions", data={**pair(served), **typed})
    assert answer.status_code == 422
    assert message in answer.text
    assert all(value in answer.text for value in typed.values() if value.strip())


@pytest.mark.parametrize(
    ("move", "typed"),
    [
        ("accept", {"words": TOO_MUCH}),
        ("ask_back", {"words": TOO_MUCH}),
        ("decline", {"words": TOO_MUCH, "reason_code": "cost"}),
        ("decline", {"reason": TOO_MUCH, "reason_code": "cost"}),
    ],
)
def test_an_answer_that_is_too_long_moves_nothing_and_stays(
    served: World, move: str, typed: dict[str, str]
) -> None:
    address = sent(served)
    data = {"move": move, **{f"{move}-{name}": value for name, value in typed.items()}}
    answer = served.browser("officer").post(f"{address}/moves", data=data)
    assert answer.status_code == 422
    assert "1,000文字" in answer.text
    assert TOO_MUCH in answer.text
    assert state_of(served, address) is S.OPEN


def test_a_new_deadline_in_the_past_is_told_at_its_field(served: World) -> None:
    address, officer = sent(served), served.browser("officer")
    declined = {"move": "decline", "decline-reason_code": "cost"}
    assert officer.post(f"{address}/moves", data=declined).status_code == 302
    yesterday = day_fields("reopen-answer_due_on", today(clock.now()) - timedelta(days=1))
    answer = officer.post(f"{address}/moves", data={"move": "reopen", **yesterday})
    assert answer.status_code == 422
    assert "返事の期限は、3日後から60日後までの日にしてください。" in answer.text
    assert state_of(served, address) is S.DECLINED


@pytest.mark.parametrize(
    ("move", "status", "message"),
    [
        (Move.CLOSE, 422, "このニーズはいま公開されていないため、関心を伝えられません。"),
        (Move.PAUSE, 404, "この投稿は、いまは公開されていません。"),
    ],
)
def test_a_post_that_goes_while_somebody_writes_gives_the_words_back(
    served: World, move: Move, status: int, message: str
) -> None:
    maker = served.browser("maker")
    with served.app.app_context():
        served.move_post("青空町", move)
        db.session.remove()
    answer = maker.post("/introductions", data=pair(served))
    assert answer.status_code == status
    for words in (message, NOTE, "月20トン"):
        assert words in answer.text
    assert "放置された竹" not in answer.text


def test_an_answer_after_the_post_was_closed_is_told_why_and_keeps_its_words(
    served: World,
) -> None:
    address, officer = sent(served), served.browser("officer")
    with served.app.app_context():
        served.move_post("緑山工業", Move.CLOSE)
        db.session.remove()
    assert state_of(served, address) is S.WITHDRAWN
    words = {"move": "accept", "accept-words": "お願いします。"}
    answer = officer.post(f"{address}/moves", data=words)
    assert answer.status_code == 409
    assert "お願いします。" in answer.text
    assert "の掲載が終わりました。" in answer.text


def test_a_mistake_in_an_older_tab_leaves_it_as_old_as_it_is(served: World) -> None:
    """What a colleague did meanwhile is told before the mended form does anything."""
    address, officer = sent(served), served.browser("officer")
    asked = {
        "move": "ask_back",
        "ask_back-words": "月に何トンまでですか。",
        "ask_back-revision": "1",
    }
    assert served.browser("chief").post(f"{address}/moves", data=asked).status_code == 302
    old = {"move": "decline", "decline-reason_code": "cost", "decline-revision": "1"}
    mistaken = officer.post(f"{address}/moves", data={**old, "decline-reason": TOO_MUCH})
    assert (mistaken.status_code, value_of(mistaken.text, "decline-revision")) == (422, "1")
    told = officer.post(f"{address}/moves", data=old)
    assert (told.status_code, value_of(told.text, "decline-revision")) == (409, "2")
    assert "ほかの人が先に操作しました" in told.text
    assert state_of(served, address) is S.ASKED_BACK
    again = officer.post(f"{address}/moves", data={**old, "decline-revision": "2"})
    assert again.status_code == 302


def page(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.text.split("<main")[1]


def test_each_page_says_whose_turn_it_is_until_when_and_what_happens_otherwise(
    served: World,
) -> None:
    address = sent(served)
    told = {name: page(served.browser(name), address)
            for name in ("officer", "reader", "maker", "secretariat")}  # fmt: skip
    assert "あなたの返事を待っています" in told["officer"]
    assert "自分の団体の返事待ち" in told["reader"]
    assert "返事ができるのは、あなたの団体の編集者か代表者です。" in told["reader"]
    assert "相手の返事待ち" in told["maker"]
    assert "青空町の返事待ち" in told["secretariat"]
    for text in told.values():
        assert "「回答なし」として閉じます" in text
    for name in ("reader", "maker", "secretariat"):
        assert "青空町の返事を待っています" in told[name]
        assert "青空町の担当者へメールで知らせます" in told[name]


def in_japan(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=JST)


def test_the_last_of_march_counts_until_its_end_in_japan(world: World) -> None:
    fiscal_end = date(2028, 3, 31)
    written = in_japan(2028, 3, 20, 9)
    introduction = world.send(now=written, answer_due_on=fiscal_end)
    due = queries.get(introduction).answer_due_at
    assert due == in_japan(2028, 4, 1, 0)
    assert last_day(due) == fiscal_end
    # 23:59 in Japan is the afternoon of the same day in UTC; one minute later it is April.
    for moment, is_late in ((in_japan(2028, 3, 31, 23, 59), False), (due, True)):
        view = View(queries.get(introduction), world.actor("officer"), moment)
        assert view.is_late is is_late
        assert view.due_words == ("期限を過ぎています" if is_late else "きょうまで")
    answered = world.move(introduction, M.ACCEPT, now=in_japan(2028, 3, 31, 23, 59))
    assert answered.state is S.ACCEPTED


@pytest.mark.parametrize(
    ("written", "first"),
    [
        (in_japan(2028, 3, 31, 23, 59), date(2028, 4, 3)),
        (in_japan(2028, 4, 1, 0), date(2028, 4, 4)),
        (in_japan(2028, 4, 1, 8, 59), date(2028, 4, 4)),  # still 31 March in UTC
    ],
)
def test_the_first_day_that_can_be_named_is_counted_in_japan(
    world: World, written: datetime, first: date
) -> None:
    with pytest.raises(ProductError) as refused:
        world.send(now=written, answer_due_on=first - timedelta(days=1))
    assert refused.value.field == "answer_due_on"
    assert (
        last_day(queries.get(world.send(now=written, answer_due_on=first)).answer_due_at) == first
    )


def test_so_many_a_day_are_counted_from_midnight_in_japan(world: World) -> None:
    evening, midnight = in_japan(2028, 3, 31, 23, 59), in_japan(2028, 4, 1, 0)
    for _ in range(MOST_A_DAY):
        world.move(world.send(now=evening), M.WITHDRAW, "maker", now=evening)
    with pytest.raises(ProductError, match="あす"):
        world.send(now=evening)
    assert world.send(now=midnight)
