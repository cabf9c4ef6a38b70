from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.facts import NeedFacts, OfferingFacts, PartnerScope, Reading, ReadingKind
from embeddings.geography import Geography, distance_km, load_geography
from embeddings.refusals import find_refusals, refused_share
from embeddings.structure import (
    Assessment,
    Constraint,
    Finding,
    Origin,
    Verdict,
    assess,
)
from embeddings.words import content_words

NEED = NeedFacts(id="n")
OFFERING = OfferingFacts(id="o")


def verdict(
    geography: Geography, constraint: Constraint, need: NeedFacts, offering: OfferingFacts
) -> str:
    findings = assess(need, offering, geography).findings
    return next(f.verdict.value for f in findings if f.constraint is constraint)


def test_every_prefecture_is_there_and_neighbours_are_mutual(geography: Geography) -> None:
    assert len(geography.neighbours) == 47
    for prefecture, others in geography.neighbours.items():
        assert prefecture not in others
        assert all(prefecture in geography.neighbours[other] for other in others)
    assert not geography.neighbours["沖縄県"]
    assert geography.neighbours["長野県"] == {
        "群馬県", "埼玉県", "新潟県", "富山県", "山梨県", "岐阜県", "静岡県", "愛知県"
    }  # fmt: skip


@pytest.mark.parametrize(
    "pair",
    [("北海道", "青森県"), ("岡山県", "香川県"), ("山口県", "福岡県"), ("兵庫県", "徳島県")],
)
def test_prefectures_joined_by_a_crossing_are_near(
    geography: Geography, pair: tuple[str, str]
) -> None:
    assert geography.is_near(*pair)
    assert geography.is_near(*pair[::-1])


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        (("全国",), True),
        (("大阪府", "京都府"), True),
        (("近畿",), True),
        (("関東",), False),
        (("東京都", "四国"), False),
        (("堺市周辺",), None),
        (("堺市周辺", "大阪府"), True),
        ((), None),
    ],
)
def test_a_service_area_may_name_prefectures_regions_or_the_country(
    geography: Geography, area: tuple[str, ...], expected: bool | None
) -> None:
    assert geography.covers(area, "大阪府") is expected


def test_a_geography_with_an_unknown_neighbour_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(
        "neighbours: {東京都: [とうきょう]}\nregions: {関東: [東京都]}", encoding="utf-8"
    )
    with pytest.raises(ValueError, match="とうきょう"):
        load_geography(path)


def test_distance_needs_both_coordinates() -> None:
    tokyo = replace(NEED, latitude=35.6895, longitude=139.6917)
    osaka = replace(OFFERING, latitude=34.6863, longitude=135.5200)
    assert distance_km(tokyo, osaka) == pytest.approx(397, abs=3)
    assert distance_km(tokyo, OFFERING) is None
    assert distance_km(NEED, osaka) is None


@pytest.mark.parametrize(
    ("scope", "prefecture", "expected"),
    [
        (PartnerScope.NEARBY, "埼玉県", "fulfilled"),
        (PartnerScope.NEARBY, "東京都", "fulfilled"),
        (PartnerScope.NEARBY, "大阪府", "violated"),
        (PartnerScope.SAME_PREFECTURE, "埼玉県", "violated"),
        (PartnerScope.SAME_PREFECTURE, "東京都", "fulfilled"),
        (PartnerScope.COUNTRY, "沖縄県", "fulfilled"),
        (PartnerScope.NEARBY, None, "unknown"),
        (None, "大阪府", "unknown"),
    ],
)
def test_partner_scope_is_measured_from_the_offerings_prefecture(
    geography: Geography, scope: PartnerScope | None, prefecture: str | None, expected: str
) -> None:
    need = replace(NEED, prefecture="東京都", partner_scope=scope)
    offering = replace(OFFERING, prefecture=prefecture)
    assert verdict(geography, Constraint.PARTNER_SCOPE, need, offering) == expected


