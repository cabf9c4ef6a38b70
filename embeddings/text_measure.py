"""How near the texts of a need and an offering are, in units stored with the fitted ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from embeddings.centres import Centre
from embeddings.features import MEANING, SENTENCES, VOCABULARY, WORDS
from embeddings.fusion import Scale
from embeddings.word_overlap import WordFrequencies

CENTRING: Final = 0.6
_DECIMALS: Final = 5


@dataclass(frozen=True, slots=True)
class TextMeasure:
    """What turns texts into places on fixed scales.

    Attributes:
        encoder: name of the encoder whose vectors were measured; empty when none was.
        centring: how much of the common direction of all texts is taken out of a vector.
        needs, offerings: centres of the texts that were measured; None without vectors.
        scales: of the features ``meaning``, ``sentences``, ``words`` and ``vocabulary``.
        frequencies: how common words are.
    """

    encoder: str = ""
    centring: float = CENTRING
    needs: Centre | None = None
    offerings: Centre | None = None
    scales: Mapping[str, Scale] = field(default_factory=dict)
    frequencies: WordFrequencies = field(default_factory=WordFrequencies)

    def knows(self, dimension: int) -> bool:
        """Whether vectors of this length can be placed on the stored scales."""
        return self.needs is not None and self.needs.whole.shape == (dimension,)

    def scale(self, name: str) -> Scale:
        """Return the scale of a feature; a plain one where nothing was measured."""
        return self.scales.get(name) or _PLAIN[name]

    def to_json(self) -> dict[str, Any]:
        """Return plain values, rounded where that changes nothing."""
        by_count: dict[str, list[str]] = {}
        for word, count in self.frequencies.counts.items():
            by_count.setdefault(str(count), []).append(word)
        return {
            "encoder": self.encoder,
            "centring": self.centring,
            "needs": _centre_json(self.needs),
            "offerings": _centre_json(self.offerings),
            "scales": {
                name: [round(v, 6) for v in (s.mean, s.spread, s.low, s.high)]
                for name, s in self.scales.items()
            },
            "posts": self.frequencies.posts,
            "words": {count: " ".join(words) for count, words in sorted(by_count.items())},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TextMeasure:
        """Read what :meth:`to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: when something is missing or of another kind.
        """
        counts = {w: int(count) for count, words in data["words"].items() for w in words.split(" ")}
        scales = {name: Scale(*map(float, values)) for name, values in data["scales"].items()}
        if any(scale.spread <= 0 for scale in scales.values()):
            raise ValueError("a spread must be above 0")
        return cls(
            encoder=str(data["encoder"]),
            centring=float(data["centring"]),
            needs=_centre(data["needs"]),
            offerings=_centre(data["offerings"]),
            scales=scales,
            frequencies=WordFrequencies(int(data["posts"]), dict(sorted(counts.items()))),
        )


# Typical values of the bundled encoder, for a ranking that was never fitted.
_PLAIN: Final = {
    MEANING: Scale(0.135, 0.013, -3.0, 5.0),
    SENTENCES: Scale(0.147, 0.006, -3.0, 5.0),
    WORDS: Scale(0.02, 0.03, -1.0, 8.0),
    VOCABULARY: Scale(0.01, 0.03, -1.0, 6.0),
}


def _centre_json(centre: Centre | None) -> dict[str, Any] | None:
    if centre is None:
        return None
    return {
        "whole": _rounded(centre.whole.tolist()),
        "passages": _rounded(centre.passages.tolist()),
        "count": centre.count,
    }


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(value, _DECIMALS) for value in values]


def _centre(data: Mapping[str, Any] | None) -> Centre | None:
    if data is None:
        return None
    whole, passages = (np.array(data[name], dtype=np.float32) for name in ("whole", "passages"))
    if whole.ndim != 1 or whole.shape != passages.shape or not np.isfinite(whole).all():
        raise ValueError("a centre must be two vectors of one length")
    return Centre(whole=whole, passages=passages, count=int(data["count"]))
