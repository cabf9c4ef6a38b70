"""Who may form coalitions, see them, answer for a town. Pure predicates."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.partnering.coalitions.domain import LIVE_STATES, CoalitionState
from matchmaker.posts.domain import PostState


class OwnedPost(Protocol):
    """What the rules need to know of a need or an offering."""

    @property
    def organization_id(self) -> uuid.UUID:
        """The organisation that posts."""

    @property
    def state(self) -> PostState:
        """Where the post stands."""


class AskedMember(Protocol):
    """What the rules need to know of a member."""

    @property
    def organization_id(self) -> uuid.UUID | None:
        """The organisation; None for a town outside the partnership."""


class FormedCoalition(Protocol):
    """What the rules need to know of a coalition."""

    @property
    def organization_id(self) -> uuid.UUID:
        """Who formed it."""

    @property
    def state(self) -> CoalitionState:
        """Where it stands."""

    @property
    def members(self) -> Sequence[AskedMember]:
        """Who is asked."""


def can_list(actor: Actor) -> bool:
    """Members of the partnership have a list of their own coalitions."""
    return actor.is_member


def can_form(actor: Actor, post: OwnedPost) -> bool:
    """Writers of the organisation of a published post, and the secretariat."""
    may_write = actor.is_secretariat or actor.writes_for(post.organization_id)
    return post.state is PostState.PUBLISHED and may_write


def can_view(actor: Actor, coalition: FormedCoalition) -> bool:
    """Who formed it, who is asked, and the secretariat."""
    concerned = [coalition.organization_id, *(each.organization_id for each in coalition.members)]
    return actor.is_secretariat or any(actor.belongs_to(each) for each in concerned)


def can_lead(actor: Actor, coalition: FormedCoalition) -> bool:
    """Ask more towns, give it up: writers of who formed it, and the secretariat."""
    may_write = actor.is_secretariat or actor.writes_for(coalition.organization_id)
    return coalition.state in LIVE_STATES and may_write


def can_answer(actor: Actor, coalition: FormedCoalition, member: AskedMember) -> bool:
    """Writers of the asked organisation; the secretariat for any, also for towns outside."""
    may_write = actor.is_secretariat or actor.writes_for(member.organization_id)
    return coalition.state in LIVE_STATES and may_write


def can_read_reason(actor: Actor, coalition: FormedCoalition, member: AskedMember) -> bool:
    """Why somebody said no is for who formed it, the secretariat, and whose answer it is."""
    concerned = (coalition.organization_id, member.organization_id)
    return actor.is_secretariat or any(actor.belongs_to(each) for each in concerned)


def can_found(actor: Actor, coalition: FormedCoalition) -> bool:
    """Go on to a consortium: writers of anybody in a coalition that is reached."""
    concerned = [coalition.organization_id, *(each.organization_id for each in coalition.members)]
    may_write = actor.is_secretariat or any(actor.writes_for(each) for each in concerned)
    return coalition.state is CoalitionState.REACHED and may_write


def can_keep_rates(actor: Actor) -> bool:
    """The rates behind estimates are kept by the secretariat."""
    return actor.is_secretariat


def can_send_letters(actor: Actor) -> bool:
    """Letters to towns outside the partnership are sent by the secretariat."""
    return actor.is_secretariat


def can_see_chains(actor: Actor) -> bool:
    """Free capacities are for members only."""
    return actor.is_member
