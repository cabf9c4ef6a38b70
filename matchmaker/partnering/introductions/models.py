"""Tables of introductions: the request, its trace, what was said."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.organizations.models import Organization
from matchmaker.partnering.introductions.domain import (
    KEY_LENGTH,
    STANDING_STATES,
    WISH_LENGTH,
    IntroductionMove,
    IntroductionState,
    ReasonCode,
    Side,
    Source,
)

PERSONAL = {"personal": "紹介のやりとり", "retention": "紹介の終了から5年"}
_STANDING = ", ".join(f"'{state.value}'" for state in sorted(STANDING_STATES))


class Introduction(IdMixin, Base):
    """One side's interest in a pair and what became of it.

    Args:
        from_side: which side expressed the interest.
        wish: what is offered or asked.
        answer_due_at: until when an answer is wanted; then it closes as 回答なし.
        turn_began_at: since when the present answer is awaited.
        nudged_half_at, nudged_due_at: when the side awaited was reminded, of this turn.
        submission_key: of the form it was sent with, so that a second press sends nothing.
        answered_by_id: who accepted or declined.
        closes: counts how often it was closed or opened again, for the keys of mails.
    """

    __tablename__ = "introductions"
    __table_args__ = (
        Index(
            "uq_introductions_standing_pair", "need_id", "offering_id", unique=True,
            sqlite_where=text(f"state IN ({_STANDING})"),
            postgresql_where=text(f"state IN ({_STANDING})"),
        ),
        Index("ix_introductions_due", "state", "answer_due_at"),
        Index("ix_introductions_sender", "sender_organization_id", "state"),
        Index("ix_introductions_receiver", "receiver_organization_id", "state"),
        CheckConstraint(
            "sender_organization_id <> receiver_organization_id", name="two_organizations"
        ),
        CheckConstraint("revision >= 1", name="revision_positive"),
    )  # fmt: skip

    need_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("needs.id", ondelete="CASCADE"), index=True
    )
    offering_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("offerings.id", ondelete="CASCADE"), index=True
    )
    from_side: Mapped[Side] = mapped_column(word_column(Side, "from_side"))
    source: Mapped[Source] = mapped_column(word_column(Source, "source"))
    sender_organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organizations.id"))
    receiver_organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organizations.id"))
    sender_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True, info=PERSONAL
    )
    note: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    wish: Mapped[str] = mapped_column(String(WISH_LENGTH), default="")
    submission_key: Mapped[str | None] = mapped_column(String(KEY_LENGTH), unique=True)
    state: Mapped[IntroductionState] = mapped_column(
        word_column(IntroductionState, "state"), default=IntroductionState.OPEN
    )
    reason_code: Mapped[ReasonCode | None] = mapped_column(word_column(ReasonCode, "reason_code"))
    reason: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    answer_due_at: Mapped[datetime]
    turn_began_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True, info=PERSONAL
    )
    nudged_half_at: Mapped[datetime | None]
    nudged_due_at: Mapped[datetime | None]
    closes: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    need: Mapped[Need] = relationship(lazy="raise")
    offering: Mapped[Offering] = relationship(lazy="raise")
    sender: Mapped[Organization] = relationship(lazy="raise", foreign_keys=sender_organization_id)
    receiver: Mapped[Organization] = relationship(
        lazy="raise", foreign_keys=receiver_organization_id
    )
    sent_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=sender_id)
    answered_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=answered_by_id)


class IntroductionMessage(IdMixin, Base):
    """One message between the two sides: written once, never changed.

    Args:
        organization_id: for which side it was written.
        is_on_behalf: whether the secretariat wrote it for that side.
    """

    __tablename__ = "introduction_messages"
    __table_args__ = (Index("ix_introduction_messages_thread", "introduction_id", "at", "id"),)

    introduction_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("introductions.id", ondelete="CASCADE")
    )
    at: Mapped[datetime]
    author_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True, info=PERSONAL
    )
    author_name: Mapped[str] = mapped_column(String(100), default="", info=PERSONAL)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organizations.id"), index=True)
    is_on_behalf: Mapped[bool] = mapped_column(default=False)
    move: Mapped[IntroductionMove] = mapped_column(word_column(IntroductionMove, "move"))
    words: Mapped[str] = mapped_column(Text, info=PERSONAL)


class IntroductionStep(IdMixin, Base):
    """The trace: one row for each revision of an introduction, written once, never changed.

    Args:
        number: the revision that the step led to; 1 is the sending.
        on_behalf_of_id: the organisation for which the secretariat acted.
        move: None for the sending and for a correction.
        before: None for the sending.
    """

    __tablename__ = "introduction_steps"
    __table_args__ = (UniqueConstraint("introduction_id", "number"),)

    introduction_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("introductions.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True, info=PERSONAL
    )
    actor_name: Mapped[str] = mapped_column(String(100), default="", info=PERSONAL)
    on_behalf_of_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organizations.id"), index=True
    )
    move: Mapped[IntroductionMove | None] = mapped_column(word_column(IntroductionMove, "move"))
    before: Mapped[IntroductionState | None] = mapped_column(
        word_column(IntroductionState, "before")
    )
    after: Mapped[IntroductionState] = mapped_column(word_column(IntroductionState, "after"))
    reason_code: Mapped[ReasonCode | None] = mapped_column(word_column(ReasonCode, "reason_code"))
    words: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)

    on_behalf_of: Mapped[Organization | None] = relationship(lazy="raise")


class WrittenOnce(RuntimeError):
    """A message or a step of the trace was to be changed or removed."""


def _refuse(_mapper: Mapper[Base], _connection: Connection, row: Base) -> None:
    raise WrittenOnce(f"{type(row).__name__} is written once")


for _kind in (IntroductionMessage, IntroductionStep):
    event.listen(_kind, "before_update", _refuse)
    event.listen(_kind, "before_delete", _refuse)
