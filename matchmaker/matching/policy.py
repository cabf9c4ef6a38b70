"""Who may read recommendations and say something about them. Pure predicates."""

from __future__ import annotations

from matchmaker.core.actor import Actor
from matchmaker.posts.domain import PostState
from matchmaker.posts.policy import Subject, can_view


def can_read_recommendations(actor: Actor, post: Subject) -> bool:
    """Whoever may read the post may read what is recommended for it."""
    return can_view(actor, post)


def can_judge(actor: Actor, post: Subject) -> bool:
    """The organisation's own people and the secretariat know whether a partner is of use."""
    return actor.is_secretariat or actor.belongs_to(post.organization_id)


def can_go_on_together(actor: Actor, post: Subject, other: Subject) -> bool:
    """Who writes for one of two organisations goes on with both posts, once both are published."""
    published = post.state is PostState.PUBLISHED and other.state is PostState.PUBLISHED
    return published and any(actor.writes_for(each.organization_id) for each in (post, other))
