"""Fitting is repeatable, monotone and honest about what was not judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from embeddings.ablation import VARIANTS, ablate
from embeddings.bench_folder import BenchFolder
from embeddings.facts import NeedFacts, OfferingFacts, PostFacts
from embeddings.features import FEATURES
from embeddings.geography import Geography
from embeddings.learning.calibration import calibration, counted_bands, shown
from embeddings.learning.fitting import Examples, fit_line, fit_weights
from embeddings.learning.judged import JudgedSet, judged_set, slices_of
from embeddings.learning.measuring import measure, values_by_need
from embeddings.learning.pairs import UNJUDGED, measure_texts, pair_table
from embeddings.learning.training import NothingToLearn, train
from embeddings.partnership import PartnershipModel
from embeddings.posts import PostVectors, index_post
from embeddings.ranking import Rules
from embeddings.reading.thesaurus import Thesaurus
from embeddings.store import TwoSidedIndex

TOPICS = ("竹の炭", "紙おむつの再生", "瓦の舗装材", "古着の糸", "廃食用油の燃料", "漁網の樹脂")
NOTHING = Thesaurus()
NOWHERE = Geography()


def folder(needs: int = 12) -> BenchFolder:
    """Needs and offerings of six topics; the offering of a need's topic solves it."""
    wanted = tuple(
        NeedFacts(
            id=f"n{i}",
            title=f"{TOPICS[i % 6]}の相談",
            description=f"{TOPICS[i % 6]}に困っています。引き取る会社を探しています。",
            materials=(TOPICS[i % 6],) if i % 2 else (),
        )
        for i in range(needs)
    )
    offered = tuple(
        OfferingFacts(
            id=f"o{i}",
            title=f"{TOPICS[i % 6]}を引き受けます",
            description=f"{TOPICS[i % 6]}を集めて工場で加工します。",
            materials=(TOPICS[i % 6],),
            service_area=("全国",),
        )
        for i in range(18)
    )
    grades = {n.id: {f"o{i % 6}": 3, f"o{i % 6 + 6}": 2} for i, n in enumerate(wanted)}
    return BenchFolder(wanted, offered, grades)


def ready(name: str = "set", needs: int = 12) -> JudgedSet:
    source = folder(needs)
    vectors = [
        [_vectors(post, number % 6) for number, post in enumerate(posts)]
        for posts in (source.needs, source.offerings)
    ]
    return judged_set(name, source, NOTHING, (vectors[0], vectors[1]))


def _vectors(post: PostFacts, topic: int) -> PostVectors:
    draw = np.random.default_rng(topic)
    common, own = np.ones(8), draw.normal(0, 0.5, 8)
    passages = np.tile(common + own, (len(index_post(post).passages), 1))
    return PostVectors((common + own).astype(np.float32), passages.astype(np.float16))


@pytest.fixture(scope="module")
def fitted() -> PartnershipModel:
    return train([ready()], NOWHERE, NOTHING, encoder="made up")


def test_the_same_sets_give_the_same_parameters(fitted: PartnershipModel) -> None:
    again = train([ready()], NOWHERE, NOTHING, encoder="made up")
    assert again.to_json() == fitted.to_json()
    assert min(fitted.weights.values()) >= 0
    assert PartnershipModel.from_json(fitted.to_json()).weights.keys() == fitted.weights.keys()


def test_the_table_of_pairs_says_what_the_product_says(fitted: PartnershipModel) -> None:
    source = ready()
    table = pair_table(source, fitted.text, NOWHERE, NOTHING)
    index = TwoSidedIndex(None, rules=Rules(NOWHERE, fitted, NOTHING), dimension=8)
    index.needs.upsert(source.needs)
    index.offerings.upsert(source.offerings)
    scores = table.scores(fitted)
    for row, need in enumerate(source.needs):
        for place in index.offerings_for(need, top_k=18):
            column = next(i for i, o in enumerate(source.offerings) if o.facts.id == place.id)
            assert place.score == pytest.approx(scores[row, column], abs=1e-4)


def test_a_fitted_ranking_finds_the_topic_and_its_figures_are_printed(
    fitted: PartnershipModel,
) -> None:
    figures = measure(fitted, ready(), NOWHERE, NOTHING)
    # The third offering of a topic is as near as those that were judged good.
    assert figures["ndcg10"] > 0.7
    assert figures["calibration"]["pairs"] == 12 * 10
    assert figures["calibration_of_all"]["pairs"] == 12 * 18
    result = ablate(ready(), Rules(NOWHERE, fitted, NOTHING))
    assert result["everything"]["ndcg10"] == pytest.approx(figures["ndcg10"], abs=1e-4)
    assert set(VARIANTS) < set(result)


