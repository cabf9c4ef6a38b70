from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embeddings.encoder import SentenceTransformerEncoder
from embeddings.facts import NeedFacts, OfferingFacts, PartnerScope, TextPart
from embeddings.fusion import standardised
from embeddings.posts import IndexedPost, Post, PostVectors, embed_posts, index_post
from embeddings.ranking import Ranked, Rules
from embeddings.store import RankingIndex, TwoSidedIndex
from embeddings.structure import Constraint, Verdict
from embeddings.text import post_passages

OFFERINGS = (
    OfferingFacts(
        id="diapers",
        title="紙おむつの水平リサイクル",
        description="使用済みのおむつを洗い、取り出したパルプを新しいおむつの原料に戻します。",
        prefecture="鹿児島県",
        materials=("紙おむつ",),
        service_area=("九州",),
        minimum_lot=50,
        latitude=31.5,
        longitude=130.5,
    ),
    OfferingFacts(
        id="furniture",
        title="家具の譲り合いアプリ",
        description="住民どうしが写真を投稿し、まだ使える家具を手渡しします。",
        prefecture="東京都",
        service_area=("全国",),
    ),
    OfferingFacts(
        id="solar",
        title="太陽光パネルの分解",
        description="割れたパネルからガラスと銀を取り出します。",
        prefecture="福岡県",
        materials=("太陽光パネル",),
    ),
)
NEED = NeedFacts(
    id="need",
    title="おむつを燃やさずに済ませたい",
    description="施設から出る使用済みの紙おむつが焼却炉の負担になっている。",
    prefecture="宮崎県",
    materials=("紙おむつ",),
    quantity_low=80,
    quantity_high=80,
    partner_scope=PartnerScope.NEARBY,
    latitude=31.9,
    longitude=131.4,
)


def ready(encoder: SentenceTransformerEncoder | None, post: Post) -> IndexedPost[Post]:
    return index_post(post, embed_posts(encoder, [post])[0] if encoder else None)


@pytest.fixture(params=["vectors", "words alone"])
def index(
    request: pytest.FixtureRequest, encoder: SentenceTransformerEncoder, rules: Rules
) -> TwoSidedIndex:
    used = encoder if request.param == "vectors" else None
    index = TwoSidedIndex(used, rules=rules)
    index.offerings.upsert([ready(used, offering) for offering in OFFERINGS])
    index.needs.upsert([ready(used, NEED)])
    return index


def stored_need(index: TwoSidedIndex) -> IndexedPost[NeedFacts]:
    need = index.needs.get("need")
    assert need is not None
    return need


def check(ranking: list[Ranked]) -> None:
    for place in ranking:
        assert place.score == pytest.approx(sum(place.parts.values()))
        assert np.isfinite(place.score)
    assert [p.score for p in ranking] == sorted((p.score for p in ranking), reverse=True)


def test_the_right_offering_comes_first_with_its_reasons(index: TwoSidedIndex) -> None:
    ranking = index.offerings_for(stored_need(index))
    check(ranking)
    assert len(ranking) == 3
    best = ranking[0]
    assert best.id == "diapers"
    assert best.reasons.shared_materials == ("紙おむつ",)
    assert best.reasons.distance_km == pytest.approx(96, abs=3)
    verdicts = {f.constraint: f.verdict for f in best.reasons.findings}
    assert verdicts[Constraint.SERVICE_AREA] is Verdict.FULFILLED
    assert verdicts[Constraint.PARTNER_SCOPE] is Verdict.FULFILLED
    assert verdicts[Constraint.MINIMUM_LOT] is Verdict.FULFILLED
    pair = best.reasons.pair
    assert pair is not None
    assert pair.query.text == NEED.description[pair.query.start : pair.query.end]
    assert pair.document.text == OFFERINGS[0].description[pair.document.start : pair.document.end]


def test_needs_are_ranked_for_an_offering(index: TwoSidedIndex) -> None:
    offering = index.offerings.get("diapers")
    assert offering is not None
    ranking = index.needs_for(offering)
    check(ranking)
    assert [place.id for place in ranking] == ["need"]
    assert ranking[0].reasons.shared_materials == ("紙おむつ",)


def test_free_text_finds_both_sides(index: TwoSidedIndex) -> None:
    assert index.search_offerings("紙おむつ")[0].id == "diapers"
    assert index.search_needs("紙おむつを洗う")[0].id == "need"
    assert index.search_offerings(" \n") == []
    for odd in ["😀", "\x00", "竹", "長い文。" * 2_500, "ﾊﾟﾈﾙ", "\ud800"]:
        check(index.search_offerings(odd))


def test_a_violated_constraint_costs_the_place_but_stays_listed(index: TwoSidedIndex) -> None:
    far = replace(NEED, id="far", prefecture="北海道", partner_scope=None)
    ranking = index.offerings_for(index_post(far, stored_need(index).vectors))
    check(ranking)
    place = next(place for place in ranking if place.id == "diapers")
    assert place.parts["service_area"] < -2
    near = index.offerings_for(stored_need(index))
    assert place.score < near[0].score - 3


def test_a_replaced_post_is_found_by_its_new_text_only(
    index: TwoSidedIndex, encoder: SentenceTransformerEncoder
) -> None:
    used = encoder if stored_need(index).vectors else None
    new = replace(OFFERINGS[1], title="竹のチップ化", description="竹を粉砕します。")
    index.offerings.upsert([ready(used, new)])
    assert len(index.offerings) == 3
    assert index.search_offerings("竹を砕く")[0].id == "furniture"


