"""What the secretariat writes about a call, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from matchmaker.working_groups.calls.content import (
    BODY_LENGTH,
    MOST_CRITERIA,
    MOST_DATES,
    TITLE_LENGTH,
    CallData,
    CriterionData,
    TimetableEntry,
    cleaned,
    cleaned_criteria,
    criteria_problems,
    extension_problems,
    problems_of,
    publishing_problems,
)
from matchmaker.working_groups.calls.domain import CallKind
from matchmaker.working_groups.groups.domain import GroupKind
from tests.working_groups.calls.made import CLOSES, CRITERIA, DATA, NOW, OPENS

MINUTE = timedelta(minutes=1)


def problems(**changes: object) -> dict[str, str]:
    return problems_of(cleaned(replace(DATA, **changes)))  # type: ignore[arg-type]


def test_a_draft_needs_a_name_alone() -> None:
    assert problems_of(CallData(DATA.kind, "公募")) == {}
    assert set(problems(title="　\n")) == {"title"}


@pytest.mark.parametrize(
    ("field", "most"), [("title", TITLE_LENGTH), ("summary", 300), ("body", BODY_LENGTH)]
)
def test_a_text_that_is_too_long_is_told_with_its_length(field: str, most: int) -> None:
    assert problems(**{field: "竹" * most}) == {}
    assert f"{most + 1:,}文字" in problems(**{field: "竹" * (most + 1)})[field]


def test_a_huge_text_is_told_and_nothing_breaks() -> None:
    assert set(problems(body="竹" * 1_000_000, title="<script>" * 1000)) == {"body", "title"}


def test_a_call_closes_after_it_opens() -> None:
    assert set(problems(closes_at=OPENS)) == {"closes_at"}
    assert set(problems(closes_at=OPENS - MINUTE)) == {"closes_at"}
    assert problems(closes_at=OPENS + MINUTE) == {}


def test_reviews_are_due_after_the_deadline() -> None:
    assert set(problems(reviews_due_at=CLOSES)) == {"reviews_due_at"}
    assert problems(reviews_due_at=CLOSES + MINUTE) == {}


def test_days_are_read_in_both_calendars_and_put_in_order() -> None:
    typed = (
        TimetableEntry("令和9年1月5日", "結果"),
        TimetableEntry("", " "),
        TimetableEntry("２０２６/１２/１", "説明会"),
        TimetableEntry("R8.12.20", "質問の期限"),
    )
    data = cleaned(replace(DATA, timetable=typed))
    assert [(entry.on, entry.label) for entry in data.timetable] == [
        ("2026-12-01", "説明会"),
        ("2026-12-20", "質問の期限"),
        ("2027-01-05", "結果"),
    ]
    assert problems_of(data) == {}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (TimetableEntry("13月40日", "説明会"), "日付として読めません"),
        (TimetableEntry("", "説明会"), "日付として読めません"),
        (TimetableEntry("2026-12-01", " "), "何をする日か"),
        (TimetableEntry("2026-12-01", "長" * 101), "100文字以内"),
    ],
)
def test_a_faulty_day_is_told(entry: TimetableEntry, words: str) -> None:
    assert words in problems(timetable=(entry,))["timetable"]


def test_the_timetable_is_bounded() -> None:
    entry = TimetableEntry("2026-12-01", "説明会")
    assert problems(timetable=(entry,) * MOST_DATES) == {}
    assert "timetable" in problems(timetable=(entry,) * (MOST_DATES + 1))


def test_unknown_kinds_of_organisations_are_left_out() -> None:
    wanted = ("municipality", "pirates", "company")
    assert cleaned(replace(DATA, categories=wanted)).categories == ("company", "municipality")


def test_publishing_needs_text_period_and_criteria() -> None:
    assert publishing_problems(DATA, CRITERIA, GroupKind.WG, NOW) == {}
    bare = publishing_problems(CallData(DATA.kind, "公募"), (), None, NOW)
    assert set(bare) == {"body", "opens_at", "closes_at", "criteria", "parent_group_id"}


@pytest.mark.parametrize("kind", list(CallKind))
def test_a_call_of_any_kind_names_the_group_above(kind: CallKind) -> None:
    data = replace(DATA, kind=kind)
    found = publishing_problems(data, CRITERIA, None, NOW)
    assert found == {"parent_group_id": "上位のWGを選んでください。"}
    assert publishing_problems(data, CRITERIA, GroupKind.WG, NOW) == {}


def test_a_group_for_a_domain_does_not_stand_under_another() -> None:
    data = replace(DATA, kind=CallKind.DOMAIN_WG)
    found = publishing_problems(data, CRITERIA, GroupKind.DOMAIN_WG, NOW)
    assert "WGの下に" in found["parent_group_id"]


def test_what_is_published_does_not_lie_in_the_past() -> None:
    assert publishing_problems(DATA, CRITERIA, GroupKind.WG, OPENS + timedelta(hours=8)) == {}
    late = publishing_problems(DATA, CRITERIA, GroupKind.WG, CLOSES)
    assert set(late) == {"opens_at", "closes_at"}


def test_a_deadline_moves_to_a_later_moment_only() -> None:
    assert extension_problems(CLOSES, None, CLOSES + MINUTE, NOW) == {}
    for wanted in (None, CLOSES, CLOSES - MINUTE):
        assert set(extension_problems(CLOSES, None, wanted, NOW)) == {"closes_at"}
    assert extension_problems(CLOSES, CLOSES + MINUTE, CLOSES + MINUTE, NOW)


@pytest.mark.parametrize(
    ("criterion", "field"),
    [
        (CriterionData(" "), "name"),
        (CriterionData("長" * 61), "name"),
        (CriterionData("x", "長" * 1001), "description"),
        (CriterionData("x", weight=0), "weight"),
        (CriterionData("x", weight=101), "weight"),
        (CriterionData("x", points=0), "points"),
        (CriterionData("x", points=101), "points"),
    ],
)
def test_a_faulty_criterion_is_told_at_its_place(criterion: CriterionData, field: str) -> None:
    found = criteria_problems(cleaned_criteria([*CRITERIA, criterion]))
    assert f"criteria-2-{field}" in found


def test_criteria_have_names_of_their_own_and_are_bounded() -> None:
    assert criteria_problems(CRITERIA) == {}
    assert criteria_problems([]) == {}
    assert "criteria-1-name" in criteria_problems([CRITERIA[0], CRITERIA[0]])
    many = [CriterionData(f"基準{number}") for number in range(MOST_CRITERIA + 1)]
    assert "criteria" in criteria_problems(many)
    nothing = [CriterionData("a", weight=0), CriterionData("b", weight=0)]
    assert "criteria" in criteria_problems(nothing)
