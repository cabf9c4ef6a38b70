"""What the views of reviews have in common: load, ask the policy, prepare what a page shows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.proposals.queries import get_proposal
from matchmaker.working_groups.reviews import policy, queries
from matchmaker.working_groups.reviews.domain import REVIEW_LABELS, ReviewState
from matchmaker.working_groups.reviews.models import Review
from matchmaker.working_groups.reviews.policy import Seat

STATE_KINDS = {
    ReviewState.PENDING: "wait",
    ReviewState.DRAFT: "wait",
    ReviewState.SUBMITTED: "open",
    ReviewState.CONFLICT: "closed",
    ReviewState.EXCLUDED: "closed",
    ReviewState.LEFT: "closed",
}
"""How the state of a review is coloured; only what waits for the reader is warm."""


@dataclass(frozen=True, slots=True)
class OwnSeat:
    """A reviewer's own review, opened."""

    review: Review
    seat: Seat
    actor: Actor

    @property
    def may_score(self) -> bool:
        """Whether scores may be written."""
        return policy.can_score(self.actor, self.seat)


def open_own(review_id: uuid.UUID) -> OwnSeat:
    """A review for the person whose it is; to all others it does not exist."""
    review, actor = queries.get_review(review_id), current_actor()
    seat = queries.seat_of(actor, review.proposal_id, clock.now())
    authorize(policy.can_open_review(actor, review.reviewer_id, seat), hidden=True)
    return OwnSeat(review, seat, actor)


def read_scores_of(proposal_id: uuid.UUID) -> tuple[Proposal, Actor, Seat]:
    """A proposal for somebody who reads all its scores; to all others it does not exist."""
    actor = current_actor()
    proposal = queries.proposal_under_review(proposal_id)
    seat = queries.seat_of(actor, proposal_id, clock.now())
    authorize(policy.can_read_scores(actor, seat), hidden=True)
    return proposal, actor, seat


def with_people(proposal_id: uuid.UUID) -> Proposal:
    """The proposal with call, authors and their organisations."""
    return get_proposal(proposal_id)


def comparison(proposal: Proposal, actor: Actor) -> dict[str, Any]:
    """Scores and discussion of a proposal, for those who may read them."""
    reviews = queries.submitted_reviews(proposal.id)
    return {
        "criteria": proposal.call.criteria,
        "reviews": reviews,
        "scores": {review.id: queries.scores_of(review) for review in reviews},
        "left": queries.people_who_left(proposal.call_id),
        "comments": queries.comments_of(proposal.id),
        "state_labels": REVIEW_LABELS,
        "state_kinds": STATE_KINDS,
        "may_retract": lambda comment: policy.can_retract(actor, comment.author_id),
    }
