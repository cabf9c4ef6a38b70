from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from embeddings.reading.aligned import align
from embeddings.reading.thesaurus import (
    BadVocabulary,
    Concept,
    ConceptKind,
    Thesaurus,
    load_thesaurus,
)
from embeddings.words import content_words, normalise

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="module")
def shipped() -> Thesaurus:
    return load_thesaurus(SEEDS / "vocabulary")


def test_the_shipped_vocabulary_names_every_material_and_only_those(shipped: Thesaurus) -> None:
    content = yaml.safe_load((SEEDS / "reference" / "materials.yaml").read_text(encoding="utf-8"))
    materials = {entry["name"] for entry in content}
    values = {c.value for c in shipped.concepts if c.kind is ConceptKind.MATERIAL}
    assert values == materials


def test_the_shipped_vocabulary_is_large_and_says_where_its_words_come_from(
    shipped: Thesaurus,
) -> None:
    assert 150 <= len(shipped.concepts) <= 300
    assert all(concept.source and concept.label and concept.terms for concept in shipped.concepts)
    assert {concept.kind for concept in shipped.concepts} == set(ConceptKind)


def test_a_shipped_term_belongs_to_one_concept(shipped: Thesaurus) -> None:
    owners: dict[str, str] = {}
    for concept in shipped.concepts:
        for term in concept.terms:
            plain = normalise(term).strip()
            assert owners.setdefault(plain, concept.code) == concept.code, term


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("廃プラを運ぶ", ["product_plastic"]),
        ("プラントを建てる", []),
        ("ＰＥＴボトルと古着", ["pet_bottle", "clothing"]),
        ("ｶﾞﾗｽびん", ["glass_bottle"]),
        ("竹を切る", ["bamboo"]),
        ("竹内さん", []),
        ("タイヤショベル", []),
        ("ダウンロード", []),
        ("畳とランドセルとスキー板", ["tatami", "school_bag", "ski"]),
        ("6畳の部屋で折り畳む", []),
        ("醤油粕と天ぷら廃油", ["factory_food_residue", "cooking_oil"]),
        ("靴下と傘下のスキー場", []),
        ("放置竹林の孟宗竹", ["bamboo", "bamboo"]),
        ("", []),
    ],
)
def test_terms_are_found_where_they_stand_alone(
    shipped: Thesaurus, text: str, expected: list[str]
) -> None:
    assert [mention.concept.code for mention in shipped.find(text)] == expected


def test_the_longest_term_wins() -> None:
    short = Concept(code="a", kind=ConceptKind.MATERIAL, label="紙", town_terms=("古紙",))
    long = Concept(code="b", kind=ConceptKind.STAGE, label="回収", company_terms=("古紙回収",))
    other = Concept(code="c", kind=ConceptKind.ISSUE, label="他", not_in=("古紙問屋",))
    found = Thesaurus([short, long, other]).find("古紙の古紙回収と古紙問屋")
    assert [(m.concept.code, m.phrase) for m in found] == [("a", "古紙"), ("b", "古紙回収")]


@given(st.text(max_size=60))
def test_mentions_are_literal_pieces_in_order(shipped: Thesaurus, text: str) -> None:
    text = f"{text}紙おむつ{text}ﾊﾞｹﾂ"
    end = 0
    for mention in shipped.find(text):
        assert text[mention.start : mention.end] == mention.phrase
        assert mention.start >= end
        end = mention.end


@given(st.text())
def test_the_plain_form_leads_back_to_the_text(text: str) -> None:
    aligned = align(text)
    for at in range(len(aligned.plain)):
        start, end = aligned.span(at, at + 1)
        assert 0 <= start < end <= len(text)


def test_further_words_lead_from_the_towns_words_to_the_companies_and_back(
    shipped: Thesaurus,
) -> None:
    for query, word in [
        ("粗大ごみ", "中古"), ("粗大ごみ", "リペアー"), ("浄化槽汚泥", "メタン"),
        ("紙おむつ", "衛生"), ("使用済み衛生用品", content_words("おむつ")[0]),
        ("食品ロス", "フード"),
    ]:  # fmt: skip
        found = shipped.expansions(content_words(query))
        assert word in found, query
        assert all(0 < weight < 1 for weight in found.values())
        assert not set(found) & set(content_words(query))
    assert shipped.expansions([]) == {}
    assert shipped.expansions(content_words("お知らせ")) == {}


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("大切な物", "陶磁器"),
        ("施設の利用", "間伐"),
        ("苦情への対応", "少量"),
        ("学校の職員", "閉校"),
    ],
)
def test_a_fragment_of_a_term_does_not_name_its_concept(
    shipped: Thesaurus, text: str, foreign: str
) -> None:
    """せともの leaves 物, 未利用材 利用, 小ロット対応 対応, 学校じまい 学校."""
    assert foreign not in shipped.expansions(content_words(text))


def test_neutral_parts_of_a_term_do_not_hide_its_core(shipped: Thesaurus) -> None:
    assert "ゴム" in shipped.expansions(content_words("タイヤの山"))
    assert "コンポスト" in shipped.expansions(content_words("落ち葉の堆肥"))


@pytest.mark.parametrize(
    "content",
    [
        "kind: material\nsource: x\n",
        "kind: nothing\nsource: x\nconcepts: []\n",
        "kind: material\nsource: x\nconcepts: [{label: a}]\n",
        "kind: material\nsource: x\nconcepts: [{code: a, label: a}, {code: a, label: b}]\n",
    ],
)
def test_a_malformed_vocabulary_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "words.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(BadVocabulary):
        load_thesaurus(tmp_path)


def test_a_folder_without_a_vocabulary_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadVocabulary):
        load_thesaurus(tmp_path)
