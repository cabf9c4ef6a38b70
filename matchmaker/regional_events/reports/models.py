"""Tables of what comes after an event: report with versions, photos, costs, mails of the staff."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.core.storage import StoredFile
from matchmaker.regional_events.reports.domain import (
    ALT_LENGTH,
    CAPTION_LENGTH,
    CONSENT_LENGTH,
    COST_LABEL_LENGTH,
    MOST_PHOTOS,
    MOST_YEN,
    REASON_LENGTH,
    SUBJECT_LENGTH,
    MailingKind,
    ReportState,
)


class EventReport(IdMixin, Base):
    """The report of one event: its words. Figures are counted.

    Args:
        state_reason: why it was taken back the last time.
        shows_survey, shows_questions, shows_meetings: which counted parts readers see.
        published_at: when it was first for everybody.
        revision: grows with every change (optimistic locking).
    """

    __tablename__ = "event_reports"

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE"), unique=True
    )
    state: Mapped[ReportState] = mapped_column(word_column(ReportState, "state"))
    state_reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(Text, default="")
    shows_survey: Mapped[bool] = mapped_column(default=True)
    shows_questions: Mapped[bool] = mapped_column(default=True)
    shows_meetings: Mapped[bool] = mapped_column(default=True)
    published_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class EventReportVersion(IdMixin, Base):
    """A report as readers saw it from a moment on: words and figures.

    Args:
        number: counts the published versions of a report from 1.
        reason: why a published report was corrected; empty for the first one.
        figures: as they were counted then (see ``figures.as_data``).
    """

    __tablename__ = "event_report_versions"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("event_reports.id", ondelete="CASCADE"))
    number: Mapped[int]
    summary: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    figures: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    actor_id: Mapped[uuid.UUID | None]
    actor_name: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime]


class EventPhoto(IdMixin, Base):
    """A picture of an event; ``position`` (each once) bounds their number in the database.

    Args:
        alt_text: what is to be seen, for those who do not see it.
        consent_note: how those in the picture agreed; for the staff only.
    """

    __tablename__ = "event_photos"
    __table_args__ = (
        UniqueConstraint("event_id", "position"),
        CheckConstraint(f"position BETWEEN 1 AND {MOST_PHOTOS}", name="position_bounded"),
        CheckConstraint("alt_text <> ''", name="alt_text"),
        CheckConstraint("consent_note <> ''", name="consent_note"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    position: Mapped[int]
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_files.id"), unique=True)
    caption: Mapped[str] = mapped_column(String(CAPTION_LENGTH), default="")
    alt_text: Mapped[str] = mapped_column(String(ALT_LENGTH))
    consent_note: Mapped[str] = mapped_column(String(CONSENT_LENGTH))
    created_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship(lazy="raise")


class EventCost(IdMixin, Base):
    """One kind of expense of an event, planned and actual (yen, tax included)."""

    __tablename__ = "event_costs"
    __table_args__ = (
        UniqueConstraint("event_id", "position"),
        CheckConstraint(
            f"planned_yen IS NULL OR planned_yen BETWEEN 0 AND {MOST_YEN}", name="planned_yen"
        ),
        CheckConstraint(
            f"actual_yen IS NULL OR actual_yen BETWEEN 0 AND {MOST_YEN}", name="actual_yen"
        ),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(COST_LABEL_LENGTH))
    planned_yen: Mapped[int | None]
    actual_yen: Mapped[int | None]


class EventMailing(IdMixin, Base):
    """A mail the staff sent after an event: each kind once, also when two people press at once.

    Args:
        recipients: how many people it was written to; the outbox says what became of each.
        without_address: people who could not be written to.
    """

    __tablename__ = "event_mailings"
    __table_args__ = (
        UniqueConstraint("event_id", "kind"),
        Index("ix_event_mailings_sent_at", "sent_at"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    kind: Mapped[MailingKind] = mapped_column(word_column(MailingKind, "kind"))
    subject: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    body: Mapped[str] = mapped_column(Text)
    recipients: Mapped[int]
    without_address: Mapped[int] = mapped_column(default=0)
    actor_id: Mapped[uuid.UUID | None]
    actor_name: Mapped[str] = mapped_column(String(100), default="")
    sent_at: Mapped[datetime]
