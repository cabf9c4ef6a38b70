"""Tables of the matching tables: plan, people with their posts and wishes, versions, outcomes."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.organizations.models import Organization
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.models import RETENTION, Attendee
from matchmaker.regional_events.tables.domain import (
    NOTE_LENGTH,
    REASON_LENGTH,
    SEATS_LEAST,
    SEATS_MOST,
    SLOT_MINUTES_LEAST,
    SLOT_MINUTES_MOST,
    OutcomeVerdict,
    VersionCause,
    VersionState,
    WishKind,
)

PERSONAL = {"personal": "arranging meetings", "retention": RETENTION}


class TablePlan(IdMixin, Base):
    """The matching tables of one event: its settings. Released versions say which is in force."""

    __tablename__ = "table_plans"
    __table_args__ = (
        CheckConstraint(
            f"slot_minutes BETWEEN {SLOT_MINUTES_LEAST} AND {SLOT_MINUTES_MOST}",
            name="slot_minutes",
        ),
        CheckConstraint("slots >= 1 AND tables >= 1 AND break_minutes >= 0", name="sizes"),
        CheckConstraint(f"seats BETWEEN {SEATS_LEAST} AND {SEATS_MOST}", name="seats"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE"), unique=True
    )
    first_starts_at: Mapped[datetime]
    slot_minutes: Mapped[int]
    break_minutes: Mapped[int]
    slots: Mapped[int]
    tables: Mapped[int]
    seats: Mapped[int]
    opt_in_until: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    event: Mapped[RegionalEvent] = relationship(lazy="raise")


class TableGuest(IdMixin, Base):
    """A person who was asked about the tables: whether they take part, with which posts.

    Args:
        is_secretariat: whether the person sits in for the secretariat; at most one a table.
    """

    __tablename__ = "table_guests"
    __table_args__ = (Index("ix_table_guests_plan_id", "plan_id", "is_taking_part"),)

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("table_plans.id", ondelete="CASCADE"))
    attendee_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("attendees.id", ondelete="CASCADE"), unique=True
    )
    is_taking_part: Mapped[bool]
    is_secretariat: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)

    attendee: Mapped[Attendee] = relationship(lazy="raise")
    posts: Mapped[list[TableGuestPost]] = relationship(
        lazy="raise", order_by="TableGuestPost.id", cascade="all, delete-orphan"
    )
    wishes: Mapped[list[TableWish]] = relationship(
        lazy="raise", order_by="TableWish.id", cascade="all, delete-orphan"
    )


class TableGuestPost(IdMixin, Base):
    """A published need or offering that a person brings along."""

    __tablename__ = "table_guest_posts"
    __table_args__ = (
        CheckConstraint("(need_id IS NULL) <> (offering_id IS NULL)", name="one_of_two"),
        UniqueConstraint("guest_id", "need_id"),
        UniqueConstraint("guest_id", "offering_id"),
        Index("ix_table_guest_posts_need_id", "need_id"),
        Index("ix_table_guest_posts_offering_id", "offering_id"),
    )

    guest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("table_guests.id", ondelete="CASCADE"))
    need_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"))
    offering_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("offerings.id", ondelete="CASCADE")
    )

    need: Mapped[Need | None] = relationship(lazy="raise")
    offering: Mapped[Offering | None] = relationship(lazy="raise")


class TableWish(IdMixin, Base):
    """Whom a person wants to meet, or not; never shown to anybody but the person and the staff."""

    __tablename__ = "table_wishes"
    __table_args__ = (
        UniqueConstraint("guest_id", "organization_id"),
        Index("ix_table_wishes_organization_id", "organization_id"),
    )

    guest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("table_guests.id", ondelete="CASCADE"))
    organization_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), info=PERSONAL
    )
    kind: Mapped[WishKind] = mapped_column(word_column(WishKind, "kind"), info=PERSONAL)

    organization: Mapped[Organization] = relationship(lazy="raise")


class TableVersion(IdMixin, Base):
    """One plan of who sits where. Versions are never changed, only followed by others.

    Args:
        number: counts the versions of a plan.
        based_on_id: the version this one was made from, for swaps and for the door.
        settings: the plan's settings when it was made, as JSON.
        present_only: whether only people checked in were counted.
        fixed_slots: slots at the beginning that were kept as they were.
        figures: value, bound, seconds, people with fewer than two meetings, changes.
        shortfalls: why somebody has fewer than two meetings, by guest id.
        release: counts the releases of a plan; the version with the highest one is in force.
    """

    __tablename__ = "table_versions"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        UniqueConstraint("plan_id", "release"),
        CheckConstraint("release IS NULL OR state = 'ready'", name="release_ready"),
        Index("ix_table_versions_state", "state", "created_at"),
        Index("ix_table_versions_based_on_id", "based_on_id"),
    )

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("table_plans.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(word_column(VersionState, "state"))
    cause: Mapped[VersionCause] = mapped_column(word_column(VersionCause, "cause"))
    based_on_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("table_versions.id", ondelete="SET NULL")
    )
    settings: Mapped[dict[str, Any]]
    present_only: Mapped[bool] = mapped_column(default=False)
    fixed_slots: Mapped[int] = mapped_column(default=0)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    shortfalls: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    actor_name: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    release: Mapped[int | None]
    released_at: Mapped[datetime | None]


class TableSeat(IdMixin, Base):
    """That a person sits at a table in a slot: nobody twice in a slot, whatever the code does."""

    __tablename__ = "table_seats"
    __table_args__ = (
        UniqueConstraint("version_id", "slot", "guest_id"),
        Index("ix_table_seats_version_id_slot_table", "version_id", "slot", "table"),
        Index("ix_table_seats_guest_id", "guest_id"),
    )

    version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("table_versions.id", ondelete="CASCADE")
    )
    slot: Mapped[int]
    table: Mapped[int]
    guest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("table_guests.id", ondelete="CASCADE"))


class TableMeeting(IdMixin, Base):
    """Two people who sit together for a reason: the need and the offering that fit best, or a wish.

    Args:
        first_id, second_id: the two people; the need is the first one's where there is one.
    """

    __tablename__ = "table_meetings"
    __table_args__ = (
        UniqueConstraint("version_id", "first_id", "second_id", "slot"),
        Index("ix_table_meetings_first_id", "first_id"),
        Index("ix_table_meetings_second_id", "second_id"),
        Index("ix_table_meetings_need_id", "need_id"),
        Index("ix_table_meetings_offering_id", "offering_id"),
    )

    version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("table_versions.id", ondelete="CASCADE")
    )
    slot: Mapped[int]
    first_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("table_guests.id", ondelete="CASCADE"))
    second_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("table_guests.id", ondelete="CASCADE"))
    need_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("needs.id", ondelete="SET NULL"))
    offering_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("offerings.id", ondelete="SET NULL")
    )

    need: Mapped[Need | None] = relationship(lazy="raise")
    offering: Mapped[Offering | None] = relationship(lazy="raise")


class MeetingOutcome(IdMixin, Base):
    """What one person says of the meeting with another, with both posts: for introductions.

    Args:
        guest_id: who says it.
        partner_id: about the meeting with whom.
    """

    __tablename__ = "meeting_outcomes"
    __table_args__ = (
        UniqueConstraint("guest_id", "partner_id", "slot"),
        CheckConstraint("guest_id <> partner_id", name="two_people"),
        Index("ix_meeting_outcomes_event_id", "event_id", "slot", "id"),
        Index("ix_meeting_outcomes_partner_id", "partner_id"),
        Index("ix_meeting_outcomes_need_id", "need_id"),
        Index("ix_meeting_outcomes_offering_id", "offering_id"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    slot: Mapped[int]
    guest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("table_guests.id", ondelete="CASCADE"))
    partner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("table_guests.id", ondelete="CASCADE"))
    need_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("needs.id", ondelete="SET NULL"))
    offering_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("offerings.id", ondelete="SET NULL")
    )
    verdict: Mapped[OutcomeVerdict] = mapped_column(word_column(OutcomeVerdict, "verdict"))
    note: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    guest: Mapped[TableGuest] = relationship(lazy="raise", foreign_keys=[guest_id])
    partner: Mapped[TableGuest] = relationship(lazy="raise", foreign_keys=[partner_id])
    need: Mapped[Need | None] = relationship(lazy="raise")
    offering: Mapped[Offering | None] = relationship(lazy="raise")
