"""What a need and an offering say about each other, in fields and in their texts.

A field that the person filled always wins; what was read in a text stands in for an empty one, and
every finding tells where its values come from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from embeddings.facts import TECHNOLOGY, NeedFacts, OfferingFacts, PartnerScope
from embeddings.geography import Geography
from embeddings.reading.stated import (
    YEARLY_ONLY,
    NeedStatement,
    OfferingStatement,
    Origin,
    Stated,
    Words,
    state_need,
    state_offering,
)
from embeddings.words import normalise

__all__ = [
    "Assessment",
    "Comparison",
    "Constraint",
    "Finding",
    "Origin",
    "Value",
    "Verdict",
    "assess",
    "compare",
]


UNNAMED: Final = "その他"
"""The material of what no list names."""


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
    WASTE_CLASS = "waste_class"
    ONE_OFF = "one_off"
    EXCLUDED = "excluded"
    REFUSAL = "refusal"


Value = str | float | tuple[str, ...] | None


class Finding(NamedTuple):
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


class Comparison(NamedTuple):
    """Terms of one vocabulary on both sides.

    Attributes:
        need, offering: what either side says; empty when it says nothing.
        shared: terms of both, in the need's order.
        need_origin, offering_origin: where the terms come from.
    """

    need: tuple[str, ...] = ()
    offering: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    need_origin: Origin = Origin.FIELD
    offering_origin: Origin = Origin.FIELD

    @property
    def is_known(self) -> bool:
        """Whether both sides say something."""
        return bool(self.need and self.offering)

    @property
    def share(self) -> float:
        """Share of the need's terms that the offering has too, 0–1."""
        return len(self.shared) / len(self.need) if self.need else 0.0

    @property
    def is_inferred(self) -> bool:
        """Whether one side at least was only read in a text."""
        return Origin.TEXT in (self.need_origin, self.offering_origin)


_NOT_COMPARED: Final = Comparison()


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that fields and readings say about a pair.

    Attributes:
        shared_materials, shared_methods, shared_stages: in the need's order.
        findings: every constraint, those without values as unknown.
        materials, methods, stages: the terms of both sides with their origin. An offering's
            materials are what it takes in.
        only_sold: materials of the need that are only goods of the offering: it makes or sells
            them and takes none in.
    """

    shared_materials: tuple[str, ...]
    shared_methods: tuple[str, ...]
    shared_stages: tuple[str, ...]
    findings: tuple[Finding, ...]
    materials: Comparison = _NOT_COMPARED
    methods: Comparison = _NOT_COMPARED
    stages: Comparison = _NOT_COMPARED
    only_sold: tuple[str, ...] = ()


def assess(need: NeedFacts, offering: OfferingFacts, geography: Geography) -> Assessment:
    """Compare all fields of a need and an offering, and readings where a field is empty.

    Args:
        need, offering: the pair, in this order whichever of them searches.
        geography: the map.
    """
    return compare(state_need(need), state_offering(offering), geography)


def compare(need: NeedStatement, offering: OfferingStatement, geography: Geography) -> Assessment:
    """Compare what a need and an offering state; see :func:`assess`."""
    materials = compare_materials(need, offering)
    methods = compare_terms(need.methods, offering.methods)
    stages = compare_terms(need.stages, offering.stages)
    return Assessment(
        shared_materials=materials.shared,
        shared_methods=methods.shared,
        shared_stages=stages.shared,
        findings=tuple(find(need, offering, geography) for find in FINDINGS),
        materials=materials,
        methods=methods,
        stages=stages,
        only_sold=only_sold(offering, materials),
    )


def compare_materials(need: NeedStatement, offering: OfferingStatement) -> Comparison:
    """Compare the need's materials with those that the offering takes in.

    «Other» on both sides may or may not mean the same thing: it is nothing shared, and where
    nothing else is, nothing is known.
    """
    found = compare_terms(need.materials, offering.materials)
    if UNNAMED not in found.shared:
        return found
    named = compare_terms(_named(need.materials), _named(offering.materials))
    return named if named.shared else _NOT_COMPARED


def _named(words: Words) -> Words:
    return words._replace(value=tuple(term for term in words.value or () if term != UNNAMED))


def compare_terms(need: Words, offering: Words) -> Comparison:
    """Compare terms of one vocabulary."""
    first, second = need.value or (), offering.value or ()
    shared = tuple(term for term in first if term in second)
    return Comparison(first, second, shared, need.origin, offering.origin)


def only_sold(offering: OfferingStatement, materials: Comparison) -> tuple[str, ...]:
    """Return the need's materials that the offering makes or sells and does not take in."""
    goods = offering.outputs.value or ()
    if not goods:
        return ()
    return tuple(
        term for term in materials.need if term in goods and term not in materials.offering
    )


def _verdict(kept: bool | None) -> Verdict:
    if kept is None:
        return Verdict.UNKNOWN
    return Verdict.FULFILLED if kept else Verdict.VIOLATED


def _finding(
    constraint: Constraint, verdict: Verdict, need: Stated[Any], offering: Stated[Any]
) -> Finding:
    return Finding(
        constraint,
        verdict,
        need.value,
        offering.value,
        need.origin,
        offering.origin,
        offering.phrase or need.phrase,
    )


