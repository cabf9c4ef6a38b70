"""Tables of introductions: the request, its trace, what was said."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.organizations.models import Organization
from matchmaker.partnering.introductions.domain import (
    STANDING_STATES,
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
        nudged_half_at, nudged_due_at: when the receiving side was reminded.
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
    wish: Mapped[str] = mapped_column(String(1_000), default="")
    state: Mapped[IntroductionState] = mapped_column(
        word_column(IntroductionState, "state"), default=IntroductionState.OPEN
    )
    reason_code: Mapped[ReasonCode | None] = mapped_column(word_column(ReasonCode, "reason_code"))
    reason: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    answer_due_at: Mapped[datetime]
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
