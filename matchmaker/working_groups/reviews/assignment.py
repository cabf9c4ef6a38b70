"""Brings the reviews of a call into step with its proposals, reviewers and authors.

It may run at any time and as often as one likes: by the worker, by the secretariat's button, and
when reviewers come and go. What is right already stays as it is.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.reviews.assignment_queries import NOBODY, Lineup, lineup
from matchmaker.working_groups.reviews.domain import (
    REVIEW_STATES,
    TO_DO,
    ReviewMove,
    ReviewState,
)
from matchmaker.working_groups.reviews.events import ReviewReopened, ReviewsAssigned
from matchmaker.working_groups.reviews.models import Review

OWN_ORGANIZATION = "提案した団体に所属しているため、担当から外れています。"
LEFT_CALL = "この公募の審査員を離れたため、担当から外れています。"


@dataclass(slots=True)
class Changes:
    """What was brought into step.

    Args:
        new: by reviewer, how many reviews were handed out to be written.
        moves: how often each step was taken.
    """

    new: Counter[uuid.UUID] = field(default_factory=Counter)
    moves: Counter[ReviewMove] = field(default_factory=Counter)
    excluded: int = 0

    def __bool__(self) -> bool:
        return bool(self.new or self.moves or self.excluded)

    def as_details(self) -> dict[str, Any]:
        """Plain values for the audit log."""
        return {
            "new": {str(reviewer): count for reviewer, count in self.new.items()},
            "excluded": self.excluded,
            "moves": {move.value: count for move, count in self.moves.items()},
        }


def sync_reviews(call_id: uuid.UUID, actor: Actor, now: datetime) -> Changes:
    """Hand out what is missing, close what is in conflict, reopen what was handed in anew.

    Args:
        call_id: the call; nothing happens before its deadline.
        actor: who does it (the worker, or the secretariat).
        now: the present moment.

    Returns:
        What changed. One event is recorded when anything did.
    """
    # Two runs at once would hand out the same reviews twice; the second one waits here.
    db.session.execute(select(Call.id).where(Call.id == call_id).with_for_update())
    found, changes = lineup(call_id, now), Changes()
    for review in found.reviews:
        move = _due_move(review, found)
        if move is not None:
            _take(review, move, actor, now)
            changes.moves[move] += 1
    _hand_out(call_id, found, changes, now)
    db.session.flush()
    if changes:
        details = changes.as_details()
        record(ReviewsAssigned(actor=actor, now=now, subject_id=call_id, details=details))
    return changes


def _due_move(review: Review, found: Lineup) -> ReviewMove | None:
    """The step that brings one review into line, or None."""
    if review.reviewer_id not in found.reviewers:
        return ReviewMove.LEAVE if review.state in TO_DO else None
    if review.proposal_id not in found.revisions:
        return None
    conflicted = review.reviewer_id in found.conflicts.get(review.proposal_id, NOBODY)
    if conflicted:
        move = ReviewMove.EXCLUDE
        return move if review.state in REVIEW_STATES.moves[move].sources else None
    if review.state in REVIEW_STATES.moves[ReviewMove.ADMIT].sources:
        return ReviewMove.ADMIT
    is_earlier = review.reviewed_revision != found.revisions[review.proposal_id]
    return ReviewMove.REOPEN if review.state is ReviewState.SUBMITTED and is_earlier else None


def _take(review: Review, move: ReviewMove, actor: Actor, now: datetime) -> None:
    review.state = REVIEW_STATES.check(review.state, move)
    review.state_reason = {
        ReviewMove.EXCLUDE: OWN_ORGANIZATION,
        ReviewMove.LEAVE: LEFT_CALL,
    }.get(move, "")
    review.total_rate = None
    review.revision += 1
    review.updated_at = now
    if move is ReviewMove.REOPEN:
        record(ReviewReopened(actor=actor, now=now, subject_id=review.id))


def _hand_out(call_id: uuid.UUID, found: Lineup, changes: Changes, now: datetime) -> None:
    there = {(review.proposal_id, review.reviewer_id) for review in found.reviews}
    rows: list[dict[str, Any]] = []
    for proposal_id in found.revisions:
        for reviewer_id in found.reviewers:
            if (proposal_id, reviewer_id) in there:
                continue
            conflicted = reviewer_id in found.conflicts.get(proposal_id, NOBODY)
            rows.append(_row(call_id, proposal_id, reviewer_id, conflicted, now))
            if conflicted:
                changes.excluded += 1
            else:
                changes.new[reviewer_id] += 1
    if rows:
        db.session.execute(insert(Review), rows)


def _row(
    call_id: uuid.UUID,
    proposal_id: uuid.UUID,
    reviewer_id: uuid.UUID,
    conflicted: bool,
    now: datetime,
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "call_id": call_id,
        "proposal_id": proposal_id,
        "reviewer_id": reviewer_id,
        "state": ReviewState.EXCLUDED if conflicted else ReviewState.PENDING,
        "state_reason": OWN_ORGANIZATION if conflicted else "",
        "comment": "",
        "revision": 1,
        "created_at": now,
        "updated_at": now,
    }
