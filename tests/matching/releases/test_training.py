"""A version is fitted for real, measured beside the live one, and kept or refused."""

from __future__ import annotations

import uuid

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.matching.domain import VersionState
from matchmaker.matching.ledger.domain import LedgerEntry, Side
from matchmaker.matching.models import RankingVersion
from matchmaker.matching.releases import evidence, queries, service, training
from matchmaker.matching.releases.domain import ObjectionKind, objections_in
from tests.matching.releases.conftest import Bench, inside


def test_the_same_sets_give_the_same_version(bench: Bench) -> None:
    with inside(bench.app):
        told: list[tuple[int, int, str]] = []

        def trained() -> RankingVersion:
            version = training.train_version(
                bench.workshop(), SYSTEM, clock.now(), lambda *step: told.append(step)
            )
            db.session.commit()
            return version

        first, second = trained(), trained()
        assert first.parameters == second.parameters
        assert first.figures["sets"] == second.figures["sets"]
        assert (first.number, second.number) == (1, 2)
        assert set(first.figures["sets"]) == {"dev", "real"}
        assert first.trained_on["train"] > 0
        assert told[0] == (0, training.STEPS, training.READ_LEDGER)
        assert all(done <= total for done, total, _ in told)


def test_a_version_that_learnt_the_opposite_is_refused(bench: Bench) -> None:
    with inside(bench.app):
        good = training.train_version(bench.workshop(), SYSTEM, clock.now())
        db.session.commit()
        service.promote(good, 0, "ためす", SYSTEM, clock.now(), despite=True)
        db.session.commit()
        bad = training.train_version(bench.workshop(misleads=True), SYSTEM, clock.now())
        db.session.commit()
        assert bad.state is VersionState.REFUSED
        assert bad.figures["against"] == good.number
        found = {objection.kind for objection in objections_in(bad.figures, good.number)}
        assert ObjectionKind.WORSE in found
        assert queries.live_number() == good.number, "nothing is promoted by itself"


def test_figures_are_of_the_version_that_is_live_when_it_is_checked_again(bench: Bench) -> None:
    with inside(bench.app):
        first = training.train_version(bench.workshop(), SYSTEM, clock.now())
        db.session.commit()
        second = training.train_version(bench.workshop(), SYSTEM, clock.now())
        db.session.commit()
        service.promote(first, 0, "ためす", SYSTEM, clock.now(), despite=True)
        db.session.commit()
        assert objections_in(second.figures, queries.live_number())[-1].value == first.number
        training.check_version(second, bench.workshop(), SYSTEM, clock.now())
        db.session.commit()
        assert second.figures["against"] == first.number
        assert second.figures["sets"]["dev"]["difference"] == [0.0, 0.0, 0.0]
        assert second.state is VersionState.CANDIDATE


def entry(grade: int | None, weight: float = 1.0, need: int = 1) -> LedgerEntry:
    return LedgerEntry(
        need_id=uuid.UUID(int=need), offering_id=uuid.UUID(int=9), grade=grade, side=Side.BOTH,
        source="judgement", verdict="", reason="", weight=weight, at=clock.now(),
    )  # fmt: skip


def test_many_answers_to_a_pair_are_one_opinion() -> None:
    pair = (uuid.UUID(int=1), uuid.UUID(int=9))
    found = evidence.opinions([entry(3), entry(0, 0.25), entry(None), entry(2, 0.5), entry(3, 0)])
    assert found == {pair: evidence.Opinion(grade=2, weight=1.75)}
    assert evidence.opinions([entry(None)]) == {}
    assert evidence.opinions([entry(3)] * 9)[pair].weight == evidence.MOST_WEIGHT
    assert evidence.opinions([entry(3), entry(2)])[pair].grade == 2, "rounded down"


def test_the_same_needs_are_always_held_out() -> None:
    held = [evidence.is_held_out(uuid.UUID(int=n)) for n in range(1000)]
    assert 150 < sum(held) < 250
    assert held == [evidence.is_held_out(uuid.UUID(int=n)) for n in range(1000)]
