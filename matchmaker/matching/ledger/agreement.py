"""How far judges agree, beyond what chance would bring. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

STEPS = 3
"""不適, 一部, 適."""
STEPS_IN_WORDS = (
    (0.8, "とてもよくそろっています"),
    (0.6, "よくそろっています"),
    (0.4, "ある程度そろっています"),
    (0.2, "あまりそろっていません"),
)


def weighted_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Cohen's kappa with linear weights over pairs of judgements of the same thing.

    Whoever is named first does not matter, so the shares of both are taken together (as in
    Scott's pi). Linear weights: 適 and 不適 are twice as far apart as 適 and 一部. After J. Cohen,
    "Weighted kappa", Psychological Bulletin 70 (1968).

    Args:
        pairs: two judgements each, as 0 (不適), 1 (一部) or 2 (適).

    Returns:
        1 for full agreement, 0 for that of chance; None where it is not defined: without pairs, or
        where everybody said the same of everything.
    """
    if not pairs:
        return None
    shares = Counter(step for pair in pairs for step in pair)
    total = 2 * len(pairs)
    seen = sum(abs(a - b) for a, b in pairs) / len(pairs)
    by_chance = sum(
        abs(a - b) * shares[a] * shares[b] for a in range(STEPS) for b in range(STEPS)
    ) / (total * total)
    return None if by_chance == 0 else 1 - seen / by_chance


def in_words(kappa: float | None) -> str:
    """The size of a kappa in plain words (steps after Landis & Koch, Biometrics 33, 1977)."""
    if kappa is None:
        return "まだ計算できません"
    return next((words for least, words in STEPS_IN_WORDS if kappa > least), "そろっていません")
