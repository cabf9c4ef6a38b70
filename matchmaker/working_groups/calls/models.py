"""Tables of calls: criteria, reviewers, questions and answers."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.working_groups.calls.domain import (
    CallKind,
    CallQuestionState,
    CallState,
    Phase,
    phase_of,
)
from matchmaker.working_groups.groups.models import WorkingGroup

MOST_POINTS = 100


class Call(IdMixin, Base):
    """An open call (公募).

    ``categories`` are the kinds of organisations that may answer (codes of
    ``organizations.domain.CATEGORIES``; empty: all members). ``timetable`` is a list of
    ``{"on": "2026-12-01", "label": "…"}``. Received proposals get numbers from ``last_number``.
    The period may be missing in drafts and in calls of the past whose source does not tell it;
    ``has_times`` tells whether the times of day are known. ``closing_told_days`` is the nearest
    distance to the deadline that was told by mail.
    """

    __tablename__ = "calls"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="period"),
        CheckConstraint(
            "state <> 'published' OR (opens_at IS NOT NULL AND closes_at IS NOT NULL)",
            name="published_period",
        ),
        CheckConstraint("last_number >= 0", name="last_number"),
        Index("ix_calls_state_closes_at", "state", "closes_at"),
    )

    kind: Mapped[CallKind] = mapped_column(word_column(CallKind, "kind"))
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    categories: Mapped[list[str]]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    has_times: Mapped[bool] = mapped_column(default=True)
    first_closes_at: Mapped[datetime | None]
    extension_reason: Mapped[str] = mapped_column(Text, default="")
    reviews_due_at: Mapped[datetime | None]
    timetable: Mapped[list[dict[str, Any]]]
    questions: Mapped[list[dict[str, Any]]]
    frozen_at: Mapped[datetime | None]
    is_anonymous: Mapped[bool] = mapped_column(default=False)
    parent_group_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("working_groups.id"), index=True
    )
    state: Mapped[CallState] = mapped_column(word_column(CallState, "state"))
    state_reason: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(Text, default="")
    last_number: Mapped[int] = mapped_column(default=0)
    copied_from_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("calls.id"), index=True)
    decisions_released_at: Mapped[datetime | None]
    source_url: Mapped[str] = mapped_column(String(500), default="")
    source_note: Mapped[str] = mapped_column(String(300), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    closing_told_days: Mapped[int | None]
    created_by_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    parent_group: Mapped[WorkingGroup | None] = relationship(lazy="raise")
    criteria: Mapped[list[Criterion]] = relationship(
        lazy="raise", back_populates="call", order_by="Criterion.position",
        cascade="all, delete-orphan",
    )  # fmt: skip
    reviewers: Mapped[list[CallReviewer]] = relationship(lazy="raise", back_populates="call")

    @property
    def deadline(self) -> datetime:
        """The moment from which on proposals are refused; every published call has one.

        Raises:
            ValueError: the call has no period (a draft, or a call of the past).
        """
        if self.closes_at is None:
            raise ValueError("the call has no period")
        return self.closes_at

    def phase(self, now: datetime) -> Phase:
        """Where the call stands at ``now``."""
        return phase_of(self.state, self.opens_at, self.closes_at, now)


class Criterion(IdMixin, Base):
    """One criterion of a call: scored from 0 to ``points``, counted with ``weight``."""

    __tablename__ = "criteria"
    __table_args__ = (
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),
        CheckConstraint(f"points BETWEEN 1 AND {MOST_POINTS}", name="points"),
        Index("ix_criteria_call_id", "call_id", "position"),
    )

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(Text, default="")
    weight: Mapped[int]
    points: Mapped[int] = mapped_column(default=5)

    call: Mapped[Call] = relationship(lazy="raise", back_populates="criteria")


class CallReviewer(IdMixin, Base):
    """That a person reviews the proposals of a call. Who leaves keeps a row with the reason."""

    __tablename__ = "call_reviewers"
    __table_args__ = (
        UniqueConstraint("call_id", "user_id"),
        Index("ix_call_reviewers_user_id", "user_id"),
    )

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id"),
        info={"personal": "reviewing proposals", "retention": "five years after the call"},
    )
    added_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    left_reason: Mapped[str] = mapped_column(String(500), default="")

    call: Mapped[Call] = relationship(lazy="raise", back_populates="reviewers")
    user: Mapped[User] = relationship(lazy="raise")


class CallQuestion(IdMixin, Base):
    """A question about a call; it is published without the name of who asked."""

    __tablename__ = "call_questions"
    __table_args__ = (
        Index("ix_call_questions_call_id", "call_id", "state", "published_at"),
        Index("ix_call_questions_asker_id", "asker_id"),
    )

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    asker_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        info={"personal": "answering the question", "retention": "one year after the decision"},
    )
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    published_text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[CallQuestionState] = mapped_column(word_column(CallQuestionState, "state"))
    state_reason: Mapped[str] = mapped_column(String(500), default="")
    revision: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship(lazy="raise")
    asker: Mapped[User | None] = relationship(lazy="raise")
