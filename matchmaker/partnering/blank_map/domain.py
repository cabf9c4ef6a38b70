"""Rules of the blank map: places, what counts as answered, what may be told to whom."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlencode

from matchmaker.core.fields import Choice
from matchmaker.core.prefectures import PREFECTURES

REGIONS: Mapping[str, tuple[str, ...]] = {
    "北海道": PREFECTURES[:1],
    "東北": PREFECTURES[1:7],
    "関東": PREFECTURES[7:14],
    "中部": PREFECTURES[14:23],
    "近畿": PREFECTURES[23:30],
    "中国": PREFECTURES[30:35],
    "四国": PREFECTURES[35:39],
    "九州・沖縄": PREFECTURES[39:],
}
"""The eight regions of school atlases (八地方区分), in the order of the prefectures' codes."""

REGION_OF: Mapping[str, str] = {
    prefecture: region for region, inside in REGIONS.items() for prefecture in inside
}
FEW_TAKERS = 3
"""Visitors are told of a gap where fewer offerings take the material than this."""

LEAST_FOR_AMOUNT = 5
"""An amount added up over fewer needs would tell what one of them keeps to members."""

BANDS = (10, 100, 1_000, 10_000)
"""Bounds of the bands, in tonnes a year, in which visitors are told sums."""

CODE = re.compile(r"[a-z0-9_]{1,40}")
MOST_CHOICES = 50
AGES = (30, 90, 180, 365)
MOST_NEEDS, MOST_OFFERINGS = 20_000, 100_000


class Grouping(StrEnum):
    """How large the places are."""

    PREFECTURE = "prefecture"
    REGION = "region"


GROUPING_LABELS: Mapping[Grouping, str] = {
    Grouping.PREFECTURE: "都道府県ごと",
    Grouping.REGION: "8つの地方ごと",
}


class Coverage(StrEnum):
    """How far offerings answer the needs of one material in one place."""

    NONE = "none"
    LOT = "lot"
    SHORT = "short"
    FEW = "few"
    UNKNOWN = "unknown"
    ENOUGH = "enough"


COVERAGE_LABELS: Mapping[Coverage, str] = {
    Coverage.NONE: "受け入れ先がない",
    Coverage.LOT: "最低の量に届かない",
    Coverage.SHORT: "空きが足りない",
    Coverage.FEW: "受け入れ先が少ない",
    Coverage.UNKNOWN: "量がわからない",
    Coverage.ENOUGH: "足りている",
}
BLANKS = frozenset({Coverage.NONE, Coverage.LOT, Coverage.SHORT, Coverage.FEW})
SEVERITY = tuple(Coverage)


class Waste(StrEnum):
    """Legal class of what a need is about, as far as licences depend on it."""

    GENERAL = "general"
    INDUSTRIAL = "industrial"
    OTHER = "other"


LICENCES_FOR: Mapping[Waste, frozenset[str]] = {
    Waste.GENERAL: frozenset({"general_waste_treatment"}),
    Waste.INDUSTRIAL: frozenset({"industrial_waste_treatment", "special_industrial_waste"}),
}
"""Licences to treat waste (廃棄物処理法 7条6項, 14条6項, 14条の4第6項); other things need none."""


def waste_of(code: str | None) -> Waste:
    """Class for the code of the field 区分, or for its label as texts are read."""
    if code in ("general", "一般廃棄物"):
        return Waste.GENERAL
    return Waste.INDUSTRIAL if code in ("industrial", "産業廃棄物") else Waste.OTHER


def has_licence(waste: Waste, licences: frozenset[str]) -> bool:
    """Whether one of the licences (codes) is for that class; other things need none."""
    asked = LICENCES_FOR.get(waste)
    return asked is None or not asked.isdisjoint(licences)


@dataclass(frozen=True, slots=True)
class Amounts:
    """Tonnes a year of one material in one place; only members are told.

    Attributes:
        wanted: sum over the needs that tell an amount; a need of several materials is divided.
        answered: how much of it free capacity covers, each tonne of capacity counted once.
        unknown_needs: needs that tell no yearly amount.
        unknown_takers: offerings that tell no capacity.
        smallest_lot: least of the minimum lots of those that take the material; None: no bound.
        below_lot: needs that stay below every minimum lot.
    """

    wanted: float
    answered: float
    unknown_needs: int
    unknown_takers: int
    smallest_lot: float | None
    below_lot: int

    @property
    def missing(self) -> float:
        """Tonnes without an answer."""
        return max(0.0, self.wanted - self.answered)

    @property
    def reaches_lot_together(self) -> bool:
        """Whether needs too small for the smallest lot reach it when they go together."""
        lot = self.smallest_lot
        return self.below_lot > 1 and lot is not None and self.wanted >= lot


@dataclass(frozen=True, slots=True)
class Cell:
    """One material in one place.

    Attributes:
        material, name: code and name of the material.
        place: prefecture or region.
        needs: unmet needs; ``municipalities`` of them that differ.
        takers: offerings that take the material there; ``licensed`` of them name a licence for
            the class of waste of at least one of the needs (all where no licence is asked).
        coverage: what follows from that.
        amounts: None for visitors.
        band: the wanted sum as visitors are told it; empty where it stays hidden.
    """

    material: str
    name: str
    place: str
    needs: int
    municipalities: int
    takers: int
    licensed: int
    coverage: Coverage
    amounts: Amounts | None
    band: str

    @property
    def is_blank(self) -> bool:
        """Whether nothing, or too little, answers."""
        return self.coverage in BLANKS


