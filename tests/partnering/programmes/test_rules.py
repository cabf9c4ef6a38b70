"""Conditions of support programmes against what is known of a consortium."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from matchmaker.partnering.consortia.programmes.conditions import (
    Facts,
    Finding,
    Member,
    Place,
    Programme,
    Verdict,
    Words,
    findings,
    overall,
    parse_rate,
    shares,
    total,
)

TODAY = date(2026, 11, 22)
WORDS = Words(
    {"company": "企業"}, {"bamboo": "竹", "paper": "古紙"}, {"m": "大規模"}, {"user": "利用"}
)
FIRM = Member("1", "緑山工業", True, "company", "small_and_medium", frozenset({"recycler"}))
BIG = Member("2", "大山製鉄", True, "company", "large")
TOWN = Member("3", "青空町", True, "municipality")
OUTSIDE = Member("4", "農家の会", False)
FACTS = Facts(
    members=(FIRM, TOWN), materials=("bamboo",), methods=("m",),
    starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31),
)  # fmt: skip
M, U, X = Verdict.MET, Verdict.UNMET, Verdict.UNKNOWN


def one(programme: Programme, facts: Facts = FACTS, today: date = TODAY) -> Finding:
    """The only finding."""
    (found,) = findings(programme, facts, WORDS, today)
    return found


def test_a_programme_without_conditions_finds_nothing() -> None:
    assert findings(Programme("支援"), FACTS, WORDS, TODAY) == []
    assert overall([]) is M


@pytest.mark.parametrize(
    ("members", "verdict"),
    [((FIRM, TOWN), M), ((FIRM, OUTSIDE), X), ((OUTSIDE,), U), ((), U)],
)
def test_members_only(members: tuple[Member, ...], verdict: Verdict) -> None:
    found = one(Programme("支援", members_only=True), replace(FACTS, members=members))
    assert found.verdict is verdict
    assert (found.place is Place.PARTNERS) == (verdict is not M)


@pytest.mark.parametrize(
    ("starts", "ends", "today", "verdict"),
    [
        (date(2026, 4, 1), date(2027, 3, 31), TODAY, M),
        (date(2026, 4, 1), date(2027, 4, 1), TODAY, X),
        (date(2027, 4, 1), date(2028, 3, 31), TODAY, U),
        (date(2020, 4, 1), date(2023, 3, 31), TODAY, U),
        (None, None, TODAY, X),
        (date(2026, 4, 1), None, TODAY, X),
        (date(2026, 4, 1), date(2027, 3, 31), date(2027, 4, 1), U),
        (date(2026, 4, 1), date(2027, 3, 31), date(2027, 3, 31), M),
    ],
)
def test_the_period_counts_in_fiscal_years(
    starts: date | None, ends: date | None, today: date, verdict: Verdict
) -> None:
    programme = Programme("支援", first_year=2024, last_year=2026)
    facts = replace(FACTS, starts_on=starts, ends_on=ends)
    assert one(programme, facts, today).verdict is verdict


@pytest.mark.parametrize(
    ("own", "examples", "verdict", "place"),
    [
        (("bamboo",), False, M, Place.NOWHERE),
        (("paper",), False, U, Place.CONTENT),
        (("paper",), True, X, Place.CONTENT),
        ((), False, X, Place.CONTENT),
    ],
)
def test_materials(own: tuple[str, ...], examples: bool, verdict: Verdict, place: Place) -> None:
    programme = Programme("支援", materials=("bamboo",), materials_are_examples=examples)
    found = one(programme, replace(FACTS, materials=own))
    assert (found.verdict, found.place) == (verdict, place)


@pytest.mark.parametrize(
    ("figures", "verdict"),
    [
        ({}, X),
        ({"recycled_content": "10"}, M),
        ({"recycled_content": "9.9"}, X),
        ({"recycled_content": "9.9", "reusable_share": "50"}, M),
        ({"design_years": "2"}, M),
        ({"recycled_content": "0", "reusable_share": "0", "design_years": "2.1"}, U),
    ],
)
def test_one_of_the_goals_suffices(figures: dict[str, str], verdict: Verdict) -> None:
    goals = {
        "recycled_content": Decimal(10),
        "reusable_share": Decimal(50),
        "design_years": Decimal(2),
    }
    given = {code: Decimal(text) for code, text in figures.items()}
    found = one(Programme("支援", goals=goals), replace(FACTS, figures=given))
    assert found.verdict is verdict


def test_categories_methods_roles_and_what_others_judge() -> None:
    programme = Programme(
        "支援", categories=("company",), methods=("m",), roles=("recycler", "user"),
        judged=("審査の項目",),
    )  # fmt: skip
    found = findings(programme, FACTS, WORDS, TODAY)
    assert [each.verdict for each in found] == [M, M, M, U, X]
    assert overall(found) is U
    assert overall(found[:3]) is M
    assert overall([found[0], found[4]]) is X


def test_rates_by_size_and_rounding_down() -> None:
    programme = Programme(
        "支援", members_only=True, rate_large=Fraction(1, 3), rate_small=Fraction(1, 2)
    )
    facts = Facts(
        members=(FIRM, BIG, TOWN, OUTSIDE, Member("5", "町工場", True, "company")),
        costs={"1": 1_000_001, "2": 1_000_000, "3": 5},
    )  # fmt: skip
    found = shares(programme, facts)
    assert [each.amount for each in found] == [500_000, 333_333, None, None, None]
    assert [bool(each.note) for each in found] == [False, False, True, True, True]
    assert total(found) == 833_333
    assert total([]) is None
    assert shares(Programme("支援"), facts) == []


@pytest.mark.parametrize(
    ("text", "rate"),
    [("1/3", Fraction(1, 3)), ("2/2", Fraction(1)), ("3/2", None), ("1/0", None), ("半分", None)],
)
def test_rates_are_fractions_up_to_one(text: str, rate: Fraction | None) -> None:
    assert parse_rate(text) == rate


def test_no_reason_promises_money() -> None:
    programme: Any = Programme(
        "支援", members_only=True, materials=("bamboo",), first_year=2024, last_year=2026,
        goals={"recycled_content": Decimal(10)}, judged=("審査",),
    )  # fmt: skip
    for facts in (FACTS, Facts(), replace(FACTS, figures={"recycled_content": Decimal(10)})):
        for each in findings(programme, facts, WORDS, TODAY):
            assert "採択" not in each.reason
            assert "受けられます" not in each.reason
