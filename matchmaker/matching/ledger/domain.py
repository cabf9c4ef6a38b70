"""Rules of the evaluation ledger: what can be said of a pair, and what that means for learning.

Pure: grades, weights, which pairs teach most, regions, what a list is narrowed to.

Grades are those of the judged sets (``seeds/judged/README.md``): 3 = solves the need as posted,
its conditions included; 2 = a substantial part, or after a modest adaptation; 1 = worth a look, or
right in content but ruled out by a condition; 0 = useless.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from matchmaker.core.errors import ProductError
from matchmaker.core.fields import Choice
from matchmaker.matching.domain import (
    FAIR_FROM,
    STRONG_FROM,
    WORTH_SHOWING_FROM,
    WRONG_REASONS,
)

Pair = tuple[uuid.UUID, uuid.UUID]
"""Ids of a need and of an offering."""

NOTE_LENGTH = 500
REASON_LENGTH = 300


class Fit(StrEnum):
    """What a judge says of a pair."""

    FITS = "fits"
    PARTLY = "partly"
    NOT = "not"


FIT_LABELS: Mapping[Fit, str] = {Fit.FITS: "適", Fit.PARTLY: "一部", Fit.NOT: "不適"}
FIT_MEANINGS: Mapping[Fit, str] = {
    Fit.FITS: "話を始める価値があります",
    Fit.PARTLY: "一部なら、または少し変えれば役に立ちます",
    Fit.NOT: "この困りごとの助けになりません",
}
FIT_ORDER: Mapping[Fit, int] = {Fit.NOT: 0, Fit.PARTLY: 1, Fit.FITS: 2}


class Side(StrEnum):
    """For whom something is said."""

    BOTH = "both"
    TOWN = "town"
    BUSINESS = "business"


SIDE_LABELS: Mapping[Side, str] = {
    Side.BOTH: "両方から見て",
    Side.TOWN: "自治体から見て",
    Side.BUSINESS: "事業者から見て",
}

RIGHT_REASONS = (
    Choice("conditions", "内容も条件も合う"),
    Choice("content", "内容が合う（条件は確かめていない）"),
)
PART_REASONS = (
    Choice("part", "量・品目・工程の一部を受けられる"),
    Choice("adaptable", "やり方を少し変えれば合う"),
)
WRONG_FOR_JUDGES = tuple(choice for choice in WRONG_REASONS if choice.code != "known")
"""Whether two have met says nothing of their fit, so judges are not offered it."""

REASONS: Mapping[Fit, tuple[Choice, ...]] = {
    Fit.FITS: RIGHT_REASONS,
    Fit.PARTLY: (*PART_REASONS, *WRONG_FOR_JUDGES),
    Fit.NOT: WRONG_FOR_JUDGES,
}
REASON_GROUPS = (
    ("「適」のとき", [(choice.code, choice.label) for choice in RIGHT_REASONS]),
    ("「一部」のとき", [(choice.code, choice.label) for choice in PART_REASONS]),
    ("「一部」「不適」のとき", [(choice.code, choice.label) for choice in WRONG_FOR_JUDGES]),
)
"""Reasons as the form offers them."""
REASON_LABELS: Mapping[str, str] = {
    choice.code: choice.label for choice in (*RIGHT_REASONS, *PART_REASONS, *WRONG_REASONS)
}
CONDITION_REASONS = frozenset({"area", "quantity", "licence"})
SILENT_REASONS = frozenset({"known", "cost"})
"""Having met already says nothing of fit, the price nothing of what is offered and sought."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer means for learning.

    Attributes:
        grade: 0–3 as in the judged sets; None where nothing follows.
        weight: how far it is trusted, a careful judgement being 1.
    """

    grade: int | None
    weight: float


JUDGEMENT_WEIGHT = 1.0
USEFUL_WEIGHT = 0.5
WRONG_WEIGHT = 0.6
VAGUE_WEIGHT = 0.3
"""A press in passing counts about half of a judgement made with both texts side by side; one with a
reason a little more, one with 「その他」 less. The ledger itself will tell how often they agree."""


def reading_of_judgement(fit: str, reason: str) -> Reading:
    """The grade of a judgement.

    適 is 3 where the conditions were checked, else 2. 一部 is 2 for a part or a small adaptation,
    else 1. 不適 is 0, but 1 where only a condition (area, quantity, licence) rules the pair out,
    and nothing where only the price does; the same lines as in the judged sets.
    """
    if fit == Fit.FITS:
        return Reading(3 if reason == "conditions" else 2, JUDGEMENT_WEIGHT)
    if fit == Fit.PARTLY:
        part = reason in {choice.code for choice in PART_REASONS}
        return Reading(2 if part else 1, JUDGEMENT_WEIGHT)
    return Reading(_grade_of_wrong(reason), JUDGEMENT_WEIGHT)


def reading_of_answer(verdict: str, reason: str) -> Reading:
    """The grade of 「役に立った」 (2) or 「違う」 with its reason (as for 不適)."""
    if verdict == "useful":
        return Reading(2, USEFUL_WEIGHT)
    return Reading(_grade_of_wrong(reason), VAGUE_WEIGHT if reason == "other" else WRONG_WEIGHT)


def _grade_of_wrong(reason: str) -> int | None:
    if reason in SILENT_REASONS:
        return None
    return 1 if reason in CONDITION_REASONS else 0


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One thing said of a pair, as learning reads it. Notes and names never come along.

    Attributes:
        need_id, offering_id: the pair.
        grade: 0–3; None where nothing follows for the fit.
        side: for whom it was said; an answer of one organisation speaks for its side alone.
        source: ``judgement``, ``answer`` or the code of a further source.
        verdict, reason: the words as stored.
        weight: how far it is trusted; a careful judgement is 1.
        at: when it was said.
        organization_id: whose answer it is; None for judges.
        person: a key that tells people apart within one reading of the ledger, no id.
        is_stale: whether a post was rewritten since a judgement was made.
    """

    need_id: uuid.UUID
    offering_id: uuid.UUID
    grade: int | None
    side: Side
    source: str
    verdict: str
    reason: str
    weight: float
    at: datetime
    organization_id: uuid.UUID | None = None
    person: str = ""
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Opinion:
    """A judgement as it is sent in.

    Attributes:
        fit, reason, side, note: what the judge says.
        need_hash, offering_hash: what both posts said when the judge read them.
        expected_revision: of what this judge said before; 0 for nothing.
        position: place on the list that it was judged on, from 1.
        probability: what was told beside it, 0–1.
    """

    fit: Fit
    reason: str = ""
    side: Side = Side.BOTH
    note: str = ""
    need_hash: str = ""
    offering_hash: str = ""
    expected_revision: int = 0
    position: int | None = None
    probability: float | None = None


