"""What is suggested while a post is written: from readings of its text to values of its fields.

A suggestion names the literal words that caused it and the values it would set. It is only
made where the field does not say so already, and never sets anything by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from embeddings.facts import PartnerScope, Reading, ReadingKind
from embeddings.geography import Geography
from matchmaker.core.fields import Choice, FieldKind, FieldSpec
from matchmaker.core.formatting import format_number
from matchmaker.core.text import fold
from matchmaker.posts.domain import PostKind

Values = Mapping[str, Any]
Changes = Mapping[str, str | tuple[str, ...]]
"""Values by field name: several codes are added to those chosen, anything else replaces."""

LONGEST_PHRASE: Final = 40
MOST_PHRASES: Final = 3
MOST_SHOWN: Final = 12
LARGEST_KEY: Final = 120
ONE_OFF: Final = "one_off"

FIELD_OF: Final[Mapping[PostKind, Mapping[ReadingKind, str]]] = {
    PostKind.NEED: {
        ReadingKind.MATERIAL: "materials",
        ReadingKind.METHOD: "circulation_methods",
        ReadingKind.SOUGHT_KIND: "sought_kinds",
        ReadingKind.WASTE_CLASS: "waste_class",
        ReadingKind.QUANTITY: "quantity_min",
        ReadingKind.PARTNER_SCOPE: "partner_scope",
    },
    PostKind.OFFERING: {
        ReadingKind.OFFERING_KIND: "kind",
        ReadingKind.MATERIAL: "input_materials",
        ReadingKind.OUTPUT: "output_materials",
        ReadingKind.STAGE: "process_stages",
        ReadingKind.METHOD: "circulation_methods",
        ReadingKind.SERVICE_AREA: "service_area",
        ReadingKind.MINIMUM_LOT: "minimum_lot_tonnes_per_year",
        ReadingKind.CAPACITY: "capacity_tonnes_per_year",
        ReadingKind.LICENCE: "licences",
    },
}
"""Which field each reading belongs to; readings of other kinds are only told."""

ALSO_TOLD: Final[Mapping[ReadingKind, str]] = {
    ReadingKind.EXCLUDED: "受け入れないもの",
    ReadingKind.LICENCE: "求める許可",
    ReadingKind.WASTE_CLASS: "扱う区分",
    ReadingKind.ONE_OFF: "期間",
}
"""Readings that no field holds, with the words for them."""

CONDITIONS: Final = frozenset(
    {
        ReadingKind.QUANTITY,
        ReadingKind.PARTNER_SCOPE,
        ReadingKind.SERVICE_AREA,
        ReadingKind.MINIMUM_LOT,
        ReadingKind.CAPACITY,
        ReadingKind.LICENCE,
        ReadingKind.WASTE_CLASS,
    }
)
SCOPE_CODES: Final = {
    PartnerScope.NEARBY.value: "neighbouring",
    PartnerScope.SAME_PREFECTURE.value: "prefecture",
    PartnerScope.COUNTRY.value: "nationwide",
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One value that the text speaks of and its field does not hold.

    Attributes:
        key: names it within a draft, for example ``materials:bamboo``.
        field: the field it fills.
        field_label, value_label: both in words.
        phrases: the literal words that caused it, the first few.
        changes: what pressing the button does.
        is_condition: whether it is a condition (and not a tag).
        present: what the field says now, where it says something else.
    """

    key: str
    field: str
    field_label: str
    value_label: str
    phrases: tuple[str, ...]
    changes: Changes
    is_condition: bool
    present: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """Something read in the text for which there is no field.

    Attributes:
        label: what it is about.
        value_label: what was understood.
        phrase: the literal words.
    """

    label: str
    value_label: str
    phrase: str


@dataclass(frozen=True, slots=True)
class _Proposal:
    """What one reading would set."""

    code: str
    value_label: str
    changes: Changes
    present: str = ""


