"""Many at once on the tables of matching; run on SQLite here and on PostgreSQL beside it."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.errors import Conflict
from matchmaker.matching.indexing import process, request_index
from matchmaker.matching.ledger.domain import Fit
from matchmaker.matching.ledger.jobs import find_pairs_to_judge
from matchmaker.matching.ledger.models import Judgement, JudgementChange, JudgingCandidate
from matchmaker.matching.models import IndexEntry, IndexRequest, PostVector
from matchmaker.posts.domain import PostKind
from tests.matching.ledger.world import make_bench
from tests.posts.file_world import make_world

THREADS = 4


def at_once(app: Flask, work: Callable[[int], Any]) -> list[Any]:
    """Do the same in several threads that begin together; gives what each gave."""
    ready = threading.Barrier(THREADS)

    def one(number: int) -> Any:
        with app.app_context():
            ready.wait(30)
            try:
                return work(number)
            finally:
                db.session.rollback()
                db.session.remove()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_pair_is_judged_once_by_a_person(app: Flask) -> None:
    with app.app_context():
        bench = make_bench(make_world(app))
        db.session.remove()

    def press(number: int) -> str:
        try:
            bench.judge(bench.second, Fit.FITS, note="" if number < 2 else f"{number}")
        except Conflict:
            return "told"
        return "kept"

    outcomes = at_once(app, press)
    with app.app_context():
        assert "kept" in outcomes
        assert set(outcomes) <= {"kept", "told"}
        judgement = db.session.scalars(select(Judgement)).one()
        revisions = db.session.scalars(select(JudgementChange.revision)).all()
        assert sorted(revisions) in (
            list(range(1, judgement.revision + 1)), list(range(1, judgement.revision))
        )  # fmt: skip


def test_many_workers_write_one_row_of_each_kind(app: Flask) -> None:
    with app.app_context():
        bench = make_bench(make_world(app))
        need_id = bench.pair[0]
        request_index(PostKind.NEED, need_id, clock.now())
        db.session.commit()
        entries = count(IndexEntry)
        db.session.remove()
    text_hash = uuid.uuid4().hex * 2

    def work(_number: int) -> int:
        process(None, clock.now(), post_id=need_id)
        find_pairs_to_judge(clock.now())
        row = insert(PostVector).values(
            model_id="m", text_hash=text_hash, dimension=2, packed=b"..", created_at=clock.now()
        )
        written = insert_or_skip(db.session(), row, ["model_id", "text_hash"])
        db.session.commit()
        return written

    assert sum(at_once(app, work)) == 1, "one writes, the others skip"
    with app.app_context():
        assert (count(IndexEntry), count(IndexRequest), count(PostVector)) == (entries, 0, 1)
        pairs = select(JudgingCandidate.need_id, JudgingCandidate.offering_id)
        found = [tuple(row) for row in db.session.execute(pairs)]
        assert len(found) == len(set(found))
