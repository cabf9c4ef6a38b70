"""Puts a calibrated probability into words and a range, or says that nothing can be said."""

from __future__ import annotations

from math import sqrt

from embeddings.prospects import Band, Prospect, Silence
from matchmaker.matching.domain import STRENGTH_LABELS, Outlook, Strength, strength_of

OF_TEN = 10
CONFIDENCE = 1.28
"""Standard deviations of the range told: eight of ten such ranges hold the true share."""
ADVICE = {
    Silence.TEXT_TOO_SHORT: "文章が短いためです。困りごとや条件をもう少し書くと、判断できます。",
    Silence.NO_VECTORS: "文章の意味をまだ読み比べていないためです。"
    "少し待ってから開き直してください。",
    Silence.OUTSIDE_EXPERIENCE: "よく似た組の実績がないためです。"
    "品目・量・地域をはっきり書くと、判断しやすくなります。",
}
HELD_BACK = "条件に合わない点があるため、「有望」とは出していません。"
NOTHING_KNOWN = Outlook(Strength.UNKNOWN, advice=ADVICE[Silence.NO_VECTORS])


def outlook_of(prospect: Prospect | None, *, breaks_condition: bool) -> Outlook:
    """Words for a prospect.

    Args:
        prospect: of the ranking; None where there is none.
        breaks_condition: whether a stated condition is broken; such a pair is never promising.
    """
    if prospect is None:
        return NOTHING_KNOWN
    if prospect.silence is not None:
        return Outlook(Strength.UNKNOWN, advice=ADVICE[prospect.silence])
    strength = strength_of(prospect.together, breaks_condition)
    is_held_back = strength is not strength_of(prospect.together, has_violation=False)
    return Outlook(
        strength,
        record_words(prospect.band),
        STRENGTH_LABELS[strength_of(prospect.town, has_violation=False)],
        STRENGTH_LABELS[strength_of(prospect.business, breaks_condition)],
        advice=HELD_BACK if is_held_back else "",
    )


def record_words(band: Band | None) -> str:
    """How pairs of about this probability turned out, as «10件中7件（6〜8件）»; empty if unknown.

    Fewer than ten are told as they are. The range is Wilson's interval for a share (E. B. Wilson,
    «Probable inference», JASA 1927), so that few pairs give a wide one.
    """
    if band is None or not band.pairs:
        return ""
    if band.pairs < OF_TEN:
        return f"{band.pairs}件中{band.good}件"
    share = round(OF_TEN * band.good / band.pairs)
    low, high = (round(OF_TEN * edge) for edge in wilson_interval(band.good, band.pairs))
    span = f"（{low}〜{high}件）" if low != high else ""
    return f"{OF_TEN}件中{share}件{span}"


def wilson_interval(good: int, all_of_them: int) -> tuple[float, float]:
    """Range of a share, 0–1.

    Args:
        good: how often.
        all_of_them: out of so many, at least one.
    """
    z2 = CONFIDENCE**2
    middle = (good + z2 / 2) / (all_of_them + z2)
    spread = good * (all_of_them - good) / all_of_them + z2 / 4
    half = CONFIDENCE * sqrt(spread) / (all_of_them + z2)
    return max(0.0, middle - half), min(1.0, middle + half)
