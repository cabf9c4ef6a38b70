"""No hidden number can be computed from what is shown, even by somebody who knows the rule."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.partnering.lineage.suppression import (
    SMALLEST_SHOWN,
    ShownColumn,
    is_closed,
    shown_column,
    shown_tables,
)

MOST = 9


def publish(values: tuple[int, ...]) -> ShownColumn:
    return shown_column(values, closed=is_closed(values))


def views(length: int) -> dict[ShownColumn, list[tuple[int, ...]]]:
    """All columns of a length, by what is published of them."""
    found: dict[ShownColumn, list[tuple[int, ...]]] = {}
    for values in product(range(MOST + 1), repeat=length):
        found.setdefault(publish(values), []).append(values)
    return found


def hidden(column: ShownColumn) -> Iterator[int]:
    return (place for place, value in enumerate(column.values) if value is None)


def test_every_hidden_number_has_two_values_for_whoever_knows_the_rule() -> None:
    for length in range(1, 5):
        for shown, columns in views(length).items():
            for place in hidden(shown):
                assert len({values[place] for values in columns}) > 1, (shown, columns)


@settings(max_examples=300)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_small_numbers_are_hidden_and_zeros_and_totals_are_true(values: list[int]) -> None:
    shown = publish(tuple(values))
    for told, true in zip(shown.values, values, strict=True):
        assert told is None or told == true
        assert told is None or not 0 < told < SMALLEST_SHOWN
    assert shown.total in (None, sum(values))


@settings(max_examples=300)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=30))
def test_the_total_never_leaves_one_solution(values: list[int]) -> None:
    """With the total told, the hidden numbers (each at least 1) keep room between them."""
    shown = publish(tuple(values))
    places = list(hidden(shown))
    if not places or shown.total is None:
        return
    room = shown.total - sum(each for each in shown.values if each is not None)
    assert len(places) > 1
    assert room > len(places)


def test_a_total_hidden_in_one_table_is_hidden_in_the_others() -> None:
    tables = {"half": [[1, 1, 1, 1, 1]], "prefecture": [[5, 0, 0, 0, 0]]}
    shown = shown_tables(tables)
    assert shown["half"] == [ShownColumn((None,) * 5, None)]
    assert shown["prefecture"] == [ShownColumn((None,) * 5, None)]
