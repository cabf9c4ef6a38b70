"""The offering as a kind of post."""

from __future__ import annotations

from matchmaker.offerings.fields import OFFERING_FIELDS
from matchmaker.offerings.models import Offering, OfferingTag
from matchmaker.posts.domain import PostKind, capacity_rule
from matchmaker.posts.types import PostType

OFFERING = PostType(
    kind=PostKind.OFFERING,
    label="シーズ",
    model=Offering,
    tag_model=OfferingTag,
    table=OFFERING_FIELDS,
    blueprint="offerings",
    material_facet="input_materials",
    text_field="description",
    rules=(capacity_rule,),
    defaults={"visibility": "public"},
)
