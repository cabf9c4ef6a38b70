"""How many seats of a track may be given out, as planned. Pure rules."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from matchmaker.regional_events.registrations.domain import SeatScope


@dataclass(frozen=True, slots=True)
class TrackBounds:
    """All bounds of one track at a moment; None is no bound.

    Args:
        general: seats for everybody who has no kept seat.
        per_organization: seats of one organisation.
        quotas: seats by category.
        reserves: kept seats by id of the reserve.
    """

    general: int | None = None
    per_organization: int | None = None
    quotas: Mapping[str, int] = field(default_factory=dict)
    reserves: Mapping[str, int] = field(default_factory=dict)

    def of(self, scope: SeatScope, key: str) -> int | None:
        """The bound of one counter; a reserve that is no more has no seats."""
        match scope:
            case SeatScope.TRACK:
                return self.general
            case SeatScope.ORGANIZATION:
                return self.per_organization
            case SeatScope.CATEGORY:
                return self.quotas.get(key)
            case SeatScope.RESERVE:
                return self.reserves.get(key, 0)


def general_seats(
    capacity: int | None, overbooking_rate: float, reserved: int, given_out: int | None
) -> int | None:
    """Seats that are given out to everybody.

    Args:
        capacity: seats of the room; None for a stream without a bound.
        overbooking_rate: share given out beyond it, for those who will not come (0 to 1).
        reserved: seats kept aside.
        given_out: what the present wave gives out in total; None is all.

    Returns:
        ``floor(capacity × (1 + overbooking_rate)) − reserved``, at least 0, at most ``given_out``.
    """
    if capacity is None:
        return given_out
    rate = Decimal(str(overbooking_rate))  # 100 × 1.15 is 114.99… in binary fractions
    seats = max(0, math.floor(capacity * (1 + rate)) - reserved)
    return seats if given_out is None else min(seats, given_out)
