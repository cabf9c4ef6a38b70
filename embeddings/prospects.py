"""How likely a pair is worth a conversation, as the ranking hands it on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Silence(StrEnum):
    """Why no probability is told."""

    TEXT_TOO_SHORT = "text_too_short"
    NO_VECTORS = "no_vectors"
    OUTSIDE_EXPERIENCE = "outside_experience"


@dataclass(frozen=True, slots=True)
class Band:
    """What judges said of pairs of about this probability.

    Attributes:
        low, high: the band's edges, 0–1.
        pairs: judged pairs in it.
        good: those worth a conversation (grade 2 or 3).
    """

    low: float
    high: float
    pairs: int
    good: int


@dataclass(frozen=True, slots=True)
class Prospect:
    """A calibrated probability, or the reason why there is none.

    Attributes:
        together: that the pair is worth a conversation, 0–1.
        town: that the town would want it.
        business: that the business would want it.
        band: what is known of pairs like this one.
        silence: why the numbers are not to be shown; None when they may be.
    """

    together: float
    town: float
    business: float
    band: Band | None = None
    silence: Silence | None = None
