"""What the fields of a need and an offering say about each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from embeddings.facts import TECHNOLOGY, NeedFacts, OfferingFacts, PartnerScope
from embeddings.geography import Geography


class Verdict(StrEnum):
    """Whether a constraint is kept; unknown where a side says nothing about it."""

    FULFILLED = "fulfilled"
    PARTLY = "partly"
    VIOLATED = "violated"
    UNKNOWN = "unknown"


class Constraint(StrEnum):
    """What is compared."""

    SERVICE_AREA = "service_area"
    PARTNER_SCOPE = "partner_scope"
    MINIMUM_LOT = "minimum_lot"
    CAPACITY = "capacity"
    KIND = "kind"
    LICENCES = "licences"
    REFUSAL = "refusal"


Value = str | float | tuple[str, ...] | None


class Origin(StrEnum):
    """Where a value comes from: the person filled a field, or the text was read."""

    FIELD = "field"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Finding:
    """One constraint with the two values compared.

    Attributes:
        constraint: what is compared.
        verdict: the result.
        need_value, offering_value: what either side says; None when it says nothing.
        need_origin, offering_origin: where the values come from.
        phrase: the literal words of the offering (or of the need) where a value was read in a text.
    """

    constraint: Constraint
    verdict: Verdict
    need_value: Value
    offering_value: Value
    need_origin: Origin = Origin.FIELD
    offering_origin: Origin = Origin.FIELD
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that the fields say about a pair.

    Attributes:
        shared_materials, shared_methods, shared_stages: in the need's order.
        findings: every constraint of the fields, those without values as unknown.
    """

    shared_materials: tuple[str, ...]
    shared_methods: tuple[str, ...]
    shared_stages: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class StructureWeights:
    """Weights of the fields, in standard deviations of a text score.

    They are round numbers in the middle of a wide flat optimum, see docs/ranking.md.
    """

    material: float = 1.0
    no_material: float = -1.5
    method: float = 0.6
    no_method: float = -0.4
    kind: float = 0.3
    no_kind: float = -1.0
    violated: float = -4.0
    partly: float = -1.0
    refused: float = -4.0

    @property
    def most(self) -> float:
        """The most that the fields can add to a score."""
        return self.material + self.method + self.kind


# An offering that takes less than the whole quantity may still be part of a solution.
_SOFT: Final = frozenset({Constraint.LICENCES})


def assess(need: NeedFacts, offering: OfferingFacts, geography: Geography) -> Assessment:
    """Compare all fields of a need and an offering.

    Args:
        need, offering: the pair, in this order whichever of them searches.
        geography: the map.
    """
    return Assessment(
        shared_materials=_shared(need.materials, offering.materials),
        shared_methods=_shared(need.circulation_methods, offering.circulation_methods),
        shared_stages=_shared(need.process_stages, offering.process_stages),
        findings=(
            _service_area(need, offering, geography),
            _partner_scope(need, offering, geography),
            _minimum_lot(need, offering),
            _capacity(need, offering),
            _kind(need, offering),
            _licences(need, offering),
        ),
    )


def structure_parts(
    need: NeedFacts, offering: OfferingFacts, assessment: Assessment, weights: StructureWeights
) -> Iterator[tuple[str, float]]:
    """Yield the named parts of the score that the fields add; those of 0 are left out."""
    if need.materials and offering.materials:
        share = len(assessment.shared_materials) / len(need.materials)
        yield "materials", weights.material * share if share else weights.no_material
    if need.circulation_methods and offering.circulation_methods:
        shared = bool(assessment.shared_methods)
        yield "circulation_methods", weights.method if shared else weights.no_method
    for finding in assessment.findings:
        if value := _cost(finding, weights):
            yield finding.constraint.value, value


def _cost(finding: Finding, weights: StructureWeights) -> float:
    if finding.constraint is Constraint.KIND:
        return {Verdict.FULFILLED: weights.kind, Verdict.VIOLATED: weights.no_kind}.get(
            finding.verdict, 0.0
        )
    if finding.verdict is Verdict.PARTLY:
        return weights.partly
    if finding.verdict is not Verdict.VIOLATED:
        return 0.0
    return weights.partly if finding.constraint in _SOFT else weights.violated


def _shared(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    return tuple(term for term in first if term in second)


def _verdict(kept: bool | None) -> Verdict:
    if kept is None:
        return Verdict.UNKNOWN
    return Verdict.FULFILLED if kept else Verdict.VIOLATED


def _service_area(need: NeedFacts, offering: OfferingFacts, geography: Geography) -> Finding:
    kept = geography.covers(offering.service_area, need.prefecture) if need.prefecture else None
    return Finding(
        Constraint.SERVICE_AREA, _verdict(kept), need.prefecture, offering.service_area or None
    )


def _partner_scope(need: NeedFacts, offering: OfferingFacts, geography: Geography) -> Finding:
    kept: bool | None = None
    if need.partner_scope is PartnerScope.COUNTRY:
        kept = True
    elif need.partner_scope and need.prefecture and offering.prefecture:
        kept = need.prefecture == offering.prefecture or (
            need.partner_scope is PartnerScope.NEARBY
            and geography.is_near(need.prefecture, offering.prefecture)
        )
    scope = need.partner_scope.value if need.partner_scope else None
    return Finding(Constraint.PARTNER_SCOPE, _verdict(kept), scope, offering.prefecture)


def _minimum_lot(need: NeedFacts, offering: OfferingFacts) -> Finding:
    quantity = need.quantity_high if need.quantity_high is not None else need.quantity_low
    kept: bool | None = None
    # A yearly lot says nothing about a quantity that comes once.
    if quantity is not None and offering.minimum_lot is not None and not need.one_off:
        kept = quantity >= offering.minimum_lot
    return Finding(Constraint.MINIMUM_LOT, _verdict(kept), quantity, offering.minimum_lot)


def _capacity(need: NeedFacts, offering: OfferingFacts) -> Finding:
    quantity = need.quantity_low if need.quantity_low is not None else need.quantity_high
    free = offering.free_capacity
    capacity = free if free is not None else offering.capacity
    verdict = Verdict.UNKNOWN
    if quantity is not None and capacity is not None:
        # What comes once can be worked off over more than a year, and of a machine more can be
        # bought.
        extends = need.one_off or offering.kind == TECHNOLOGY
        short = Verdict.UNKNOWN if extends else Verdict.PARTLY
        verdict = Verdict.FULFILLED if capacity >= quantity else short
    return Finding(Constraint.CAPACITY, verdict, quantity, capacity)


def _kind(need: NeedFacts, offering: OfferingFacts) -> Finding:
    kept = offering.kind in need.sought_kinds if need.sought_kinds and offering.kind else None
    return Finding(Constraint.KIND, _verdict(kept), need.sought_kinds or None, offering.kind)


def _licences(need: NeedFacts, offering: OfferingFacts) -> Finding:
    kept = set(need.licences) <= set(offering.licences) if need.licences else None
    # Who lists no licence at all may still hold one.
    kept = None if not offering.licences else kept
    return Finding(
        Constraint.LICENCES, _verdict(kept), need.licences or None, offering.licences or None
    )
