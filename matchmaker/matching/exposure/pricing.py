"""Prices of places: the shadow prices of bounds on how often each organisation is shown.

Which organisations are shown on which needs is a linear programme: the sum of the probabilities of
all shown pairs is to be large, each need has five places, each organisation has an upper bound and,
if small or new, a lower one whose missing places cost :data:`WORTH_OF_FLOOR` each. The dual values
of the bounds are prices (D. Bertsimas and J. Tsitsiklis, «Introduction to Linear Optimization»,
section 4.3): who goes by «probability minus price» alone finds the same places, need by need. At
the optimum some needs are indifferent between two organisations; small steps settle those so that
bounds are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, vstack

from matchmaker.matching.exposure.domain import PLACES

WORTH_OF_FLOOR: Final = 0.1
"""Probability that is given up at most for one place of a small or new organisation."""
STEP: Final = 0.002
MOST_STEPS: Final = 600
NOBODY: Final = -1

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """Whom each need could be shown.

    Attributes:
        chances: probability of each pair, ``(needs, columns)``; 0 where there is none.
        owners: number of the organisation, ``(needs, columns)``; -1 where there is none. An
            organisation stands at most once in a row.
        organizations: how many there are.
    """

    chances: Floats
    owners: Ints
    organizations: int

    def places_of(self, prices: Floats) -> tuple[Ints, float]:
        """Places of each organisation when every need goes by probability minus price.

        Args:
            prices: of each organisation.

        Returns:
            Places by organisation, and the expected matches.
        """
        if not self.chances.size:
            return np.zeros(self.organizations, dtype=np.int64), 0.0
        known = self.owners != NOBODY
        values = np.where(known, self.chances - prices[self.owners], -np.inf)
        best = np.argsort(-values, axis=1, kind="stable")[:, :PLACES]
        rows = np.arange(len(values))[:, None]
        shown = known[rows, best]
        owners = self.owners[rows, best][shown]
        counts = np.bincount(owners, minlength=self.organizations).astype(np.int64)
        return counts, float(self.chances[rows, best][shown].sum())


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Prices and what comes of them.

    Attributes:
        prices: of each organisation, in probability.
        places: of each organisation.
        expected: expected matches over all places.
    """

    prices: Floats
    places: Ints
    expected: float


def priced(market: Market, upper: Ints, lower: Ints) -> Outcome:
    """Find prices that keep upper bounds, and lower ones as far as they are worth it.

    Args:
        market: whom each need could be shown.
        upper, lower: bounds of each organisation's places.
    """
    prices = _settled(market, _shadow_prices(market, upper, lower), upper, lower)
    places, expected = market.places_of(prices)
    return Outcome(prices, places, expected)


def _shadow_prices(market: Market, upper: Ints, lower: Ints) -> Floats:
    """Dual values of the bounds."""
    needs, columns = np.nonzero(market.owners != NOBODY)
    if not len(needs):
        return np.zeros(market.organizations)
    owners = market.owners[needs, columns]
    pairs, count = np.arange(len(needs)), market.organizations
    ones = np.ones(len(needs))
    by_need = csr_array((ones, (needs, pairs)), shape=(len(market.owners), len(needs)))
    by_owner = csr_array((ones, (owners, pairs)), shape=(count, len(needs)))
    matrix = vstack(
        [
            hstack([by_need, csr_array((len(market.owners), count))]),
            hstack([by_owner, csr_array((count, count))]),
            hstack([-by_owner, -eye_array(count)]),
        ],
        format="csr",
    )
    found = linprog(
        np.concatenate([-market.chances[needs, columns], np.full(count, WORTH_OF_FLOOR)]),
        A_ub=matrix,
        b_ub=np.concatenate([np.full(len(market.owners), PLACES), upper, -lower]),
        bounds=[(0, 1)] * len(needs) + [(0, None)] * count,
        method="highs",
    )
    duals = -np.asarray(found.ineqlin.marginals, dtype=np.float64)[len(market.owners) :]
    prices: Floats = duals[:count] - duals[count:]
    return prices


def _settled(market: Market, prices: Floats, upper: Ints, lower: Ints) -> Floats:
    """Move prices in small steps until no upper bound is broken; lower ones within their worth."""
    prices = prices.copy()
    for step in range(MOST_STEPS):
        places, _ = market.places_of(prices)
        over = places > upper
        # Helping first: who is helped may push another over its bound, never the other way last.
        under = (places < lower) & (prices > -WORTH_OF_FLOOR) if step < MOST_STEPS // 2 else None
        if not over.any() and (under is None or not under.any()):
            return prices
        prices[over] += STEP
        if under is not None:
            prices[under & ~over] -= STEP
    return prices
