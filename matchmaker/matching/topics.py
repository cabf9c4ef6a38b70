"""What the parts of a score are about: each part belongs to one topic, each topic has a name.

Parts that no topic claims are told as «その他», so that what is shown always adds up to the score.
"""

from __future__ import annotations

from collections.abc import Mapping

from embeddings.ranking import Ranked
from embeddings.structure import Constraint, Verdict

BASE = "base"
TEXT = "text"
MATERIALS = "materials"
METHODS = "methods"
STAGES = "stages"
GOODS = "goods"
DISTANCE = "distance"
READING = "reading"
OTHER = "other"

TOPIC_LABELS: Mapping[str, str] = {
    BASE: "基準（どの組にも共通）",
    TEXT: "文章の内容",
    MATERIALS: "品目",
    METHODS: "循環の方法",
    STAGES: "工程",
    GOODS: "作る・売る側か、受け入れる側か",
    DISTANCE: "距離",
    READING: "二つの文章の読み合わせ",
    Constraint.SERVICE_AREA.value: "対応できる地域",
    Constraint.PARTNER_SCOPE.value: "相手の範囲",
    Constraint.MINIMUM_LOT.value: "最低の量",
    Constraint.CAPACITY.value: "受けられる量",
    Constraint.KIND.value: "求めている種類",
    Constraint.LICENCES.value: "許可",
    Constraint.WASTE_CLASS.value: "区分",
    Constraint.ONE_OFF.value: "一度きりか毎年か",
    Constraint.EXCLUDED.value: "受け入れないもの",
    Constraint.REFUSAL.value: "受け入れないものの記載",
    OTHER: "その他",
}

_TOPIC_OF: Mapping[str, str] = {
    "base": BASE,
    "meaning": TEXT,
    "sentences": TEXT,
    "words": TEXT,
    "vocabulary": TEXT,
    "materials": MATERIALS,
    "circulation_methods": METHODS,
    "process_stages": STAGES,
    "output": GOODS,
    "distance": DISTANCE,
    "reading": READING,
    **{constraint.value: constraint.value for constraint in Constraint},
}


def topic_of(part: str) -> str:
    """The topic of a part."""
    return _TOPIC_OF.get(part, OTHER)


def by_topic(parts: Mapping[str, float]) -> dict[str, float]:
    """Parts added up by topic; the sum of all stays what it was."""
    found: dict[str, float] = {}
    for part, value in parts.items():
        topic = topic_of(part)
        found[topic] = found.get(topic, 0.0) + value
    return found


CONDITIONS = frozenset(Constraint) - {
    Constraint.KIND, Constraint.CAPACITY, Constraint.LICENCES,
}  # fmt: skip
"""What somebody states as a condition: broken, it costs the place."""


def breaks_condition(ranked: Ranked) -> bool:
    """Whether a condition that one side stated, in a field or in its text, is broken."""
    return any(
        finding.verdict is Verdict.VIOLATED and finding.constraint in CONDITIONS
        for finding in ranked.reasons.findings
    )
