"""The worker does what was asked for: once, with progress, and again after a worker that died."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import JST
from matchmaker.core.db import db
from matchmaker.matching.domain import VersionState
from matchmaker.matching.ledger.extensions import second_ranking
from matchmaker.matching.releases import comparing, jobs, queries, service, training
from matchmaker.matching.releases.domain import RequestKind, RequestState
from matchmaker.matching.releases.models import RankingComparison, RankingRequest
from matchmaker.needs.models import Need
from matchmaker.notifications.models import OutboxMessage
from matchmaker.offerings.models import Offering
from matchmaker.offerings.types import OFFERING
from tests.matching.conftest import index_all
from tests.matching.releases.conftest import Bench, add_version, inside, use_encoder
from tests.posts.file_world import World, make_world, published

MONDAY = datetime(2026, 11, 23, 2, 40, tzinfo=JST)


def ask(kind: RequestKind, number: int | None = None) -> RankingRequest:
    version = queries.version_with(number) if number else None
    request = service.request_run(kind, SYSTEM, clock.now(), version)
    db.session.commit()
    return request


def state_of(request: RankingRequest) -> tuple[RequestState, str]:
    found = db.session.get_one(RankingRequest, request.id, populate_existing=True)
    return found.state, found.message


def test_a_training_that_was_asked_for_is_done_and_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_world(bench.app)
    with inside(bench.app):
        monkeypatch.setattr(jobs, "current_workshop", bench.workshop)
        request = ask(RequestKind.TRAIN)
        assert ask(RequestKind.TRAIN).id == request.id, "a second press asks for nothing more"
        assert jobs.run_requests(clock.now()) == 1
        state, message = state_of(request)
        assert state is RequestState.DONE
        assert "版1を作りました" in message
        assert queries.version_with(1).state in (VersionState.CANDIDATE, VersionState.REFUSED)
        subject = db.session.scalar(select(OutboxMessage.subject))
        assert subject is not None and "並び方の版1ができました" in subject
        assert jobs.run_requests(clock.now()) == 0


def test_without_an_encoder_the_request_fails_with_a_sentence(app: Flask) -> None:
    with inside(app):
        request = ask(RequestKind.TRAIN)
        jobs.run_requests(clock.now())
        state, message = state_of(request)
        assert state is RequestState.FAILED
        assert "意味を読むしくみが動いていない" in message
        assert not queries.open_requests()


def test_a_request_that_a_dead_worker_left_is_taken_up_and_given_up_in_the_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inside(app):
        request = ask(RequestKind.TRAIN)

        def die(*_: object) -> str:
            raise RuntimeError("the machine went away")

        monkeypatch.setitem(jobs._WORK, RequestKind.TRAIN, die)
        for _ in range(jobs.MOST_ATTEMPTS):
            jobs.run_requests(clock.now())
            assert state_of(request)[0] is RequestState.RUNNING
        jobs.run_requests(clock.now())
        assert state_of(request) == (RequestState.FAILED, jobs.GIVEN_UP)


def test_a_candidate_is_asked_for_once_a_week_when_people_said_enough(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inside(app):
        monkeypatch.setattr(training, "new_entries", lambda _since: 20)
        assert jobs.want_candidate(MONDAY + timedelta(days=1)) == 0
        assert jobs.want_candidate(MONDAY) == 1
        monkeypatch.setattr(training, "new_entries", lambda _since: 19)
        assert jobs.want_candidate(MONDAY + timedelta(days=7)) == 0
        assert db.session.scalar(select(func.count()).select_from(RankingRequest)) == 1


def publish_posts(world: World) -> None:
    """A need and three offerings that everybody sees, in the index."""
    published(world)
    for title in ("竹を炭にします", "古紙を集めます", "生ごみを堆肥にします"):
        published(world, OFFERING, title=title)
    index_all()


def test_the_shadow_is_compared_day_by_day(app: Flask) -> None:
    use_encoder(app)
    world = make_world(app)
    with inside(app):
        publish_posts(world)
        version = add_version()
        assert jobs.compare_shadow(clock.now()) == 0, "nothing is in shadow"
        service.put_in_shadow(version, "見てみる", SYSTEM, clock.now())
        db.session.commit()
        assert jobs.compare_shadow(clock.now()) == 1
        jobs.run_requests(clock.now())
        (comparison,) = db.session.scalars(select(RankingComparison)).all()
        assert comparison.needs == 1
        assert comparison.figures["overlap10"] == len(
            next(iter(comparison.figures["best"].values()))
        )
        assert comparison.figures["moved"] == [], "both have the same parameters"


def test_what_moved_and_who_agrees_with_people_is_counted() -> None:
    orders = comparing.Orders(
        "need", ["a", "b", "c"], ["c", "b", "d"],
        {"a": 2.0, "c": 1.0, "d": 1.5}, {"a": 1.0, "c": 2.0, "d": 0.5},
    )  # fmt: skip
    found = comparing.differences([orders], {"need": {"a": 0.0, "c": 3.0, "d": 0.0}})
    assert found["overlap10"] == 2.0
    assert found["judged"] == {"pairs": 2, "shadow": 2, "live": 0}
    (moved,) = found["moved"]
    assert (moved["offering_id"], moved["live_place"], moved["shadow_place"]) == ("a", 1, None)


def test_the_ledger_learns_where_the_shadow_differs(app: Flask) -> None:
    use_encoder(app)
    world = make_world(app)
    with inside(app):
        publish_posts(world)
        need_id = db.session.scalar(select(Need.id))
        assert need_id is not None
        assert list(second_ranking(need_id)) == []
        version = add_version()
        service.put_in_shadow(version, "見てみる", SYSTEM, clock.now())
        db.session.commit()
        assert list(second_ranking(need_id)) == []
        jobs.compare_shadow(clock.now())
        jobs.run_requests(clock.now())
        offerings = set(db.session.scalars(select(Offering.id)))
        assert set(second_ranking(need_id)) <= offerings
        assert second_ranking(need_id)
