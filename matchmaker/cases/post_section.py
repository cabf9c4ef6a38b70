"""Documented cases on the page of a need or an offering."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchmaker.cases import queries
from matchmaker.core.actor import Actor
from matchmaker.posts.content import tag_values
from matchmaker.posts.types import PostType

SHOWN = 3


def similar_cases_section(
    post_type: PostType, post: Any, _actor: Actor
) -> Mapping[str, Any] | None:
    """Cases that share materials (or, failing that, methods); None when there are none."""
    tags = tag_values(post)
    materials = tags.get(post_type.material_facet, [])
    methods = tags.get("circulation_methods", [])
    if not materials and not methods:
        return None
    cases = queries.cases_like(materials, methods, SHOWN)
    return {"cases": cases, "post_type": post_type} if cases else None