def test_answers_of_people_count_by_their_weight_and_nothing_else_does() -> None:
    source = ready()
    said = {"n0": {"o0": 3, "o1": 0}, "n1": {"o1": 2}}
    answers = replace(
        source,
        folder=replace(source.folder, judgements=said),
        is_complete=False,
        weights={("n0", "o1"): 0.5},
    )
    table = pair_table(answers, measure_texts([source], NOWHERE, NOTHING, "x"), NOWHERE, NOTHING)
    assert (table.grades != UNJUDGED).sum() == 3
    assert table.weights[0, 1] == 0.5
    assert shown(table, table.values[..., 0]).sum() == 3
    assert not table.values[2].any(), "a pair that nobody judged is not even computed"
    model = train([source, answers], NOWHERE, NOTHING, encoder="x")
    assert np.isfinite(list(model.weights.values())).all()
    ndcg = values_by_need(table, table.scores(model))["ndcg10"]
    assert ndcg[0] == 1


def test_nothing_can_be_learnt_from_grades_of_one_kind() -> None:
    source = ready()
    empty = replace(source, folder=replace(source.folder, judgements={}))
    with pytest.raises(NothingToLearn):
        train([empty], NOWHERE, NOTHING, encoder="x")


def test_posts_that_were_never_compared_are_told_apart() -> None:
    source = folder(2)
    assert slices_of(source) == {}, "a set that names only what fits was searched as a whole"
    dense = replace(source, judgements={"n0": {"o0": 3, "o1": 0}, "n1": {"o2": 2, "o3": 0}})
    slices = slices_of(dense)
    assert slices["n0"] == slices["o0"] == slices["o1"]
    assert slices["n1"] == slices["o2"] != slices["n0"]
    linked = replace(dense, judgements={**dense.judgements, "n1": {"o2": 2, "o1": 0}})
    assert slices_of(linked) == {}


def test_weights_stay_where_they_are_expected_unless_pairs_say_otherwise() -> None:
    draw = np.random.default_rng(0)
    values = np.column_stack([draw.normal(size=400), np.zeros(400), draw.normal(size=400)])
    chance = 1 / (1 + np.exp(-(2 * values[:, 0] - values[:, 2])))
    answers = (draw.random(400) < chance).astype(np.float64)
    expected = np.array([0.5, 0.7, 0.5])
    weights, base = fit_weights(Examples(values, answers, np.ones(400)), expected, ridge=1.0)
    assert weights[0] > 1.2
    assert weights[1] == pytest.approx(0.7)
    assert weights[2] == 0, "what would have to be negative is left out"
    assert abs(base) < 0.5


def test_a_line_is_fitted_and_few_answers_give_no_certainty() -> None:
    draw = np.random.default_rng(1)
    totals = draw.normal(size=3_000)
    answers = (draw.random(3_000) < 1 / (1 + np.exp(-(1.5 * totals - 1)))).astype(np.float64)
    scale, base = fit_line(totals, answers, np.ones(3_000))
    assert scale == pytest.approx(1.5, abs=0.15)
    assert base == pytest.approx(-1, abs=0.15)
    assert fit_line(np.array([1.0]), np.array([1.0]), np.ones(1))[0] == 1
    scale, base = fit_line(np.array([0.0, 5.0]), np.array([0.0, 1.0]), np.ones(2))
    assert 0 < 1 / (1 + np.exp(-(scale * 5 + base))) < 0.95


def test_calibration_counts_what_came_true() -> None:
    told = np.array([0.05, 0.05, 0.95, 0.95, 1.0])
    good = np.array([0.0, 0.0, 1.0, 1.0, 0.0])
    found = calibration(told, good)
    assert found.pairs == 5
    assert [each.pairs for each in found.bins] == [2, 3]
    assert found.ece == pytest.approx((2 * 0.05 + 3 * abs(2.9 / 3 - 2 / 3)) / 5, abs=1e-3)
    assert calibration(np.zeros(0), np.zeros(0)).pairs == 0
    bands = counted_bands([told], [good])
    assert sum(band.pairs for band in bands) == 5
    assert bands[-1].good == 2


def test_every_feature_has_an_expected_weight_of_its_own() -> None:
    assert all(feature.expected > 0 for feature in FEATURES)
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)
