"""What the ranking knows about a post: plain data, handed in by the product.

Every field but the id may be empty; an empty field never counts for or against anybody.
Quantities are tonnes a year (tonnes in all for a one-off need), coordinates are degrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WHOLE_COUNTRY: Final = "全国"
TECHNOLOGY: Final = "technology"
RECYCLING: Final = "recycling_capacity"


class PartnerScope(StrEnum):
    """How far away a partner may be; the values are those of the posts themselves."""

    NEARBY = "近隣"
    SAME_PREFECTURE = "都道府県内"
    COUNTRY = "全国"


class ReadingKind(StrEnum):
    """What can be read in the text of a post."""

    MATERIAL = "material"
    OUTPUT = "output"
    METHOD = "method"
    STAGE = "stage"
    OFFERING_KIND = "offering_kind"
    SOUGHT_KIND = "sought_kind"
    QUANTITY = "quantity"
    ONE_OFF = "one_off"
    SERVICE_AREA = "service_area"
    PARTNER_SCOPE = "partner_scope"
    MINIMUM_LOT = "minimum_lot"
    CAPACITY = "capacity"
    LICENCE = "licence"
    WASTE_CLASS = "waste_class"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing understood in the text of a post, with the words that say so.

    Attributes:
        kind: what it is about.
        value: a term of the vocabulary of that kind, a prefecture or region, or tonnes a year
            (``low, high`` for a quantity).
        part: ``title``, ``description`` or the name of a further text.
        start, end: offsets in that text.
        phrase: the literal words, ``text[start:end]``.
    """

    kind: ReadingKind
    value: str | float | tuple[float, float]
    part: str
    start: int
    end: int
    phrase: str


@dataclass(frozen=True, slots=True)
class TextPart:
    """One further text of a post, such as its background or its track record.

    Attributes:
        name: the field's name; it comes back in the reasons, so that a page can find the sentence.
        text: what the person wrote.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFacts:
    """What needs and offerings have in common.

    Attributes:
        id: opaque id, unique on its side.
        title, description: the main text; at least one should be given.
        further: more texts, most important first.
        organization: name of the organisation. Never embedded: it is taken out of every text.
        prefecture: full name such as ``東京都``.
        latitude, longitude: of the town hall or the plant.
        materials, circulation_methods, process_stages, source_kinds: terms of the vocabularies.
        waste_class: 一般廃棄物, 産業廃棄物, 有価物 or None.
        licences: licences that a need asks for or an offering holds.
        readings: what was understood in the text; a field that the person filled always wins over
            it. None while the text was not read.
    """

    id: str
    title: str = ""
    description: str = ""
    further: tuple[TextPart, ...] = ()
    organization: str = ""
    prefecture: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    materials: tuple[str, ...] = ()
    circulation_methods: tuple[str, ...] = ()
    process_stages: tuple[str, ...] = ()
    source_kinds: tuple[str, ...] = ()
    waste_class: str | None = None
    licences: tuple[str, ...] = ()
    readings: tuple[Reading, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedFacts(PostFacts):
    """A need.

    Attributes:
        quantity_low, quantity_high: range of the quantity; equal for a single number.
        one_off: the quantity comes once and not every year.
        partner_scope: how far away a partner may be.
        sought_kinds: kinds of offering that are sought.
    """

    quantity_low: float | None = None
    quantity_high: float | None = None
    one_off: bool = False
    partner_scope: PartnerScope | None = None
    sought_kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingFacts(PostFacts):
    """An offering.

    Attributes:
        kind: ``technology``, ``recycling_capacity`` or ``sharing_service``.
        outputs: what comes out, in terms of the materials' vocabulary.
        capacity, free_capacity, minimum_lot: tonnes a year.
        service_area: prefectures or regions served, or ``全国``.
    """

    kind: str | None = None
    outputs: tuple[str, ...] = ()
    capacity: float | None = None
    free_capacity: float | None = None
    minimum_lot: float | None = None
    service_area: tuple[str, ...] = ()
