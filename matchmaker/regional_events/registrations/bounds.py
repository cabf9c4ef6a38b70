"""How many seats of a track may be given out, as planned. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
