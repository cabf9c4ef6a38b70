"""Three-way comparison of a workbook that came back."""

from __future__ import annotations

from typing import Any

import pytest

from matchmaker.partnering.consortia.documents.comparing import (
    Comparison,
    Outcome,
    Side,
    compare,
    resolved,
)

KEYS = ("aim", "tonnes_min", "purposes")
CELLS = {key: f"内容!C{row}" for row, key in enumerate(KEYS, start=2)}


def compared(base: dict[str, Any], returned: dict[str, Any], present: dict[str, Any]) -> Comparison:
    """A comparison with purposes as a set."""
    return compare(base, returned, present, CELLS, {"purposes"})


@pytest.mark.parametrize(
    ("base", "returned", "present", "outcome", "merged"),
    [
        ("100", "120", "100", Outcome.TAKEN, "120"),
        ("100", None, "100", Outcome.TAKEN, None),
        (None, "120", None, Outcome.TAKEN, "120"),
        ("100", "120", "120", Outcome.SAME, "120"),
        ("100", "120", "150", Outcome.CONFLICT, "150"),
    ],
)
def test_what_becomes_of_a_changed_value(
    base: str | None,
    returned: str | None,
    present: str | None,
    outcome: Outcome,
    merged: str | None,
) -> None:
    found = compared({"tonnes_min": base}, {"tonnes_min": returned}, {"tonnes_min": present})
    (change,) = found.changes
    assert (change.outcome, change.merged, change.address) == (outcome, merged, "内容!C3")


def test_what_the_workbook_did_not_touch_stays_as_it_is_now() -> None:
    found = compared({"aim": "一。"}, {"aim": "一。"}, {"aim": "二。"})
    assert found.changes == ()
    assert found.moved_on == ("aim",)
    assert not found.is_useful


def test_sentences_that_both_sides_changed_are_merged() -> None:
    base = "一。二。三。"
    found = compared({"aim": base}, {"aim": "壱。二。三。"}, {"aim": "一。二。参。"})
    (change,) = found.changes
    assert (change.outcome, change.merged) == (Outcome.MERGED, "壱。二。参。")


def test_sets_never_contradict_and_order_is_no_change() -> None:
    found = compared(
        {"purposes": ["a", "b"]}, {"purposes": ["b", "c"]}, {"purposes": ["a", "b", "d"]}
    )
    (change,) = found.changes
    assert (change.outcome, change.merged) == (Outcome.MERGED, ["b", "d", "c"])
    assert not compared({"purposes": ["a", "b"]}, {"purposes": ["b", "a"]}, {}).changes


def test_a_cell_that_was_not_read_counts_as_unchanged() -> None:
    assert not compared({"aim": "一。"}, {}, {"aim": "一。"}).changes


def test_a_conflict_is_settled_by_the_person_only() -> None:
    found = compared({"tonnes_min": "1"}, {"tonnes_min": "2"}, {"tonnes_min": "3"})
    assert resolved(found, {"tonnes_min": Side.PACK}) == {"tonnes_min": "2"}
    assert resolved(found, {"tonnes_min": Side.PRESENT}) == {"tonnes_min": "3"}
    with pytest.raises(KeyError):
        resolved(found, {})