def coverage_by_number(takers: int) -> Coverage:
    """What visitors are told: it follows from public posts alone, never from amounts."""
    if takers == 0:
        return Coverage.NONE
    return Coverage.FEW if takers < FEW_TAKERS else Coverage.ENOUGH


def coverage_by_amount(needs: int, takers: int, amounts: Amounts) -> Coverage:
    """What members are told.

    Args:
        needs: unmet needs.
        takers: offerings that take the material.
        amounts: what is known of tonnes.
    """
    if takers == 0:
        return Coverage.NONE
    if amounts.below_lot == needs:
        return Coverage.LOT
    if amounts.unknown_takers == takers or amounts.wanted == 0:
        return Coverage.UNKNOWN
    # Half a tonne is rounding of what people typed, no gap.
    if amounts.missing > 0.5:  # noqa: PLR2004
        return Coverage.UNKNOWN if amounts.unknown_takers else Coverage.SHORT
    return Coverage.ENOUGH


def band_of(tonnes: float, needs: int) -> str:
    """A sum in words that give away no single need; empty under five needs.

    Args:
        tonnes: tonnes a year.
        needs: how many needs with an amount it was added up from.
    """
    if needs < LEAST_FOR_AMOUNT or tonnes <= 0:
        return ""
    for low, high in zip((0, *BANDS), BANDS, strict=False):
        if tonnes < high:
            return f"{low:,}〜{high:,}t/年" if low else f"{high:,}t/年未満"
    return f"{BANDS[-1]:,}t/年以上"


@dataclass(frozen=True, slots=True)
class BlankFilter:
    """What the map is narrowed to.

    Attributes:
        materials: codes; empty means all.
        region: name of a region, or empty.
        prefecture: or empty.
        days: needs published at least so many days ago.
        grouping: size of the places.
        is_licensed: count only offerings that name a licence for the class of waste.
        shows_all: also cells that are answered.
    """

    materials: tuple[str, ...] = ()
    region: str = ""
    prefecture: str = ""
    days: int = 0
    grouping: Grouping = Grouping.PREFECTURE
    is_licensed: bool = False
    shows_all: bool = False

    @property
    def active(self) -> int:
        """How many conditions are in force."""
        chosen = (self.region, self.prefecture, self.days, self.is_licensed, self.shows_all)
        return len(self.materials) + sum(map(bool, chosen))

    def has_place(self, prefecture: str) -> bool:
        """Whether needs of a prefecture are wanted."""
        if self.prefecture and prefecture != self.prefecture:
            return False
        return not self.region or REGION_OF.get(prefecture) == self.region

    def pairs(self) -> list[tuple[str, str]]:
        """The conditions as they stand in an address."""
        single = (
            ("region", self.region),
            ("prefecture", self.prefecture),
            ("days", str(self.days) if self.days else ""),
            ("by", self.grouping.value if self.grouping is Grouping.REGION else ""),
            ("licensed", "1" if self.is_licensed else ""),
            ("show", "all" if self.shows_all else ""),
        )
        return [("material", code) for code in self.materials] + [p for p in single if p[1]]

    def query_string(self, **changes: Any) -> str:
        """The conditions for an address, some attributes exchanged."""
        return urlencode(replace(self, **changes).pairs())


class QueryValues(Protocol):
    """Values of a query string."""

    def getlist(self, key: str) -> list[str]:
        """All values of ``key``."""
        ...


def filter_from(args: QueryValues) -> BlankFilter:
    """The conditions of an address; anything unknown narrows nothing."""
    region, prefecture, days, by, licensed, show = (
        _first(args, key) for key in ("region", "prefecture", "days", "by", "licensed", "show")
    )
    materials = (code for code in args.getlist("material") if CODE.fullmatch(code))
    return BlankFilter(
        materials=tuple(dict.fromkeys(materials))[:MOST_CHOICES],
        region=region if region in REGIONS else "",
        prefecture=prefecture if prefecture in REGION_OF else "",
        days=int(days) if days in {str(each) for each in AGES} else 0,
        grouping=Grouping.REGION if by == Grouping.REGION else Grouping.PREFECTURE,
        is_licensed=licensed == "1",
        shows_all=show == "all",
    )


def _first(args: QueryValues, key: str) -> str:
    return next(iter(args.getlist(key)), "")


@dataclass(frozen=True, slots=True)
class Place:
    """A prefecture or a region with the prefectures inside."""

    name: str
    prefectures: tuple[str, ...]


def places_of(grouping: Grouping) -> Sequence[Place]:
    """All places of one size, from north to south."""
    if grouping is Grouping.REGION:
        return [Place(name, inside) for name, inside in REGIONS.items()]
    return [Place(name, (name,)) for name in PREFECTURES]


def place_called(name: str) -> tuple[Place, Grouping] | None:
    """The place of that name; the one that is both, 北海道, is the same either way."""
    if name in REGION_OF:
        return Place(name, (name,)), Grouping.PREFECTURE
    return (Place(name, REGIONS[name]), Grouping.REGION) if name in REGIONS else None


AGE_CHOICES = tuple(Choice(str(days), f"{days}日以上") for days in AGES)
