"""Answers on cards and further sources stand in the same ledger as judgements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import literal

from matchmaker.core import clock
from matchmaker.core.db import db, new_id
from matchmaker.matching.ledger import queries
from matchmaker.matching.ledger.domain import Fit, LedgerEntry, Reading, Side
from matchmaker.matching.ledger.extensions import EvidenceSource, add_evidence_source, evidence
from matchmaker.matching.models import RecommendationFeedback
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.posts.domain import PostKind
from tests.matching.ledger.world import Bench


def answer(bench: Bench, kind: PostKind, verdict: str, reason: str = "") -> LedgerEntry:
    """What somebody of one side says on a card; the entry that it becomes."""
    actor = bench.world.editor if kind is PostKind.NEED else bench.world.stranger
    (organization_id,) = actor.roles
    db.session.add(
        RecommendationFeedback(
            id=new_id(), need_id=bench.pair[0], offering_id=bench.pair[1], user_id=actor.user_id,
            organization_id=organization_id, seen_from=kind.value, verdict=verdict,
            reason=reason, note="うちの秘密", at=clock.now(),
        )
    )  # fmt: skip
    db.session.commit()
    (entry,) = queries.entries()
    return entry


@pytest.mark.parametrize(
    ("kind", "verdict", "reason", "side", "grade"),
    [
        (PostKind.NEED, "useful", "", Side.TOWN, 2),
        (PostKind.OFFERING, "wrong", "area", Side.BUSINESS, 1),
        (PostKind.NEED, "wrong", "known", Side.TOWN, None),
        (PostKind.NEED, "wrong", "cost", Side.TOWN, None),
    ],
)
def test_an_answer_speaks_for_its_side_alone(
    bench: Bench, kind: PostKind, verdict: str, reason: str, side: Side, grade: int | None
) -> None:
    with bench.world.app.app_context():
        entry = answer(bench, kind, verdict, reason)
        assert (entry.side, entry.grade, entry.source) == (side, grade, "answer")
        assert entry.organization_id in {bench.world.organization_id, bench.world.other_id}
        assert "うちの秘密" not in repr(entry)


def test_private_notes_of_members_are_on_no_page(bench: Bench) -> None:
    with bench.world.app.app_context():
        answer(bench, PostKind.NEED, "useful")
        bench.judge(bench.second, Fit.FITS)
    client = bench.world.client("second")
    pages = [client.get(path).text for path in (bench.address, "/evaluation-ledger/entries")]
    assert "うちの秘密" not in "".join(pages)
    assert "おすすめへの答え（自治体から見て）：役に立った" in "".join(pages[0].split())


def test_a_later_feature_brings_its_answers_in(bench: Bench) -> None:
    now = clock.now()
    source = EvidenceSource(
        "introduction", "紹介への返事",
        lambda: evidence(
            "introduction", record_id=Need.id, need_id=Need.id, offering_id=Offering.id,
            side=Side.BUSINESS.value, verdict="declined", at=literal(now), reason="quantity",
            organization_id=Offering.organization_id,
        ).where(Need.id == bench.pair[0], Offering.id == bench.pair[1]),
        lambda verdict, _reason: Reading(1 if verdict == "declined" else 2, 0.9),
        {"declined": "お断り"},
    )  # fmt: skip
    add_evidence_source(bench.world.app, source)
    with bench.world.app.app_context():
        bench.judge(bench.second, Fit.FITS)
        found = {entry.source: entry for entry in queries.entries()}
        assert set(found) == {"judgement", "introduction"}
        declined = found["introduction"]
        assert (declined.grade, declined.weight, declined.side) == (1, 0.9, Side.BUSINESS)
        assert declined.organization_id == bench.world.other_id
        later = queries.entries(since=now + timedelta(days=1))
        assert list(later) == []
        assert len(queries.entries(limit=1)) == 1
    page = bench.world.client("second").get("/evaluation-ledger/entries?source=introduction")
    assert "お断り" in page.text
    assert page.text.count("ledger-list__item") == 1
