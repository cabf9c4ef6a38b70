"""What the worker puts before judges, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.matching.engine import current_engine
from matchmaker.matching.ledger import service, waiting
from matchmaker.matching.ledger.domain import CANDIDATES_OF_A_NEED, Cause, Fit
from matchmaker.matching.ledger.extensions import set_second_ranking
from matchmaker.matching.ledger.models import JudgingCandidate
from matchmaker.matching.ledger.scanning import scan_due
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts import service as post_service
from matchmaker.posts.domain import Move
from tests.matching.conftest import index_all
from tests.matching.ledger.world import Bench, load, publish


def candidates() -> Sequence[JudgingCandidate]:
    query = select(JudgingCandidate).order_by(JudgingCandidate.value.desc())
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def test_each_need_is_looked_at_once_and_again_after_a_day(bench: Bench) -> None:
    now = clock.now()
    with bench.world.app.app_context():
        engine = current_engine()
        assert [scan_due(engine, now) for _ in range(2)] == [1, 0]
        (found,) = candidates()
        assert (found.need_id, found.offering_id) == bench.pair
        assert found.position == 1
        assert {"thin_material", "thin_region"} <= set(found.causes)
        assert scan_due(engine, now + timedelta(hours=25)) == 1
        assert len(candidates()) == 1


def test_of_a_need_only_the_pairs_that_teach_most_are_kept(bench: Bench) -> None:
    with bench.world.app.app_context():
        for number in range(7):
            publish(bench.world, OFFERING, bench.world.other_id, title=f"竹を使います{number}")
        index_all()
        scan_due(current_engine(), clock.now())
        values = [each.value for each in candidates()]
        assert len(values) == CANDIDATES_OF_A_NEED
        assert values == sorted(values, reverse=True)


def test_a_pair_on_which_judges_differ_comes_first(bench: Bench) -> None:
    with bench.world.app.app_context():
        publish(bench.world, OFFERING, bench.world.other_id, title="竹の箸を作ります")
        index_all()
        bench.judge(bench.second, Fit.FITS)
        bench.judge(bench.reviewer, Fit.NOT, "process")
        scan_due(current_engine(), clock.now())
        first = waiting.next_candidate(bench.world.secretariat, clock.now())
        assert first is not None
        assert first.offering_id == bench.pair[1]
        assert Cause.DISAGREEMENT in first.causes
        other = waiting.next_candidate(bench.second, clock.now())
        assert other is not None
        assert other.offering_id != bench.pair[1], "one's own judgement stands"


def test_a_version_that_ranks_otherwise_makes_a_pair_worth_judging(bench: Bench) -> None:
    with bench.world.app.app_context():
        other = publish(bench.world, OFFERING, bench.world.other_id, title="竹の箸を作ります")
        index_all()
        set_second_ranking(bench.world.app, lambda _need_id: [other])
        scan_due(current_engine(), clock.now())
        causes = {each.offering_id: each.causes for each in candidates()}
        assert Cause.SHADOW in causes[bench.pair[1]], "only the live version has it"
        assert Cause.SHADOW not in causes[other]


@pytest.mark.parametrize("kind", [NEED, OFFERING])
def test_a_post_that_is_taken_off_waits_no_longer(bench: Bench, kind: object) -> None:
    now = clock.now()
    with bench.world.app.app_context():
        scan_due(current_engine(), now)
        assert waiting.count_waiting(bench.second, now) == 1
        post = load(bench.pair)[0 if kind is NEED else 1]
        post_type = NEED if kind is NEED else OFFERING
        post_service.move(post_type, post, Move.PAUSE, bench.world.secretariat, now)
        db.session.commit()
        assert waiting.count_waiting(bench.second, now) == 0
        assert waiting.next_candidate(bench.second, now) is None


def test_a_passed_over_pair_comes_back_after_two_weeks(bench: Bench) -> None:
    now = clock.now()
    with bench.world.app.app_context():
        scan_due(current_engine(), now)
        service.skip(*load(bench.pair), bench.second, now)
        db.session.commit()
        assert waiting.count_waiting(bench.second, now) == 0
        assert waiting.count_waiting(bench.second, now + timedelta(days=15)) == 1
        assert waiting.count_waiting(bench.reviewer, now) == 1
