"""What a post states: a field where the person filled it, else what was read in the text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast

from embeddings.facts import (
    RECYCLING,
    NeedFacts,
    OfferingFacts,
    PostFacts,
    Reading,
    ReadingKind,
)
from embeddings.reading.grouped import number_of, readings_of, words_of

T = TypeVar("T")

ONE_OFF: Final = "1回かぎり"
YEARLY_ONLY: Final = "継続のみ"


class Origin(StrEnum):
    """Where a value comes from: the person filled a field, or the text was read."""

    FIELD = "field"
    TEXT = "text"


class Stated(NamedTuple, Generic[T]):
    """A value with its origin.

    Attributes:
        value: None (or empty) when the post says nothing.
        origin: where it comes from.
        phrase: the literal words of the text that say so; empty for a field.
    """

    value: T | None
    origin: Origin = Origin.FIELD
    phrase: str = ""


_NOTHING: Final[Stated[Any]] = Stated(None)


def stated_words(post: PostFacts, field: str, kind: ReadingKind) -> Stated[tuple[str, ...]]:
    """Return the terms of a field, else those read in the text.

    Args:
        post: the post.
        field: name of a field that holds terms.
        kind: readings that stand in for it.
    """
    own: tuple[str, ...] = getattr(post, field)
    if own:
        return Stated(own)
    found = readings_of(post, kind)
    if not found:
        return _NOTHING
    return Stated(words_of(found), Origin.TEXT, found[0].phrase)


def stated_word(post: PostFacts, own: str | None, kind: ReadingKind) -> Stated[str]:
    """Return a field's single term, else the first that was read."""
    if own is not None:
        return Stated(str(own))
    found = readings_of(post, kind)
    return Stated(str(found[0].value), Origin.TEXT, found[0].phrase) if found else _NOTHING


def stated_amount(post: PostFacts, own: float | None, kind: ReadingKind) -> Stated[float]:
    """Return a field's tonnes a year, else those read in the text."""
    if own is not None:
        return Stated(own)
    found = readings_of(post, kind)
    return Stated(number_of(found), Origin.TEXT, found[0].phrase) if found else _NOTHING


def stated_kind(offering: OfferingFacts) -> Stated[str]:
    """Return the kind of an offering."""
    return stated_word(offering, offering.kind, ReadingKind.OFFERING_KIND)


def stated_quantity(need: NeedFacts) -> Stated[tuple[float | None, float | None]]:
    """Return the lower and upper end of a need's quantity, in tonnes (a year, or in all)."""
    if need.quantity_low is not None or need.quantity_high is not None:
        return Stated((need.quantity_low, need.quantity_high))
    found = readings_of(need, ReadingKind.QUANTITY)
    if not found:
        return _NOTHING
    low, high = cast("tuple[float, float]", found[0].value)
    return Stated((low, high), Origin.TEXT, found[0].phrase)


