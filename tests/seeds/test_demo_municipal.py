"""The demo content of municipalities is complete, valid, varied and visibly invented."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from matchmaker.core.cleaning import clean_record
from matchmaker.core.fields import FieldKind
from matchmaker.needs.fields import NEED_FIELDS
from matchmaker.organizations import domain
from matchmaker.posts.domain import CLOSE_REASONS, PostState, quantity_rule
from matchmaker.posts.vocabulary import CIRCULATION_METHODS, QUANTITY_PERIODS, QUANTITY_UNITS
from tests.seeds.seed_files import (
    SEEDS,
    Entry,
    ShippedVocabularies,
    as_stored,
    keys_of,
    materials,
    municipalities,
    near_duplicates,
    prefecture_of_municipality,
    read_list,
)

NEED_FILES = sorted((SEEDS / "demo" / "needs").glob("*.yaml"))
OWN_KEYS = {"key", "organization", "state", "close_reason", "close_note", "solved_with"}
ORGANIZATION_FIELDS = {
    "key", "name", "kana", "category", "prefecture", "located_near", "website", "description",
}  # fmt: skip
REGIONS = (
    ("北海道",),
    ("宮城県", "秋田県", "山形県"),
    ("茨城県", "埼玉県", "東京都"),
    ("新潟県", "富山県", "長野県", "岐阜県", "愛知県"),
    ("京都府", "大阪府", "奈良県"),
    ("島根県", "広島県"),
    ("愛媛県",),
    ("福岡県", "大分県", "鹿児島県", "沖縄県"),
)
READING_OF_SUFFIX = {
    "市": ("シ",),
    "区": ("ク",),
    "町": ("チョウ", "マチ"),
    "村": ("ムラ", "ソン"),
}


@cache
def organizations() -> tuple[Entry, ...]:
    """The invented municipalities."""
    return tuple(read_list(SEEDS / "demo" / "organizations-municipal.yaml"))


@cache
def needs() -> tuple[Entry, ...]:
    """All demo needs, file by file."""
    return tuple(entry for path in NEED_FILES for entry in read_list(path))


def texts_of(entry: Entry) -> str:
    """All that is written in sentences in a need."""
    wordy = NEED_FIELDS.of_kind(FieldKind.LINE, FieldKind.TEXT)
    return "\n".join(entry.get(spec.name, "") for spec in wordy)


@pytest.mark.parametrize("entry", organizations(), ids=keys_of(organizations()))
def test_a_municipality_passes_the_rules_of_the_product(entry: Entry) -> None:
    assert set(entry) == ORGANIZATION_FIELDS
    assert entry["category"] == domain.MUNICIPALITY
    data = domain.OrganizationData(
        name=entry["name"],
        category=entry["category"],
        prefecture=entry["prefecture"],
        kana=entry["kana"],
        website=entry["website"],
        description=entry["description"],
        is_demo=True,
    )
    assert domain.problems_of(domain.normalized(data)) == {}
    assert entry["website"].endswith(".example")
    assert prefecture_of_municipality()[entry["located_near"]] == entry["prefecture"]


@pytest.mark.parametrize("entry", organizations(), ids=keys_of(organizations()))
def test_a_municipality_is_invented(entry: Entry) -> None:
    real = {row["city"] for row in municipalities()}
    assert entry["name"] not in real
    assert entry["name"][:-1] not in {name[:-1] for name in real}


@pytest.mark.parametrize("entry", organizations(), ids=keys_of(organizations()))
def test_the_reading_of_a_name_ends_like_its_suffix(entry: Entry) -> None:
    assert re.fullmatch(r"[ァ-ヶー]+", entry["kana"])
    assert entry["kana"].endswith(READING_OF_SUFFIX[entry["name"][-1]])


@pytest.mark.parametrize("entry", organizations(), ids=keys_of(organizations()))
def test_a_description_has_two_or_three_sentences_without_gaps(entry: Entry) -> None:
    assert 2 <= entry["description"].count("。") <= 3
    assert not re.search(r"\s", entry["description"])


def test_no_two_municipalities_share_a_key_name_or_site() -> None:
    for name in ("key", "name", "kana", "website", "located_near"):
        values = keys_of(organizations(), name)
        assert len(set(values)) == len(values), name


def test_the_town_of_the_demo_sign_in_comes_first() -> None:
    assert organizations()[0]["key"] == "town-demo"


def test_municipalities_come_from_every_region() -> None:
    prefectures = {entry["prefecture"] for entry in organizations()}
    assert all(prefectures & set(region) for region in REGIONS)
    assert len(organizations()) == 22


@pytest.mark.parametrize("entry", needs(), ids=keys_of(needs()))
def test_a_need_passes_the_rules_of_the_product(entry: Entry) -> None:
    assert set(entry) - OWN_KEYS <= set(NEED_FIELDS.by_name)
    cleaned = clean_record(
        NEED_FIELDS, entry, ShippedVocabularies(), complete=True, rules=[quantity_rule]
    )
    assert cleaned.errors == {}
    for name in set(entry) - OWN_KEYS:
        assert cleaned.values[name] == as_stored(entry[name]), name


@pytest.mark.parametrize("entry", needs(), ids=keys_of(needs()))
def test_a_need_stands_in_the_prefecture_of_its_municipality(entry: Entry) -> None:
    home = {organization["key"]: organization["prefecture"] for organization in organizations()}
    assert home[entry["organization"]] == entry["prefecture"]


@pytest.mark.parametrize("entry", needs(), ids=keys_of(needs()))
def test_a_need_names_no_real_municipality(entry: Entry) -> None:
    text = texts_of(entry)
    assert [row["city"] for row in municipalities() if row["city"] in text] == []


@pytest.mark.parametrize("entry", needs(), ids=keys_of(needs()))
def test_a_contact_leads_nowhere(entry: Entry) -> None:
    assert "contact" not in entry or re.search(r"@[a-z.-]+\.example$", entry["contact"])


def test_states_and_reasons_are_those_of_the_product() -> None:
    states = Counter(PostState(entry.get("state", "published")) for entry in needs())
    assert states[PostState.DRAFT] >= 2
    assert states[PostState.CLOSED] >= 2
    reasons = {choice.code for choice in CLOSE_REASONS}
    for entry in needs():
        is_closed = entry.get("state") == PostState.CLOSED
        assert (entry.get("close_reason") in reasons) == is_closed
        assert ("close_note" in entry) == is_closed


def test_every_municipality_has_a_need_and_no_need_is_an_orphan() -> None:
    assert {entry["organization"] for entry in needs()} == set(keys_of(organizations()))
    assert len(needs()) >= 44


def test_no_two_needs_share_a_key_or_a_title() -> None:
    for name in ("key", "title"):
        values = keys_of(needs(), name)
        assert len(set(values)) == len(values), name


def test_needs_cover_every_material_method_unit_and_kind_of_period() -> None:
    assert {m for entry in needs() for m in entry.get("materials", ())} == {
        choice.code for choice in materials()
    }
    assert {m for entry in needs() for m in entry.get("circulation_methods", ())} == {
        choice.code for choice in CIRCULATION_METHODS
    }
    assert {entry.get("quantity_unit") for entry in needs()} >= {c.code for c in QUANTITY_UNITS}
    periods = {entry.get("quantity_period") for entry in needs()} - {None}
    assert {"yearly", "monthly", "one_off"} <= periods <= {c.code for c in QUANTITY_PERIODS}


def test_needs_vary_in_length_and_completeness() -> None:
    lengths = sorted(len(texts_of(entry)) for entry in needs())
    assert lengths[2] < 130
    assert lengths[-3] > 500
    filled = sorted(len(entry) for entry in needs())
    assert filled[0] <= 10
    assert filled[-1] >= 24
    assert any("quantity_max" in entry for entry in needs())


def test_no_two_texts_are_near_duplicates() -> None:
    texts = {entry["key"]: texts_of(entry) for entry in needs()}
    texts |= {entry["key"]: entry["description"] for entry in organizations()}
    assert near_duplicates(texts) == []
