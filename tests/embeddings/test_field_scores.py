"""Comparisons made once for equal values give what comparing each pair gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.facts import NeedFacts, OfferingFacts, PartnerScope, Reading, ReadingKind
from embeddings.features import field_features
from embeddings.field_scores import COMPARISONS, FieldScores
from embeddings.geography import load_geography
from embeddings.partnership import PartnershipModel
from embeddings.posts import index_post
from embeddings.ranking import PoolRanking, Rules
from embeddings.reading.grouped import Readings
from embeddings.reading.stated import state
from embeddings.structure import assess

GEOGRAPHY = load_geography(Path("seeds/reference/prefecture_adjacency.yaml"))
WEIGHTS = PartnershipModel.shipped().weights
MATERIALS = ("竹", "食品廃棄物", "古着")
PLACES = ("東京都", "福岡県", "四国", "全国", "どこか")
PREFECTURES = st.sampled_from((None, "東京都", "福岡県", "香川県"))
AMOUNTS = st.sampled_from((None, 0.0, 1.0, 10.0, 500.0))
WORDS: dict[ReadingKind, tuple[str, ...]] = {
    ReadingKind.MATERIAL: MATERIALS,
    ReadingKind.OUTPUT: MATERIALS,
    ReadingKind.EXCLUDED: MATERIALS,
    ReadingKind.METHOD: ("再資源化", "再使用"),
    ReadingKind.STAGE: ("選別", "発酵"),
    ReadingKind.OFFERING_KIND: ("technology", "recycling_capacity"),
    ReadingKind.SOUGHT_KIND: ("technology", "recycling_capacity"),
    ReadingKind.ONE_OFF: ("1回かぎり", "継続のみ"),
    ReadingKind.SERVICE_AREA: PLACES,
    ReadingKind.PARTNER_SCOPE: (*PartnerScope, "四国", "福岡県"),
    ReadingKind.LICENCE: ("収集運搬", "処分"),
    ReadingKind.WASTE_CLASS: ("一般廃棄物", "産業廃棄物"),
}


def some(values: tuple[str, ...]) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


@st.composite
def readings(draw: st.DrawFn) -> Readings | None:
    found: list[Reading] = []
    for kind in draw(st.lists(st.sampled_from(list(ReadingKind)), max_size=6)):
        value: Any = (1.0, draw(st.sampled_from((1.0, 20.0))))
        if kind in (ReadingKind.MINIMUM_LOT, ReadingKind.CAPACITY):
            value = draw(st.sampled_from((1.0, 30.0)))
        elif kind is not ReadingKind.QUANTITY:
            value = draw(st.sampled_from(WORDS[kind]))
        phrase = draw(st.sampled_from(("竹", "タケ", "衣類")))
        found.append(Reading(kind, value, "description", 0, len(phrase), phrase))
    return draw(st.sampled_from((None, Readings(found))))


COMMON: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(("竹の引取先", "古着の回収と再利用について", "")),
    "prefecture": PREFECTURES,
    "materials": some(MATERIALS),
    "circulation_methods": some(("再資源化", "再使用")),
    "process_stages": some(("選別", "発酵")),
    "licences": some(("収集運搬", "処分")),
    "waste_class": st.sampled_from((None, "一般廃棄物", "産業廃棄物")),
    "readings": readings(),
}
NEEDS = st.builds(
    NeedFacts,
    id=st.just("need"),
    quantity_low=AMOUNTS,
    quantity_high=AMOUNTS,
    one_off=st.booleans(),
    partner_scope=st.sampled_from((None, *PartnerScope)),
    sought_kinds=some(("technology", "recycling_capacity")),
    **COMMON,
)
OFFERINGS = st.builds(
    OfferingFacts,
    id=st.just("offering"),
    kind=st.sampled_from((None, "technology", "recycling_capacity")),
    outputs=some(MATERIALS),
    capacity=AMOUNTS,
    free_capacity=AMOUNTS,
    minimum_lot=AMOUNTS,
    service_area=some(PLACES),
    **COMMON,
)


@settings(max_examples=150, deadline=None)
@given(NEEDS, st.lists(OFFERINGS, min_size=1, max_size=6))
def test_a_needs_features_are_those_of_each_pair(
    need: NeedFacts, offerings: list[OfferingFacts]
) -> None:
    scores = FieldScores(state(need), GEOGRAPHY, WEIGHTS)
    for offering in offerings:
        expected = list(field_features(assess(need, offering, GEOGRAPHY), 0.0))
        assert list(scores.features(state(offering))) == expected
        total = sum(WEIGHTS.get(name, 0.0) * value for name, value in expected)
        assert scores.total(state(offering)) == pytest.approx(total, abs=1e-9)


@settings(max_examples=150, deadline=None)
@given(OFFERINGS, st.lists(NEEDS, min_size=1, max_size=6))
def test_an_offerings_features_are_those_of_each_pair(
    offering: OfferingFacts, needs: list[NeedFacts]
) -> None:
    scores = FieldScores(state(offering), GEOGRAPHY, WEIGHTS)
    for need in needs:
        expected = list(field_features(assess(need, offering, GEOGRAPHY), 0.0))
        assert list(scores.features(state(need))) == expected


@settings(max_examples=60, deadline=None)
@given(NEEDS, st.lists(OFFERINGS, min_size=1, max_size=12), st.integers(1, 4))
def test_the_best_are_the_best_of_all(
    need: NeedFacts, offerings: list[OfferingFacts], top_k: int
) -> None:
    pool = [index_post(_numbered(offering, i)) for i, offering in enumerate(offerings)]
    ranking = PoolRanking(index_post(need), pool, None, Rules(geography=GEOGRAPHY))
    every = ranking.scores(range(len(pool)))
    order = sorted(range(len(pool)), key=lambda row: (-every[row], pool[row].facts.id))[:top_k]
    best = ranking.best(top_k)
    assert [place.id for place in best] == [pool[row].facts.id for row in order]
    for place, row in zip(best, order, strict=True):
        assert place.score == every[row] == pytest.approx(sum(place.parts.values()))
        findings = assess(need, pool[row].facts, GEOGRAPHY).findings
        assert place.reasons.findings[:-1] == findings


def test_both_sides_name_every_comparison() -> None:
    for post in (NeedFacts(id="n"), OfferingFacts(id="o")):
        assert len(state(post).keys) == len(COMPARISONS)


def _numbered(offering: OfferingFacts, number: int) -> OfferingFacts:
    return replace(offering, id=f"offering-{number:02}")
