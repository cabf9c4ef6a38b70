"""Needs and offerings as the map reads them."""

from __future__ import annotations

import uuid
from typing import Any

from matchmaker.partnering.blank_map.domain import Waste
from matchmaker.partnering.blank_map.sources import Taker, UnmetNeed


def need(tonnes: float | None = 100.0, **changes: Any) -> UnmetNeed:
    """A need for bamboo in Nagano, of a municipality of its own."""
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "organization_id": uuid.uuid4(),
        "prefecture": "長野県",
        "materials": ("bamboo",),
        "tonnes": tonnes,
        "waste": Waste.GENERAL,
    }
    return UnmetNeed(**{**values, **changes})


def taker(tonnes: float | None = 100.0, **changes: Any) -> Taker:
    """An offering that takes bamboo in Nagano without a minimum lot."""
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "materials": ("bamboo",),
        "area": frozenset({"長野県"}),
        "tonnes": tonnes,
        "lot": 0.0,
        "licences": frozenset(),
    }
    return Taker(**{**values, **changes})
