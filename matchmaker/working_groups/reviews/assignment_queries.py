"""What has to be known to bring the reviews of a call into step (set-based)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, select

from matchmaker.core.db import db
from matchmaker.working_groups.calls.domain import CallState
from matchmaker.working_groups.calls.models import Call, CallReviewer
from matchmaker.working_groups.proposals.domain import ProposalState
from matchmaker.working_groups.proposals.models import Proposal, ProposalAuthor
from matchmaker.working_groups.reviews.models import Review
from matchmaker.working_groups.reviews.queries import (
    author_organizations,
    is_over,
    organizations_of,
    writes,
)

NOBODY: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Lineup:
    """Who reviews what in a call at a moment.

    Args:
        revisions: the handed-in revision of each proposal that waits for its reviews.
        reviewers: who reviews.
        conflicts: by proposal, those who wrote it or whose organisations did.
        reviews: all reviews there are of these proposals, and those still open of who left.
    """

    revisions: Mapping[uuid.UUID, int | None]
    reviewers: Sequence[uuid.UUID]
    conflicts: Mapping[uuid.UUID, frozenset[uuid.UUID]]
    reviews: Sequence[Review]


def lineup(call_id: uuid.UUID, now: datetime) -> Lineup:
    """Read all of it (seven statements, whatever the number of proposals)."""
    revisions = _revisions(call_id, now)
    present = select(CallReviewer.user_id).where(
        CallReviewer.call_id == call_id, CallReviewer.left_at.is_(None)
    )
    reviewers = db.session.scalars(present.order_by(CallReviewer.added_at, CallReviewer.id)).all()
    reviews = db.session.scalars(select(Review).where(Review.call_id == call_id)).all()
    return Lineup(revisions, reviewers, _conflicts(call_id, reviewers), reviews)


def _revisions(call_id: uuid.UUID, now: datetime) -> dict[uuid.UUID, int | None]:
    query = (
        select(Proposal.id, Proposal.submitted_revision)
        .join(Call, Call.id == Proposal.call_id)
        .where(Call.id == call_id, Proposal.state == ProposalState.SUBMITTED, is_over(now))
        .order_by(Proposal.number, Proposal.id)
    )
    return dict(db.session.execute(query).tuples().all())


def _conflicts(
    call_id: uuid.UUID, reviewers: Sequence[uuid.UUID]
) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    organizations = organizations_of(reviewers)
    written_by = author_organizations(Proposal.call_id == call_id)
    query = (
        select(ProposalAuthor.proposal_id, ProposalAuthor.user_id)
        .join(Proposal, Proposal.id == ProposalAuthor.proposal_id)
        .where(Proposal.call_id == call_id, writes(), ProposalAuthor.user_id.in_(reviewers))
    )
    own = {(proposal_id, user_id) for proposal_id, user_id in db.session.execute(query)}
    return {
        proposal_id: frozenset(
            reviewer
            for reviewer in reviewers
            if (proposal_id, reviewer) in own or organizations[reviewer] & authors
        )
        for proposal_id, authors in written_by.items()
    }


def calls_under_review(now: datetime) -> Sequence[uuid.UUID]:
    """Calls with reviewers in which some handed-in proposal waits for a decision."""
    waiting = exists().where(
        Proposal.call_id == Call.id, Proposal.state == ProposalState.SUBMITTED, is_over(now)
    )
    has_reviewers = exists().where(CallReviewer.call_id == Call.id)
    shut = Call.state.in_([CallState.PUBLISHED, CallState.DECIDED])
    query = select(Call.id).where(and_(shut, waiting, has_reviewers)).order_by(Call.id)
    return db.session.scalars(query).all()
