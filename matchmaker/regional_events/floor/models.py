"""Tables of the floor: questions with their votes, shows of hands, what is projected."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.regional_events.floor.domain import (
    MOST_OPTIONS,
    POLL_LENGTH,
    REASON_LENGTH,
    SHOWN_NAME_LENGTH,
    PollState,
    QuestionKind,
    QuestionSource,
    QuestionState,
)

ASKING = {
    "personal": "asking and voting once each, names shown only on wish",
    "retention": "guests: the event's period after its end",
}
KEY_LENGTH = 48


class Floor(IdMixin, Base):
    """How an event takes questions, and what is projected in the hall.

    Args:
        takes_beforehand: whether registered people may ask before the start.
        is_asking_open: whether questions are taken during the event.
        admits_guests: whether the code in the room lets people join without an account.
        join_version: grows when codes shown so far become void.
        projection_version: grows when the link of the hall's computer becomes void.
        question_id, poll_id: what is projected; at most one of the two.
        last_number: number of the newest question.
    """

    __tablename__ = "floors"
    __table_args__ = (
        CheckConstraint("question_id IS NULL OR poll_id IS NULL", name="one_projected"),
        Index("ix_floors_question_id", "question_id"),
        Index("ix_floors_poll_id", "poll_id"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE"), unique=True
    )
    takes_beforehand: Mapped[bool] = mapped_column(default=False)
    is_asking_open: Mapped[bool] = mapped_column(default=False)
    is_voting_open: Mapped[bool] = mapped_column(default=True)
    admits_guests: Mapped[bool] = mapped_column(default=True)
    join_version: Mapped[int] = mapped_column(default=1)
    projection_version: Mapped[int] = mapped_column(default=1)
    question_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("floor_questions.id", ondelete="SET NULL")
    )
    poll_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("floor_polls.id", ondelete="SET NULL")
    )
    last_number: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)


class FloorQuestion(IdMixin, Base):
    """A question or an opinion sent to an event or to one of its sessions.

    Args:
        number: counts them within the event; people speak of 「12番の質問」.
        original_text: as it was sent; never changed.
        text: as it is shown; moderators may smooth the wording.
        author_key: the person's pseudonym within the event (see ``voter_key`` of votes).
        shows_name: whether the person wants the name to be shown to all.
        state_before: what it was before it was merged or answered, for taking that back.
        merged_into_id: the question it was merged into.
        leading_id: the one at the top of all merges, which stands for it.
        place: its place among those that come up next; None when it is not among them.
        submission_key: given with the form, so that a double click asks once.
    """

    __tablename__ = "floor_questions"
    __table_args__ = (
        Unique("event_id", "number"),
        Unique("event_id", "submission_key"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged"),
        CheckConstraint("(state = 'merged') = (leading_id IS NOT NULL)", name="leading"),
        CheckConstraint("place IS NULL OR state = 'accepted'", name="place_if_accepted"),
        Index("ix_floor_questions_event_id_state", "event_id", "state", "number"),
        Index("ix_floor_questions_event_id_author_key", "event_id", "author_key", "created_at"),
        Index("ix_floor_questions_session_id", "session_id"),
        Index("ix_floor_questions_author_id", "author_id"),
        Index("ix_floor_questions_attendee_id", "attendee_id"),
        Index("ix_floor_questions_merged_into_id", "merged_into_id"),
        Index("ix_floor_questions_leading_id", "leading_id"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    session_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("programme_sessions.id", ondelete="SET NULL")
    )
    number: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(word_column(QuestionKind, "kind"))
    source: Mapped[QuestionSource] = mapped_column(word_column(QuestionSource, "source"))
    original_text: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    author_key: Mapped[str] = mapped_column(String(KEY_LENGTH), default="", info=ASKING)
    author_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), info=ASKING
    )
    attendee_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("attendees.id", ondelete="SET NULL"), info=ASKING
    )
    author_name: Mapped[str] = mapped_column(String(SHOWN_NAME_LENGTH), default="", info=ASKING)
    shows_name: Mapped[bool] = mapped_column(default=False)
    state: Mapped[QuestionState] = mapped_column(word_column(QuestionState, "state"))
    state_before: Mapped[str] = mapped_column(String(24), default="")
    state_reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("floor_questions.id"))
    leading_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("floor_questions.id"))
    place: Mapped[int | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    submission_key: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class FloorVote(IdMixin, Base):
    """That somebody supports a question: once a person, whatever is pressed how often.

    Args:
        voter_key: pseudonym of the person within the event; it leads back to nobody by itself.
    """

    __tablename__ = "floor_votes"
    __table_args__ = (
        Unique("question_id", "voter_key"),
        Index("ix_floor_votes_event_id_voter_key", "event_id", "voter_key"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    question_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("floor_questions.id", ondelete="CASCADE")
    )
    voter_key: Mapped[str] = mapped_column(String(KEY_LENGTH), info=ASKING)
    at: Mapped[datetime]


class FloorPoll(IdMixin, Base):
    """A show of hands: a question with a few options, answered once by each person."""

    __tablename__ = "floor_polls"
    __table_args__ = (
        Unique("event_id", "submission_key"),
        Index("ix_floor_polls_event_id", "event_id", "created_at", "id"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    text: Mapped[str] = mapped_column(String(POLL_LENGTH))
    options: Mapped[list[str]]
    state: Mapped[PollState] = mapped_column(word_column(PollState, "state"))
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    submission_key: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class FloorPollAnswer(IdMixin, Base):
    """What one person answered; it may be changed until the poll closes."""

    __tablename__ = "floor_poll_answers"
    __table_args__ = (
        Unique("poll_id", "voter_key"),
        CheckConstraint(f"choice >= 0 AND choice < {MOST_OPTIONS}", name="choice"),
    )

    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("floor_polls.id", ondelete="CASCADE"))
    voter_key: Mapped[str] = mapped_column(String(KEY_LENGTH), info=ASKING)
    choice: Mapped[int]
    at: Mapped[datetime]


class FloorVector(IdMixin, Base):
    """The meaning of a question as a vector, to find those alike."""

    __tablename__ = "floor_vectors"

    question_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("floor_questions.id", ondelete="CASCADE"), unique=True
    )
    model: Mapped[str] = mapped_column(String(200))
    text_hash: Mapped[str] = mapped_column(String(64))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    computed_at: Mapped[datetime]
