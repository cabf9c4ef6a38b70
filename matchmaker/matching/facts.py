"""From posts to what the ranking knows of them, and to JSON and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from functools import cache
from typing import Any

from embeddings.facts import (
    NeedFacts,
    OfferingFacts,
    PartnerScope,
    PostFacts,
    Reading,
    ReadingKind,
    TextPart,
)
from embeddings.reading.grouped import Readings
from embeddings.reading.reader import with_readings
from embeddings.reading.thesaurus import Thesaurus
from matchmaker.core.fields import FieldTable
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts.content import tag_values
from matchmaker.posts.domain import PostKind
from matchmaker.posts.vocabularies import material_names

SCOPES = {
    "neighbouring": PartnerScope.NEARBY,
    "prefecture": PartnerScope.SAME_PREFECTURE,
    "nationwide": PartnerScope.COUNTRY,
}
NEED_TEXTS = ("background", "desired_state", "conditions", "present_treatment", "pilot_field")
OFFERING_TEXTS = (
    "strengths",
    "output_products",
    "acceptance_conditions",
    "shared_goods",
    "operation_model",
    "technology_requirements",
    "facility_type",
    "track_record",
    "licence_note",
)
TEXT_LABELS = {
    **{name: NEED.table.by_name[name].label for name in NEED_TEXTS},
    **{name: OFFERING.table.by_name[name].label for name in OFFERING_TEXTS},
}

FIELD_OF_FACT: Mapping[PostKind, Mapping[str, str]] = {
    PostKind.NEED: {
        "quantity_low": "quantity_min",
        "quantity_high": "quantity_max",
        "one_off": "quantity_period",
    },
    PostKind.OFFERING: {
        "capacity": "capacity_tonnes_per_year",
        "free_capacity": "free_capacity_tonnes_per_year",
        "minimum_lot": "minimum_lot_tonnes_per_year",
    },
}
"""Fields of the form behind facts of another name, among them all that not everybody may see."""


class FactsReader:
    """Reads facts off posts; materials are named once for all of them.

    Args:
        thesaurus: also understand the texts with this vocabulary; None to take the fields alone.
    """

    def __init__(self, thesaurus: Thesaurus | None = None) -> None:
        self._materials = material_names()
        self._thesaurus = thesaurus

    def read(self, kind: PostKind, post: Any) -> PostFacts:
        """Facts of a post whose tags and organisation are loaded."""
        facts = self.need(post) if kind is PostKind.NEED else self.offering(post)
        return facts if self._thesaurus is None else with_readings(facts, self._thesaurus)

    def need(self, need: Any) -> NeedFacts:
        """Facts of a need."""
        tags = tag_values(need)
        return NeedFacts(
            **self._common(need, NEED.table, tags, need.problem, NEED_TEXTS),
            materials=self._named(tags.get("materials", [])),
            source_kinds=tuple(tags.get("source_kinds", [])),
            waste_class=_waste_class(need.waste_class),
            quantity_low=_number(need.quantity_low_tonnes_per_year),
            quantity_high=_number(need.quantity_high_tonnes_per_year),
            one_off=need.quantity_period == "one_off",
            partner_scope=SCOPES.get(need.partner_scope or ""),
            sought_kinds=tuple(tags.get("sought_kinds", [])),
        )

    def offering(self, offering: Any) -> OfferingFacts:
        """Facts of an offering."""
        tags = tag_values(offering)
        return OfferingFacts(
            **self._common(offering, OFFERING.table, tags, offering.description, OFFERING_TEXTS),
            materials=self._named(tags.get("input_materials", [])),
            outputs=self._named(tags.get("output_materials", [])),
            process_stages=_labels(OFFERING.table, "process_stages", tags),
            licences=_labels(OFFERING.table, "licences", tags),
            kind=offering.kind,
            capacity=_number(offering.capacity_tonnes_per_year),
            free_capacity=_number(offering.free_capacity_tonnes_per_year),
            minimum_lot=_number(offering.minimum_lot_tonnes_per_year),
            service_area=tuple(tags.get("service_area", [])),
        )

    def _named(self, codes: list[str]) -> tuple[str, ...]:
        return tuple(self._materials.get(code, code) for code in codes)

    def _common(
        self,
        post: Any,
        table: FieldTable,
        tags: dict[str, list[str]],
        main_text: str,
        texts: tuple[str, ...],
    ) -> dict[str, Any]:
        return {
            "id": str(post.id),
            "title": post.title,
            "description": main_text,
            "further": tuple(
                TextPart(name, text) for name in texts if (text := getattr(post, name))
            ),
            "organization": post.organization.name,
            "prefecture": post.prefecture or post.organization.prefecture,
            "latitude": post.latitude,
            "longitude": post.longitude,
            "circulation_methods": _labels(table, "circulation_methods", tags),
        }


def _labels(table: FieldTable, name: str, tags: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(table.by_name[name].label_of(code) for code in tags.get(name, []))


def _waste_class(code: str | None) -> str | None:
    if code in (None, "unknown"):
        return None
    return NEED.table.by_name["waste_class"].label_of(str(code))


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


FACT_CLASSES: dict[PostKind, type[NeedFacts | OfferingFacts]] = {
    PostKind.NEED: NeedFacts,
    PostKind.OFFERING: OfferingFacts,
}


@cache
def told_to_everybody(kind: PostKind) -> Callable[[Any], Any]:
    """Takes out of facts what visitors may not see; the same function each time.

    Visitors are ranked for by the rest alone: an order, a verdict or a bar that followed from a
    hidden amount would give it away, bit by bit, beside the amounts that others make public.
    """
    table = NEED.table if kind is PostKind.NEED else OFFERING.table
    empty = FACT_CLASSES[kind](id="")
    hidden = {
        fact: getattr(empty, fact)
        for fact, field in FIELD_OF_FACT[kind].items()
        if table.by_name[field].stage != "public"
    }
    return lambda facts: replace(facts, **hidden)


def to_json(facts: PostFacts) -> dict[str, Any]:
    """Facts as JSON values, empty ones left out; readings stay when the text was read in vain."""
    data = {name: value for name, value in asdict(facts).items() if value not in (None, "", ())}
    if facts.readings is not None:
        data["readings"] = [asdict(reading) for reading in facts.readings]
    return data


def from_json(kind: PostKind, data: dict[str, Any]) -> NeedFacts | OfferingFacts:
    """Facts from :func:`to_json`; names that are no longer known are ignored."""
    known = {f.name for f in fields(FACT_CLASSES[kind])}
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in data.items()
        if name in known
    }
    values["further"] = tuple(TextPart(**part) for part in data.get("further", ()))
    if "readings" in data:
        values["readings"] = Readings(_reading(reading) for reading in data["readings"])
    if values.get("partner_scope"):
        values["partner_scope"] = PartnerScope(values["partner_scope"])
    return FACT_CLASSES[kind](**values)


def _reading(data: dict[str, Any]) -> Reading:
    value = data["value"]
    if isinstance(value, list):
        value = (float(value[0]), float(value[1]))
    return Reading(**{**data, "kind": ReadingKind(data["kind"]), "value": value})
