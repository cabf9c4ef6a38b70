"""What the ranking must know of the map, handed in as data."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import yaml

from embeddings.facts import WHOLE_COUNTRY, PostFacts

_EARTH_RADIUS_KM: Final = 6371.0


@dataclass(frozen=True)
class Geography:
    """Prefectures, which of them are neighbours, and the regions they form.

    Attributes:
        neighbours: prefecture → adjacent prefectures; symmetric.
        regions: region such as 四国 → its prefectures.
    """

    neighbours: Mapping[str, frozenset[str]] = field(default_factory=dict)
    regions: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def is_near(self, first: str, second: str) -> bool:
        """Tell whether two prefectures are the same or adjacent (the meaning of 近隣)."""
        return first == second or second in self.neighbours.get(first, frozenset())

    def covers(self, area: Collection[str], prefecture: str) -> bool | None:
        """Tell whether a service area includes a prefecture.

        Args:
            area: prefectures, regions, or 全国.
            prefecture: full name.

        Returns:
            None when that cannot be told: the area is empty or names places unknown here.
        """
        if not area:
            return None
        if WHOLE_COUNTRY in area or prefecture in area:
            return True
        if not self._regions_of.get(prefecture, frozenset()).isdisjoint(area):
            return True
        return False if self._places.issuperset(area) else None

    @cached_property
    def _places(self) -> frozenset[str]:
        return frozenset((*self.neighbours, *self.regions))

    @cached_property
    def _regions_of(self) -> dict[str, frozenset[str]]:
        prefectures = frozenset().union(*self.regions.values())
        return {
            prefecture: frozenset(n for n, inside in self.regions.items() if prefecture in inside)
            for prefecture in prefectures
        }


def load_geography(path: Path) -> Geography:
    """Read a geography file such as ``seeds/reference/prefecture_adjacency.yaml``.

    Args:
        path: YAML with ``neighbours`` (each pair once is enough) and ``regions``.

    Raises:
        OSError: when the file cannot be read.
        ValueError: when a neighbour or a region's member is no prefecture of the file.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    pairs = {(a, b) for a, others in content["neighbours"].items() for b in others}
    regions = {name: frozenset(members) for name, members in content["regions"].items()}
    prefectures = set(content["neighbours"])
    unknown = ({b for _, b in pairs} | set().union(*regions.values())) - prefectures
    if unknown:
        raise ValueError(f"unknown prefectures: {'、'.join(sorted(unknown))}")
    both = pairs | {(b, a) for a, b in pairs}
    neighbours = {p: frozenset(b for a, b in both if a == p) for p in prefectures}
    return Geography(neighbours=neighbours, regions=regions)


def distance_km(first: PostFacts, second: PostFacts) -> float | None:
    """Return the great-circle distance in kilometres, or None without both coordinates."""
    if first.latitude is None or first.longitude is None:
        return None
    if second.latitude is None or second.longitude is None:
        return None
    north, south = math.radians(first.latitude), math.radians(second.latitude)
    east = math.radians(second.longitude - first.longitude)
    chord = (
        math.sin((south - north) / 2) ** 2
        + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))
