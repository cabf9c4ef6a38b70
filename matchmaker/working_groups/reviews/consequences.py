"""What events mean for reviews and for the outbox (named in ``matchmaker/subscriptions.py``).

Mail to authors carries their own decision only: outcome, reasons, conditions. Scores and the names
of reviewers are in no mail to them.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.notifications.service import mail_people, queue_mail
from matchmaker.working_groups.calls.events import ReviewerAdded, ReviewerLeft
from matchmaker.working_groups.calls.queries import get_call
from matchmaker.working_groups.proposals.domain import ProposalMove
from matchmaker.working_groups.proposals.events import AuthorAnswered, AuthorLeft, ProposalMoved
from matchmaker.working_groups.proposals.queries import get_proposal, writing_authors
from matchmaker.working_groups.reviews import decision_queries, queries
from matchmaker.working_groups.reviews.assignment import sync_reviews
from matchmaker.working_groups.reviews.decisions import uncheck
from matchmaker.working_groups.reviews.domain import OUTCOME_LABELS
from matchmaker.working_groups.reviews.events import (
    DecisionCorrected,
    DecisionReleased,
    ReviewReopened,
    ReviewsAssigned,
)

TEXT_MOVES = frozenset({ProposalMove.SUBMIT, ProposalMove.REVISE, ProposalMove.WITHDRAW})


def follow_reviewers(event: ReviewerAdded | ReviewerLeft) -> None:
    """Hand out reviews to who was added; close what is open of who left."""
    sync_reviews(event.subject_id, event.actor, event.now)


def follow_authors(event: AuthorAnswered | AuthorLeft) -> None:
    """Exclude reviewers whose organisation writes the proposal now, admit them again otherwise."""
    _sync_when_over(event.subject_id, event.actor, event.now)


def follow_proposal(event: ProposalMoved) -> None:
    """A text that is handed in anew (or not any more) needs its reviews and its check again."""
    if event.move in TEXT_MOVES:
        uncheck(event.subject_id, event.now)
    if event.move is ProposalMove.SUBMIT:
        _sync_when_over(event.subject_id, event.actor, event.now)


def _sync_when_over(proposal_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Until the deadline there are no reviews; the last second before it is busy enough."""
    call = get_proposal(proposal_id).call
    if call.closes_at is not None and call.closes_at <= now:
        sync_reviews(call.id, actor, now)


def mail_assignments(event: ReviewsAssigned) -> None:
    """Tell each reviewer how many proposals there are to be read."""
    new: dict[str, int] = event.details["new"]
    call = get_call(event.subject_id)
    for user_id, count in new.items():
        person = db.session.get_one(User, uuid.UUID(user_id))
        context = {"call_title": call.title, "count": count, "due_at": call.reviews_due_at}
        key = f"reviews-assigned:{call.id}:{event.now.isoformat()}"
        queue_mail(person, "reviews-assigned", context, key, call.id, event.now)


def mail_reopening(event: ReviewReopened) -> None:
    """Ask the reviewer to look at the mended text."""
    review = queries.get_review(event.subject_id)
    context = {
        "call_title": review.proposal.call.title,
        "proposal_title": review.proposal.title,
        "number": review.proposal.number,
        "review_id": str(review.id),
    }
    key = f"review-reopened:{review.id}:{review.revision}"
    queue_mail(review.reviewer, "review-reopened", context, key, review.id, event.now)


def mail_decision(event: DecisionReleased) -> None:
    """Tell all authors what was decided about their proposal."""
    _mail_authors("decision-released", event)


def mail_correction(event: DecisionCorrected) -> None:
    """Tell all authors what holds now, and why it was put right."""
    _mail_authors("decision-corrected", event)


def _mail_authors(template: str, event: DecisionReleased | DecisionCorrected) -> None:
    proposal_id = uuid.UUID(event.details["proposal"])
    proposal = get_proposal(proposal_id)
    decision = decision_queries.decision_of(proposal_id)
    assert decision is not None  # noqa: S101 - the event is about it
    context: dict[str, Any] = {
        "proposal_id": str(proposal_id),
        "proposal_title": proposal.title,
        "number": proposal.number,
        "call_title": proposal.call.title,
        "organization_name": proposal.lead_organization.name,
        "outcome": OUTCOME_LABELS[decision.outcome],
        "decision": decision,
        "group": decision_queries.group_of(proposal_id),
        "reason": event.reason,
    }
    key = f"{template}:{decision.id}:{event.now.isoformat()}"
    people = writing_authors(proposal_id)
    mail_people(people, template, context, key, decision.id, event.now)
