"""On the page of a need or an offering: begin a proposal from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.posts.domain import PostState
from matchmaker.posts.types import PostType
from matchmaker.working_groups.proposals import policy, queries


def begin_section(post_type: PostType, post: Any, actor: Actor) -> Mapping[str, Any] | None:
    """Open calls for those who may begin a proposal; that there is none is said as well."""
    if not policy.can_begin(actor) or post.state is not PostState.PUBLISHED:
        return None
    return {
        "calls": queries.open_calls(clock.now()),
        "kind": str(post_type.kind),
        "post_id": post.id,
        "label": post_type.label,
    }
