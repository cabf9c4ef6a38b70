"""Finding the row that names the columns, whatever stands above it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from matchmaker.core.spreadsheets.cells import Cell, UnreadableTable, is_blank
from matchmaker.core.text import fold

SEARCHED_ROWS = 30
FEWEST_COLUMNS = 2
REQUIRED_MARK = "【必須】"
DECORATION = re.compile(r"【必須】|\(必須\)|\[必須\]|[*※●]|\s")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the names of the columns stand.

    Args:
        last_row: number of the row after which the data begins.
        columns: name of the field by position from 1.
        unknown: text by position of columns that are no field.
    """

    last_row: int
    columns: Mapping[int, str]
    unknown: Mapping[int, str]


def header_key(text: str) -> str:
    """Form for comparing column names: no marks, no spaces, one width."""
    return DECORATION.sub("", fold(text))


def find_header(
    rows: Sequence[tuple[int, Sequence[Cell]]], labels: Mapping[str, str]
) -> Header | None:
    """The row (or two rows under merged headings) that names most columns.

    Args:
        rows: numbers and cells of the first rows.
        labels: name of the field by accepted column name.

    Returns:
        None when no row names at least two columns.

    Raises:
        UnreadableTable: a field is named twice.
    """
    known = {header_key(label): name for label, name in labels.items()}
    best: Header | None = None
    for candidate in _candidates(rows[:SEARCHED_ROWS], known):
        if best is None or len(candidate.columns) > len(best.columns):
            best = candidate
    if best is None or len(best.columns) < min(FEWEST_COLUMNS, len(set(known.values()))):
        return None
    _refuse_doubles(best, labels)
    return best


def _candidates(
    rows: Sequence[tuple[int, Sequence[Cell]]], known: Mapping[str, str]
) -> list[Header]:
    """Single rows before pairs, so that a pair must name more columns to be taken."""
    singles = [_match(number, [_names(cell) for cell in row], known) for number, row in rows]
    pairs = [
        _match(lower[0], _paired(upper[1], lower[1]), known) for upper, lower in pairwise(rows)
    ]
    return singles + pairs


def _names(cell: Cell) -> list[str]:
    return [] if is_blank(cell) else [str(cell)]


def _paired(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[list[str]]:
    """Readings of two heading rows: below, above, and 「above（below）」 under a merged heading."""
    readings: list[list[str]] = []
    spanning = ""
    for place in range(max(len(upper), len(lower))):
        above, below = _at(upper, place), _at(lower, place)
        spanning = above or spanning
        if below:
            readings.append([f"{spanning}（{below}）", below])
        else:
            readings.append([above] if above else [])
    return readings


def _at(row: Sequence[Cell], place: int) -> str:
    return "" if place >= len(row) or is_blank(row[place]) else str(row[place])


def _match(number: int, readings: Sequence[Sequence[str]], known: Mapping[str, str]) -> Header:
    columns: dict[int, str] = {}
    unknown: dict[int, str] = {}
    for place, names in enumerate(readings, start=1):
        keys = [header_key(name) for name in names]
        found = next((known[key] for key in keys if key in known), None)
        if found is not None:
            columns[place] = found
        elif names:
            unknown[place] = names[-1]
    return Header(number, columns, unknown)


def _refuse_doubles(header: Header, labels: Mapping[str, str]) -> None:
    names = list(header.columns.values())
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        label = next(label for label, name in labels.items() if name == twice)
        raise UnreadableTable(f"には、「{label}」の列が2つ以上あります。ひとつにしてください。")
