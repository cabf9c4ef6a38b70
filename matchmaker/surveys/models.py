"""Tables of surveys and their answers."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import Base, IdMixin
from matchmaker.surveys.domain import TITLE_LENGTH


class Survey(IdMixin, Base):
    """Questions to those who took part in something.

    Args:
        subject_kind: what it is about, for example ``meetings:meeting``; later features register
            who may answer and who may read the results.
        questions: a questionnaire as JSON (see ``matchmaker.questions.domain``).
        frozen_at: from the first answer on the questions stay as they are.
        announced_at: when the participants were asked by mail.
        reminded_at: when those without an answer were reminded.
    """

    __tablename__ = "surveys"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="period"),
        Index("ix_surveys_subject", "subject_kind", "subject_id"),
        Index("ix_surveys_closes_at", "closes_at"),
    )

    subject_kind: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[uuid.UUID]
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    introduction: Mapped[str] = mapped_column(Text, default="")
    questions: Mapped[list[dict[str, Any]]]
    is_anonymous: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class SurveyParticipation(Base):
    """That a person has answered; for an anonymous survey nothing ties it to the answer.

    The table is kept in the order of its key, not in the order in which people answered.
    """

    __tablename__ = "survey_participations"
    __table_args__ = (
        Index("ix_survey_participations_user_id", "user_id"),
        {"sqlite_with_rowid": False},
    )

    survey_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("surveys.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )


class SurveyGuestParticipation(Base):
    """That somebody without an account has answered, by the id that the subject's feature gave.

    As :class:`SurveyParticipation` it is kept in the order of its key and tied to no answer.
    """

    __tablename__ = "survey_guest_participations"
    __table_args__ = ({"sqlite_with_rowid": False},)

    survey_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("surveys.id", ondelete="CASCADE"), primary_key=True
    )
    respondent_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class SurveyAnswer(Base):
    """One person's answers; in an anonymous survey neither person nor time is kept.

    ``respondent_id`` stands in the place of ``user_id`` for somebody without an account.

    The id is random (not ordered by time as elsewhere) and the table is kept in its order, so that
    the order of rows does not tell who answered first.
    """

    __tablename__ = "survey_answers"
    __table_args__ = (
        Index("ix_survey_answers_survey_id", "survey_id"),
        Index("ix_survey_answers_user_id", "user_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("surveys.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        info={"personal": "evaluating the survey", "retention": "three years after its end"},
    )
    respondent_id: Mapped[uuid.UUID | None] = mapped_column(
        info={"personal": "evaluating the survey", "retention": "as the guests of the event"}
    )
    answers: Mapped[dict[str, Any]]
    answered_at: Mapped[datetime | None]
