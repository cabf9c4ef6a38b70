"""Leading the lines of a graph past the boxes between their ends. Pure geometry.

Boxes stand in rows. A line to the next row bends in the space between the two. A line that passes
rows runs straight down through a place where none of them has a box, beside boxes that are as near
as can be, and bends only in the spaces between rows. So no line ever runs behind a box. Lines from
the same box share their way down; lines from different boxes never lie on each other there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

STEP = 10
"""Ways down lie this far apart."""
CLEARANCE = 6
"""At least so far from any box."""
SHARING = 3 * STEP
"""Such a detour is worth it for a way that lines of the same box have already."""


class Placed(Protocol):
    """A box with its place."""

    @property
    def x(self) -> float:
        """Left edge."""

    @property
    def y(self) -> float:
        """Upper edge."""

    @property
    def width(self) -> float:
        """From left to right."""

    @property
    def height(self) -> float:
        """From top to bottom."""


@dataclass(frozen=True, slots=True)
class Link:
    """A line that is wanted: from a box of one row to a box of a lower row.

    Args:
        upper, lower: row and place in the row of its ends.
    """

    upper: tuple[int, int]
    lower: tuple[int, int]

    @property
    def passed(self) -> range:
        """Rows between its ends."""
        return range(self.upper[0] + 1, self.lower[0])


@dataclass(frozen=True, slots=True)
class Routes:
    """The lines as SVG paths, in the order of the links, and how far they reach sideways."""

    paths: tuple[str, ...]
    left: float
    right: float


@dataclass(slots=True)
class _Ways:
    """Ways down that are taken: by place, who leads through which rows."""

    taken: dict[int, list[tuple[tuple[int, int], range]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def is_free(self, x: int, link: Link) -> bool:
        """Whether no line of another box lies there in any of the rows."""
        return all(
            owner == link.upper or not _overlap(rows, link.passed) for owner, rows in self.taken[x]
        )

    def is_shared(self, x: int, link: Link) -> bool:
        """Whether a line of the same box lies there."""
        return any(owner == link.upper for owner, _ in self.taken[x])


def _overlap(one: range, other: range) -> bool:
    """Whether rows meet; ends in neighbouring rows would lie on each other in the space between."""
    return one.start <= other.stop and other.start <= one.stop


def route(rows: Sequence[Sequence[Placed]], links: Iterable[Link]) -> Routes:
    """Lead all lines.

    Args:
        rows: boxes from top to bottom, none of them overlapping in height with another row.
        links: the lines; short ones take the nearer ways.
    """
    wanted = list(links)
    ways, found = _Ways(), dict[Link, int]()
    for link in sorted(wanted, key=lambda each: (len(each.passed), each.upper, each.lower)):
        if link.passed:
            found[link] = _way(rows, link, ways, len(wanted))
            ways.taken[found[link]].append((link.upper, link.passed))
    edges = [box.x for row in rows for box in row]
    ends = [box.x + box.width for row in rows for box in row]
    return Routes(
        tuple(_path(rows, link, found.get(link)) for link in wanted),
        min([*edges, *found.values()]),
        max([*ends, *found.values()]),
    )


def _way(rows: Sequence[Sequence[Placed]], link: Link, ways: _Ways, count: int) -> int:
    """Where a line runs down: the free place with the least detour."""
    begin, end = (_middle(rows[row][place]) for row, place in (link.upper, link.lower))
    free = [x for x in _open_places(rows, link, count) if ways.is_free(x, link)]

    def detour(x: int) -> tuple[float, float]:
        shared = SHARING if ways.is_shared(x, link) else 0
        return abs(begin - x) + abs(end - x) - shared, abs(end - x)

    return min(free, key=detour)


def _open_places(rows: Sequence[Sequence[Placed]], link: Link, count: int) -> list[int]:
    """Places where none of the passed rows has a box; on both sides there is room for all lines."""
    taken = {
        (box.x - CLEARANCE, box.x + box.width + CLEARANCE)
        for row in link.passed
        for box in rows[row]
    }
    room = (count + 2) * STEP
    first = int((min(left for left, _ in taken) - room) // STEP) * STEP
    last = int(max(right for _, right in taken) + room) + STEP
    return [
        x for x in range(first, last, STEP) if all(x <= left or x >= right for left, right in taken)
    ]


def _middle(box: Placed) -> float:
    return box.x + box.width / 2


def _path(rows: Sequence[Sequence[Placed]], link: Link, way: int | None) -> str:
    upper, lower = rows[link.upper[0]][link.upper[1]], rows[link.lower[0]][link.lower[1]]
    begin = (_middle(upper), upper.y + upper.height)
    end = (_middle(lower), lower.y)
    if way is None:
        return f"M{begin[0]:g} {begin[1]:g}{_bend(begin, end)}"
    top = min(box.y for box in rows[link.passed[0]])
    bottom = max(box.y + box.height for box in rows[link.passed[-1]])
    first, last = _bend(begin, (way, top)), _bend((way, bottom), end)
    return f"M{begin[0]:g} {begin[1]:g}{first} V{bottom:g}{last}"


def _bend(begin: tuple[float, float], end: tuple[float, float]) -> str:
    """A smooth line that leaves and arrives upright."""
    middle = (begin[1] + end[1]) / 2
    return f" C{begin[0]:g} {middle:g} {end[0]:g} {middle:g} {end[0]:g} {end[1]:g}"