Words = Stated[tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class NeedStatement:
    """All that a need states; made once a post, compared with many.

    Attributes:
        prefecture: where the need is.
        materials, methods, stages, sought_kinds, licences: terms.
        partner_scope, waste_class: single terms.
        quantity: lower and upper end in tonnes.
        once: :data:`ONE_OFF` when the quantity comes once for all.
        material_phrases: the literal words in which materials were read.
    """

    prefecture: str | None
    materials: Words
    methods: Words
    stages: Words
    sought_kinds: Words
    licences: Words
    partner_scope: Stated[str]
    waste_class: Stated[str]
    quantity: Stated[tuple[float | None, float | None]]
    once: Stated[str]
    material_phrases: tuple[str, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """What each comparison of :data:`embeddings.field_scores.COMPARISONS` depends on."""
        amount = _key(self.quantity, self.once)
        return (
            _single_key(self.materials),
            _single_key(self.methods),
            _single_key(self.stages),
            self.prefecture or "",
            _key(Stated(self.prefecture), self.partner_scope),
            amount,
            amount,
            _single_key(self.sought_kinds),
            _single_key(self.licences),
            _single_key(self.waste_class),
            _single_key(self.once),
            _key(self.materials, Stated(self.material_phrases)),
        )


@dataclass(frozen=True, eq=False)
class OfferingStatement:
    """All that an offering states; made once a post, compared with many.

    Attributes:
        prefecture: where the offering is.
        materials, outputs, methods, stages, service_area, licences: terms.
        kind, waste_class: single terms.
        minimum_lot, capacity: tonnes a year; the free capacity where it is told.
        terms: :data:`ONE_OFF` or :data:`YEARLY_ONLY`.
        excluded: what the text turns away.
    """

    prefecture: str | None
    materials: Words
    outputs: Words
    methods: Words
    stages: Words
    service_area: Words
    licences: Words
    kind: Stated[str]
    waste_class: Stated[str]
    minimum_lot: Stated[float]
    capacity: Stated[float]
    terms: Stated[str]
    excluded: tuple[Reading, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """What each comparison of :data:`embeddings.field_scores.COMPARISONS` depends on."""
        refused = tuple((reading.value, reading.phrase) for reading in self.excluded)
        return (
            _key(self.materials, self.outputs),
            _single_key(self.methods),
            _single_key(self.stages),
            _single_key(self.service_area),
            self.prefecture or "",
            _single_key(self.minimum_lot),
            _key(self.capacity, self.kind),
            _single_key(self.kind),
            _single_key(self.licences),
            _single_key(self.waste_class),
            _single_key(self.terms),
            _key(self.materials, Stated(refused)) if refused else "",
        )


Statement = NeedStatement | OfferingStatement


def state(post: PostFacts) -> Statement:
    """Return all that a post states.

    Raises:
        TypeError: when the post is neither a need nor an offering.
    """
    if isinstance(post, NeedFacts):
        return state_need(post)
    if isinstance(post, OfferingFacts):
        return state_offering(post)
    raise TypeError("only needs and offerings state something")


def state_need(need: NeedFacts) -> NeedStatement:
    """Return all that a need states."""
    return NeedStatement(
        prefecture=need.prefecture,
        materials=stated_words(need, "materials", ReadingKind.MATERIAL),
        methods=stated_words(need, "circulation_methods", ReadingKind.METHOD),
        stages=stated_words(need, "process_stages", ReadingKind.STAGE),
        sought_kinds=stated_words(need, "sought_kinds", ReadingKind.SOUGHT_KIND),
        licences=stated_words(need, "licences", ReadingKind.LICENCE),
        partner_scope=stated_word(need, need.partner_scope, ReadingKind.PARTNER_SCOPE),
        waste_class=stated_word(need, need.waste_class, ReadingKind.WASTE_CLASS),
        quantity=stated_quantity(need),
        once=_comes_once(need),
        material_phrases=tuple(r.phrase for r in readings_of(need, ReadingKind.MATERIAL)),
    )


def state_offering(offering: OfferingFacts) -> OfferingStatement:
    """Return all that an offering states."""
    materials, outputs = _taken_and_made(offering)
    return OfferingStatement(
        prefecture=offering.prefecture,
        materials=materials,
        outputs=outputs,
        methods=stated_words(offering, "circulation_methods", ReadingKind.METHOD),
        stages=stated_words(offering, "process_stages", ReadingKind.STAGE),
        service_area=stated_words(offering, "service_area", ReadingKind.SERVICE_AREA),
        licences=stated_words(offering, "licences", ReadingKind.LICENCE),
        kind=stated_kind(offering),
        waste_class=stated_word(offering, offering.waste_class, ReadingKind.WASTE_CLASS),
        minimum_lot=stated_amount(offering, offering.minimum_lot, ReadingKind.MINIMUM_LOT),
        capacity=_free_capacity(offering),
        terms=stated_word(offering, None, ReadingKind.ONE_OFF),
        excluded=readings_of(offering, ReadingKind.EXCLUDED),
    )


def _taken_and_made(offering: OfferingFacts) -> tuple[Words, Words]:
    """What is taken in and what is made or sold.

    Sellers of new goods often fill in their goods as the material. Where the text only sells, and
    takes nothing in at all, these count as goods; never of somebody whose trade is taking in.
    """
    materials = stated_words(offering, "materials", ReadingKind.MATERIAL)
    outputs = stated_words(offering, "outputs", ReadingKind.OUTPUT)
    takes = readings_of(offering, ReadingKind.MATERIAL)
    if takes or offering.kind == RECYCLING or not materials.value:
        return materials, outputs
    sold = words_of(readings_of(offering, ReadingKind.OUTPUT))
    goods = tuple(term for term in materials.value if term in sold)
    if not goods:
        return materials, outputs
    rest = tuple(term for term in materials.value if term not in goods)
    made = tuple(dict.fromkeys((*(outputs.value or ()), *goods)))
    return Stated(rest, materials.origin), Stated(made, Origin.TEXT)


def _free_capacity(offering: OfferingFacts) -> Stated[float]:
    """What is free now: the field, «nothing» as the text says, else the whole capacity."""
    if offering.free_capacity is not None:
        return Stated(offering.free_capacity)
    told = stated_amount(offering, None, ReadingKind.CAPACITY)
    if told.value == 0:
        return told
    return stated_amount(offering, offering.capacity, ReadingKind.CAPACITY)


def _comes_once(need: NeedFacts) -> Stated[str]:
    """Once for all when the field says so, or when it is empty and the text does."""
    if need.one_off:
        return Stated(ONE_OFF)
    if need.quantity_low is not None or need.quantity_high is not None:
        return _NOTHING
    return stated_word(need, None, ReadingKind.ONE_OFF)


def _key(*values: Stated[Any]) -> str:
    """Values and origins, without the phrases: what decides how a comparison comes out.

    A string, since it is looked up for every pair and remembers its hash.
    """
    return "&".join([_single_key(value) for value in values])


def _single_key(stated: Stated[Any]) -> str:
    value = stated.value
    if value is None:
        return ""
    return f"{value!r}*" if stated.origin is Origin.TEXT else repr(value)
