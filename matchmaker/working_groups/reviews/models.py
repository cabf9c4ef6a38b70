"""Tables of reviews and decisions."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.working_groups.calls.models import Criterion
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.reviews.domain import DecisionState, Outcome, ReviewState

PERSONAL = {"personal": "reviewing proposals", "retention": "five years after the call"}


class Review(IdMixin, Base):
    """The review of one proposal by one reviewer, from assignment to submission.

    ``total_rate`` is the weighted share of the points (0 to 1), written when it is submitted.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("proposal_id", "reviewer_id"),
        CheckConstraint("total_rate IS NULL OR total_rate BETWEEN 0 AND 1", name="total_rate"),
        Index("ix_reviews_reviewer_id", "reviewer_id", "state"),
        Index("ix_reviews_call_id", "call_id", "state"),
    )

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("calls.id"))
    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("proposals.id"))
    reviewer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), info=PERSONAL)
    state: Mapped[ReviewState] = mapped_column(word_column(ReviewState, "state"))
    state_reason: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    total_rate: Mapped[float | None]
    reviewed_revision: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    proposal: Mapped[Proposal] = relationship(lazy="raise")
    reviewer: Mapped[User] = relationship(lazy="raise")
    scores: Mapped[list[ReviewScore]] = relationship(
        lazy="raise", back_populates="review", cascade="all, delete-orphan"
    )


class ReviewScore(Base):
    """Points for one criterion and the reason for them."""

    __tablename__ = "review_scores"
    __table_args__ = (
        CheckConstraint("points IS NULL OR points >= 0", name="points"),
        Index("ix_review_scores_criterion_id", "criterion_id"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True
    )
    criterion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("criteria.id"), primary_key=True)
    points: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    review: Mapped[Review] = relationship(lazy="raise", back_populates="scores")
    criterion: Mapped[Criterion] = relationship(lazy="raise")


class ReviewComment(IdMixin, Base):
    """One contribution to the reviewers' discussion of a proposal."""

    __tablename__ = "review_comments"
    __table_args__ = (Index("ix_review_comments_proposal_id", "proposal_id", "at"),)

    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("proposals.id"))
    author_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id"), index=True, info=PERSONAL
    )
    author_name: Mapped[str] = mapped_column(String(100), info=PERSONAL)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    retracted_at: Mapped[datetime | None]


class Decision(IdMixin, Base):
    """What is decided about a proposal; who checks it is not who prepared it."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint(
            "checked_by_id IS NULL OR checked_by_id <> prepared_by_id", name="second_person"
        ),
        CheckConstraint("state = 'draft' OR checked_by_id IS NOT NULL", name="checked"),
        CheckConstraint("(state = 'released') = (released_at IS NOT NULL)", name="released"),
        Index("ix_decisions_call_id", "call_id", "state"),
    )

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("calls.id"))
    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("proposals.id"), unique=True)
    outcome: Mapped[Outcome] = mapped_column(word_column(Outcome, "outcome", 32))
    reasons: Mapped[str] = mapped_column(Text)
    conditions: Mapped[str] = mapped_column(Text, default="")
    mend_what: Mapped[str] = mapped_column(Text, default="")
    mend_until: Mapped[datetime | None]
    group_name: Mapped[str] = mapped_column(String(100), default="")
    group_starts_on: Mapped[date | None]
    group_ends_on: Mapped[date | None]
    planned_meetings: Mapped[int] = mapped_column(default=3)
    observers_wanted: Mapped[bool] = mapped_column(default=False)
    state: Mapped[DecisionState] = mapped_column(word_column(DecisionState, "state"))
    prepared_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    checked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    checked_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    proposal: Mapped[Proposal] = relationship(lazy="raise")


class DecisionCorrection(IdMixin, Base):
    """A released decision that was put right later, with the reason. Earlier words stay."""

    __tablename__ = "decision_corrections"

    decision_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("decisions.id", ondelete="CASCADE"), index=True
    )
    outcome_before: Mapped[Outcome] = mapped_column(word_column(Outcome, "outcome_before", 32))
    reasons_before: Mapped[str] = mapped_column(Text)
    conditions_before: Mapped[str] = mapped_column(Text, default="")
    outcome_after: Mapped[Outcome] = mapped_column(word_column(Outcome, "outcome_after", 32))
    reason: Mapped[str] = mapped_column(Text)
    corrected_by_id: Mapped[uuid.UUID | None]
    corrected_by_name: Mapped[str] = mapped_column(String(100))
    corrected_at: Mapped[datetime]
