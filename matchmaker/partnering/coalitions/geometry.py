"""Distances between towns and plants. Pure.

Nobody has measured the roads: a road distance is the great-circle distance times a factor. That
the two are about proportional was found by 腰塚武志・小林純一「道路距離と直線距離」
(都市計画論文集18号、1983); 1.3 is the factor in common use. Water and mountains in between are not
seen.
"""

from __future__ import annotations

import math
from typing import Final

EARTH_KM: Final = 6371.0
ROAD_FACTOR: Final = 1.3
ROAD_SOURCE: Final = "腰塚武志・小林純一「道路距離と直線距離」都市計画論文集18号（1983年）"
Point = tuple[float, float]
"""Latitude and longitude in degrees."""


def great_circle_km(first: Point, second: Point) -> float:
    """Shortest distance on the sphere in kilometres (haversine formula)."""
    north, south = math.radians(first[0]), math.radians(second[0])
    east = math.radians(second[1] - first[1])
    chord = (
        math.sin((south - north) / 2) ** 2
        + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, chord)))


def road_km(first: Point, second: Point) -> float:
    """Estimated distance by road in kilometres."""
    return great_circle_km(first, second) * ROAD_FACTOR
