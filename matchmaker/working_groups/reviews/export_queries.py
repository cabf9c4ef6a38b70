"""Reads for the workbook of a call: plain lines, one statement a sheet."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select

from matchmaker.accounts.models import User
from matchmaker.core.db import db
from matchmaker.working_groups.calls.models import CallReviewer, Criterion
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.reviews.domain import UNDER_REVIEW, ReviewState
from matchmaker.working_groups.reviews.models import Review, ReviewComment, ReviewScore

WRITTEN = (ReviewState.DRAFT, ReviewState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """Points for one criterion."""

    proposal_id: uuid.UUID
    reviewer: str
    state: ReviewState
    criterion_id: uuid.UUID
    points: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A handed-in review as a whole."""

    proposal_id: uuid.UUID
    reviewer: str
    rate: float | None
    comment: str
    submitted_at: datetime | None
    has_left: bool


@dataclass(frozen=True, slots=True)
class DiscussionLine:
    """One contribution."""

    proposal_id: uuid.UUID
    author: str
    at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A review that is closed because of a conflict of interest."""

    proposal_id: uuid.UUID
    reviewer: str
    state: ReviewState
    reason: str
    at: datetime


def score_lines(call_id: uuid.UUID) -> Iterator[ScoreLine]:
    """All scores that were written, drafts too."""
    columns = (
        Review.proposal_id, User.name, Review.state, ReviewScore.criterion_id,
        ReviewScore.points, ReviewScore.reason,
    )  # fmt: skip
    query = (
        _reviews(call_id, columns)
        .join(ReviewScore, ReviewScore.review_id == Review.id)
        .join(Criterion, Criterion.id == ReviewScore.criterion_id)
        .where(Review.state.in_(WRITTEN))
        .order_by(Proposal.number, Proposal.id, User.kana, User.id, Criterion.position)
    )
    return (ScoreLine(*row) for row in db.session.execute(query))


def comment_lines(call_id: uuid.UUID) -> Iterator[CommentLine]:
    """Handed-in reviews with total and comment."""
    columns = (
        Review.proposal_id, User.name, Review.total_rate, Review.comment, Review.submitted_at,
        CallReviewer.left_at.is_not(None),
    )  # fmt: skip
    seat = and_(CallReviewer.call_id == call_id, CallReviewer.user_id == Review.reviewer_id)
    query = (
        _reviews(call_id, columns)
        .outerjoin(CallReviewer, seat)
        .where(Review.state == ReviewState.SUBMITTED)
        .order_by(Proposal.number, Proposal.id, User.kana, User.id)
    )
    return (CommentLine(*row) for row in db.session.execute(query))


def discussion_lines(call_id: uuid.UUID) -> Iterator[DiscussionLine]:
    """The discussions, without what was taken back."""
    query = (
        select(
            ReviewComment.proposal_id,
            ReviewComment.author_name,
            ReviewComment.at,
            ReviewComment.body,
        )
        .join(Proposal, Proposal.id == ReviewComment.proposal_id)
        .where(
            Proposal.call_id == call_id,
            Proposal.state.in_(UNDER_REVIEW),
            ReviewComment.retracted_at.is_(None),
        )
        .order_by(Proposal.number, Proposal.id, ReviewComment.at, ReviewComment.id)
    )
    return (DiscussionLine(*row) for row in db.session.execute(query))


def conflict_lines(call_id: uuid.UUID) -> Iterator[ConflictLine]:
    """Who does not review what, and why."""
    columns = (
        Review.proposal_id, User.name, Review.state, Review.state_reason, Review.updated_at,
    )  # fmt: skip
    query = (
        _reviews(call_id, columns)
        .where(Review.state.in_([ReviewState.CONFLICT, ReviewState.EXCLUDED]))
        .order_by(Proposal.number, Proposal.id, User.kana, User.id)
    )
    return (ConflictLine(*row) for row in db.session.execute(query))


def _reviews(call_id: uuid.UUID, columns: tuple[Any, ...]) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Review)
        .join(Proposal, Proposal.id == Review.proposal_id)
        .join(User, User.id == Review.reviewer_id)
        .where(Review.call_id == call_id, Proposal.state.in_(UNDER_REVIEW))
    )
