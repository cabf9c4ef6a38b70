"""Who answers introductions may be shown more often, who leaves them lying less often."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.matching.exposure.market import standings
from matchmaker.matching.ledger.queries import entries
from matchmaker.partnering.introductions.domain import IntroductionMove as M
from tests.partnering.introductions.world import World

LATER = timedelta(days=60)


def record_of(world: World) -> tuple[int, int]:
    """For and against the business whose offering the town asked for."""
    standing = standings()[world.organizations["緑山工業"]]
    return standing.useful, standing.wrong


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([], (0, 0)),
        ([(M.ACCEPT, "maker")], (1, 0)),
        ([(M.DECLINE, "maker")], (1, 0)),
        ([(M.EXPIRE, "")], (0, 1)),
        ([(M.WITHDRAW, "officer")], (0, 0)),
        ([(M.ASK_BACK, "maker"), (M.EXPIRE, "")], (0, 0)),
    ],
)
def test_what_counts_is_that_one_answers_not_what(
    world: World, moves: list[tuple[M, str]], expected: tuple[int, int]
) -> None:
    introduction = world.send("officer")
    for number, (move, name) in enumerate(moves, start=1):
        later = LATER if move is M.EXPIRE else timedelta(minutes=number)
        world.move(introduction, move, name, now=world.now + later)
    assert record_of(world) == expected


def test_a_business_that_asks_is_not_judged_by_the_towns_silence(world: World) -> None:
    world.move(world.send("maker"), M.EXPIRE, now=world.now + LATER)
    assert record_of(world) == (0, 0)


def test_silence_grades_no_pair(world: World) -> None:
    world.move(world.send("officer"), M.EXPIRE, now=world.now + LATER)
    (said,) = [entry for entry in entries() if entry.source == "introduction_unanswered"]
    assert said.grade is None
