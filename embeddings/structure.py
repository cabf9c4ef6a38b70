"""What a need and an offering say about each other, in fields and in their texts.

A field that the person filled always wins; what was read in a text stands in for an empty one, and
every finding tells where its values come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from embeddings.facts import TECHNOLOGY, NeedFacts, OfferingFacts, PartnerScope, ReadingKind
from embeddings.geography import Geography
from embeddings.reading.grouped import readings_of
from embeddings.reading.stated import (
    ONE_OFF,
    YEARLY_ONLY,
    Origin,
    Stated,
    stated_amount,
    stated_kind,
    stated_quantity,
    stated_word,
    stated_words,
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
]


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
class Comparison:
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
    materials: Comparison = Comparison()
    methods: Comparison = Comparison()
    stages: Comparison = Comparison()
    only_sold: tuple[str, ...] = ()


def assess(need: NeedFacts, offering: OfferingFacts, geography: Geography) -> Assessment:
    """Compare all fields of a need and an offering, and readings where a field is empty.

    Args:
        need, offering: the pair, in this order whichever of them searches.
        geography: the map.
    """
    materials = _compared(
        stated_words(need, "materials", ReadingKind.MATERIAL),
        stated_words(offering, "materials", ReadingKind.MATERIAL),
    )
    methods = _compared(
        stated_words(need, "circulation_methods", ReadingKind.METHOD),
        stated_words(offering, "circulation_methods", ReadingKind.METHOD),
    )
    stages = _compared(
        stated_words(need, "process_stages", ReadingKind.STAGE),
        stated_words(offering, "process_stages", ReadingKind.STAGE),
    )
    return Assessment(
        shared_materials=materials.shared,
        shared_methods=methods.shared,
        shared_stages=stages.shared,
        findings=(
            _service_area(need, offering, geography),
            _partner_scope(need, offering, geography),
            _minimum_lot(need, offering),
            _capacity(need, offering),
            _kind(need, offering),
            _licences(need, offering),
            _waste_class(need, offering),
            _one_off(need, offering),
            _excluded(need, offering, materials),
        ),
        materials=materials,
        methods=methods,
        stages=stages,
        only_sold=_only_sold(offering, materials),
    )


def _compared(need: Stated[tuple[str, ...]], offering: Stated[tuple[str, ...]]) -> Comparison:
    first, second = need.value or (), offering.value or ()
    shared = tuple(term for term in first if term in second)
    return Comparison(first, second, shared, need.origin, offering.origin)


def _only_sold(offering: OfferingFacts, materials: Comparison) -> tuple[str, ...]:
    goods = stated_words(offering, "outputs", ReadingKind.OUTPUT).value or ()
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


def _service_area(need: NeedFacts, offering: OfferingFacts, geography: Geography) -> Finding:
    area = stated_words(offering, "service_area", ReadingKind.SERVICE_AREA)
    kept = geography.covers(area.value or (), need.prefecture) if need.prefecture else None
    return _finding(Constraint.SERVICE_AREA, _verdict(kept), Stated(need.prefecture), area)


def _partner_scope(need: NeedFacts, offering: OfferingFacts, geography: Geography) -> Finding:
    scope = stated_word(need, need.partner_scope, ReadingKind.PARTNER_SCOPE)
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


def _minimum_lot(need: NeedFacts, offering: OfferingFacts) -> Finding:
    lot = stated_amount(offering, offering.minimum_lot, ReadingKind.MINIMUM_LOT)
    quantity = _quantity(need, upper=True)
    kept: bool | None = None
    if lot.value == 0:
        kept = True
    # A yearly lot says nothing about a quantity that comes once.
    elif quantity.value is not None and lot.value is not None and not _comes_once(need).value:
        kept = quantity.value >= lot.value
    return _finding(Constraint.MINIMUM_LOT, _verdict(kept), quantity, lot)


def _quantity(need: NeedFacts, *, upper: bool) -> Stated[float]:
    stated = stated_quantity(need)
    low, high = stated.value or (None, None)
    first, second = (high, low) if upper else (low, high)
    return Stated(first if first is not None else second, stated.origin, stated.phrase)


def _capacity(need: NeedFacts, offering: OfferingFacts) -> Finding:
    quantity = _quantity(need, upper=False)
    free = offering.free_capacity
    capacity = stated_amount(
        offering, free if free is not None else offering.capacity, ReadingKind.CAPACITY
    )
    verdict = Verdict.UNKNOWN
    if quantity.value is not None and capacity.value is not None:
        # What comes once can be worked off over more than a year, and of a machine more can be
        # bought.
        extends = _comes_once(need).value or stated_kind(offering).value == TECHNOLOGY
        short = Verdict.UNKNOWN if extends else Verdict.PARTLY
        verdict = Verdict.FULFILLED if capacity.value >= quantity.value else short
    return _finding(Constraint.CAPACITY, verdict, quantity, capacity)


def _kind(need: NeedFacts, offering: OfferingFacts) -> Finding:
    sought = stated_words(need, "sought_kinds", ReadingKind.SOUGHT_KIND)
    kind = stated_kind(offering)
    kept = kind.value in sought.value if sought.value and kind.value else None
    return _finding(Constraint.KIND, _verdict(kept), sought, kind)


def _licences(need: NeedFacts, offering: OfferingFacts) -> Finding:
    asked = stated_words(need, "licences", ReadingKind.LICENCE)
    held = stated_words(offering, "licences", ReadingKind.LICENCE)
    # Who lists no licence at all may still hold one.
    kept = set(asked.value) <= set(held.value) if asked.value and held.value else None
    # A text names some of the licences, never all.
    if kept is False and held.origin is Origin.TEXT:
        kept = None
    return _finding(Constraint.LICENCES, _verdict(kept), asked, held)


def _waste_class(need: NeedFacts, offering: OfferingFacts) -> Finding:
    own = stated_word(need, need.waste_class, ReadingKind.WASTE_CLASS)
    taken = stated_word(offering, offering.waste_class, ReadingKind.WASTE_CLASS)
    kept = own.value == taken.value if own.value and taken.value else None
    return _finding(Constraint.WASTE_CLASS, _verdict(kept), own, taken)


def _comes_once(need: NeedFacts) -> Stated[str]:
    """Once for all when the field says so, or when it is empty and the text does."""
    if need.one_off:
        return Stated(ONE_OFF)
    if need.quantity_low is not None or need.quantity_high is not None:
        return Stated(None)
    return stated_word(need, None, ReadingKind.ONE_OFF)


def _one_off(need: NeedFacts, offering: OfferingFacts) -> Finding:
    once = _comes_once(need)
    terms = stated_word(offering, None, ReadingKind.ONE_OFF)
    kept = terms.value != YEARLY_ONLY if once.value and terms.value else None
    return _finding(Constraint.ONE_OFF, _verdict(kept), once, terms)


def _excluded(need: NeedFacts, offering: OfferingFacts, materials: Comparison) -> Finding:
    """What the offering's text turns away: a whole 品目, or the very thing that the need names."""
    for refused in readings_of(offering, ReadingKind.EXCLUDED):
        if refused.value not in materials.need:
            continue
        named = {normalise(r.phrase) for r in readings_of(need, ReadingKind.MATERIAL)}
        if refused.value not in materials.offering or normalise(refused.phrase) in named:
            return _finding(
                Constraint.EXCLUDED,
                Verdict.VIOLATED,
                Stated((str(refused.value),), materials.need_origin),
                Stated((str(refused.value),), Origin.TEXT, refused.phrase),
            )
    return Finding(Constraint.EXCLUDED, Verdict.UNKNOWN, None, None)
