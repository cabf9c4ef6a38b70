"""The need as a kind of post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchmaker.needs.fields import NEED_FIELDS
from matchmaker.needs.models import Need, NeedTag
from matchmaker.posts.domain import PostKind, normalised_quantity, quantity_rule
from matchmaker.posts.types import PostType


def derive(values: Mapping[str, Any]) -> dict[str, Any]:
    """Column values that follow from the typed ones: the quantity in tonnes a year."""
    tonnes = normalised_quantity(values)
    return {
        "quantity_low_tonnes_per_year": tonnes.low if tonnes else None,
        "quantity_high_tonnes_per_year": tonnes.high if tonnes else None,
    }


NEED = PostType(
    kind=PostKind.NEED,
    label="ニーズ",
    model=Need,
    tag_model=NeedTag,
    table=NEED_FIELDS,
    blueprint="needs",
    material_facet="materials",
    text_field="problem",
    rules=(quantity_rule,),
    derive=derive,
    defaults={"visibility": "public", "partner_scope": "nationwide", "quantity_period": "yearly"},
)
