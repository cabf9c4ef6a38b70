"""Hiding small numbers in a table that everybody reads.

A number from 1 to 4 is hidden, zero is shown. As columns have a total, a single hidden number could
be computed from it; so further numbers are hidden until every hidden one has at least two possible
values, also for somebody who knows this rule (complementary suppression; ADR 0063).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SMALLEST_SHOWN = 5
EXTREMES = ({1}, {SMALLEST_SHOWN - 1})
"""Hidden numbers that are all the least, or all the most, have one solution for their sum."""


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """One column as it is published; None stands for a hidden number."""

    values: tuple[int | None, ...]
    total: int | None


def is_closed(values: Sequence[int]) -> bool:
    """Whether nothing of a column can be shown, not even its total.

    That is so where the total itself is small, and where all numbers but zeros are 1, or all are 4:
    with the total told, each of them would be known.
    """
    present = {each for each in values if each}
    return 0 < sum(values) < SMALLEST_SHOWN or present in EXTREMES


def hidden_places(values: Sequence[int]) -> frozenset[int]:
    """Places of a column (that is not closed) whose numbers are hidden.

    Args:
        values: whole numbers from zero; the total of the column is published beside them.
    """
    hidden = {place for place, each in enumerate(values) if 0 < each < SMALLEST_SHOWN}
    while hidden and not _is_ambiguous([values[each] for each in hidden]):
        shown = [each for place, each in enumerate(values) if each and place not in hidden]
        if not shown:
            break
        # All of the same size go together: which of them was taken would tell something.
        hidden |= {place for place, each in enumerate(values) if each == min(shown)}
    return frozenset(hidden)


def _is_ambiguous(hidden: Sequence[int]) -> bool:
    """Whether hidden numbers have more than one solution for their sum."""
    return len(hidden) > 1 and set(hidden) not in EXTREMES


def shown_column(values: Sequence[int], *, closed: bool) -> ShownColumn:
    """A column as it is published.

    Args:
        values: the numbers.
        closed: whether this column, or the same one in another table of the page, is closed.
    """
    if closed:
        return ShownColumn((None,) * len(values), None)
    hidden = hidden_places(values)
    shown = tuple(None if place in hidden else each for place, each in enumerate(values))
    return ShownColumn(shown, sum(values))


def shown_tables(
    tables: Mapping[str, Sequence[Sequence[int]]],
) -> dict[str, list[ShownColumn]]:
    """Several tables over the same columns, as they are published side by side.

    Args:
        tables: by name, the columns of each table; the first column of every table counts the
            same things by other parts, and so on.
    """
    width = max((len(columns) for columns in tables.values()), default=0)
    closed = [
        any(is_closed(columns[place]) for columns in tables.values()) for place in range(width)
    ]
    return {
        name: [shown_column(column, closed=closed[place]) for place, column in enumerate(columns)]
        for name, columns in tables.items()
    }
