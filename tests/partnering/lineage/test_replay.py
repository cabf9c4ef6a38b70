"""Replaying the lineage gives the states of the tables, over random histories."""

from __future__ import annotations

import random
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.partnering.introductions import queries as introductions
from matchmaker.partnering.introductions.domain import (
    INTRODUCTION_STATES,
    IntroductionMove,
    IntroductionState,
)
from matchmaker.partnering.lineage.backfill import backfill
from matchmaker.partnering.lineage.checking import differences
from matchmaker.partnering.lineage.domain import RecordKey, RecordKind, Step, replay
from tests.partnering.lineage.conftest import Site

M = IntroductionMove
KEYS = [RecordKey(kind, uuid.UUID(int=number)) for number, kind in enumerate(RecordKind)]
STATES = st.sampled_from(["open", "accepted", "declined"])


@given(st.lists(st.tuples(st.sampled_from(KEYS), st.none() | STATES), max_size=60))
def test_honest_entries_replay_without_a_break(told: list[tuple[RecordKey, str | None]]) -> None:
    states: dict[RecordKey, str] = {}
    steps = []
    for key, after in told:
        steps.append(Step(key, states.get(key) if after else None, after))
        if after:
            states[key] = after
    found = replay(steps)
    assert found.states == states
    assert found.breaks == []


@given(st.lists(STATES, min_size=2, max_size=20), st.data())
def test_a_missing_entry_is_noticed(states: list[str], data: st.DataObject) -> None:
    states = [f"{state}-{number}" for number, state in enumerate(states)]
    steps = [
        Step(KEYS[0], before, after) for before, after in zip([None, *states], states, strict=False)
    ]
    lost = data.draw(st.integers(0, len(steps) - 2))
    del steps[lost]
    found = replay(steps)
    assert [each.position for each in found.breaks] == ([lost] if lost or steps else [])


@pytest.mark.parametrize("seed", range(8))
def test_random_histories_of_introductions_replay_to_the_tables(site: Site, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    introduction = site.send()
    for _ in range(14):
        state = introductions.get(introduction.id).state
        moves = [each for each in INTRODUCTION_STATES.possible(state) if each is not M.EXPIRE]
        move = chance.choice(moves)
        actor = _actor(site, move, state)
        site.move(introduction, move, actor, reason="訂正のため" if move is M.UNDO else "")
    db.session.commit()
    assert differences() == []


def _actor(site: Site, move: IntroductionMove, state: IntroductionState) -> Actor:
    if move is M.UNDO:
        return site.world.secretariat
    from_town = move in (M.REPLY, M.WITHDRAW) or state is IntroductionState.WITHDRAWN
    return site.town if from_town else site.firm


def test_a_state_that_changed_without_an_entry_is_told(site: Site) -> None:
    introduction = site.send()
    introduction.state = IntroductionState.ACCEPTED
    db.session.commit()
    (found,) = differences()
    assert found.key.record_id == introduction.id
    assert (found.replayed, found.stored) == ("open", "accepted")


def test_backfilling_twice_writes_once(site: Site) -> None:
    site.send()
    assert backfill() == 0
