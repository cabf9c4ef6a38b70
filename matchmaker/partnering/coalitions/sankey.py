"""The picture of flows: three columns of bars and the ribbons between them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matchmaker.partnering.coalitions.flows import Chain

WIDTH: Final = 960
BAR: Final = 14
GAP: Final = 26
TOP: Final = 52
LEAST_HEIGHT: Final = 3.0
PICTURE: Final = 320.0
FLOW: Final = 80.0
"""Height of all flows together, and of one chain at most."""
NAME_LENGTH: Final = 14
ANCHORS: Final = ("start", "middle", "end")
COLUMNS: Final = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One business in one column; tonnes a year, places in the picture's units."""

    column: int
    key: str
    name: str
    tonnes: float
    x: float
    y: float
    height: float

    @property
    def label_x(self) -> float:
        """Where its name stands: above the bar, inside the picture."""
        return self.x + BAR * self.column / (COLUMNS - 1)

    @property
    def anchor(self) -> str:
        """Which end of the name stands there."""
        return ANCHORS[self.column]

    @property
    def short_name(self) -> str:
        """The name, cut so that neighbours do not touch."""
        is_short = len(self.name) <= NAME_LENGTH
        return self.name if is_short else self.name[: NAME_LENGTH - 1] + "…"


@dataclass(frozen=True, slots=True)
class Ribbon:
    """One flow between two bars.

    Args:
        path: of an SVG path along its middle.
        width: its thickness.
        text: who, whom, what and how much.
        level: the column that it starts in.
    """

    path: str
    width: float
    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it, with the height of the picture."""

    bars: Sequence[Bar]
    ribbons: Sequence[Ribbon]
    height: float
    width: int = WIDTH


def picture_of(chains: Sequence[Chain]) -> Picture | None:
    """Lay chains out; None when none of them has tonnes."""
    filled = [chain for chain in chains if chain.tonnes]
    if not filled:
        return None
    total = sum(chain.tonnes or 0 for chain in filled)
    scale = min(PICTURE, FLOW * len(filled)) / total
    bars = _bars(filled, scale)
    links = _links(filled)
    height = max(bar.y + bar.height for bar in bars.values()) + TOP / 2
    return Picture(list(bars.values()), _ribbons(bars, links, scale), round(height, 1))


def _bars(chains: Sequence[Chain], scale: float) -> dict[tuple[int, str], Bar]:
    sums: dict[tuple[int, str], float] = defaultdict(float)
    names: dict[str, str] = {}
    for chain in chains:
        for column, business in enumerate(chain.businesses):
            sums[column, business.key] += chain.tonnes or 0
            names[business.key] = business.name
    bars: dict[tuple[int, str], Bar] = {}
    for column in range(COLUMNS):
        y, x = float(TOP), column * (WIDTH - BAR) / (COLUMNS - 1)
        own = sorted((pair for pair in sums.items() if pair[0][0] == column), key=lambda p: -p[1])
        for (_, key), tonnes in own:
            height = max(LEAST_HEIGHT, tonnes * scale)
            bars[column, key] = Bar(
                column, key, names[key], tonnes, round(x, 1), round(y, 1), round(height, 1)
            )
            y += height + GAP
    return bars


@dataclass(frozen=True, slots=True)
class _Link:
    column: int
    giver: str
    taker: str
    material: str


def _links(chains: Sequence[Chain]) -> dict[_Link, float]:
    links: dict[_Link, float] = defaultdict(float)
    for chain in chains:
        first, second, third = (business.key for business in chain.businesses)
        links[_Link(0, first, second, chain.material)] += chain.tonnes or 0
        links[_Link(1, second, third, chain.product)] += chain.tonnes or 0
    return links


def _ribbons(
    bars: dict[tuple[int, str], Bar], links: dict[_Link, float], scale: float
) -> list[Ribbon]:
    """Ribbons side by side on each bar, in the order of the bars that they lead to."""
    out: dict[tuple[int, str], float] = defaultdict(float)
    into: dict[tuple[int, str], float] = defaultdict(float)
    ribbons = []
    ordered = sorted(
        links.items(),
        key=lambda p: (bars[p[0].column, p[0].giver].y, bars[p[0].column + 1, p[0].taker].y),
    )
    for link, tonnes in ordered:
        giver, taker = bars[link.column, link.giver], bars[link.column + 1, link.taker]
        width = tonnes * scale
        start = giver.y + out[link.column, link.giver] + width / 2
        end = taker.y + into[link.column + 1, link.taker] + width / 2
        out[link.column, link.giver] += width
        into[link.column + 1, link.taker] += width
        text = f"{giver.name} → {taker.name}：{link.material} {tonnes:,.0f} t/年"
        path = _path(giver.x + BAR, start, taker.x, end)
        ribbons.append(Ribbon(path, round(max(1.0, width), 1), text, link.column))
    return ribbons


def _path(x: float, y: float, to_x: float, to_y: float) -> str:
    middle = (x + to_x) / 2
    return f"M{x:.1f},{y:.1f}C{middle:.1f},{y:.1f} {middle:.1f},{to_y:.1f} {to_x:.1f},{to_y:.1f}"
