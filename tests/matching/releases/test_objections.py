"""When a version may take over: pure rules with their stated margins."""

from __future__ import annotations

import pytest

from matchmaker.matching.releases.domain import (
    Difference,
    ObjectionKind,
    SetComparison,
    objections_as_json,
    objections_in,
    objections_to,
)

SAME = Difference(40, 0.0, -0.02, 0.02)


def kinds(comparison: SetComparison) -> list[ObjectionKind]:
    return [objection.kind for objection in objections_to([comparison])]


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        (Difference(40, 0.03, 0.01, 0.05), []),
        (Difference(40, -0.02, -0.06, 0.02), []),
        (Difference(40, -0.021, -0.06, 0.02), [ObjectionKind.WORSE]),
        (Difference(40, -0.01, -0.015, -0.001), [ObjectionKind.WORSE]),
    ],
)
def test_a_fall_counts_when_it_is_large_or_certain(
    difference: Difference, expected: list[ObjectionKind]
) -> None:
    assert kinds(SetComparison("dev", difference, 0.03, 0.03, {})) == expected


@pytest.mark.parametrize(
    ("own", "live", "expected"),
    [
        (0.05, 0.01, []),
        (0.051, 0.01, [ObjectionKind.UNCALIBRATED]),
        (0.09, 0.09, []),
        (0.10, 0.09, [ObjectionKind.UNCALIBRATED]),
        (0.06, 0.09, []),
    ],
)
def test_the_error_is_bounded_and_where_it_is_over_the_bound_it_may_not_grow(
    own: float, live: float, expected: list[ObjectionKind]
) -> None:
    assert kinds(SetComparison("dev", SAME, own, live, {})) == expected


@pytest.mark.parametrize(
    ("group", "counts"),
    [
        (Difference(8, -0.06, -0.1, -0.01), True),
        (Difference(7, -0.06, -0.1, -0.01), False),
        (Difference(8, -0.06, -0.13, 0.01), False),
        (Difference(8, -0.04, -0.06, -0.01), False),
    ],
)
def test_a_group_counts_when_it_is_large_enough_and_clearly_worse(
    group: Difference, counts: bool
) -> None:
    found = objections_to([SetComparison("real", SAME, 0.0, 0.0, {"食品・農業": group})])
    assert [(each.kind, each.group) for each in found] == (
        [(ObjectionKind.GROUP_WORSE, "食品・農業")] if counts else []
    )


def test_objections_are_stored_read_back_and_told() -> None:
    bad = SetComparison("dev", Difference(40, -0.1, -0.2, -0.05), 0.2, 0.01, {})
    found = objections_to([bad])
    figures = {"against": 3, "objections": objections_as_json(found)}
    assert objections_in(figures, 3) == found
    assert [each.kind for each in objections_in(figures, 4)][-1] is ObjectionKind.OTHER_LIVE
    assert all(each.label.endswith("。") and str(each) for each in objections_in(figures, 4))
