"""Who has reviews to do: for reminders."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, select

from matchmaker.accounts.models import User
from matchmaker.core.db import db
from matchmaker.working_groups.calls.domain import CallState
from matchmaker.working_groups.calls.models import Call, CallReviewer
from matchmaker.working_groups.proposals.domain import ProposalState
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.reviews.domain import REMINDED_BEFORE, TO_DO
from matchmaker.working_groups.reviews.models import Review
from matchmaker.working_groups.reviews.queries import is_over


def calls_due(now: datetime) -> Sequence[Call]:
    """Calls under review whose reviews are due within the days of the first reminder."""
    reach = now + timedelta(days=max(REMINDED_BEFORE) + 1)
    query = (
        select(Call)
        .where(
            Call.state.in_([CallState.PUBLISHED, CallState.DECIDED]),
            Call.reviews_due_at > now,
            Call.reviews_due_at <= reach,
        )
        .order_by(Call.reviews_due_at, Call.id)
    )
    return db.session.scalars(query).all()


def reviewers_to_remind(call_id: uuid.UUID, now: datetime) -> Sequence[tuple[User, int]]:
    """Present reviewers of the call, each with the number of reviews that are to be done."""
    waiting = _to_do(call_id, now).subquery()
    query = (
        select(User, waiting.c.number)
        .join(waiting, waiting.c.reviewer_id == User.id)
        .order_by(User.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def has_to_do(user_id: uuid.UUID, call_id: uuid.UUID, now: datetime) -> bool:
    """Whether a person has reviews of the call to do."""
    query = _to_do(call_id, now).where(Review.reviewer_id == user_id)
    return db.session.execute(query).first() is not None


def _to_do(call_id: uuid.UUID, now: datetime) -> Select[Any]:
    seat = and_(
        CallReviewer.call_id == Review.call_id,
        CallReviewer.user_id == Review.reviewer_id,
        CallReviewer.left_at.is_(None),
    )
    return (
        select(Review.reviewer_id, func.count().label("number"))
        .join(Proposal, Proposal.id == Review.proposal_id)
        .join(Call, Call.id == Review.call_id)
        .join(CallReviewer, seat)
        .where(
            Review.call_id == call_id,
            Review.state.in_(TO_DO),
            Proposal.state == ProposalState.SUBMITTED,
            is_over(now),
        )
        .group_by(Review.reviewer_id)
    )
