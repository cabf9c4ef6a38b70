"""How far reviewers agree: Krippendorff's alpha for numbers (interval data). Pure.

Source: Klaus Krippendorff, "Computing Krippendorff's Alpha-Reliability" (Annenberg School,
2011). With squared differences the sums over pairs become sums of values and of their squares, so
that a database can add them up: over all ordered pairs of m values, Σ(vᵢ−vⱼ)² = 2(m·Σv² − (Σv)²).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FEWEST_VALUES = 2
GOOD, FAIR = 0.8, 0.667
"""Krippendorff's own bounds: reliable from 0.8, tentative conclusions from 0.667."""


@dataclass(frozen=True, slots=True)
class UnitSums:
    """The values given to one unit (a proposal).

    Args:
        count: how many values.
        total: their sum.
        squares: the sum of their squares.
    """

    count: int
    total: float
    squares: float

    @property
    def pair_differences(self) -> float:
        """Squared differences added up over all ordered pairs of the unit's values."""
        return 2 * (self.count * self.squares - self.total**2)


def sums_of(values: Sequence[float]) -> UnitSums:
    """The sums of the values given to one unit."""
    return UnitSums(len(values), sum(values), sum(value * value for value in values))


def alpha(units: Iterable[UnitSums]) -> float | None:
    """Krippendorff's alpha: 1 for full agreement, 0 for what chance would give, less for worse.

    Args:
        units: sums by unit; units with a single value cannot be compared and do not count.

    Returns:
        None when nothing can be compared or when all values are the same.
    """
    pairable = [unit for unit in units if unit.count >= FEWEST_VALUES]
    everything = UnitSums(
        sum(unit.count for unit in pairable),
        sum(unit.total for unit in pairable),
        sum(unit.squares for unit in pairable),
    )
    observed = sum(unit.pair_differences / (unit.count - 1) for unit in pairable)
    return alpha_of_sums(everything, observed)


def alpha_of_sums(everything: UnitSums, observed: float) -> float | None:
    """Krippendorff's alpha from sums over all units that have at least two values.

    Args:
        everything: the values of all these units together.
        observed: the pair differences of each unit divided by its count less one, added up.
    """
    if everything.count < FEWEST_VALUES:
        return None
    expected = everything.pair_differences / (everything.count - 1)
    if expected <= everything.squares * 1e-12:
        return None
    return 1 - observed / expected


def alpha_of_ratings(ratings: Iterable[Sequence[float]]) -> float | None:
    """Krippendorff's alpha of the values given to each unit."""
    return alpha(sums_of(values) for values in ratings)


def in_words(value: float | None) -> str:
    """What a figure of agreement means, in plain Japanese."""
    if value is None:
        return "まだ比べられません"
    if value >= GOOD:
        return "よくそろっています"
    return "おおむねそろっています" if value >= FAIR else "意見が分かれています"
