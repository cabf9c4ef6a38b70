"""How likely a pair is worth a conversation: a sum of named parts that is a log-odds.

The score of a pair is ``base + Σ weight · feature``, and ``together = 1 / (1 + exp(−score))`` is
the calibrated probability that judges give the pair a grade of 2 or 3 (ridge logistic regression
with weights that are never negative, then Platt scaling; see docs/ranking.md). So the order, the
reasons and the probability come from one sum.

Two further probabilities use the same parts: ``town``, that the content is right (grade 1 or
better), goes by the parts about content; ``business``, that the terms allow what is right in
content (grade 2 or better among those of 1 or better), by the parts about terms. Both are at least
``together``, which needs either.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from embeddings.features import BY_NAME, Aspect
from embeddings.prospects import Band, Prospect, Silence
from embeddings.text_measure import TextMeasure

BASE: Final = "base"
FORMAT: Final = 1
_SHIPPED: Final = Path(__file__).with_name("partnership.json")
# Beyond it nothing is gained, and exp() stays within bounds.
_MOST_LOG_ODDS: Final = 30.0


class BadParameters(ValueError):
    """Stored parameters cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """A log-odds as ``base + scale · sum of some parts``."""

    base: float
    scale: float

    def probability(self, total: float) -> float:
        """Return the probability at a sum of parts."""
        return sigmoid(self.base + self.scale * total)


@dataclass(frozen=True, slots=True)
class PartnershipModel:
    """The fitted ranking. Immutable.

    Attributes:
        weights: feature → weight ≥ 0 in log-odds; one that is missing is 0.
        base: log-odds of a pair of which every feature is 0.
        town, business: the two one-sided probabilities.
        text: scales and frequencies of the text features.
        bands: what judges said of shown pairs, by probability, lowest first.
        figures: how it was fitted and measured; for reading only.
    """

    weights: Mapping[str, float]
    base: float = 0.0
    town: Line = Line(0.0, 1.0)
    business: Line = Line(0.0, 1.0)
    text: TextMeasure = field(default_factory=TextMeasure)
    bands: tuple[Band, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)

    def parts(self, features: Mapping[str, float]) -> dict[str, float]:
        """Return the named parts of the score, ``"base"`` among them; they add up to it.

        Args:
            features: feature → value; one that is missing is 0.
        """
        found = {BASE: self.base}
        for name, value in features.items():
            if amount := self.weights.get(name, 0.0) * value:
                part = BY_NAME[name].part
                found[part] = found.get(part, 0.0) + amount
        return found

    def score(self, features: Mapping[str, float]) -> float:
        """Return the log-odds of a pair."""
        return sum(self.parts(features).values())

    def prospect(self, features: Mapping[str, float], silence: Silence | None = None) -> Prospect:
        """Return the probabilities of a pair.

        Args:
            features: feature → value.
            silence: why they are not to be shown, if so.
        """
        together = sigmoid(self.score(features))
        return Prospect(
            together=together,
            town=max(together, self.town.probability(self._sum(features, Aspect.CONTENT))),
            business=max(together, self.business.probability(self._sum(features, Aspect.TERMS))),
            band=None if silence else self.band(together),
            silence=silence,
        )

    def band(self, probability: float) -> Band | None:
        """Return the band of a probability; None when none was counted there."""
        found = (band for band in self.bands if probability < band.high)
        band = next(found, self.bands[-1] if self.bands else None)
        return band if band is not None and band.pairs else None

    def without(self, parts: Collection[str]) -> PartnershipModel:
        """Return the same ranking without some parts, to measure what they bring."""
        kept = {n: w for n, w in self.weights.items() if BY_NAME[n].part not in parts}
        return PartnershipModel(
            kept, self.base, self.town, self.business, self.text, self.bands, self.figures
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a file or a database column."""
        return {
            "format": FORMAT,
            "weights": {name: round(weight, 5) for name, weight in self.weights.items()},
            "base": round(self.base, 5),
            "town": [round(self.town.base, 5), round(self.town.scale, 5)],
            "business": [round(self.business.base, 5), round(self.business.scale, 5)],
            "bands": [[band.low, band.high, band.pairs, band.good] for band in self.bands],
            "figures": dict(self.figures),
            "text": self.text.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PartnershipModel:
        """Read what :meth:`to_json` gave.

        Features that this version of the program does not know are refused, since the parts would
        no longer add up.

        Raises:
            BadParameters: when something is missing, unknown or impossible.
        """
        try:
            return cls._read(data)
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
            raise BadParameters(f"parameters of the ranking cannot be read: {error}") from error

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> PartnershipModel:
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']}")
        weights = {str(name): float(weight) for name, weight in data["weights"].items()}
        if unknown := weights.keys() - BY_NAME.keys():
            raise ValueError(f"unknown features {sorted(unknown)}")
        lines = Line(*map(float, data["town"])), Line(*map(float, data["business"]))
        numbers = [*weights.values(), float(data["base"]), *(v for x in lines for v in _values(x))]
        if not all(map(math.isfinite, numbers)):
            raise ValueError("a number is not finite")
        if min([*weights.values(), *(line.scale for line in lines)]) < 0:
            raise ValueError("a weight is below 0")
        return cls(
            weights=weights,
            base=float(data["base"]),
            town=lines[0],
            business=lines[1],
            text=TextMeasure.from_json(data["text"]),
            bands=tuple(Band(float(a), float(b), int(n), int(g)) for a, b, n, g in data["bands"]),
            figures=dict(data.get("figures", {})),
        )

    @staticmethod
    def shipped() -> PartnershipModel:
        """Return the ranking that comes with the program, read once."""
        return _shipped()

    def _sum(self, features: Mapping[str, float], aspect: Aspect) -> float:
        return sum(
            self.weights.get(name, 0.0) * value
            for name, value in features.items()
            if BY_NAME[name].aspect is aspect
        )


def read_model(path: Path) -> PartnershipModel:
    """Read parameters from a file.

    Raises:
        BadParameters: when the file is missing or cannot be used.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadParameters(f"{path.name} is missing or is not JSON") from error
    return PartnershipModel.from_json(data)


def sigmoid(log_odds: float) -> float:
    """Return the probability of a log-odds."""
    bounded = max(-_MOST_LOG_ODDS, min(_MOST_LOG_ODDS, log_odds))
    return 1 / (1 + math.exp(-bounded))


@lru_cache(maxsize=1)
def _shipped() -> PartnershipModel:
    return read_model(_SHIPPED)


def _values(line: Line) -> tuple[float, float]:
    return line.base, line.scale
