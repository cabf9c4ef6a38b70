"""Tables of meetings: agenda, preparation, attendance, minutes."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.organizations.models import Organization
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.meetings.domain import (
    AttendanceAnswer,
    CheckAnswer,
    CheckInWay,
    FindingKind,
    MeetingState,
    MinutesKind,
    MinutesState,
)

PERSONAL = {"personal": "holding the meeting", "retention": "five years after the meeting"}


class Meeting(IdMixin, Base):
    """One meeting of a group.

    ``online_url`` is shown only to those admitted. ``calendar_sequence`` grows with every change of
    the calendar entry (RFC 5545, 3.8.7.4). ``check_in_code`` is the secret part of the QR code.
    ``times_known`` is false for past meetings of which only the day is known; they last the whole
    day. ``notified_at`` is when all were last told of it, by the first notice or of a change.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        UniqueConstraint("group_id", "round"),
        CheckConstraint("starts_at < ends_at", name="times"),
        Index("ix_meetings_starts_at", "starts_at", "id"),
        Index("ix_meetings_state_starts_at", "state", "starts_at"),
    )

    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("working_groups.id"))
    round: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(100))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    times_known: Mapped[bool] = mapped_column(default=True)
    place: Mapped[str] = mapped_column(String(200), default="")
    online_url: Mapped[str] = mapped_column(String(500), default="")
    online_policy: Mapped[str] = mapped_column(Text, default="")
    visibility: Mapped[Visibility] = mapped_column(word_column(Visibility, "visibility"))
    state: Mapped[MeetingState] = mapped_column(word_column(MeetingState, "state"))
    state_reason: Mapped[str] = mapped_column(Text, default="")
    answers_until: Mapped[datetime | None]
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    check_in_code: Mapped[str] = mapped_column(String(64))
    recording_url: Mapped[str] = mapped_column(String(500), default="")
    recording_visibility: Mapped[Visibility] = mapped_column(
        word_column(Visibility, "recording_visibility"), default=Visibility.GROUP
    )
    survey_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("surveys.id", ondelete="SET NULL"), index=True
    )
    announced_at: Mapped[datetime | None]
    notified_at: Mapped[datetime | None]
    source_note: Mapped[str] = mapped_column(String(300), default="")
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    group: Mapped[WorkingGroup] = relationship(lazy="raise")
    agenda: Mapped[list[AgendaItem]] = relationship(
        lazy="raise", back_populates="meeting", order_by="AgendaItem.position",
        cascade="all, delete-orphan",
    )  # fmt: skip
    minutes: Mapped[Minutes | None] = relationship(lazy="raise", back_populates="meeting")


class AgendaItem(IdMixin, Base):
    """One item of the agenda with its length in minutes."""

    __tablename__ = "agenda_items"
    __table_args__ = (
        CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 600", name="minutes"),
        Index("ix_agenda_items_meeting_id", "meeting_id", "position"),
        Index("ix_agenda_items_speaker_id", "speaker_id"),
    )

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int | None]
    speaker_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    speaker_name: Mapped[str] = mapped_column(String(100), default="")
    note: Mapped[str] = mapped_column(Text, default="")

    meeting: Mapped[Meeting] = relationship(lazy="raise", back_populates="agenda")
    speaker: Mapped[User | None] = relationship(lazy="raise")


class PreparationStep(IdMixin, Base):
    """One line of the organiser's checklist (有識者との調整 and the rest)."""

    __tablename__ = "preparation_steps"
    __table_args__ = (Index("ix_preparation_steps_meeting_id", "meeting_id", "position"),)

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    done_by_name: Mapped[str] = mapped_column(String(100), default="")


class Attendance(IdMixin, Base):
    """What somebody answered to the invitation, and whether they were there."""

    __tablename__ = "attendances"
    __table_args__ = (
        UniqueConstraint("meeting_id", "user_id"),
        CheckConstraint("answer <> 'proxy' OR proxy_name <> ''", name="proxy_named"),
        Index("ix_attendances_user_id", "user_id"),
        Index("ix_attendances_organization_id", "organization_id"),
    )

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), info=PERSONAL)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organizations.id"))
    answer: Mapped[AttendanceAnswer | None] = mapped_column(word_column(AttendanceAnswer, "answer"))
    proxy_name: Mapped[str] = mapped_column(String(100), default="", info=PERSONAL)
    proxy_email: Mapped[str] = mapped_column(String(254), default="", info=PERSONAL)
    note: Mapped[str] = mapped_column(String(500), default="", info=PERSONAL)
    answered_at: Mapped[datetime | None]
    attended_at: Mapped[datetime | None]
    attended_way: Mapped[CheckInWay | None] = mapped_column(word_column(CheckInWay, "attended_way"))

    user: Mapped[User] = relationship(lazy="raise")
    organization: Mapped[Organization | None] = relationship(lazy="raise")


class Minutes(IdMixin, Base):
    """The minutes (or a summary) of a meeting, written by several people."""

    __tablename__ = "minutes"

    meeting_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("meetings.id", ondelete="CASCADE"), unique=True
    )
    kind: Mapped[MinutesKind] = mapped_column(word_column(MinutesKind, "kind"))
    body: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[MinutesState] = mapped_column(word_column(MinutesState, "state"))
    state_reason: Mapped[str] = mapped_column(Text, default="")
    visibility: Mapped[Visibility] = mapped_column(word_column(Visibility, "visibility"))
    revision: Mapped[int] = mapped_column(default=0)
    checks_until: Mapped[date | None]
    published_at: Mapped[datetime | None]
    published_revision: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    meeting: Mapped[Meeting] = relationship(lazy="raise", back_populates="minutes")


class MinutesVersion(IdMixin, Base):
    """The text after one save; numbers run from 1.

    A side text (``is_branch``) is what somebody sent while others had saved; the version after it
    holds both. It stays as the base of that person's next save. ``published_at`` marks the versions
    that were published; ``note`` then says why (a correction).
    """

    __tablename__ = "minutes_versions"
    __table_args__ = (UniqueConstraint("minutes_id", "number"),)

    minutes_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("minutes.id", ondelete="CASCADE"))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(300), default="")
    is_branch: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]
    actor_id: Mapped[uuid.UUID | None]
    actor_name: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]


class MinutesFinding(IdMixin, Base):
    """That a decision or a task was taken from the minutes: each text once for each meeting."""

    __tablename__ = "minutes_findings"
    __table_args__ = (UniqueConstraint("meeting_id", "key"),)

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[FindingKind] = mapped_column(word_column(FindingKind, "kind"))
    subject_id: Mapped[uuid.UUID]
    taken_by_name: Mapped[str] = mapped_column(String(100))
    taken_at: Mapped[datetime]


class MinutesCheck(IdMixin, Base):
    """What one speaker says to the minutes."""

    __tablename__ = "minutes_checks"
    __table_args__ = (
        UniqueConstraint("minutes_id", "user_id"),
        Index("ix_minutes_checks_user_id", "user_id"),
    )

    minutes_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("minutes.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), info=PERSONAL)
    answer: Mapped[CheckAnswer] = mapped_column(word_column(CheckAnswer, "answer"))
    comment: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise")
