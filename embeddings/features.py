"""What is known of a pair, as named numbers that do not depend on any other post.

Every feature is bounded, and the higher it is, the better the pair: what speaks against a pair is
negative. A weight is never negative, so a broken condition can never help.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from embeddings.structure import Assessment, Comparison, Constraint, Finding, Origin, Verdict


class Aspect(StrEnum):
    """What a feature is about: whether it is the right thing, or whether the terms allow it."""

    CONTENT = "content"
    TERMS = "terms"


@dataclass(frozen=True, slots=True)
class Feature:
    """One number about a pair.

    Attributes:
        name: unique.
        part: the named part of the score that it belongs to.
        aspect: content speaks of what the town wants, terms of what the business can accept.
        expected: weight in log-odds before anything was fitted: round numbers that were found by
            hand on three judged sets, see docs/ranking.md.
        most: the largest value.
    """

    name: str
    part: str
    aspect: Aspect
    expected: float
    most: float


def _content(name: str, part: str, expected: float, most: float = 1.0) -> Feature:
    return Feature(name, part, Aspect.CONTENT, expected, most)


def _terms(name: str, part: str, expected: float, most: float = 1.0) -> Feature:
    return Feature(name, part, Aspect.TERMS, expected, most)


MEANING: Final = "meaning"
SENTENCES: Final = "sentences"
WORDS: Final = "words"
WORDS_ALONE: Final = "words_alone"
VOCABULARY: Final = "vocabulary"
READING: Final = "reading"
# Of all texts, in the order in which they are computed for a whole pool at once.
TEXT_FEATURES: Final = (MEANING, SENTENCES, WORDS, WORDS_ALONE, VOCABULARY, READING)

FEATURES: Final[tuple[Feature, ...]] = (
    _content(MEANING, "meaning", 0.7, 8),
    _content(SENTENCES, "sentences", 0.7, 8),
    _content(WORDS, "words", 0.5, 8),
    _content(WORDS_ALONE, "words", 0.8, 8),
    _content(VOCABULARY, "vocabulary", 0.2, 4),
    _content(READING, "reading", 0.1, 4),
    _content("materials_shared", "materials", 1.0),
    _content("materials_none", "materials", 1.5, 0),
    _content("materials_shared_text", "materials", 0.5),
    _content("materials_none_text", "materials", 0.5, 0),
    _content("output_only", "output", 1.0, 0),
    _content("methods_shared", "circulation_methods", 0.6),
    _content("methods_none", "circulation_methods", 0.4, 0),
    _content("stages_shared", "process_stages", 0.3),
    _content("stages_none", "process_stages", 0.3, 0),
    _content("kind_kept", "kind", 0.3),
    _content("kind_violated", "kind", 1.0, 0),
    _content("refusal", "refusal", 4.0, 0),
    _content("excluded", "excluded", 2.0, 0),
    _terms("service_area_kept", "service_area", 0.3),
    _terms("service_area_violated", "service_area", 4.0, 0),
    _terms("partner_scope_kept", "partner_scope", 0.2),
    _terms("partner_scope_violated", "partner_scope", 4.0, 0),
    _terms("minimum_lot_kept", "minimum_lot", 0.2),
    _terms("minimum_lot_violated", "minimum_lot", 4.0, 0),
    _terms("capacity_kept", "capacity", 0.2),
    _terms("capacity_violated", "capacity", 1.0, 0),
    _terms("licences_kept", "licences", 0.2),
    _terms("licences_violated", "licences", 1.0, 0),
    _terms("waste_class_kept", "waste_class", 0.2),
    _terms("waste_class_violated", "waste_class", 2.0, 0),
    _terms("one_off_violated", "one_off", 2.0, 0),
)
BY_NAME: Final[Mapping[str, Feature]] = {feature.name: feature for feature in FEATURES}

# What was read in a text is right less often than what somebody filled in.
_READ: Final = 0.7
_FINDINGS: Final[Mapping[Constraint, str]] = {
    Constraint.SERVICE_AREA: "service_area",
    Constraint.PARTNER_SCOPE: "partner_scope",
    Constraint.MINIMUM_LOT: "minimum_lot",
    Constraint.CAPACITY: "capacity",
    Constraint.KIND: "kind",
    Constraint.LICENCES: "licences",
    Constraint.WASTE_CLASS: "waste_class",
    Constraint.ONE_OFF: "one_off",
}


def field_features(assessment: Assessment, refused: float) -> Iterator[tuple[str, float]]:
    """Yield the features that fields and readings give; those of 0 are left out.

    Args:
        assessment: of the pair.
        refused: share of a refusing sentence's words that are words of the need, 0–1.
    """
    yield from material_features(assessment.materials, bool(assessment.only_sold))
    yield from term_features("methods", assessment.methods)
    yield from term_features("stages", assessment.stages)
    for finding in assessment.findings:
        yield from finding_features(finding)
    if refused:
        yield "refusal", -refused


def material_features(materials: Comparison, only_sold: bool) -> Iterator[tuple[str, float]]:
    """Yield what materials give; see :attr:`embeddings.structure.Assessment.only_sold`."""
    origin = "_text" if materials.is_inferred else ""
    if materials.shared:
        yield f"materials_shared{origin}", materials.share
    elif materials.is_known:
        yield f"materials_none{origin}", -1.0
    if only_sold:
        yield "output_only", -1.0


def term_features(name: str, terms: Comparison) -> Iterator[tuple[str, float]]:
    """Yield what ``methods`` or ``stages`` give."""
    trust = _READ if terms.is_inferred else 1.0
    if terms.shared:
        yield f"{name}_shared", trust
    elif terms.is_known:
        yield f"{name}_none", -trust


def finding_features(finding: Finding) -> Iterator[tuple[str, float]]:
    """Yield what a constraint gives."""
    trust = _READ if Origin.TEXT in (finding.need_origin, finding.offering_origin) else 1.0
    if finding.constraint is Constraint.EXCLUDED:
        if finding.verdict is Verdict.VIOLATED:
            yield "excluded", -1.0
        return
    name = _FINDINGS.get(finding.constraint, "")
    if finding.verdict in (Verdict.VIOLATED, Verdict.PARTLY):
        yield f"{name}_violated", -trust
    elif finding.verdict is Verdict.FULFILLED and f"{name}_kept" in BY_NAME:
        yield f"{name}_kept", trust
