"""The demo content of businesses and bodies is complete, valid and varied."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from matchmaker.core.cleaning import clean_record
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.offerings.fields import OFFERING_FIELDS
from matchmaker.organizations import domain
from matchmaker.posts.domain import capacity_rule
from tests.seeds.seed_files import (
    SEEDS,
    Entry,
    ShippedVocabularies,
    as_stored,
    keys_of,
    materials,
    near_duplicates,
    prefecture_of_municipality,
    read_list,
)

OFFERING_FILES = sorted((SEEDS / "demo" / "offerings").glob("*.yaml"))
OWN_KEYS = {"key", "organization"}
ORGANIZATION_FIELDS = {
    "key", "name", "kana", "category", "company_size", "industry", "corporate_number",
    "prefecture", "municipality_code", "website", "description",
}  # fmt: skip


@cache
def organizations() -> tuple[Entry, ...]:
    """All demo organisations other than municipalities."""
    return tuple(read_list(SEEDS / "demo" / "organizations-business.yaml"))


@cache
def offerings() -> tuple[Entry, ...]:
    """All demo offerings, file by file."""
    return tuple(entry for path in OFFERING_FILES for entry in read_list(path))


def data_of(entry: Entry) -> domain.OrganizationData:
    """An entry of the file as the product's own description of an organisation."""
    return domain.OrganizationData(
        name=entry["name"],
        category=entry["category"],
        prefecture=entry["prefecture"],
        kana=entry["kana"],
        company_size=domain.code_of(domain.COMPANY_SIZES, entry["company_size"])
        if "company_size" in entry
        else "",
        industry=domain.code_of(domain.INDUSTRIES, entry["industry"]),
        corporate_number=entry["corporate_number"],
        municipality_code=entry["municipality_code"],
        website=entry["website"],
        description=entry["description"],
        is_demo=True,
    )


@pytest.mark.parametrize("entry", organizations(), ids=keys_of(organizations()))
def test_an_organization_passes_the_rules_of_the_product(entry: Entry) -> None:
    assert set(entry) <= ORGANIZATION_FIELDS
    assert domain.problems_of(domain.normalized(data_of(entry))) == {}
    assert ("company_size" in entry) == (entry["category"] == "company")
    assert prefecture_of_municipality()[entry["municipality_code"]] == entry["prefecture"]


@pytest.mark.parametrize("entry", organizations(), ids=keys_of(organizations()))
def test_an_organization_is_visibly_invented(entry: Entry) -> None:
    assert entry["corporate_number"][1:5] == "9990"
    assert entry["website"].endswith(".example")


def test_no_two_organizations_share_a_key_name_number_or_site() -> None:
    for name in ("key", "name", "kana", "corporate_number", "website"):
        values = [entry[name] for entry in organizations()]
        assert len(set(values)) == len(values), name


def test_the_demo_sign_ins_come_first() -> None:
    assert keys_of(organizations())[:2] == ["startup-demo", "recycler-demo"]


def test_organizations_of_all_categories_come_from_all_over_the_country() -> None:
    categories = Counter(entry["category"] for entry in organizations())
    assert categories == {
        "company": 33,
        "industry_association": 4,
        "university_or_research": 4,
        "related_body": 4,
    }
    assert len({entry["prefecture"] for entry in organizations()}) >= 30


@pytest.mark.parametrize("entry", offerings(), ids=keys_of(offerings()))
def test_an_offering_passes_the_rules_of_the_product(entry: Entry) -> None:
    assert set(entry) - OWN_KEYS <= set(OFFERING_FIELDS.by_name)
    cleaned = clean_record(
        OFFERING_FIELDS, entry, ShippedVocabularies(), complete=True, rules=[capacity_rule]
    )
    assert cleaned.errors == {}
    for name in set(entry) - OWN_KEYS:
        assert cleaned.values[name] == as_stored(entry[name]), name


@pytest.mark.parametrize("entry", offerings(), ids=keys_of(offerings()))
def test_an_offering_answers_only_the_questions_of_its_kind(entry: Entry) -> None:
    for name in set(entry) - OWN_KEYS:
        rule = OFFERING_FIELDS.by_name[name].only_when
        assert rule is None or entry[rule[0]] in rule[1], name


@pytest.mark.parametrize("entry", offerings(), ids=keys_of(offerings()))
def test_the_plant_of_an_offering_lies_in_its_prefecture_and_area(entry: Entry) -> None:
    if "municipality_code" in entry:
        assert prefecture_of_municipality()[entry["municipality_code"]] == entry["prefecture"]
    area = entry.get("service_area")
    assert area is None or area == ["全国"] or entry["prefecture"] in area


def test_every_organization_offers_something_and_no_offering_is_an_orphan() -> None:
    assert {entry["organization"] for entry in offerings()} == set(keys_of(organizations()))


def test_no_two_offerings_share_a_key_or_a_title() -> None:
    for name in ("key", "title"):
        values = [entry[name] for entry in offerings()]
        assert len(set(values)) == len(values), name


def test_all_kinds_are_offered_in_number() -> None:
    kinds = Counter(entry["kind"] for entry in offerings())
    assert kinds["technology"] >= 34
    assert kinds["recycling_capacity"] >= 30
    assert kinds["sharing_service"] >= 20


def test_every_material_is_taken_by_someone() -> None:
    taken = {code for entry in offerings() for code in entry.get("input_materials", ())}
    assert taken == {choice.code for choice in materials()}


def test_every_prefecture_can_be_served_by_a_business_that_is_not_nationwide() -> None:
    areas = {name for entry in offerings() for name in entry.get("service_area", ())}
    assert areas >= set(PREFECTURES)


def test_descriptions_vary_in_length_and_entries_in_completeness() -> None:
    lengths = sorted(len(entry["description"]) for entry in offerings())
    assert 80 <= lengths[0] < 130
    assert 400 < lengths[-1] <= 700
    filled = sorted(len(entry) for entry in offerings())
    assert filled[0] <= 12
    assert filled[-1] >= 24


def test_no_two_texts_are_near_duplicates() -> None:
    descriptions = {
        entry["key"]: entry["title"] + entry["description"] for entry in offerings()
    } | {entry["key"]: entry["description"] for entry in organizations()}
    assert near_duplicates(descriptions) == []


def test_seed_files_stay_readable() -> None:
    for path in OFFERING_FILES:
        assert len(path.read_text(encoding="utf-8").splitlines()) < 400, path.name