def check_reason(fit: Fit, reason: str) -> None:
    """Refuse a reason that does not belong to the verdict.

    Raises:
        ProductError: it is missing for 一部 or 不適, or none of those offered for it.
    """
    if not reason and fit is not Fit.FITS:
        raise ProductError(f"「{FIT_LABELS[fit]}」の理由を選んでください。", "reason")
    if reason and reason not in {choice.code for choice in REASONS[fit]}:
        raise ProductError(
            f"この理由は「{FIT_LABELS[fit]}」と組み合わせられません。選び直してください。", "reason"
        )


class Cause(StrEnum):
    """Why a pair is put before judges."""

    DISAGREEMENT = "disagreement"
    SHADOW = "shadow"
    UNCERTAIN = "uncertain"
    EDGE = "edge"
    THIN_MATERIAL = "thin_material"
    THIN_REGION = "thin_region"
    STALE = "stale"


CAUSE_LABELS: Mapping[Cause, str] = {
    Cause.DISAGREEMENT: "判定が分かれています",
    Cause.SHADOW: "準備中の並べ方では順番が変わります",
    Cause.UNCERTAIN: "合うかどうか、はっきりしません",
    Cause.EDGE: "強さの言葉の境目にあります",
    Cause.THIN_MATERIAL: "この品目の判定がまだ少ないです",
    Cause.THIN_REGION: "この地域の判定がまだ少ないです",
    Cause.STALE: "前の判定のあとで書き直されました",
}
CAUSE_WORTH: Mapping[Cause, float] = {
    Cause.DISAGREEMENT: 1.0,
    Cause.SHADOW: 0.6,
    Cause.STALE: 0.6,
    Cause.THIN_MATERIAL: 0.5,
    Cause.THIN_REGION: 0.3,
    Cause.EDGE: 0.2,
    Cause.UNCERTAIN: 0.0,
}
"""What a cause adds to the uncertainty of a pair, which is at most 1 (and counts by itself)."""

