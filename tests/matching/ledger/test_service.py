"""Judging, changing, taking back, passing over: rules, history, races."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from matchmaker.core import clock
from matchmaker.core.actor import VISITOR, OrganizationRole
from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, NotAllowed, ProductError
from matchmaker.matching.ledger import queries, service
from matchmaker.matching.ledger.domain import Fit, Opinion, Side
from matchmaker.matching.ledger.models import Judgement, JudgementChange
from matchmaker.needs.types import NEED
from matchmaker.posts import service as post_service
from matchmaker.posts.content import content_of
from matchmaker.posts.domain import Move
from tests.matching.conftest import index_all
from tests.matching.ledger.world import Bench, load, opinion_values


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def rewrite(bench: Bench, **values: Any) -> None:
    """Another text or condition of the need; commits and brings the index into step."""
    need, _ = load(bench.pair)
    content = {**content_of(NEED, need), **values}
    post_service.save(NEED, need, content, bench.world.secretariat, clock.now())
    db.session.commit()
    index_all()


def test_a_judgement_is_kept_with_what_was_shown(bench: Bench) -> None:
    with bench.world.app.app_context():
        judgement = bench.judge(bench.second, Fit.FITS, "content", position=3, probability=0.4)
        assert (judgement.fit, judgement.position, judgement.probability) == (Fit.FITS, 3, 0.4)
        assert judgement.version_number == 0
        (change,) = db.session.scalars(select(JudgementChange))
        assert change.revision == 1
        tags = db.session.scalars(select(AuditEntry.tag)).all()
        assert tags.count("matching:pair:judged") == 1


def test_a_change_keeps_what_was_said_before(bench: Bench) -> None:
    with bench.world.app.app_context():
        bench.judge(bench.second, Fit.FITS)
        judgement = bench.judge(bench.second, Fit.NOT, "process", note="焼くだけで、炭にしない。")
        assert (judgement.fit, judgement.revision, count(Judgement)) == (Fit.NOT, 2, 1)
        changes = queries.changes_of([judgement.id])
        assert [(each.revision, each.fit) for each in changes] == [(1, Fit.FITS), (2, Fit.NOT)]


def test_the_same_said_twice_is_kept_once(bench: Bench) -> None:
    with bench.world.app.app_context():
        need, offering = load(bench.pair)
        values = opinion_values(bench.second, need, offering)
        opinion = Opinion(fit=Fit.PARTLY, reason="part", **values)
        for _press in range(2):
            service.judge(need, offering, opinion, bench.second, clock.now())
        db.session.commit()
        assert (count(Judgement), count(JudgementChange)) == (1, 1)


def test_of_two_windows_the_second_is_told(bench: Bench) -> None:
    with bench.world.app.app_context():
        need, offering = load(bench.pair)
        seen = opinion_values(bench.second, need, offering)
        bench.judge(bench.second, Fit.FITS)
        other = Opinion(fit=Fit.NOT, reason="material", **seen)
        with pytest.raises(Conflict):
            service.judge(need, offering, other, bench.second, clock.now())


def test_many_presses_at_once_make_one_judgement(bench: Bench) -> None:
    with bench.world.app.app_context():
        values = opinion_values(bench.second, *load(bench.pair))
    start, done = threading.Barrier(6), []

    def press() -> None:
        with bench.world.app.app_context():
            start.wait()
            opinion = Opinion(fit=Fit.FITS, reason="content", **values)
            service.judge(*load(bench.pair), opinion, bench.second, clock.now())
            db.session.commit()
            done.append(1)
            db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with bench.world.app.app_context():
        assert (len(done), count(Judgement), count(JudgementChange)) == (6, 1, 1)


def test_a_post_rewritten_while_reading_is_not_judged(bench: Bench) -> None:
    with bench.world.app.app_context():
        seen = opinion_values(bench.second, *load(bench.pair))
        rewrite(bench, problem="町の竹ではなく、使い終わった紙に困っています。")
        with pytest.raises(Conflict, match="書き直されました"):
            service.judge(
                *load(bench.pair), Opinion(fit=Fit.FITS, **seen), bench.second, clock.now()
            )


@pytest.mark.parametrize(
    ("values", "is_stale"),
    [
        ({"problem": "使い終わった紙に困っています。"}, True),
        ({"materials": ["paper"]}, True),
        ({"department": "環境課"}, False),
    ],
)
def test_a_later_change_of_text_or_conditions_makes_it_stale(
    bench: Bench, values: dict[str, Any], is_stale: bool
) -> None:
    with bench.world.app.app_context():
        bench.judge(bench.second, Fit.FITS)
        rewrite(bench, **values)
        pairs = queries.judging_for(bench.second, [load(bench.pair)])
        assert pairs[bench.pair].is_stale is is_stale
        assert len(queries.entries()) == (0 if is_stale else 1)
        (entry,) = queries.entries(with_stale=True)
        assert entry.is_stale is is_stale


def test_taking_back_wants_a_reason_and_stays_in_the_history(bench: Bench) -> None:
    with bench.world.app.app_context():
        judgement = bench.judge(bench.second, Fit.FITS)
        now = clock.now()
        with pytest.raises(ProductError) as refused:
            service.take_back(judgement, " ", 1, bench.second, now)
        assert refused.value.field == "why"
        with pytest.raises(NotAllowed):
            service.take_back(judgement, "まちがい", 1, bench.reviewer, now)
        with pytest.raises(Conflict):
            service.take_back(judgement, "まちがい", 7, bench.second, now)
        service.take_back(judgement, "別の組とまちがえました", 1, bench.second, now)
        db.session.commit()
        assert queries.entries() == []
        last = queries.changes_of([judgement.id])[-1]
        assert (last.is_taken_back, last.taken_back_because) == (True, "別の組とまちがえました")
        again = bench.judge(bench.second, Fit.PARTLY, "part")
        assert (again.revision, again.is_taken_back) == (3, False)


def test_nobody_judges_pairs_of_their_own_organisation(bench: Bench) -> None:
    with bench.world.app.app_context():
        need, offering = load(bench.pair)
        given = Opinion(fit=Fit.FITS, **opinion_values(bench.second, need, offering))
        own = {bench.world.other_id: OrganizationRole.READER}
        interested = replace(bench.second, roles=own)
        for actor in (interested, bench.world.editor, bench.world.stranger, VISITOR):
            assert queries.judging_for(actor, [(need, offering)]) == {}
            with pytest.raises(NotAllowed):
                service.judge(need, offering, given, actor, clock.now())


def test_a_pair_whose_post_is_closed_is_not_judged(bench: Bench) -> None:
    with bench.world.app.app_context():
        need, offering = load(bench.pair)
        given = Opinion(fit=Fit.FITS, **opinion_values(bench.second, need, offering))
        post_service.move(NEED, need, Move.PAUSE, bench.world.secretariat, clock.now())
        with pytest.raises(NotAllowed):
            service.judge(need, offering, given, bench.second, clock.now())


def test_entries_tell_sides_and_grades_but_no_notes(bench: Bench) -> None:
    with bench.world.app.app_context():
        bench.judge(bench.second, Fit.NOT, "area", note="秘密のメモ", side=Side.BUSINESS)
        bench.judge(bench.reviewer, Fit.FITS, "conditions")
        found = {entry.verdict: entry for entry in queries.entries()}
    assert (found["not"].grade, found["not"].side) == (1, Side.BUSINESS)
    assert (found["fits"].grade, found["fits"].side) == (3, Side.BOTH)
    assert found["not"].person != found["fits"].person
    assert "秘密のメモ" not in repr(found)
    assert str(bench.second.user_id) not in repr(found)
