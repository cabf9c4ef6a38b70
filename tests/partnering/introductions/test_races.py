"""Two hundred at the same moment: one outcome, one mail to each."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from matchmaker.core.db import db
from matchmaker.core.errors import Conflict
from matchmaker.partnering.introductions import queries, service
from matchmaker.partnering.introductions.domain import (
    LIVE_STATES,
    IntroductionMove,
    IntroductionState,
)
from matchmaker.partnering.introductions.models import Introduction, IntroductionStep
from tests.partnering.introductions.world import REASON, World, build_world

M, S = IntroductionMove, IntroductionState
THREADS, EACH = 20, 10
BY = {M.ACCEPT: "officer", M.DECLINE: "chief", M.WITHDRAW: "maker"}
OUTCOMES = (S.ACCEPTED, S.DECLINED, S.WITHDRAWN)


def made_world(app: Flask) -> World:
    """The world, committed, outside of an application context."""
    with app.app_context():
        world = build_world(app)
        db.session.remove()
    return world


def at_once(app: Flask, actions: list[Callable[[], object]]) -> list[str]:
    """Run all actions, ``EACH`` after another in each of the threads; gives how each ended."""
    ended: list[str] = []
    start = threading.Barrier(THREADS)

    def work(number: int) -> None:
        start.wait()
        for action in actions[number::THREADS]:
            with app.app_context():
                try:
                    action()
                    db.session.commit()
                    ended.append("done")
                except Conflict:
                    db.session.rollback()
                    ended.append("refused")
                except BaseException as error:
                    ended.append(repr(error))
                finally:
                    db.session.remove()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def test_of_two_hundred_answers_at_once_one_counts(app: Flask) -> None:
    world = made_world(app)
    with app.app_context():
        sent = world.send()
        db.session.remove()

    def answer(move: IntroductionMove) -> Callable[[], object]:
        # Read before the others write, as a page that was open all the time.
        return lambda: service.move(
            queries.get(sent), move, REASON[move], world.actor(BY[move]), world.now
        )

    moves = [list(BY)[number % len(BY)] for number in range(THREADS * EACH)]
    ended = at_once(app, [answer(move) for move in moves])
    assert sorted(set(ended)) == ["done", "refused"]
    assert ended.count("done") == 1
    with app.app_context():
        found = queries.get(sent)
        assert found.state in OUTCOMES
        assert [each.number for each in queries.steps_of(sent)] == [1, 2]
        told = {S.ACCEPTED: ("match:", 3), S.DECLINED: ("introduction-decline", 1),
                S.WITHDRAWN: ("introduction-withdraw", 2)}  # fmt: skip
        for state, (prefix, people) in told.items():
            mails = world.mails(prefix)
            assert len(mails) == (people if state is found.state else 0)
            assert len({address for _, address in mails}) == len(mails)


def test_of_many_interests_at_once_one_stands(app: Flask) -> None:
    world = made_world(app)

    def send(number: int) -> Callable[[], uuid.UUID]:
        # Both sides, each in many tabs, and each tab pressed twice.
        name, key = ("maker", "officer")[number % 2], str(number // 4)
        interest = world.interest(submission_key=f"{name}-{key}")
        return lambda: service.send(interest, world.actor(name), world.now).id

    ended = at_once(app, [send(number) for number in range(THREADS * 4)])
    assert set(ended) <= {"done", "refused"}
    with app.app_context():
        standing = select(func.count(Introduction.id)).where(Introduction.state.in_(LIVE_STATES))
        assert db.session.scalar(standing) == 1
        assert db.session.scalar(select(func.count(IntroductionStep.id))) == 1
        sent = [address for _, address in world.mails("introduction-sent")]
        assert sorted(sent) in (["chief@example.com", "officer@example.com"], ["maker@example.com"])
