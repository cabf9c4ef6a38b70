"""Two hundred at the same moment: one outcome, one mail to each."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove
from matchmaker.partnering.introductions import queries, service
from matchmaker.partnering.introductions.changes import CHANGED
from matchmaker.partnering.introductions.domain import (
    LIVE_STATES,
    IntroductionMove,
    IntroductionState,
)
from matchmaker.partnering.introductions.models import Introduction, IntroductionStep
from tests.partnering.introductions.world import REASON, World, build_world

M, S = IntroductionMove, IntroductionState
AT_ONCE, SENDERS = 200, 80
BY = {M.ACCEPT: "officer", M.DECLINE: "chief", M.WITHDRAW: "maker"}
OUTCOMES = (S.ACCEPTED, S.DECLINED, S.WITHDRAWN)


def made_world(app: Flask) -> World:
    """The world, committed, outside of an application context."""
    with app.app_context():
        world = build_world(app)
        db.session.remove()
    return world


class Race:
    """Actions that all read first, and go on to write only when all have read.

    Args:
        app: the application.
        actions: each takes ``wait``, which it calls between its reading and its writing.
    """

    def __init__(self, app: Flask, actions: list[Callable[[Callable[[], None]], object]]) -> None:
        self.app, self.actions = app, actions
        self.ended: list[str] = []
        self._all_have_read = threading.Barrier(len(actions), timeout=120)

    def run(self) -> list[str]:
        """Let all start, and give how each ended."""
        threads = [threading.Thread(target=self._work, args=(each,)) for each in self.actions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.ended

    def _work(self, action: Callable[[Callable[[], None]], object]) -> None:
        with self.app.app_context():
            try:
                action(self._wait)
                db.session.commit()
                self.ended.append("done")
            except IllegalMove as error:
                # Whoever read after another had written never raced: told apart from a refusal.
                db.session.rollback()
                self.ended.append(f"late: {error.message}")
            except Conflict as error:
                db.session.rollback()
                self.ended.append(error.message)
            except BaseException as error:
                db.session.rollback()
                self.ended.append(repr(error))
            finally:
                db.session.remove()

    def _wait(self) -> None:
        """What was read stays as it is; the database is free for the others."""
        db.session.expunge_all()
        db.session.remove()
        self._all_have_read.wait()


def at_once(app: Flask, actions: list[Callable[[], object]]) -> list[str]:
    """Run all actions at the same moment; gives how each ended."""

    def after_waiting(action: Callable[[], object]) -> Callable[[Callable[[], None]], object]:
        def act(wait: Callable[[], None]) -> object:
            wait()
            return action()

        return act

    return Race(app, [after_waiting(action) for action in actions]).run()


def answers(world: World, sent: uuid.UUID) -> Race:
    """Two hundred answers of three people who all read the introduction while it was open."""

    def answer(move: IntroductionMove) -> Callable[[Callable[[], None]], object]:
        def act(wait: Callable[[], None]) -> object:
            read, actor = queries.get(sent), world.actor(BY[move])
            assert (read.state, read.revision) == (S.OPEN, 1)
            wait()
            db.session.add(read)  # as it was read, not as it stands now
            return service.move(read, move, REASON[move], actor, world.now)

        return act

    moves = [list(BY)[number % len(BY)] for number in range(AT_ONCE)]
    return Race(world.app, [answer(move) for move in moves])


@pytest.fixture(name="sent")
def one_introduction(app: Flask) -> tuple[World, uuid.UUID]:
    """The world and an open introduction in it."""
    world = made_world(app)
    with app.app_context():
        sent = world.send()
        db.session.remove()
    return world, sent


def test_of_two_hundred_answers_at_once_one_counts(sent: tuple[World, uuid.UUID]) -> None:
    world, introduction_id = sent
    ended = Counter(answers(world, introduction_id).run())
    assert ended == {"done": 1, CHANGED: AT_ONCE - 1}
    with world.app.app_context():
        found = queries.get(introduction_id)
        assert found.state in OUTCOMES
        assert [each.number for each in queries.steps_of(introduction_id)] == [1, 2]
        told = {S.ACCEPTED: ("match:", 2), S.DECLINED: ("introduction-decline", 1),
                S.WITHDRAWN: ("introduction-withdraw", 2)}  # fmt: skip
        for state, (prefix, people) in told.items():
            mails = world.mails(prefix)
            assert len(mails) == (people if state is found.state else 0)
            assert len({address for _, address in mails}) == len(mails)


def test_the_race_would_notice_a_missing_comparison(
    sent: tuple[World, uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    def overwrite(introduction: Introduction, values: Mapping[str, Any]) -> None:
        db.session.execute(
            update(Introduction).where(Introduction.id == introduction.id).values(**values)
        )

    monkeypatch.setattr(service, "change", overwrite)
    world, introduction_id = sent
    ended = Counter(answers(world, introduction_id).run())
    assert ended != {"done": 1, CHANGED: AT_ONCE - 1}
    assert ended[CHANGED] == 0


def test_of_many_interests_at_once_one_stands(app: Flask) -> None:
    world = made_world(app)

    def send(number: int) -> Callable[[], uuid.UUID]:
        # Both sides, each in many tabs, and each tab pressed twice.
        name, key = ("maker", "officer")[number % 2], str(number // 4)
        interest = world.interest(submission_key=f"{name}-{key}")
        return lambda: service.send(interest, world.actor(name), world.now).id

    ended = at_once(app, [send(number) for number in range(SENDERS)])
    assert ended.count("done") >= 1
    assert all(each == "done" or "関心" in each for each in ended), set(ended)
    with app.app_context():
        standing = select(func.count(Introduction.id)).where(Introduction.state.in_(LIVE_STATES))
        assert db.session.scalar(standing) == 1
        assert db.session.scalar(select(func.count(IntroductionStep.id))) == 1
        sent = [address for _, address in world.mails("introduction-sent")]
        assert sorted(sent) in (["chief@example.com", "officer@example.com"], ["maker@example.com"])