UNCERTAIN_FROM = 0.8
EDGES = (WORTH_SHOWING_FROM, FAIR_FROM, STRONG_FROM)
EDGE_WIDTH = 0.05
"""Probabilities at which the word for a pair turns to another, and what counts as near them."""
GOAL_OF_MATERIAL = 30
GOAL_OF_REGION = 60
"""Judged pairs wanted of each: with 30, a share of one half is known to about ± 0.18 (95 %, normal
approximation), enough to see that a material is ranked badly."""
CANDIDATES_OF_A_NEED = 4
RANKED_OF_A_NEED = 20
SKIPPED_FOR = timedelta(days=14)
RESCAN_AFTER = timedelta(days=1)


def uncertainty(probability: float | None) -> float:
    """Entropy of a yes-or-no question in bits, 0–1 (uncertainty sampling: Lewis & Gale, 1994).

    Args:
        probability: that the pair is worth a conversation; None where nothing is told, which is
            not knowing either and counts as one half of the most.
    """
    if probability is None:
        return 0.5
    p = min(max(probability, 1e-9), 1 - 1e-9)
    return -(p * math.log2(p) + (1 - p) * math.log2(1 - p))


def causes_of(probability: float | None) -> list[Cause]:
    """What a probability by itself says for judging a pair."""
    found = [Cause.UNCERTAIN] if uncertainty(probability) >= UNCERTAIN_FROM else []
    if probability is not None and any(abs(probability - edge) <= EDGE_WIDTH for edge in EDGES):
        found.append(Cause.EDGE)
    return found


def teaching_value(probability: float | None, causes: Sequence[Cause]) -> float:
    """How much judging a pair teaches: its uncertainty and the worth of each further cause."""
    return uncertainty(probability) + sum(CAUSE_WORTH[cause] for cause in causes)


REGIONS: Mapping[str, tuple[str, ...]] = {
    "北海道・東北": (
        "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "新潟県",
    ),
    "関東": (
        "茨城県", "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "山梨県", "静岡県",
    ),
    "中部": ("富山県", "石川県", "福井県", "長野県", "岐阜県", "愛知県", "三重県"),
    "近畿": ("滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県"),
    "中国・四国": (
        "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県",
    ),
    "九州・沖縄": (
        "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
    ),
}  # fmt: skip
"""Regions of this ledger, six of about equal size; each prefecture stands in one."""
REGION_OF: Mapping[str, str] = {
    prefecture: region for region, prefectures in REGIONS.items() for prefecture in prefectures
}

WHO = {"": "すべて", "mine": "自分の判定", "others": "ほかの人の判定と答え"}


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """What the list is narrowed to; empty values do not narrow.

    Attributes:
        material: code of a material of the need or the offering.
        region: a key of :data:`REGIONS`, by the need's prefecture.
        source: code of a source.
        who: ``mine`` or ``others``.
        split: whether only pairs are listed on which judges differ.
    """

    material: str = ""
    region: str = ""
    source: str = ""
    who: str = ""
    split: bool = False

    @property
    def active(self) -> int:
        """How many conditions are in force."""
        return sum(map(bool, (self.material, self.region, self.source, self.who, self.split)))

    @classmethod
    def of(cls, values: Mapping[str, str]) -> LedgerFilter:
        """The filter that a query string means; words that are not known do not narrow."""
        region, who = values.get("region", ""), values.get("who", "")
        return cls(
            material=values.get("material", "")[:40],
            region=region if region in REGIONS else "",
            source=values.get("source", "")[:24],
            who=who if who in WHO else "",
            split=values.get("split", "") == "1",
        )
