"""The table of questions to posts."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.organizations.models import Organization
from matchmaker.partnering.introductions.post_questions.domain import REASON_LENGTH, QuestionState

PERSONAL = {"personal": "質問への回答", "retention": "掲載の終了から3年"}


class PostQuestion(IdMixin, Base):
    """A question to a need or an offering (one of the two ids is set).

    Args:
        asker_id: who asked; without ``is_named`` only the secretariat reads it.
        text: as it was asked; the owner and the asker read it.
        published_text: as everybody reads it; the owner may re-word it.
        submission_key: of the form, so that a second press asks nothing again.
    """

    __tablename__ = "post_questions"
    __table_args__ = (
        CheckConstraint("(need_id IS NULL) <> (offering_id IS NULL)", name="one_post"),
        Index("ix_post_questions_need_id", "need_id", "state", "published_at"),
        Index("ix_post_questions_offering_id", "offering_id", "state", "published_at"),
        Index("ix_post_questions_asker_id", "asker_id", "asked_at"),
    )

    need_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"))
    offering_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("offerings.id", ondelete="CASCADE")
    )
    asker_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), info=PERSONAL
    )
    asker_organization_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organizations.id"), index=True, info=PERSONAL
    )
    is_named: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text, info=PERSONAL)
    answer: Mapped[str] = mapped_column(Text, default="")
    published_text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[QuestionState] = mapped_column(
        word_column(QuestionState, "state"), default=QuestionState.ASKED
    )
    state_reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]

    need: Mapped[Need | None] = relationship(lazy="raise")
    offering: Mapped[Offering | None] = relationship(lazy="raise")
    asker: Mapped[User | None] = relationship(lazy="raise")
    asker_organization: Mapped[Organization | None] = relationship(lazy="raise")
