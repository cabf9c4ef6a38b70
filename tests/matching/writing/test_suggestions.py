"""Suggestions from readings, and the field that would change the ranking most."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from embeddings.facts import NeedFacts, OfferingFacts, PostFacts, Reading, ReadingKind
from embeddings.posts import index_post
from embeddings.store import TwoSidedIndex
from matchmaker.core.fields import Choice
from matchmaker.matching.engine import GEOGRAPHY, geography
from matchmaker.matching.writing.missing import ask, moves
from matchmaker.matching.writing.suggestions import SuggestionMaker, shortened, understood
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts.domain import PostKind

MATERIALS = (Choice("bamboo", "放置竹林・竹材"), Choice("paper", "古紙・雑がみ"))


def maker(kind: PostKind) -> SuggestionMaker:
    table = (NEED if kind is PostKind.NEED else OFFERING).table
    return SuggestionMaker(kind, table.by_name, MATERIALS, geography(GEOGRAPHY))


def reading(kind: ReadingKind, value: Any, phrase: str = "ことば") -> Reading:
    return Reading(kind, value, "description", 0, len(phrase), phrase)


def test_several_phrases_of_one_thing_make_one_suggestion() -> None:
    found = maker(PostKind.NEED).suggestions(
        [
            reading(ReadingKind.MATERIAL, "放置竹林・竹材", "孟宗竹"),
            reading(ReadingKind.MATERIAL, "放置竹林・竹材", "竹林"),
            reading(ReadingKind.MATERIAL, "知らない品目", "なにか"),
        ],
        {},
    )
    (only,) = found
    assert only.key == "materials:bamboo"
    assert only.phrases == ("孟宗竹", "竹林")
    assert only.changes == {"materials": ("bamboo",)}


def test_what_is_chosen_already_is_not_suggested_and_a_full_field_takes_no_more() -> None:
    material = reading(ReadingKind.MATERIAL, "放置竹林・竹材")
    make = maker(PostKind.NEED)
    assert make.suggestions([material], {"materials": ["bamboo"]}) == []
    assert make.suggestions([material], {"materials": [f"m{n}" for n in range(10)]}) == []


@pytest.mark.parametrize(
    ("value", "one_off", "label", "low", "high", "period"),
    [
        ((300.0, 300.0), False, "年間 300 t", "300", "", "yearly"),
        ((0.5, 1200.0), False, "年間 0.5〜1,200 t", "0.5", "1200", "yearly"),
        ((20.0, 20.0), True, "20 t（1回かぎり）", "20", "", "one_off"),
    ],
)
def test_a_quantity_fills_its_four_fields(
    value: tuple[float, float], one_off: bool, label: str, low: str, high: str, period: str
) -> None:
    readings = [reading(ReadingKind.QUANTITY, value)]
    readings += [reading(ReadingKind.ONE_OFF, "1回かぎり")] if one_off else []
    (found,) = maker(PostKind.NEED).suggestions(readings, {})
    assert found.value_label == label
    assert found.changes == {
        "quantity_min": low, "quantity_max": high, "quantity_unit": "t", "quantity_period": period,
    }  # fmt: skip
    values = {
        "quantity_min": Decimal(low), "quantity_max": Decimal(high) if high else None,
        "quantity_unit": "t", "quantity_period": period,
    }  # fmt: skip
    assert maker(PostKind.NEED).suggestions(readings, values) == []


def test_a_condition_that_differs_from_its_field_is_told_with_both_values() -> None:
    lot = reading(ReadingKind.MINIMUM_LOT, 500.0, "最低500トンから")
    name = "minimum_lot_tonnes_per_year"
    (found,) = maker(PostKind.OFFERING).suggestions([lot], {name: Decimal(300)})
    assert (found.value_label, found.present) == ("500 t/年", "300 t/年")
    assert found.is_condition
    assert maker(PostKind.OFFERING).suggestions([lot], {name: Decimal(500)}) == []


def test_a_region_becomes_its_prefectures() -> None:
    area = reading(ReadingKind.SERVICE_AREA, "四国", "四国のみ対応")
    (found,) = maker(PostKind.OFFERING).suggestions([area], {"service_area": ["香川県"]})
    assert set(found.changes["service_area"]) == {"徳島県", "愛媛県", "高知県"}


def test_what_no_field_holds_is_only_told() -> None:
    excluded = reading(ReadingKind.EXCLUDED, "塩ビ", "塩ビは対象外")
    assert maker(PostKind.OFFERING).suggestions([excluded], {}) == []
    (told,) = understood(PostKind.OFFERING, [excluded, excluded])
    assert (told.label, told.phrase) == ("受け入れないもの", "塩ビは対象外")
    assert len(shortened("長い\n" * 100)) <= 40


def test_moves_counts_places_and_those_that_leave() -> None:
    assert moves(["a", "b"], ["a", "b"]) == 0
    assert moves(["a", "b"], ["b", "a"]) == 1
    assert moves(["a", "b"], ["c", "d"]) == 1.5
    assert moves([], []) == 0


def offerings() -> list[OfferingFacts]:
    kept = [("放置竹林・竹材", "竹を炭にします"), ("古紙・雑がみ", "紙を再生します")]
    return [
        OfferingFacts(id=f"o{n:02}", title=text, description=text, materials=(material,))
        for n in range(30)
        for material, text in [kept[n % 2]]
    ]


def asked(facts: NeedFacts, seconds: float = 5.0) -> Any:
    index = TwoSidedIndex(None)
    index.offerings.upsert([index_post(each) for each in offerings()])

    def rank(query: Any, count: int, only: Sequence[str] | None) -> list[str]:
        return [place.id for place in index.offerings_for(query, top_k=count, only=only)]

    def facts_of(id_: str) -> PostFacts | None:
        found = index.offerings.get(id_)
        return found.facts if found else None

    return ask(PostKind.NEED, index_post(facts), rank, facts_of, seconds=seconds)


def test_the_ranking_asks_for_the_material_where_it_decides() -> None:
    vague = NeedFacts(id="n", title="使いみちがない", description="引き取り先を探しています")
    found = asked(vague)
    assert found is not None
    assert found.field == "materials"
    assert found.moved > 0 or found.reordered


def test_what_was_read_or_filled_is_not_asked_for_and_time_is_bounded() -> None:
    material = reading(ReadingKind.MATERIAL, "放置竹林・竹材", "竹")
    vague = NeedFacts(id="n", title="使いみちがない", description="竹", readings=(material,))
    found = asked(vague)
    assert found is None or found.field != "materials"
    assert asked(vague, seconds=0.0) is None
