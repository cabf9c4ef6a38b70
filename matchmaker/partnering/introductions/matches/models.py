"""Tables of matches: both sides said yes, and what they share from then on."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.core.storage import StoredFile
from matchmaker.partnering.introductions.domain import ReasonCode, Side
from matchmaker.partnering.introductions.matches.domain import (
    LABEL_LENGTH,
    MOST_DATES,
    MOST_FILES,
    PLACE_LENGTH,
    STEP_LENGTH,
    TITLE_LENGTH,
    VALUE_LENGTH,
    AppointmentState,
    MatchState,
)
from matchmaker.partnering.introductions.models import Introduction

PERSONAL = {"personal": "成立した相手とのやりとり", "retention": "話し合いの終了から5年"}


class Match(IdMixin, Base):
    """Both sides of an introduction said yes: contacts are open, a shared page stands.

    Args:
        next_side, next_owner_id: who does the next step; without a person the whole side.
        next_count: grows with each change of the next step, for the keys of mails.
        times_made: how often it was made; an undone one that is made again keeps its page.
    """

    __tablename__ = "matches"
    __table_args__ = (Index("ix_matches_next_due_on", "state", "next_due_on"),)

    introduction_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("introductions.id", ondelete="CASCADE"), unique=True
    )
    state: Mapped[MatchState] = mapped_column(
        word_column(MatchState, "state"), default=MatchState.TALKING
    )
    reason_code: Mapped[ReasonCode | None] = mapped_column(word_column(ReasonCode, "reason_code"))
    reason: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    next_step: Mapped[str] = mapped_column(String(STEP_LENGTH), default="")
    next_due_on: Mapped[date | None]
    next_side: Mapped[Side | None] = mapped_column(word_column(Side, "next_side"))
    next_owner_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True, info=PERSONAL
    )
    next_count: Mapped[int] = mapped_column(default=0)
    times_made: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]

    introduction: Mapped[Introduction] = relationship(lazy="raise")
    next_owner: Mapped[User | None] = relationship(lazy="raise")


class MatchPerson(IdMixin, Base):
    """Somebody who stands as a contact of one side: who said yes, or joined later."""

    __tablename__ = "match_people"
    __table_args__ = (UniqueConstraint("match_id", "user_id"),)

    match_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matches.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True, info=PERSONAL
    )
    side: Mapped[Side] = mapped_column(word_column(Side, "side"))
    at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="raise")


class MatchMessage(IdMixin, Base):
    """One entry of the thread; never changed. ``is_notice``: written by the service itself."""

    __tablename__ = "match_messages"
    __table_args__ = (
        UniqueConstraint("match_id", "submission_key"),
        Index("ix_match_messages_thread", "match_id", "at", "id"),
    )

    match_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matches.id", ondelete="CASCADE"))
    author_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True, info=PERSONAL
    )
    author_name: Mapped[str] = mapped_column(String(100), info=PERSONAL)
    side: Mapped[Side | None] = mapped_column(word_column(Side, "side"))
    is_notice: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text, info=PERSONAL)
    submission_key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class MatchFile(IdMixin, Base):
    """A file both sides read. ``position`` (each once) bounds their number in the database."""

    __tablename__ = "match_files"
    __table_args__ = (
        UniqueConstraint("match_id", "position"),
        CheckConstraint(f"position BETWEEN 1 AND {MOST_FILES}", name="position_bounded"),
    )

    match_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matches.id", ondelete="CASCADE"))
    position: Mapped[int]
    caption: Mapped[str] = mapped_column(String(100), default="")
    side: Mapped[Side | None] = mapped_column(word_column(Side, "side"))
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_files.id"), unique=True)
    author_name: Mapped[str] = mapped_column(String(100), info=PERSONAL)
    at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship(lazy="raise")


class AgreedFact(IdMixin, Base):
    """Something both sides hold: written by one, confirmed by the other."""

    __tablename__ = "match_facts"
    __table_args__ = (UniqueConstraint("match_id", "label"),)

    match_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matches.id", ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    value: Mapped[str] = mapped_column(String(VALUE_LENGTH), info=PERSONAL)
    side: Mapped[Side | None] = mapped_column(word_column(Side, "side"))
    author_name: Mapped[str] = mapped_column(String(100), info=PERSONAL)
    confirmer_name: Mapped[str] = mapped_column(String(100), default="", info=PERSONAL)
    confirmed_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Appointment(IdMixin, Base):
    """A talk of the two: up to three dates, one of them agreed.

    Args:
        side: whose dates they are; None when the secretariat proposed them.
        sequence: of the calendar file; grows with each change of an agreed date.
    """

    __tablename__ = "match_appointments"
    __table_args__ = (
        Index("ix_match_appointments_match_id", "match_id", "created_at"),
        Index(
            "uq_match_appointments_proposed", "match_id", unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
    )  # fmt: skip

    match_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("matches.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH), default="")
    minutes: Mapped[int]
    side: Mapped[Side | None] = mapped_column(word_column(Side, "side"))
    proposer_name: Mapped[str] = mapped_column(String(100), info=PERSONAL)
    state: Mapped[AppointmentState] = mapped_column(
        word_column(AppointmentState, "state"), default=AppointmentState.PROPOSED
    )
    starts_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    sequence: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    match: Mapped[Match] = relationship(lazy="raise")
    dates: Mapped[list[ProposedDate]] = relationship(
        lazy="raise", order_by="ProposedDate.position", cascade="all, delete-orphan"
    )


class ProposedDate(IdMixin, Base):
    """One of up to three proposed beginnings."""

    __tablename__ = "match_proposed_dates"
    __table_args__ = (
        UniqueConstraint("appointment_id", "position"),
        CheckConstraint(f"position BETWEEN 1 AND {MOST_DATES}", name="position_bounded"),
    )

    appointment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("match_appointments.id", ondelete="CASCADE")
    )
    position: Mapped[int]
    starts_at: Mapped[datetime]
