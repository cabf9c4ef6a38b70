"""What a post states: a field where the person filled it, else what was read in the text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar, cast

from embeddings.facts import NeedFacts, OfferingFacts, PostFacts, ReadingKind
from embeddings.reading.grouped import number_of, readings_of, words_of

T = TypeVar("T")

ONE_OFF: Final = "1回かぎり"
YEARLY_ONLY: Final = "継続のみ"


class Origin(StrEnum):
    """Where a value comes from: the person filled a field, or the text was read."""

    FIELD = "field"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Stated(Generic[T]):
    """A value with its origin.

    Attributes:
        value: None (or empty) when the post says nothing.
        origin: where it comes from.
        phrase: the literal words of the text that say so; empty for a field.
    """

    value: T | None
    origin: Origin = Origin.FIELD
    phrase: str = ""


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
        return Stated(None)
    return Stated(words_of(found), Origin.TEXT, found[0].phrase)


def stated_word(post: PostFacts, own: str | None, kind: ReadingKind) -> Stated[str]:
    """Return a field's single term, else the first that was read."""
    if own is not None:
        return Stated(str(own))
    found = readings_of(post, kind)
    return Stated(str(found[0].value), Origin.TEXT, found[0].phrase) if found else Stated(None)


def stated_amount(post: PostFacts, own: float | None, kind: ReadingKind) -> Stated[float]:
    """Return a field's tonnes a year, else those read in the text."""
    if own is not None:
        return Stated(own)
    found = readings_of(post, kind)
    return Stated(number_of(found), Origin.TEXT, found[0].phrase) if found else Stated(None)


def stated_kind(offering: OfferingFacts) -> Stated[str]:
    """Return the kind of an offering."""
    return stated_word(offering, offering.kind, ReadingKind.OFFERING_KIND)


def stated_quantity(need: NeedFacts) -> Stated[tuple[float | None, float | None]]:
    """Return the lower and upper end of a need's quantity, in tonnes (a year, or in all)."""
    if need.quantity_low is not None or need.quantity_high is not None:
        return Stated((need.quantity_low, need.quantity_high))
    found = readings_of(need, ReadingKind.QUANTITY)
    if not found:
        return Stated(None)
    low, high = cast("tuple[float, float]", found[0].value)
    return Stated((low, high), Origin.TEXT, found[0].phrase)