@pytest.mark.parametrize(
    ("need", "offering", "expected"),
    [
        ({"quantity_low": 5, "quantity_high": 20}, {"minimum_lot": 10}, "fulfilled"),
        ({"quantity_low": 5, "quantity_high": 9}, {"minimum_lot": 10}, "violated"),
        ({"quantity_high": 9, "one_off": True}, {"minimum_lot": 10}, "unknown"),
        ({"quantity_high": 9}, {}, "unknown"),
        ({}, {"minimum_lot": 10}, "unknown"),
    ],
)
def test_a_minimum_lot_is_reached_by_the_upper_end_of_a_range(
    geography: Geography, need: dict[str, Any], offering: dict[str, Any], expected: str
) -> None:
    pair = replace(NEED, **need), replace(OFFERING, **offering)
    assert verdict(geography, Constraint.MINIMUM_LOT, *pair) == expected


@pytest.mark.parametrize(
    ("need", "offering", "expected"),
    [
        ({"quantity_low": 5, "quantity_high": 20}, {"capacity": 10}, "fulfilled"),
        ({"quantity_low": 15}, {"capacity": 10}, "partly"),
        ({"quantity_low": 15}, {"capacity": 90, "free_capacity": 10}, "partly"),
        ({"quantity_low": 15}, {"capacity": 90, "free_capacity": 0}, "violated"),
        ({"quantity_low": 15, "one_off": True}, {"capacity": 10}, "unknown"),
        ({"quantity_low": 15}, {"capacity": 10, "kind": "technology"}, "unknown"),
    ],
)
def test_too_little_capacity_is_part_of_a_solution(
    geography: Geography, need: dict[str, Any], offering: dict[str, Any], expected: str
) -> None:
    pair = replace(NEED, **need), replace(OFFERING, **offering)
    assert verdict(geography, Constraint.CAPACITY, *pair) == expected


def test_licences_are_compared_only_where_both_sides_name_some(geography: Geography) -> None:
    need = replace(NEED, licences=("収集運搬",))
    holds = replace(OFFERING, licences=("収集運搬", "処分"))
    other = replace(OFFERING, licences=("処分",))
    found = [verdict(geography, Constraint.LICENCES, need, o) for o in (holds, other, OFFERING)]
    assert found == ["fulfilled", "violated", "unknown"]


@given(st.data())
def test_empty_fields_count_for_and_against_nobody(data: st.DataObject) -> None:
    full = replace(
        OFFERING,
        materials=data.draw(st.sampled_from([("竹",), ()])),
        kind=data.draw(st.sampled_from(["technology", None])),
        service_area=data.draw(st.sampled_from([("北海道",), ()])),
        minimum_lot=data.draw(st.sampled_from([10.0, None])),
    )
    assessment = assess(NEED, full, Geography())
    assert {finding.verdict for finding in assessment.findings} == {Verdict.UNKNOWN}


@pytest.mark.parametrize(
    "text",
    ["紙の本の引取りは行いません。", "車の管理は含みません。", "貸出・予約機能なし。"],
)
def test_what_is_not_done_is_a_refusal(text: str) -> None:
    assert find_refusals(replace(OFFERING, description=text))


def test_a_refusing_sentence_counts_against_the_needs_that_it_names() -> None:
    text = "古着を選別し、綿はウエスにします。羽毛ふとん、寝具は取り扱っておりません。"
    refusals = find_refusals(replace(OFFERING, description=text))
    assert [refusal.passage.text for refusal in refusals] == [
        "羽毛ふとん、寝具は取り扱っておりません。"
    ]
    share, finding = refused_share(content_words("使わなくなった羽毛ふとんを再生したい"), refusals)
    assert share > 0.5
    assert finding.verdict is Verdict.VIOLATED
    assert finding.offering_value == "羽毛ふとん、寝具は取り扱っておりません。"
    share, finding = refused_share(content_words("古着を集めたが行き先がない"), refusals)
    assert share == 0
    assert finding.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "text", ["規格外品の野菜を使います。", "不可欠な技術です。", "費用はかかりません。", ""]
)
def test_a_sentence_that_refuses_nothing_is_no_refusal(text: str) -> None:
    assert find_refusals(replace(OFFERING, description=text)) == ()


def _read(kind: ReadingKind, value: str | float | tuple[float, float], phrase: str) -> Reading:
    return Reading(kind, value, "description", 0, len(phrase), phrase)


def _finding(assessment: Assessment, constraint: Constraint) -> Finding:
    return next(f for f in assessment.findings if f.constraint is constraint)


