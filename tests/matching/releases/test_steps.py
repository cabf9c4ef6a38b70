"""Promoted, rolled back, in shadow, refused: with reasons, one at a time, written down."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.audit import entries_of
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.matching.domain import VersionState
from matchmaker.matching.live import live_version, shadow_version
from matchmaker.matching.models import RankingVersion
from matchmaker.matching.releases import queries, service
from matchmaker.matching.releases.domain import Objection, ObjectionKind, subject_of
from tests.matching.releases.conftest import add_version, inside

WORSE = (Objection(ObjectionKind.WORSE, "dev", value=-0.1, limit=-0.02),)


def promote(version: RankingVersion, seen: int = 0, **options: bool) -> None:
    service.promote(version, seen, "確かめた", SYSTEM, clock.now(), **options)
    db.session.commit()


def tags(version: RankingVersion) -> list[str]:
    return [entry.tag.rpartition(":")[2] for entry in reversed(entries_of(version.id))]


def test_one_version_after_the_other_and_back(app: Flask) -> None:
    with inside(app):
        first, second = add_version(), add_version(against=1)
        promote(first)
        promote(second, seen=1)
        assert (first.state, second.state) == (VersionState.RETIRED, VersionState.LIVE)
        service.roll_back(1, 2, "悪くなった", SYSTEM, clock.now())
        db.session.commit()
        assert live_version() is first
        service.roll_back(0, 1, "はじめに戻す", SYSTEM, clock.now())
        db.session.commit()
        assert live_version() is None
        assert queries.live_number() == 0
        assert tags(first) == ["trained", "promoted", "rolled-back"]
        (entry,) = entries_of(subject_of(0))
        assert (entry.reason, entry.details["instead_of"]) == ("はじめに戻す", 1)


def test_a_worse_version_needs_a_word_that_one_knows(app: Flask) -> None:
    with inside(app):
        version = add_version(WORSE)
        assert version.state is VersionState.REFUSED
        with pytest.raises(ProductError, match="悪くなります"):
            promote(version)
        db.session.rollback()
        assert live_version() is None
        promote(version, despite=True)
        assert live_version() is version
        newest = entries_of(version.id)[0]
        assert newest.details["despite"] == [str(WORSE[0])]


def test_a_version_compared_with_another_one_is_not_used(app: Flask) -> None:
    with inside(app):
        first, second = add_version(), add_version()
        promote(first)
        with pytest.raises(ProductError, match="比べていません"):
            promote(second, seen=1)


@pytest.mark.parametrize("reason", ["", "  ", "あ" * 501])
def test_every_step_needs_a_reason(app: Flask, reason: str) -> None:
    with inside(app):
        version = add_version()
        with pytest.raises(ProductError) as caught:
            service.promote(version, 0, reason, SYSTEM, clock.now())
        assert caught.value.field == "reason"


def test_steps_that_make_no_sense_are_refused(app: Flask) -> None:
    with inside(app):
        version = add_version()
        for number in (version.number, 0):
            with pytest.raises(IllegalMove):
                service.roll_back(number, 0, "理由", SYSTEM, clock.now())
        with pytest.raises(IllegalMove):
            service.end_shadow(version, "理由", SYSTEM, clock.now())
        promote(version)
        with pytest.raises(IllegalMove):
            promote(version, seen=1)
        with pytest.raises(IllegalMove):
            service.refuse(version, "理由", SYSTEM, clock.now())


def test_one_version_runs_beside_the_live_one(app: Flask) -> None:
    with inside(app):
        first, second = add_version(), add_version(WORSE)
        service.put_in_shadow(first, "見てみる", SYSTEM, clock.now())
        db.session.commit()
        assert shadow_version() is first
        with pytest.raises(Conflict, match="版1が並走中"):
            service.put_in_shadow(second, "こちらも", SYSTEM, clock.now())
        service.end_shadow(first, "もうよい", SYSTEM, clock.now())
        service.put_in_shadow(second, "こちら", SYSTEM, clock.now())
        db.session.commit()
        service.end_shadow(second, "もうよい", SYSTEM, clock.now())
        db.session.commit()
        assert (first.state, second.state) == (VersionState.CANDIDATE, VersionState.REFUSED)


def test_the_database_lets_one_version_be_live(app: Flask) -> None:
    with inside(app):
        first, second = add_version(), add_version()
        both = [first.id, second.id]
        statement = update(RankingVersion).where(RankingVersion.id.in_(both))
        for state in (VersionState.LIVE, VersionState.SHADOW):
            with pytest.raises(IntegrityError):
                db.session.execute(statement.values(state=state))
            db.session.rollback()


def test_of_two_promotions_at_once_one_wins(app: Flask) -> None:
    with inside(app):
        numbers = [add_version().number, add_version().number]
    outcomes: dict[int, str] = {}
    ready = threading.Barrier(2)

    def press(number: int) -> None:
        with inside(app):
            seen = queries.live_number()
            version = queries.version_with(number)
            db.session.rollback()
            ready.wait()
            try:
                promote(version, seen)
                outcomes[number] = "done"
            except Conflict as error:
                outcomes[number] = error.message
            except ProductError as error:
                outcomes[number] = error.message

    threads = [threading.Thread(target=press, args=[number]) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    with inside(app):
        winner = queries.live_number()
    (loser,) = set(numbers) - {winner}
    assert outcomes[winner] == "done"
    assert outcomes[loser] != "done"
