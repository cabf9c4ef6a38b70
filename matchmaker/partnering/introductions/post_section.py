"""On the page of a post and on recommended partners: express interest in a pair."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.matching.extensions import PairLink
from matchmaker.matching.indexing import POST_TYPES
from matchmaker.matching.service import other_side
from matchmaker.partnering.introductions.domain import Source
from matchmaker.partnering.introductions.queries import written_for
from matchmaker.posts.domain import PostState
from matchmaker.posts.types import PostType

MOST_OWN = 50
SECTION = "introductions/_post_section.html"


def interest_link(actor: Actor) -> PairLink | None:
    """The next step on a card, for who writes for an organisation."""
    return PairLink("関心を伝える", _address) if written_for(actor) else None


def _address(need_id: uuid.UUID, offering_id: uuid.UUID) -> str:
    return url_for(
        "introductions.new",
        need=need_id,
        offering=offering_id,
        source=Source.RECOMMENDATION.value,
    )


def interest_section(post_type: PostType, post: Any, actor: Actor) -> Mapping[str, Any] | None:
    """The part of a foreign post's page from which interest is expressed with one's own post."""
    own = written_for(actor)
    if not own or post.state is not PostState.PUBLISHED or actor.writes_for(post.organization_id):
        return None
    other = POST_TYPES[other_side(post_type.kind)]
    return {
        "post": post,
        "post_type": post_type,
        "other_type": other,
        "own_posts": own_posts(other, own),
        "source": Source.SEARCH.value,
    }


def own_posts(post_type: PostType, organization_ids: Sequence[uuid.UUID]) -> Sequence[Any]:
    """Published posts of these organisations, the newest first, at most fifty."""
    model = post_type.model
    query = (
        select(model)
        .where(model.organization_id.in_(organization_ids), model.state == PostState.PUBLISHED)
        .order_by(model.published_at.desc(), model.id)
        .limit(MOST_OWN)
    )
    return db.session.scalars(query).all()