def test_a_removed_post_leaves_at_once(index: TwoSidedIndex) -> None:
    index.offerings.remove(["diapers", "unknown"])
    assert "diapers" not in {place.id for place in index.offerings_for(stored_need(index))}
    index.offerings.remove(["furniture", "solar"])
    assert index.offerings_for(stored_need(index)) == []
    assert index.search_offerings("家具") == []


def test_a_choice_of_ids_narrows_the_ranking(index: TwoSidedIndex) -> None:
    ranking = index.offerings_for(stored_need(index), only={"solar", "furniture", "none"})
    assert {place.id for place in ranking} == {"solar", "furniture"}
    assert index.offerings_for(stored_need(index), only=set()) == []
    assert len(index.offerings_for(stored_need(index), top_k=1)) == 1


def test_one_document_is_scored_as_among_others(index: TwoSidedIndex) -> None:
    among = index.offerings_for(stored_need(index))[0]
    index.offerings.remove(["solar", "furniture"])
    [place] = index.offerings_for(stored_need(index))
    check([place])
    assert place.parts["words"] == among.parts["words"]
    assert place.score == pytest.approx(among.score, abs=0.05)


def test_a_post_whose_vectors_are_still_to_come_is_ranked_by_words(
    encoder: SentenceTransformerEncoder, rules: Rules
) -> None:
    index = TwoSidedIndex(encoder, rules=rules)
    index.offerings.upsert([ready(encoder, offering) for offering in OFFERINGS[1:]])
    index.offerings.upsert([index_post(OFFERINGS[0])])
    ranking = index.offerings_for(ready(encoder, NEED))
    check(ranking)
    assert ranking[0].id == "diapers"
    assert ranking[0].reasons.pair is not None


def test_vectors_of_another_model_are_refused() -> None:
    side = RankingIndex[OfferingFacts](dimension=4)
    vectors = PostVectors(np.ones(3, dtype=np.float32), np.ones((1, 3), dtype=np.float16))
    post = replace(OFFERINGS[0], title="", description="一文だけの説明です。")
    with pytest.raises(ValueError, match="length 4"):
        side.upsert([index_post(post, vectors)])
    assert len(side) == 0


def test_two_needs_cannot_be_ranked_for_each_other(rules: Rules) -> None:
    side = RankingIndex[NeedFacts](rules=rules)
    side.upsert([index_post(NEED)])
    with pytest.raises(TypeError, match="a need with offerings"):
        side.rank(index_post(replace(NEED, id="other")))


def test_vectors_survive_packing() -> None:
    numbers = np.random.default_rng(1)
    vectors = PostVectors(
        numbers.normal(size=5).astype(np.float32), numbers.normal(size=(3, 5)).astype(np.float16)
    )
    again = PostVectors.from_bytes(vectors.to_bytes(), 5)
    np.testing.assert_array_equal(again.whole, vectors.whole)
    np.testing.assert_array_equal(again.passages, vectors.passages)
    with pytest.raises(ValueError, match="another dimension"):
        PostVectors.from_bytes(vectors.to_bytes(), 7)


def test_vectors_of_an_older_text_are_not_used(encoder: SentenceTransformerEncoder) -> None:
    vectors = embed_posts(encoder, [NEED])[0]
    longer = replace(NEED, further=(TextPart("background", "背景がここに足されました。"),))
    assert len(post_passages(longer)) == len(vectors.passages) + 1
    assert index_post(longer, vectors).vectors is None


@st.composite
def synthetic_offerings(draw: st.DrawFn) -> list[IndexedPost[OfferingFacts]]:
    posts = []
    for number in range(draw(st.integers(1, 30))):
        words = draw(st.lists(st.sampled_from("紙竹油瓦灰"), min_size=1, max_size=6))
        facts = OfferingFacts(
            id=f"o{number}",
            description="".join(words),
            materials=draw(st.sampled_from([(), ("紙",), ("竹", "油")])),
            service_area=draw(st.sampled_from([(), ("全国",), ("沖縄県",)])),
            capacity=draw(st.sampled_from([None, 1.0, 1e6])),
        )
        values = draw(st.lists(st.integers(-3, 3), min_size=4, max_size=4))
        whole = np.array(values, dtype=np.float32)
        passages = np.array([values], dtype=np.float16)
        vectors = draw(st.sampled_from([None, PostVectors(whole, passages)]))
        posts.append(replace(index_post(facts), vectors=vectors, words=tuple(words)))
    return posts


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(synthetic_offerings(), st.integers(1, 12))
def test_the_best_places_are_those_of_the_whole_ranking(
    posts: list[IndexedPost[OfferingFacts]], top_k: int
) -> None:
    index = TwoSidedIndex(None, rules=Rules(), dimension=4)
    index.offerings.upsert(posts)
    need = replace(NEED, description="紙と竹。", title="", further=())
    vectors = PostVectors(
        np.array([1, 2, 0, 1], dtype=np.float32), np.array([[1, 0, 1, 0]], dtype=np.float16)
    )
    query = replace(index_post(need), vectors=vectors)
    everything = index.offerings_for(query, top_k=len(posts))
    check(everything)
    assert len(everything) == len(posts)
    best = index.offerings_for(query, top_k=top_k)
    assert [place.id for place in best] == [place.id for place in everything[:top_k]]


@pytest.mark.parametrize("size", [0, 1, 2, 10, 10_000])
def test_standardised_scores_are_finite_and_centred_at_any_size(size: int) -> None:
    values = np.random.default_rng(size).normal(size=size)
    scores = standardised(values, 0.5)
    assert scores.shape == (size,)
    assert np.isfinite(scores).all()
    if size:
        assert abs(scores.mean()) < 1e-9
        assert scores.std() <= 1
    assert not standardised(np.full(size, 3.0), 0.0).any()