def test_a_reading_stands_in_for_an_empty_field_and_says_so(geography: Geography) -> None:
    need = replace(NEED, prefecture="東京都", quantity_low=5.0, quantity_high=5.0)
    offering = replace(
        OFFERING,
        readings=(
            _read(ReadingKind.SERVICE_AREA, "九州", "九州のみ"),
            _read(ReadingKind.MINIMUM_LOT, 500.0, "最低500トンから"),
        ),
    )
    assessment = assess(need, offering, geography)
    area = _finding(assessment, Constraint.SERVICE_AREA)
    assert (area.verdict, area.offering_origin, area.phrase) == (
        Verdict.VIOLATED,
        Origin.TEXT,
        "九州のみ",
    )
    lot = _finding(assessment, Constraint.MINIMUM_LOT)
    assert (lot.verdict, lot.need_origin, lot.phrase) == (
        Verdict.VIOLATED,
        Origin.FIELD,
        "最低500トンから",
    )


def test_a_field_wins_over_what_was_read(geography: Geography) -> None:
    need = replace(NEED, prefecture="東京都")
    reading = _read(ReadingKind.SERVICE_AREA, "九州", "九州のみ")
    offering = replace(OFFERING, service_area=("全国",), readings=(reading,))
    area = _finding(assess(need, offering, geography), Constraint.SERVICE_AREA)
    assert (area.verdict, area.offering_origin, area.phrase) == (
        Verdict.FULFILLED,
        Origin.FIELD,
        "",
    )


