"""Tables of the programme: sessions, speakers, materials."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.core.storage import StoredFile
from matchmaker.regional_events.planning.domain import URL_LENGTH, MaterialAudience, SpeakerConsent

SPEAKING = {"personal": "announcing who speaks", "retention": "as long as the event is shown"}


class ProgrammeSession(IdMixin, Base):
    """One part of the programme (開会, パネルディスカッション, 会員間交流会)."""

    __tablename__ = "programme_sessions"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="times"),
        Index("ix_programme_sessions_event_id", "event_id", "starts_at", "position"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    room: Mapped[str] = mapped_column(String(100), default="")
    takes_questions: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)

    appearances: Mapped[list[Appearance]] = relationship(
        lazy="raise", order_by="Appearance.position", cascade="all, delete-orphan"
    )


class Speaker(IdMixin, Base):
    """Somebody on the stage; name, biography and portrait are shown once consent is given.

    Args:
        asked_at: when the mail that asks for consent was written the last time.
        link_version: grows with another mail address, so that the former reader's link is void.
    """

    __tablename__ = "speakers"
    __table_args__ = (
        Index("ix_speakers_event_id", "event_id", "position"),
        Index("ix_speakers_user_id", "user_id"),
        Index("ix_speakers_portrait_id", "portrait_id"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100), info=SPEAKING)
    kana: Mapped[str] = mapped_column(String(100), default="", info=SPEAKING)
    affiliation: Mapped[str] = mapped_column(String(200), default="", info=SPEAKING)
    email: Mapped[str] = mapped_column(String(254), default="", info=SPEAKING)
    biography: Mapped[str] = mapped_column(Text, default="", info=SPEAKING)
    portrait_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    consent: Mapped[SpeakerConsent] = mapped_column(word_column(SpeakerConsent, "consent"))
    consent_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    link_version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)

    portrait: Mapped[StoredFile | None] = relationship(lazy="raise")


class Appearance(IdMixin, Base):
    """That a speaker takes part in a session, and as what (司会, 登壇, パネリスト)."""

    __tablename__ = "appearances"
    __table_args__ = (
        UniqueConstraint("session_id", "speaker_id"),
        Index("ix_appearances_speaker_id", "speaker_id"),
    )

    session_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("programme_sessions.id", ondelete="CASCADE")
    )
    speaker_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("speakers.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(40), default="")
    position: Mapped[int] = mapped_column(default=0)

    speaker: Mapped[Speaker] = relationship(lazy="raise")


class EventMaterial(IdMixin, Base):
    """A document or a recording of an event: either a file or an address."""

    __tablename__ = "event_materials"
    __table_args__ = (
        CheckConstraint("(file_id IS NULL) <> (url = '')", name="file_or_address"),
        Index("ix_event_materials_event_id", "event_id", "position"),
        Index("ix_event_materials_session_id", "session_id"),
        Index("ix_event_materials_file_id", "file_id"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    session_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("programme_sessions.id", ondelete="SET NULL")
    )
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    url: Mapped[str] = mapped_column(String(URL_LENGTH), default="")
    is_recording: Mapped[bool] = mapped_column(default=False)
    audience: Mapped[MaterialAudience] = mapped_column(word_column(MaterialAudience, "audience"))
    publish_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    file: Mapped[StoredFile | None] = relationship(lazy="raise")