def _service_area(
    need: NeedStatement, offering: OfferingStatement, geography: Geography
) -> Finding:
    area = offering.service_area
    kept = geography.covers(area.value or (), need.prefecture) if need.prefecture else None
    return _finding(Constraint.SERVICE_AREA, _verdict(kept), Stated(need.prefecture), area)


def _partner_scope(
    need: NeedStatement, offering: OfferingStatement, geography: Geography
) -> Finding:
    scope = need.partner_scope
    kept = _in_scope(scope.value, need.prefecture, offering.prefecture, geography)
    return _finding(Constraint.PARTNER_SCOPE, _verdict(kept), scope, Stated(offering.prefecture))


def _in_scope(
    scope: str | None, own: str | None, other: str | None, geography: Geography
) -> bool | None:
    if scope == PartnerScope.COUNTRY:
        return True
    if not scope or not other:
        return None
    if scope in geography.regions:
        return other in geography.regions[scope]
    if scope in geography.neighbours:
        return other == scope
    if not own or scope not in set(PartnerScope):
        return None
    return own == other or (scope == PartnerScope.NEARBY and geography.is_near(own, other))


def _minimum_lot(need: NeedStatement, offering: OfferingStatement, _: Geography) -> Finding:
    lot, quantity = offering.minimum_lot, _quantity(need, upper=True)
    kept: bool | None = None
    if lot.value == 0:
        kept = True
    # A yearly lot says nothing about a quantity that comes once.
    elif quantity.value is not None and lot.value is not None and not need.once.value:
        kept = quantity.value >= lot.value
    return _finding(Constraint.MINIMUM_LOT, _verdict(kept), quantity, lot)


def _quantity(need: NeedStatement, *, upper: bool) -> Stated[float]:
    stated = need.quantity
    low, high = stated.value or (None, None)
    first, second = (high, low) if upper else (low, high)
    return Stated(first if first is not None else second, stated.origin, stated.phrase)


def _capacity(need: NeedStatement, offering: OfferingStatement, _: Geography) -> Finding:
    quantity, capacity = _quantity(need, upper=False), offering.capacity
    verdict = Verdict.UNKNOWN
    if capacity.value == 0:
        verdict = Verdict.VIOLATED  # whatever the quantity is
    elif quantity.value is not None and capacity.value is not None:
        # What comes once can be worked off over more than a year, and of a machine more can be
        # bought.
        extends = need.once.value or offering.kind.value == TECHNOLOGY
        short = Verdict.UNKNOWN if extends else Verdict.PARTLY
        verdict = Verdict.FULFILLED if capacity.value >= quantity.value else short
    return _finding(Constraint.CAPACITY, verdict, quantity, capacity)


def _kind(need: NeedStatement, offering: OfferingStatement, _: Geography) -> Finding:
    sought, kind = need.sought_kinds, offering.kind
    kept = kind.value in sought.value if sought.value and kind.value else None
    return _finding(Constraint.KIND, _verdict(kept), sought, kind)


def _licences(need: NeedStatement, offering: OfferingStatement, _: Geography) -> Finding:
    asked, held = need.licences, offering.licences
    # Who lists no licence at all may still hold one.
    kept = set(asked.value) <= set(held.value) if asked.value and held.value else None
    # A text names some of the licences, never all.
    if kept is False and held.origin is Origin.TEXT:
        kept = None
    return _finding(Constraint.LICENCES, _verdict(kept), asked, held)


def _waste_class(need: NeedStatement, offering: OfferingStatement, _: Geography) -> Finding:
    own, taken = need.waste_class, offering.waste_class
    kept = own.value == taken.value if own.value and taken.value else None
    return _finding(Constraint.WASTE_CLASS, _verdict(kept), own, taken)


def _one_off(need: NeedStatement, offering: OfferingStatement, _: Geography) -> Finding:
    once, terms = need.once, offering.terms
    kept = terms.value != YEARLY_ONLY if once.value and terms.value else None
    return _finding(Constraint.ONE_OFF, _verdict(kept), once, terms)


def _excluded(need: NeedStatement, offering: OfferingStatement, _: Geography) -> Finding:
    """What the offering's text turns away: a whole 品目, or the very thing that the need names."""
    sought, taken = need.materials.value or (), offering.materials.value or ()
    for refused in offering.excluded:
        if refused.value not in sought:
            continue
        named = {normalise(phrase) for phrase in need.material_phrases}
        if refused.value not in taken or normalise(refused.phrase) in named:
            return _finding(
                Constraint.EXCLUDED,
                Verdict.VIOLATED,
                Stated((str(refused.value),), need.materials.origin),
                Stated((str(refused.value),), Origin.TEXT, refused.phrase),
            )
    return Finding(Constraint.EXCLUDED, Verdict.UNKNOWN, None, None)


FINDINGS: Final[tuple[Callable[[NeedStatement, OfferingStatement, Geography], Finding], ...]] = (
    _service_area,
    _partner_scope,
    _minimum_lot,
    _capacity,
    _kind,
    _licences,
    _waste_class,
    _one_off,
    _excluded,
)
"""Finds each constraint, in the order of :attr:`Assessment.findings`."""
