"""What the page of a need or an offering shows of coalitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.partnering.coalitions import policy, presentation, queries
from matchmaker.posts.content import tag_values
from matchmaker.posts.domain import PostKind
from matchmaker.posts.types import PostType


def coalition_section(post_type: PostType, post: Any, actor: Actor) -> Mapping[str, Any] | None:
    """The way to look for a coalition, and those that the person may see."""
    if not actor.is_member:
        return None
    coalitions = [c for c in queries.coalitions_of_post(post.id) if policy.can_view(actor, c)]
    may_form = policy.can_form(actor, post) and _could_have(post_type, post)
    if not coalitions and not may_form:
        return None
    return {
        "post": post,
        "is_need": post_type.kind is PostKind.NEED,
        "may_form": may_form,
        "coalitions": [(each, presentation.standings(each)) for each in coalitions],
    }


def _could_have(post_type: PostType, post: Any) -> bool:
    if post_type.kind is PostKind.NEED:
        return bool(tag_values(post).get("materials"))
    return bool(post.minimum_lot_tonnes_per_year)
