"""On the page of a group that grew out of an adopted proposal: how it began."""

from __future__ import annotations

import uuid
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.matching.indexing import POST_TYPES
from matchmaker.posts import queries as post_queries
from matchmaker.posts.domain import PostKind
from matchmaker.posts.policy import can_view
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.policy import Standing
from matchmaker.working_groups.groups.sections import Section
from matchmaker.working_groups.proposals.domain import ProposalState
from matchmaker.working_groups.proposals.extensions import is_admitted_reviewer
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.proposals.policy import can_read, standing_in
from matchmaker.working_groups.proposals.queries import get_proposal

ADOPTED_STATES = frozenset({ProposalState.ADOPTED, ProposalState.ADOPTED_WITH_CONDITIONS})


def beginning_section(group: WorkingGroup, actor: Actor, _standing: Standing) -> Section | None:
    """The call, the proposal and what it started from; nothing for groups of another origin.

    Title and lead organisation of an adopted proposal are public with the results of its call. Its
    page and posts are linked for those who may see them only.
    """
    if group.origin_proposal_id is None:
        return None
    proposal = get_proposal(group.origin_proposal_id)
    if proposal.state not in ADOPTED_STATES:  # the adoption was taken back
        return None
    is_admitted = is_admitted_reviewer(actor, proposal, clock.now())
    context = {
        "proposal": proposal,
        "may_read": can_read(actor, proposal, standing_in(actor, proposal.authors), is_admitted),
        "posts": _posts(proposal, actor),
    }
    return Section("reviews/_group_beginning.html", context, "このWGの始まり", "beginning")


def _posts(proposal: Proposal, actor: Actor) -> list[dict[str, Any]]:
    """The need and the offering the proposal started from, as far as the actor may see them."""
    wanted = ((PostKind.NEED, proposal.need_id), (PostKind.OFFERING, proposal.offering_id))
    found = ((kind, _visible(kind, post_id, actor)) for kind, post_id in wanted if post_id)
    return [
        {
            "label": POST_TYPES[kind].label,
            "endpoint": f"{POST_TYPES[kind].blueprint}.show",
            "post": post,
        }
        for kind, post in found
        if post is not None
    ]


def _visible(kind: PostKind, post_id: uuid.UUID, actor: Actor) -> Any:
    post = post_queries.get(POST_TYPES[kind], post_id)
    return post if post is not None and can_view(actor, post) else None
