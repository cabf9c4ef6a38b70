"""Votes and shows of hands: once each, right under parallel clicks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.regional_events.floor import polls, queries, service
from matchmaker.regional_events.floor.domain import PollMove, PollState, QuestionMove
from matchmaker.regional_events.floor.models import FloorPoll, FloorPollAnswer, FloorVote
from matchmaker.regional_events.floor.poll_results import get_poll, results_of
from tests.regional_events.floor.floor_world import FloorWorld

CLICKS, THREADS = 40, 8


def test_a_vote_toggles_and_never_counts_twice(world: FloorWorld) -> None:
    with world.app.app_context():
        question, voice = world.ask("支持", accept=True), world.voice("b")
        for wanted, votes in ((True, 2), (True, 2), (False, 1), (False, 1), (True, 2)):
            service.vote(world.event, question, voice, world.now, wanted=wanted)
            assert queries.vote_counts(world.event_id)[question.id] == votes


@pytest.mark.parametrize("move", [None, QuestionMove.REJECT, QuestionMove.ANSWER])
def test_only_accepted_questions_are_voted_on(world: FloorWorld, move: QuestionMove | None) -> None:
    with world.app.app_context():
        question = world.ask("支持できない", accept=move is QuestionMove.ANSWER)
        if move:
            world.move(question, move, "理由")
        with pytest.raises(Conflict):
            service.vote(world.event, question, world.voice("b"), world.now, wanted=True)


def test_votes_are_right_under_parallel_clicks(world: FloorWorld) -> None:
    question_id = world.stored("いっせいに")

    def click(index: int) -> None:
        with world.app.app_context():
            question = queries.get_question(world.event_id, question_id)
            voice = world.voice(f"person {index % (CLICKS // 2)}")
            service.vote(world.event, question, voice, world.now, wanted=True)
            db.session.commit()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(click, range(CLICKS)))
    with world.app.app_context():
        assert queries.vote_counts(world.event_id) == {question_id: CLICKS // 2 + 1}
        assert db.session.scalar(select(func.count(FloorVote.id))) == CLICKS // 2 + 1


def make_poll(world: FloorWorld, *, opened: bool = True) -> FloorPoll:
    """A show of hands with three options."""
    actor, options = world.actor(), ["はい", "いいえ", "まだ決めていない"]
    poll = polls.prepare_poll(world.event, "参加しますか", options, actor, world.now, "key")
    if opened:
        polls.move_poll(world.event, poll, PollMove.OPEN, poll.revision, actor, world.now)
    return poll


def test_a_show_of_hands_is_answered_once_and_changed_until_it_closes(world: FloorWorld) -> None:
    with world.app.app_context():
        poll = make_poll(world)
        for choice in (0, 1, 1):
            polls.answer_poll(world.event, poll.id, choice, world.voice("a"), world.now)
        polls.answer_poll(world.event, poll.id, 2, world.voice("b"), world.now)
        assert list(results_of([poll])[0].counts) == [0, 1, 1]
        polls.move_poll(world.event, poll, PollMove.CLOSE, poll.revision, world.actor(), world.now)
        with pytest.raises(Conflict):
            polls.answer_poll(world.event, poll.id, 0, world.voice("c"), world.now)


@pytest.mark.parametrize("choice", [None, -1, 3, 99])
def test_other_options_than_those_offered_are_refused(
    world: FloorWorld, choice: int | None
) -> None:
    with world.app.app_context(), pytest.raises(ProductError):
        poll = make_poll(world)
        polls.answer_poll(world.event, poll.id, choice, world.voice(), world.now)


def test_nobody_answers_before_it_opens_nor_changes_it_afterwards(world: FloorWorld) -> None:
    with world.app.app_context():
        poll = make_poll(world, opened=False)
        with pytest.raises(NotFound):
            polls.answer_poll(world.event, poll.id, 0, world.voice(), world.now)
        actor = world.actor()
        polls.change_poll(poll, "来ますか", ["はい", "いいえ"], poll.revision, actor, world.now)
        polls.move_poll(world.event, poll, PollMove.OPEN, poll.revision, actor, world.now)
        with pytest.raises(Conflict):
            polls.change_poll(poll, "?", ["a", "b"], poll.revision, actor, world.now)
        with pytest.raises(Conflict):
            polls.remove_poll(poll, poll.revision, actor, world.now)


@pytest.mark.parametrize(
    "options", [["ひとつ"], ["同じ", "同じ"], [str(n) for n in range(7)], ["長" * 41, "短い"], []]
)
def test_two_to_six_different_short_options(world: FloorWorld, options: list[str]) -> None:
    with world.app.app_context(), pytest.raises(ProductError) as refused:
        polls.prepare_poll(world.event, "問い", options, world.actor(), world.now, "k")
    assert refused.value.field == "options"


def test_nothing_is_counted_twice_nor_after_the_close_in_a_race(world: FloorWorld) -> None:
    with world.app.app_context():
        poll_id = make_poll(world).id
        db.session.commit()

    def answer(index: int) -> None:
        with world.app.app_context():
            try:
                voice = world.voice(f"person {index % (CLICKS // 2)}")
                polls.answer_poll(world.event, poll_id, index % 3, voice, world.now)
                db.session.commit()
            except Conflict:
                db.session.rollback()

    def close() -> list[int]:
        with world.app.app_context():
            poll = get_poll(world.event_id, poll_id)
            db.session.rollback()
            poll = get_poll(world.event_id, poll_id)
            polls.move_poll(
                world.event, poll, PollMove.CLOSE, poll.revision, world.actor(), world.now
            )
            counts = list(results_of([poll])[0].counts)
            db.session.commit()
            return counts

    with ThreadPoolExecutor(THREADS) as pool:
        clicks = [pool.submit(answer, index) for index in range(CLICKS)]
        closed = pool.submit(close)
        for click in clicks:
            click.result()
        counts_at_close = closed.result()
    with world.app.app_context():
        poll = get_poll(world.event_id, poll_id)
        assert poll.state is PollState.CLOSED
        assert list(results_of([poll])[0].counts) == counts_at_close
        people = select(func.count(FloorPollAnswer.voter_key.distinct()))
        assert db.session.scalar(people) == sum(counts_at_close)


def test_the_same_over_http_with_and_without_scripts(world: FloorWorld) -> None:
    moderator, guest = world.client(), world.guest()
    made = {"text": "延長しますか", "options": "はい\nいいえ", "submission_key": "k"}
    assert moderator.post(world.address("/polls"), data=made).status_code == 302
    with world.app.app_context():
        poll_id = db.session.scalar(select(FloorPoll.id))
    moved = moderator.post(
        world.address(f"/polls/{poll_id}/moves"), data={"move": "open", "revision": "1"}
    )
    assert moved.status_code == 302
    where = world.address(f"/polls/{poll_id}/answers")
    assert guest.post(where, data={"choice": "1"}).status_code == 302
    part = guest.post(where, data={"choice": "0"}, headers={"HX-Request": "true"})
    assert "1人（100％）" in part.text
    assert "<html" not in part.text
    late = guest.post(where, data={"choice": "9"}, headers={"HX-Request": "true"})
    assert "ひとつ選んで" in late.text
    unchanged = moderator.get(world.address("/polls/updates"))
    seen = unchanged.text.split("seen=")[1].split('"')[0]
    assert moderator.get(world.address(f"/polls/updates?seen={seen}")).status_code == 204
