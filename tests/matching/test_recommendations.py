"""Recommendations say why, keep hidden numbers hidden, and take opinions."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from sqlalchemy import select

from embeddings.prospects import Prospect, Silence
from matchmaker.core.actor import VISITOR, Actor
from matchmaker.core.db import db
from matchmaker.matching.domain import Recommendation, Strength, strength_of, worth_showing
from matchmaker.matching.engine import current_engine
from matchmaker.matching.explanation import telling_sentence
from matchmaker.matching.models import RecommendationFeedback
from matchmaker.matching.service import recommendations_for, search
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts import queries
from matchmaker.posts.domain import PostKind
from tests.matching.conftest import index_all
from tests.posts.file_world import World, published, send

NEED_VALUES = {
    "title": "放置竹林の竹",
    "problem": "裏山の竹が年に百トンほど出て、置き場に困っています。",
    "materials": ["bamboo_wood"],
    "circulation_methods": ["local_resource_recycling"],
    "quantity_min": Decimal(120),
    "quantity_unit": "t",
    "quantity_period": "yearly",
    "quantity_low_tonnes_per_year": Decimal(120),
    "prefecture": "高知県",
    "partner_scope": "nationwide",
}
OFFERING_VALUES = {
    "title": "竹を炭にします",
    "description": "裏山の竹を引き取り、炭にして畑に返します。",
    "input_materials": ["bamboo_wood"],
    "circulation_methods": ["local_resource_recycling"],
    "capacity_tonnes_per_year": Decimal(500),
    "minimum_lot_tonnes_per_year": Decimal(300),
    "service_area": ["高知県", "愛媛県"],
    "prefecture": "高知県",
}


@pytest.fixture
def pair(world: World) -> tuple[uuid.UUID, uuid.UUID]:
    """A need of 120 t and an offering from 300 t on, both published and indexed."""
    with world.app.app_context():
        ids = published(world, NEED, **NEED_VALUES), published(world, OFFERING, **OFFERING_VALUES)
        published(
            world, OFFERING, title="古紙の回収", description="古紙を集めます。",
            input_materials=["paper"], service_area=["全国"],
        )  # fmt: skip
        index_all()
    return ids


def best(world: World, need_id: uuid.UUID, actor: Actor) -> Recommendation:
    need = queries.get(NEED, need_id)
    found = recommendations_for(current_engine(), NEED, need, actor)
    return next(r for r in found if r.post.title == "竹を炭にします")


def test_reasons_and_doubts_are_told_in_words(
    world: World, pair: tuple[uuid.UUID, uuid.UUID]
) -> None:
    with world.app.app_context():
        found = best(world, pair[0], world.secretariat)
    why = found.explanation
    assert "品目が合います：竹・木質" in why.reasons
    assert "循環の方法が合います：地域資源活用リサイクル" in why.reasons
    assert "対応できる地域です（高知県、愛媛県）" in why.reasons
    assert "量を受けられる能力があります（年500 tに対して年120 t）" in why.reasons
    assert why.doubts == ("最低の量に届きません（最低年300 t、ニーズは年120 t）",)
    assert found.strength is not Strength.STRONG, "a broken condition is never a strong match"


def test_changing_one_field_changes_exactly_its_reason(world: World) -> None:
    with world.app.app_context():
        need_id = published(world, NEED, **NEED_VALUES)
        published(world, OFFERING, **OFFERING_VALUES)
        far = {**OFFERING_VALUES, "title": "竹を炭にします 遠方", "service_area": ["北海道"]}
        far["description"] = "伐採した竹を受け入れ、炭に焼いて、燃料や土壌改良に使っています。"
        published(world, OFFERING, **far)
        index_all()
        need = queries.get(NEED, need_id)
        found = recommendations_for(current_engine(), NEED, need, world.secretariat)
        by_title = {r.post.title: r.explanation for r in found}
    near, away = by_title["竹を炭にします"], by_title["竹を炭にします 遠方"]
    assert set(near.reasons) - set(away.reasons) == {"対応できる地域です（高知県、愛媛県）"}
    assert set(away.doubts) - set(near.doubts) == {"対応できる地域の外です（対応：北海道）"}
    assert found[0].post.title == "竹を炭にします", "the one that fits comes first"


def test_visitors_read_nothing_of_amounts_that_are_for_members(
    world: World, pair: tuple[uuid.UUID, uuid.UUID]
) -> None:
    """No verdict follows from the field, which others' public amounts would bound; the public
    text still counts."""
    with world.app.app_context():
        why = best(world, pair[0], VISITOR).explanation
    amounts = [text for text in (*why.reasons, *why.doubts) if "最低の量" in text or "能力" in text]
    assert all("文章" in text for text in amounts)
    assert not any("120" in text for text in (*why.reasons, *why.doubts, *why.unknowns))
    page = world.app.test_client().get(f"/needs/{pair[0]}").text
    assert "120" not in page.split("<main")[1]


def test_members_only_posts_are_not_recommended_to_visitors(world: World) -> None:
    with world.app.app_context():
        need_id = published(world, NEED, **NEED_VALUES)
        published(world, OFFERING, **{**OFFERING_VALUES, "visibility": "members"})
        index_all()
        need = queries.get(NEED, need_id)
        engine = current_engine()
        assert recommendations_for(engine, NEED, need, VISITOR) == []
        assert len(recommendations_for(engine, NEED, need, world.stranger)) == 1
        assert search(engine, PostKind.OFFERING, "竹を炭に", VISITOR) == []
        assert len(search(engine, PostKind.OFFERING, "竹を炭に", world.stranger)) == 1


def test_both_sides_get_recommendations(world: World, pair: tuple[uuid.UUID, uuid.UUID]) -> None:
    with world.app.app_context():
        offering = queries.get(OFFERING, pair[1])
        found = recommendations_for(current_engine(), OFFERING, offering, world.secretariat)
    assert [r.post.id for r in found] == [pair[0]]


def test_no_number_of_the_machine_is_shown(world: World, pair: tuple[uuid.UUID, uuid.UUID]) -> None:
    client = world.client("editor")
    page = client.get(f"/needs/{pair[0]}").text
    with world.app.app_context():
        found = best(world, pair[0], world.editor)
        index = current_engine().index()
        need = index.needs.get(str(pair[0]))
        assert need is not None
        scores = [place.score for place in index.offerings_for(need)]
    assert found.strength_label in page
    for score in scores:
        assert f"{score:.2f}" not in page


def opinions(world: World) -> list[tuple[str, str]]:
    with world.app.app_context():
        rows = db.session.scalars(select(RecommendationFeedback)).all()
        return [(row.verdict, row.reason) for row in rows]


def test_opinions_are_kept_changed_and_taken_back(
    world: World, pair: tuple[uuid.UUID, uuid.UUID]
) -> None:
    client, path = world.client("editor"), f"/needs/{pair[0]}/recommendations/{pair[1]}"
    here = f"/needs/{pair[0]}"
    assert send(client, path, from_page=here, verdict="useful").status_code == 302
    assert opinions(world) == [("useful", "")]
    send(client, path, from_page=here, verdict="wrong", reason="area")
    assert opinions(world) == [("wrong", "area")]
    send(client, path, from_page=here, verdict="none")
    assert opinions(world) == []


def test_a_wrong_partner_needs_its_reason(world: World, pair: tuple[uuid.UUID, uuid.UUID]) -> None:
    client, path = world.client("editor"), f"/needs/{pair[0]}/recommendations/{pair[1]}"
    send(client, path, from_page=f"/needs/{pair[0]}", verdict="wrong")
    assert "どこが違うかを選んでください" in client.get(f"/needs/{pair[0]}").text
    assert opinions(world) == []


def test_others_may_not_judge_for_an_organisation(
    world: World, pair: tuple[uuid.UUID, uuid.UUID]
) -> None:
    client, path = world.client("stranger"), f"/needs/{pair[0]}/recommendations/{pair[1]}"
    assert send(client, path, from_page="/account", verdict="useful").status_code == 404
    assert opinions(world) == []


def test_the_page_says_when_only_words_are_compared(
    world: World, pair: tuple[uuid.UUID, uuid.UUID]
) -> None:
    page = world.app.test_client().get(f"/needs/{pair[0]}").text
    assert "いまは言葉の一致だけで並べています" in page


@pytest.mark.parametrize(
    "text", ["", "竹", "あ" * 10_000, "🎋", "ﾀｹ", "<script>alert(1)</script>", "%00", "' OR 1=1 --"]
)
def test_search_answers_whatever_is_typed(world: World, text: str) -> None:
    answer = world.app.test_client().get("/search", query_string={"q": text})
    assert answer.status_code == 200


def test_strength_has_three_steps() -> None:
    assert strength_of(9, has_violation=False) is Strength.STRONG
    assert strength_of(9, has_violation=True) is Strength.FAIR
    assert strength_of(0, has_violation=False) is Strength.WEAK


def test_what_cannot_be_told_is_left_out_after_the_third() -> None:
    assert worth_showing(None, 3, has_shared_material=False)
    assert not worth_showing(None, 4, has_shared_material=False)
    assert worth_showing(None, 4, has_shared_material=True)
    short = Prospect(0.9, 0.9, 0.9, silence=Silence.TEXT_TOO_SHORT)
    assert not worth_showing(short, 4, has_shared_material=False)


@pytest.mark.parametrize(
    ("together", "town", "has_shared_material", "expected"),
    [
        (0.01, 0.02, False, False),
        (0.06, 0.1, False, True),
        (0.01, 0.1, True, True),
        (0.001, 0.7, False, True),
    ],
)
def test_a_hopeless_place_is_left_out_even_as_the_first(
    together: float, town: float, has_shared_material: bool, expected: bool
) -> None:
    prospect = Prospect(together, town, 0.5)
    assert worth_showing(prospect, 1, has_shared_material) is expected


def test_a_long_piece_is_quoted_by_its_telling_sentence() -> None:
    text = "はじめに会社の紹介です。" * 8 + "竹を炭にします。" + "おわりに連絡先です。" * 3
    assert telling_sentence(text, "裏山の竹が困る。").startswith("竹を炭にします。")
    assert telling_sentence(" 短い文。 ", "竹") == "短い文。"
    assert telling_sentence("文" * 200, "竹") in "文" * 200


def test_what_the_own_post_leaves_open_is_told_once_to_those_who_can_write_it(
    world: World,
) -> None:
    with world.app.app_context():
        offering_id = published(world, OFFERING)
        for title in ("竹の山", "竹のやぶ"):
            published(world, title=title, waste_class="industrial")
        index_all()
    path = f"/offerings/{offering_id}"
    page = world.client("editor").get(path).text
    assert page.count("このシーズに、廃棄物の区分が書かれていません") == 1
    assert "このシーズに書き足すと" in page
    assert "どれに当たりますか" not in page, "the towns have stated it"
    assert "書き足すと" not in world.client("stranger").get(path).text
