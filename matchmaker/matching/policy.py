"""Who may read recommendations and say something about them. Pure predicates."""

from __future__ import annotations

from matchmaker.core.actor import Actor
from matchmaker.posts.policy import Subject, can_view


def can_read_recommendations(actor: Actor, post: Subject) -> bool:
    """Whoever may read the post may read what is recommended for it."""
    return can_view(actor, post)


def can_judge(actor: Actor, post: Subject) -> bool:
    """The organisation's own people and the secretariat know whether a partner is of use."""
    return actor.is_secretariat or actor.belongs_to(post.organization_id)
