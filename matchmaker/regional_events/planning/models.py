"""Tables of events: the event, who organises it, its tracks with seats."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.organizations.models import Organization
from matchmaker.regional_events.planning.domain import (
    ADDRESS_LENGTH,
    DEFAULT_GUEST_RETENTION_DAYS,
    DEFAULT_HOLD_HOURS,
    MOST_OVERBOOKING_RATE,
    NAME_LENGTH,
    PLACE_LENGTH,
    URL_LENGTH,
    Audience,
    Duty,
    EventKind,
    EventState,
    OrganizerRole,
    ReserveKind,
    Seating,
    TrackKind,
    WaitingRule,
)


class EventSeries(IdMixin, Base):
    """Events that belong together (地域イベント 2027年度)."""

    __tablename__ = "event_series"

    name: Mapped[str] = mapped_column(String(NAME_LENGTH), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class RegionalEvent(IdMixin, Base):
    """One event.

    Args:
        key: stable name of an event that was loaded from reference data.
        times_known: false for past events of which only the day is known.
        opens_at: from when people register; None while registration is not planned.
        closes_at: until when they do; None is until the event is over.
        change_until: until when people change or cancel themselves; None is until the start.
        hold_hours: how long an offered seat is held; 0 gives free seats without asking.
        questions: questionnaire of the registration form as JSON; a track may have more.
        themes_survey_id: what people want to talk about, asked beforehand.
        survey_id: the survey afterwards.
        guest_retention_days: days after the end until personal data of guests is deleted.
        guests_deleted_at: when that was done.
        calendar_sequence: grows with every change of the calendar entry (RFC 5545, 3.8.7.4).
        copied_from_id: the event whose content this one began with.
        source: where facts of a loaded event come from.
    """

    __tablename__ = "regional_events"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="times"),
        CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at",
                        name="registration_times"),
        CheckConstraint("hold_hours >= 0", name="hold_hours"),
        CheckConstraint("guest_retention_days >= 1", name="guest_retention_days"),
        Index("ix_regional_events_starts_at", "starts_at", "id"),
        Index("ix_regional_events_state_starts_at", "state", "starts_at"),
        Index("ix_regional_events_series_id", "series_id"),
        Index("ix_regional_events_copied_from_id", "copied_from_id"),
        Index("ix_regional_events_survey_id", "survey_id"),
        Index("ix_regional_events_themes_survey_id", "themes_survey_id"),
    )  # fmt: skip

    key: Mapped[str | None] = mapped_column(String(60), unique=True)
    series_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("event_series.id"))
    kind: Mapped[EventKind] = mapped_column(word_column(EventKind, "kind"))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    summary: Mapped[str] = mapped_column(String(300), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    times_known: Mapped[bool] = mapped_column(default=True)
    time_note: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[EventState] = mapped_column(word_column(EventState, "state"))
    state_reason: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[Audience] = mapped_column(word_column(Audience, "audience"))
    venue: Mapped[str] = mapped_column(String(PLACE_LENGTH), default="")
    address: Mapped[str] = mapped_column(String(ADDRESS_LENGTH), default="")
    prefecture: Mapped[str] = mapped_column(String(8), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    access_note: Mapped[str] = mapped_column(Text, default="")
    online_url: Mapped[str] = mapped_column(String(URL_LENGTH), default="")
    online_policy: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(String(100), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    change_until: Mapped[datetime | None]
    hold_hours: Mapped[int] = mapped_column(default=DEFAULT_HOLD_HOURS)
    waiting_rule: Mapped[WaitingRule] = mapped_column(
        word_column(WaitingRule, "waiting_rule"), default=WaitingRule.FIRST_COME
    )
    questions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    questions_frozen_at: Mapped[datetime | None]
    themes_survey_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("surveys.id", ondelete="SET NULL")
    )
    survey_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("surveys.id", ondelete="SET NULL")
    )
    guest_retention_days: Mapped[int] = mapped_column(default=DEFAULT_GUEST_RETENTION_DAYS)
    guests_deleted_at: Mapped[datetime | None]
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    copied_from_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("regional_events.id", ondelete="SET NULL")
    )
    source: Mapped[str] = mapped_column(String(200), default="")
    source_url: Mapped[str] = mapped_column(String(URL_LENGTH), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    series: Mapped[EventSeries | None] = relationship(lazy="raise")
    organizers: Mapped[list[EventOrganizer]] = relationship(
        lazy="raise", order_by="EventOrganizer.position", cascade="all, delete-orphan"
    )
    tracks: Mapped[list[Track]] = relationship(
        lazy="raise", back_populates="event", order_by="Track.position",
        cascade="all, delete-orphan",
    )  # fmt: skip


class EventOrganizer(IdMixin, Base):
    """An organisation that holds or supports an event; ``name`` stands for one without a record."""

    __tablename__ = "event_organizers"
    __table_args__ = (
        CheckConstraint("organization_id IS NOT NULL OR name <> ''", name="known"),
        Index("ix_event_organizers_event_id", "event_id", "position"),
        Index("ix_event_organizers_organization_id", "organization_id"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    role: Mapped[OrganizerRole] = mapped_column(word_column(OrganizerRole, "role"))
    position: Mapped[int]

    organization: Mapped[Organization | None] = relationship(lazy="raise")


class EventStaff(IdMixin, Base):
    """What a person outside the secretariat may do for one event."""

    __tablename__ = "event_staff"
    __table_args__ = (
        UniqueConstraint("event_id", "user_id", "duty"),
        Index("ix_event_staff_user_id", "user_id"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    duty: Mapped[Duty] = mapped_column(word_column(Duty, "duty"))
    created_at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="raise")


class EventInvitee(IdMixin, Base):
    """Who may register for an event by invitation: an organisation or a mail address."""

    __tablename__ = "event_invitees"
    __table_args__ = (
        CheckConstraint("(organization_id IS NULL) <> (email_key = '')", name="one_of_two"),
        UniqueConstraint("event_id", "organization_id"),
        Index(
            "uq_event_invitees_event_id_email_key",
            "event_id",
            "email_key",
            unique=True,
            sqlite_where=text("email_key <> ''"),
            postgresql_where=text("email_key <> ''"),
        ),
        Index("ix_event_invitees_organization_id", "organization_id"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organizations.id"))
    email_key: Mapped[str] = mapped_column(
        String(254),
        default="",
        info={"personal": "inviting", "retention": "as the guests of the event"},
    )
    name: Mapped[str] = mapped_column(String(100), default="")
    invited_at: Mapped[datetime | None]

    organization: Mapped[Organization | None] = relationship(lazy="raise")


class Track(IdMixin, Base):
    """One way of taking part with its seats: a room with desks, a room of chairs, the stream.

    Args:
        capacity: seats there are; None for a stream without a bound.
        overbooking_rate: share of seats given out beyond ``capacity``, for those who will not come.
        per_organization_limit: seats of one organisation before the first wave; None is no limit.
        first_seats: seats given out before the first wave; None is all.
        limit_track_id: the track with which seats of one organisation are counted together; the
            limit, and its waves, are those of that track, which itself has none.
        questions: what is asked of those who choose this track, beside the event's questions.
    """

    __tablename__ = "tracks"
    __table_args__ = (
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity"),
        CheckConstraint(
            f"overbooking_rate BETWEEN 0 AND {MOST_OVERBOOKING_RATE}", name="overbooking_rate"
        ),
        CheckConstraint(
            "per_organization_limit IS NULL OR per_organization_limit >= 1",
            name="per_organization_limit",
        ),
        CheckConstraint("limit_track_id IS NULL OR limit_track_id <> id", name="limit_track"),
        Index("ix_tracks_event_id", "event_id", "position"),
        Index("ix_tracks_limit_track_id", "limit_track_id"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    position: Mapped[int]
    kind: Mapped[TrackKind] = mapped_column(word_column(TrackKind, "kind"))
    name: Mapped[str] = mapped_column(String(100))
    room: Mapped[str] = mapped_column(String(100), default="")
    seating: Mapped[Seating] = mapped_column(word_column(Seating, "seating"), default=Seating.NONE)
    capacity: Mapped[int | None]
    overbooking_rate: Mapped[float] = mapped_column(default=0.0)
    per_organization_limit: Mapped[int | None]
    first_seats: Mapped[int | None]
    limit_track_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tracks.id"))
    questions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    revision: Mapped[int] = mapped_column(default=1)

    event: Mapped[RegionalEvent] = relationship(lazy="raise", back_populates="tracks")
    quotas: Mapped[list[TrackQuota]] = relationship(
        lazy="raise", order_by="TrackQuota.category", cascade="all, delete-orphan"
    )
    reserves: Mapped[list[SeatReserve]] = relationship(
        lazy="raise", order_by="SeatReserve.position", cascade="all, delete-orphan"
    )
    waves: Mapped[list[SeatWave]] = relationship(
        lazy="raise", order_by="SeatWave.release_at, SeatWave.id", cascade="all, delete-orphan"
    )


class TrackQuota(IdMixin, Base):
    """At most so many seats of a track for one category of organisation (or citizens)."""

    __tablename__ = "track_quotas"
    __table_args__ = (
        UniqueConstraint("track_id", "category"),
        CheckConstraint("seats >= 0", name="seats"),
    )

    track_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tracks.id", ondelete="CASCADE"))
    category: Mapped[str] = mapped_column(String(24))
    seats: Mapped[int]


class SeatReserve(IdMixin, Base):
    """Seats of a track kept aside; they are not given out to others."""

    __tablename__ = "seat_reserves"
    __table_args__ = (
        UniqueConstraint("track_id", "kind"),
        CheckConstraint("seats >= 0", name="seats"),
    )

    track_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tracks.id", ondelete="CASCADE"))
    kind: Mapped[ReserveKind] = mapped_column(word_column(ReserveKind, "kind"))
    seats: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)


class SeatWave(IdMixin, Base):
    """A moment from which more seats of a track are given out, to those who wait first.

    Args:
        seats: seats given out in total from then on; None is all.
        per_organization_limit: seats of one organisation from then on; None is no limit.
        released_at: when it was done.
    """

    __tablename__ = "seat_waves"
    __table_args__ = (
        UniqueConstraint("track_id", "release_at"),
        CheckConstraint("seats IS NULL OR seats >= 0", name="seats"),
        CheckConstraint(
            "per_organization_limit IS NULL OR per_organization_limit >= 1",
            name="per_organization_limit",
        ),
        Index("ix_seat_waves_released_at_release_at", "released_at", "release_at"),
    )

    track_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tracks.id", ondelete="CASCADE"))
    release_at: Mapped[datetime]
    seats: Mapped[int | None]
    per_organization_limit: Mapped[int | None]
    released_at: Mapped[datetime | None]
