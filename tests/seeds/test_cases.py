"""The case library and the reference data are complete, valid and name their sources."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from matchmaker.cases.domain import EARLIEST_YEAR, Confidence, NeedBasis
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.organizations.domain import (
    INDUSTRIES,
    is_prefecture_code,
    local_government_code_is_valid,
)
from matchmaker.posts.vocabulary import CIRCULATION_METHODS
from matchmaker.regional_events.planning.domain import EventKind
from tests.seeds.seed_files import (
    SEEDS,
    Entry,
    keys_of,
    materials,
    municipalities,
    prefecture_of_municipality,
    read_list,
)

LONGEST_TITLE = 40
LATEST_YEAR = 2026


@cache
def cases() -> tuple[Entry, ...]:
    """The documented cases."""
    return tuple(read_list(SEEDS / "cases" / "cases.yaml"))


@cache
def posted_needs() -> tuple[Entry, ...]:
    """The needs that municipalities posted elsewhere."""
    return tuple(read_list(SEEDS / "cases" / "posted_needs.yaml"))


@cache
def events() -> tuple[Entry, ...]:
    """The public events."""
    return tuple(read_list(SEEDS / "reference" / "events.yaml"))


def partnership() -> dict[str, Any]:
    """The facts about the partnership."""
    text = (SEEDS / "reference" / "partnership.yaml").read_text(encoding="utf-8")
    facts: dict[str, Any] = yaml.safe_load(text)
    return facts


def is_web_address(text: str) -> bool:
    """Whether a reader can open the source."""
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and "." in parts.netloc and " " not in text


ENTRIES = (*cases(), *posted_needs())


@pytest.mark.parametrize("entry", ENTRIES, ids=keys_of(ENTRIES, "id"))
def test_an_entry_names_its_source_place_and_year(entry: Entry) -> None:
    assert is_web_address(entry["source_url"])
    assert entry["year"] is None or EARLIEST_YEAR <= entry["year"] <= LATEST_YEAR
    code = entry["local_government_code"]
    assert local_government_code_is_valid(code)
    if is_prefecture_code(code):
        assert entry["municipality"] == entry["prefecture"]
        assert PREFECTURES.index(entry["prefecture"]) + 1 == int(code[:2])
    else:
        assert prefecture_of_municipality()[code] == entry["prefecture"]


@pytest.mark.parametrize("entry", ENTRIES, ids=keys_of(ENTRIES, "id"))
def test_an_entry_has_a_short_title_and_known_materials(entry: Entry) -> None:
    assert 8 <= len(entry["title"]) <= LONGEST_TITLE
    assert entry["materials"]
    assert set(entry["materials"]) <= {choice.code for choice in materials()}
    assert len(entry["need"]) >= 30


@pytest.mark.parametrize("entry", cases(), ids=keys_of(cases(), "id"))
def test_a_case_says_who_answered_how_and_how_sure_it_is(entry: Entry) -> None:
    assert entry["business"]
    assert len(entry["offering"]) >= 30
    Confidence(entry["confidence"])
    NeedBasis(entry["need_basis"])
    assert set(entry["methods"]) <= {choice.code for choice in CIRCULATION_METHODS}


@pytest.mark.parametrize("entry", ENTRIES, ids=keys_of(ENTRIES, "id"))
def test_an_entry_is_placed_in_the_municipality_it_names(entry: Entry) -> None:
    names = {row["lgcode"]: row["city"] for row in municipalities()}
    code = entry["local_government_code"]
    assert is_prefecture_code(code) or names[code] == entry["municipality"]


def test_all_documented_cases_and_posted_needs_are_there() -> None:
    assert len(cases()) == 81
    assert len(posted_needs()) == 15
    for name in ("id", "title"):
        assert max(Counter(keys_of(ENTRIES, name)).values()) == 1


def test_posted_needs_say_where_they_were_posted() -> None:
    assert all(entry["origin"] for entry in posted_needs())


def test_cases_show_most_of_the_circulation_methods() -> None:
    shown = {code for entry in cases() for code in entry["methods"]}
    assert len(shown) >= 7


def test_notes_are_written_for_readers() -> None:
    for entry in ENTRIES:
        assert "memory" not in f"{entry.get('note', '')}{entry.get('origin', '')}"


@pytest.mark.parametrize("entry", events(), ids=keys_of(events(), "id"))
def test_an_event_has_a_day_a_place_and_a_source(entry: Entry) -> None:
    assert entry["kind"] in set(EventKind)
    assert isinstance(entry["date"], date)
    assert entry["prefecture"] in PREFECTURES
    assert entry["name"] and entry["place"] and entry["organiser"] and entry["source"]
    assert is_web_address(entry["source_url"])


def test_events_stand_in_the_order_of_their_days() -> None:
    days = [entry["date"] for entry in events()]
    assert days == sorted(days)
    assert len(set(keys_of(events(), "id"))) == len(events())


def test_the_list_of_municipalities_is_whole() -> None:
    assert len(prefecture_of_municipality()) == 1741
    assert set(prefecture_of_municipality().values()) == set(PREFECTURES)
    assert all(local_government_code_is_valid(code) for code in prefecture_of_municipality())


def test_waste_figures_cover_every_prefecture_and_year() -> None:
    text = (SEEDS / "reference" / "prefecture_waste.csv").read_text(encoding="utf-8-sig")
    heads, *rows = (line.split(",") for line in text.splitlines())
    years = Counter((row[heads.index("年度")], row[heads.index("都道府県")]) for row in rows)
    assert {prefecture for _, prefecture in years} == set(PREFECTURES)
    assert {int(year) for year, _ in years} == set(range(2011, 2023))
    assert set(years.values()) == {1}


def test_vocabularies_of_the_product_use_the_official_names() -> None:
    methods = partnership()["regional_loop_model"]["circulation_methods"]
    assert [(m["id"], m["name"]) for m in methods] == [
        (choice.code, choice.label) for choice in CIRCULATION_METHODS
    ]
    assert {name for name, *_ in partnership()["industries"]} == {i.label for i in INDUSTRIES}


@pytest.mark.parametrize("folder", ["cases", "reference"])
def test_each_data_file_is_named_in_the_notice(folder: str) -> None:
    notice = (SEEDS / folder / "NOTICE.md").read_text(encoding="utf-8")
    files = [p.name for p in (SEEDS / folder).iterdir() if p.suffix in {".yaml", ".csv"}]
    assert [name for name in files if f"`{name}`" not in notice] == []
