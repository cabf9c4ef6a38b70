"""Loading a post for a page: found, or told so."""

from __future__ import annotations

import uuid
from typing import Any

from matchmaker.core.errors import NotFound
from matchmaker.posts import queries
from matchmaker.posts.types import PostType


def load(post_type: PostType, post_id: uuid.UUID) -> Any:
    """The post with tags and organisation.

    Raises:
        NotFound: there is no such post.
    """
    post = queries.get(post_type, post_id)
    if post is None:
        raise NotFound(
            f"お探しの{post_type.label}は見つかりません。取り下げられた可能性があります。"
        )
    return post