@pytest.mark.parametrize(
    ("materials", "outputs", "expected"),
    [((), ("竹",), ("竹",)), (("竹",), ("竹",), ()), ((), (), ()), (("紙",), ("竹",), ("竹",))],
)
def test_a_material_that_is_only_sold_is_told_apart_from_one_taken_in(
    materials: tuple[str, ...], outputs: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    offering = replace(OFFERING, materials=materials, outputs=outputs)
    assessment = assess(replace(NEED, materials=("竹",)), offering, Geography())
    assert assessment.only_sold == expected


@pytest.mark.parametrize(
    ("kind", "reads", "expected"),
    [
        ("technology", (ReadingKind.OUTPUT,), ("竹",)),
        ("sharing_service", (ReadingKind.OUTPUT,), ("竹",)),
        ("technology", (ReadingKind.OUTPUT, ReadingKind.MATERIAL), ()),
        ("recycling_capacity", (ReadingKind.OUTPUT,), ()),
        ("technology", (), ()),
    ],
)
def test_a_seller_who_fills_in_the_goods_as_material_takes_nothing_in(
    kind: str, reads: tuple[ReadingKind, ...], expected: tuple[str, ...]
) -> None:
    readings = tuple(_read(each, "竹", "竹") for each in reads)
    offering = replace(OFFERING, kind=kind, materials=("竹",), readings=readings)
    assessment = assess(replace(NEED, materials=("竹",)), offering, Geography())
    assert assessment.only_sold == expected
    assert bool(assessment.shared_materials) is not bool(expected)


@pytest.mark.parametrize(
    ("need", "offering", "shared", "is_known"),
    [
        (("その他",), ("その他",), (), False),
        (("その他", "紙"), ("その他", "竹"), (), False),
        (("その他", "竹"), ("その他", "竹"), ("竹",), True),
        (("その他",), ("竹",), (), True),
    ],
)
def test_other_is_nothing_that_is_shared(
    need: tuple[str, ...], offering: tuple[str, ...], shared: tuple[str, ...], *, is_known: bool
) -> None:
    found = assess(
        replace(NEED, materials=need), replace(OFFERING, materials=offering), Geography()
    ).materials
    assert (found.shared, found.is_known) == (shared, is_known)


def test_closed_for_now_wins_over_the_whole_capacity_but_not_over_what_is_free() -> None:
    closed = (_read(ReadingKind.CAPACITY, 0.0, "受付を締め切りました"),)
    offering = replace(OFFERING, capacity=300.0, readings=closed)
    capacity = _finding(assess(NEED, offering, Geography()), Constraint.CAPACITY)
    assert (capacity.verdict, capacity.phrase) == (Verdict.VIOLATED, "受付を締め切りました")
    free = replace(offering, free_capacity=50.0)
    told = _finding(assess(NEED, free, Geography()), Constraint.CAPACITY)
    assert (told.offering_value, told.offering_origin) == (50.0, Origin.FIELD)


def test_compared_terms_tell_where_they_come_from() -> None:
    need = replace(NEED, materials=("竹", "紙"))
    offering = replace(OFFERING, readings=(_read(ReadingKind.MATERIAL, "竹", "孟宗竹"),))
    materials = assess(need, offering, Geography()).materials
    assert (materials.share, materials.is_known, materials.is_inferred) == (0.5, True, True)
    assert (materials.need_origin, materials.offering_origin) == (Origin.FIELD, Origin.TEXT)
    assert not assess(need, OFFERING, Geography()).materials.is_known


def test_a_sorter_is_no_composter() -> None:
    need = replace(NEED, readings=(_read(ReadingKind.STAGE, "堆肥化・メタン発酵", "堆肥化"),))
    sorter = replace(OFFERING, process_stages=("選別",))
    stages = assess(need, sorter, Geography()).stages
    assert (stages.is_known, stages.shared) == (True, ())


@pytest.mark.parametrize(
    ("need_phrase", "offering_materials", "expected"),
    [
        ("布団", (), Verdict.VIOLATED),
        ("敷ふとん", ("羽毛・寝具",), Verdict.VIOLATED),
        ("羽毛", ("羽毛・寝具",), Verdict.UNKNOWN),
    ],
)
def test_what_is_refused_in_part_only_turns_away_the_very_thing(
    need_phrase: str, offering_materials: tuple[str, ...], expected: Verdict
) -> None:
    need = replace(NEED, readings=(_read(ReadingKind.MATERIAL, "羽毛・寝具", need_phrase),))
    offering = replace(
        OFFERING,
        materials=offering_materials,
        readings=(_read(ReadingKind.EXCLUDED, "羽毛・寝具", "敷ふとん"),),
    )
    finding = _finding(assess(need, offering, Geography()), Constraint.EXCLUDED)
    assert finding.verdict is expected


@pytest.mark.parametrize(
    ("need", "offering", "constraint", "expected"),
    [
        ({"waste_class": "一般廃棄物"}, (ReadingKind.WASTE_CLASS, "産業廃棄物"),
         Constraint.WASTE_CLASS, "violated"),
        ({"waste_class": "産業廃棄物"}, (ReadingKind.WASTE_CLASS, "産業廃棄物"),
         Constraint.WASTE_CLASS, "fulfilled"),
        ({}, (ReadingKind.WASTE_CLASS, "産業廃棄物"), Constraint.WASTE_CLASS, "unknown"),
        ({"one_off": True}, (ReadingKind.ONE_OFF, "継続のみ"), Constraint.ONE_OFF, "violated"),
        ({"one_off": True}, (ReadingKind.ONE_OFF, "1回かぎり"), Constraint.ONE_OFF, "fulfilled"),
        ({}, (ReadingKind.ONE_OFF, "継続のみ"), Constraint.ONE_OFF, "unknown"),
        ({"quantity_low": 1}, (ReadingKind.MINIMUM_LOT, 0.0), Constraint.MINIMUM_LOT, "fulfilled"),
        ({"licences": ("A",)}, (ReadingKind.LICENCE, "B"), Constraint.LICENCES, "unknown"),
        ({"licences": ("A",)}, (ReadingKind.LICENCE, "A"), Constraint.LICENCES, "fulfilled"),
    ],
)  # fmt: skip
def test_conditions_read_in_an_offerings_text(
    need: dict[str, Any],
    offering: tuple[ReadingKind, str | float],
    constraint: Constraint,
    expected: str,
) -> None:
    kind, value = offering
    read = replace(OFFERING, readings=(_read(kind, value, "…"),))
    found = _finding(assess(replace(NEED, **need), read, Geography()), constraint)
    assert found.verdict.value == expected


@pytest.mark.parametrize(
    ("scope", "expected"),
    [("九州", "violated"), ("関東", "fulfilled"), ("埼玉県", "fulfilled"), ("火星", "unknown")],
)
def test_a_partner_may_be_wished_for_in_a_region(
    geography: Geography, scope: str, expected: str
) -> None:
    need = replace(NEED, readings=(_read(ReadingKind.PARTNER_SCOPE, scope, scope),))
    offering = replace(OFFERING, prefecture="埼玉県")
    assert verdict(geography, Constraint.PARTNER_SCOPE, need, offering) == expected