class SuggestionMaker:
    """Makes suggestions for one draft.

    Args:
        kind: need or offering.
        specs: its fields by name.
        materials: the materials that can be chosen.
        geography: regions, so that 九州 can become prefectures.
    """

    def __init__(
        self,
        kind: PostKind,
        specs: Mapping[str, FieldSpec],
        materials: Sequence[Choice],
        geography: Geography,
    ) -> None:
        self._kind, self._specs, self._materials = kind, specs, materials
        self._geography = geography

    def suggestions(self, readings: Sequence[Reading], values: Values) -> list[Suggestion]:
        """Suggestions for a text, in the order of the fields' importance in the text.

        Args:
            readings: what was understood.
            values: cleaned values of the fields; those with a fault are missing.
        """
        found: dict[str, Suggestion] = {}
        one_off = any(r.kind is ReadingKind.ONE_OFF for r in readings)
        for reading in readings:
            name = FIELD_OF[self._kind].get(reading.kind)
            if name is None:
                continue
            proposal = self._proposal(name, reading, values, one_off)
            if proposal is None:
                continue
            key = f"{name}:{proposal.code}"[:LARGEST_KEY]
            earlier = found.get(key)
            phrases = (*(earlier.phrases if earlier else ()), shortened(reading.phrase))
            found[key] = self._suggestion(key, name, reading, proposal, phrases)
        return list(found.values())[:MOST_SHOWN]

    def _suggestion(
        self,
        key: str,
        name: str,
        reading: Reading,
        proposal: _Proposal,
        phrases: Sequence[str],
    ) -> Suggestion:
        label = "量" if name == "quantity_min" else self._specs[name].label
        kept = tuple(dict.fromkeys(phrases))[:MOST_PHRASES]
        is_condition = reading.kind in CONDITIONS
        return Suggestion(
            key, name, label, proposal.value_label, kept, proposal.changes, is_condition,
            proposal.present,
        )  # fmt: skip

    def _proposal(
        self, name: str, reading: Reading, values: Values, one_off: bool
    ) -> _Proposal | None:
        if reading.kind is ReadingKind.QUANTITY:
            return _quantity(reading, values, one_off)
        if reading.kind is ReadingKind.SERVICE_AREA:
            return self._area(name, reading, values)
        spec = self._specs[name]
        if spec.kind is FieldKind.DECIMAL:
            return _amount(spec, reading, values)
        return self._choice(spec, reading, values)

    def _choice(self, spec: FieldSpec, reading: Reading, values: Values) -> _Proposal | None:
        word = str(reading.value)
        word = SCOPE_CODES.get(word, word) if spec.name == "partner_scope" else word
        choice = self._choice_called(spec, word)
        present = values.get(spec.name)
        if choice is None or choice.code == present or choice.code in (present or ()):
            return None
        if spec.kind is FieldKind.CHOICES:
            full = len(present or ()) >= spec.max_items
            changes: Changes = {spec.name: (choice.code,)}
            return None if full else _Proposal(choice.code, choice.label, changes)
        now = spec.label_of(str(present)) if present else ""
        return _Proposal(choice.code, choice.label, {spec.name: choice.code}, now)

    def _choice_called(self, spec: FieldSpec, word: str) -> Choice | None:
        choices = self._materials if spec.vocabulary == "materials" else spec.choices
        wanted = fold(word)
        return next((c for c in choices if wanted in (fold(c.code), fold(c.label))), None)

    def _area(self, name: str, reading: Reading, values: Values) -> _Proposal | None:
        place = str(reading.value)
        spec = self._specs[name]
        chosen = set(values.get(name) or ())
        members = self._geography.regions.get(place, frozenset({place}))
        missing = [c.code for c in spec.choices if c.code in members and c.code not in chosen]
        if not missing or len(chosen) + len(missing) > spec.max_items:
            return None
        label = place if len(members) == 1 else f"{place}（{len(members)}都府県）"
        return _Proposal(place, label, {name: tuple(missing)}, "、".join(sorted(chosen)[:5]))


def _quantity(reading: Reading, values: Values, one_off: bool) -> _Proposal | None:
    value = reading.value
    low, high = value if isinstance(value, tuple) else (float(value), float(value))
    period = ONE_OFF if one_off else "yearly"
    changes = {
        "quantity_min": plain(low),
        "quantity_max": plain(high) if high != low else "",
        "quantity_unit": "t",
        "quantity_period": period,
    }
    now = {name: _typed(values.get(name)) for name in changes}
    if now == changes:
        return None
    amount = plain_label(low) if low == high else f"{plain_label(low)}〜{plain_label(high)}"
    words = f"{amount} t（1回かぎり）" if one_off else f"年間 {amount} t"
    present = ""
    if now["quantity_min"] or now["quantity_max"]:
        present = "〜".join(n for n in (now["quantity_min"], now["quantity_max"]) if n)
    return _Proposal(f"{plain(low)}-{plain(high)}-{period}", words, changes, present)


def _amount(spec: FieldSpec, reading: Reading, values: Values) -> _Proposal | None:
    value = reading.value[0] if isinstance(reading.value, tuple) else float(reading.value)
    present = values.get(spec.name)
    if present is not None and float(present) == value:
        return None
    now = f"{format_number(present, 3)} {spec.unit}" if present is not None else ""
    label = f"{plain_label(value)} {spec.unit}"
    return _Proposal(plain(value), label, {spec.name: plain(value)}, now)


def understood(kind: PostKind, readings: Iterable[Reading]) -> list[Understood]:
    """What was read that no field holds, each once."""
    found: dict[tuple[str, str], Understood] = {}
    for reading in readings:
        label = ALSO_TOLD.get(reading.kind)
        if label is None or reading.kind in FIELD_OF[kind]:
            continue
        value = str(reading.value)
        found.setdefault((label, value), Understood(label, value, shortened(reading.phrase)))
    return list(found.values())[:MOST_SHOWN]


def shortened(phrase: str) -> str:
    """A phrase on one line, with its end left out where it is long."""
    line = " ".join(phrase.split())
    return line if len(line) <= LONGEST_PHRASE else line[: LONGEST_PHRASE - 1] + "…"


def plain(number: float) -> str:
    """A number as it is typed into a field."""
    return format_number(Decimal(str(number)), 3).replace(",", "")


def plain_label(number: float) -> str:
    """A number as people read it."""
    return format_number(Decimal(str(number)), 3)


def _typed(value: Any) -> str:
    if value is None:
        return ""
    return plain(float(value)) if isinstance(value, Decimal | int | float) else str(value)
