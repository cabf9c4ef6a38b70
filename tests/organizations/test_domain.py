"""Check digits, readings, distances: the rules of organisations."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.organizations.domain import (
    INDUSTRIES,
    OrganizationData,
    Place,
    corporate_number_is_valid,
    distance_km,
    local_government_code_is_valid,
    normalized,
    problems_of,
    search_form,
)
from tests.organizations.conftest import MUNICIPALITIES

DIGITS = st.text("0123456789", min_size=12, max_size=12)


@pytest.mark.parametrize(
    "number",
    [
        "7000012050002",  # 国税庁
        "8000020130001",  # 東京都
    ],
)
def test_published_corporate_numbers_are_valid(number: str) -> None:
    assert corporate_number_is_valid(number)


@given(DIGITS)
def test_exactly_one_first_digit_makes_a_corporate_number(base: str) -> None:
    valid = [digit for digit in "0123456789" if corporate_number_is_valid(digit + base)]
    assert len(valid) == 1
    assert valid[0] != "0"


@given(DIGITS, st.integers(0, 11), st.integers(1, 9))
def test_most_single_slips_in_a_corporate_number_are_noticed(
    base: str, place: int, shift: int
) -> None:
    first = next(d for d in "123456789" if corporate_number_is_valid(d + base))
    slipped = base[:place] + str((int(base[place]) + shift) % 10) + base[place + 1 :]
    same_modulo_nine = {int(base[place]), int(slipped[place])} == {0, 9}
    assert same_modulo_nine or not corporate_number_is_valid(first + slipped)


def test_all_codes_of_the_shipped_list_have_the_right_check_digit() -> None:
    with MUNICIPALITIES.open(encoding="utf-8-sig", newline="") as file:
        codes = [row["lgcode"] for row in csv.DictReader(file)]
    assert len(codes) == 1741
    assert all(local_government_code_is_valid(code) for code in codes)
    assert not any(local_government_code_is_valid(c[:5] + str((int(c[5]) + 1) % 10)) for c in codes)


@pytest.mark.parametrize("text", ["", "12345", "1234567", "abcdef", "０１１００２"])
def test_what_is_no_six_digits_is_no_code(text: str) -> None:
    assert not local_government_code_is_valid(text)


def test_distance_is_that_of_the_globe() -> None:
    sapporo = Place("北海道", 43.0621, 141.3544)
    naha = Place("沖縄県", 26.2125, 127.6811)
    assert distance_km(sapporo, naha) == pytest.approx(2244, abs=15)
    assert distance_km(naha, naha) == 0


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_distance_is_the_same_both_ways_and_never_beyond_half_the_globe(
    a: float, b: float, c: float, d: float
) -> None:
    here, there = Place("", a, b), Place("", c, d)
    assert distance_km(here, there) == pytest.approx(distance_km(there, here))
    assert 0 <= distance_km(here, there) <= 20_016


def test_what_is_typed_in_full_width_or_hiragana_is_stored_tidily() -> None:
    data = normalized(
        OrganizationData(
            name="　株式会社　みどり ",
            kana="みどり",
            category="company",
            prefecture="長野県",
            corporate_number="７０００－０１２０５－０００２",
        )
    )
    assert (data.name, data.kana) == ("株式会社 みどり", "ミドリ")
    assert data.corporate_number == "7000012050002"
    assert search_form("ﾐﾄﾞﾘ みどり") == search_form("ミドリミドリ")


def test_the_size_of_a_company_is_asked_of_companies_alone() -> None:
    data = OrganizationData(
        name="町", category="municipality", prefecture="長野県", company_size="large"
    )
    assert normalized(data).company_size == ""


def test_every_fault_is_told_at_its_field() -> None:
    bad = OrganizationData(
        name="",
        kana="kana!",
        category="nothing",
        prefecture="どこか",
        company_size="huge",
        industry="magic",
        corporate_number="1234567890123",
        local_government_code="123456",
        municipality_code="999999",
        latitude=91.0,
        longitude=-181.0,
        website="javascript:alert(1)",
        description="あ" * 2001,
    )
    assert set(problems_of(bad)) == {
        "name", "kana", "category", "prefecture", "company_size", "industry", "corporate_number",
        "local_government_code", "municipality_code", "latitude", "longitude", "website",
        "description",
    }  # fmt: skip


def test_there_are_thirty_two_industries() -> None:
    assert len({choice.code for choice in INDUSTRIES}) == 32
    assert len({choice.label for choice in INDUSTRIES}) == 32
