"""Parts that reviews add to the pages of calls and of proposals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.sections import CallSection
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.reviews import decision_queries, policy, queries
from matchmaker.working_groups.reviews.domain import OUTCOME_LABELS, DecisionState


def admits(actor: Actor, proposal: Proposal, now: datetime) -> bool:
    """Whether a reviewer reads the page of a proposal with its authors.

    Where names are hidden, reviewers read the text on the page of their review alone.
    """
    if proposal.call.is_anonymous:
        return False
    return policy.is_admitted(actor, queries.seat_of(actor, proposal.id, now))


def decision_section(proposal: Proposal, actor: Actor) -> Mapping[str, Any] | None:
    """The released decision with its history, for those whose proposal it is."""
    decision = decision_queries.decision_of(proposal.id)
    if decision is None:
        return None
    is_author = actor.belongs_to(proposal.lead_organization_id) or decision_queries.is_author(
        actor.user_id, proposal.id
    )
    if not policy.can_read_decision(actor, decision.state, is_author=is_author):
        return None
    is_released = decision.state is DecisionState.RELEASED
    return {
        "decision": decision if is_released else None,
        "corrections": decision_queries.corrections_of(decision.id),
        "group": decision_queries.group_of(proposal.id) if is_released else None,
        "labels": OUTCOME_LABELS,
        "may_decide": policy.can_decide(actor),
    }


def review_links(call: Call, actor: Actor) -> CallSection | None:
    """The ways to ranking and decisions for the secretariat, to their list for reviewers."""
    if not (actor.is_secretariat or actor.is_reviewer):
        return None
    return CallSection("reviews/_call_links.html", {"is_secretariat": actor.is_secretariat})
