"""Tables of registrations: who comes, who waits, how many seats are taken, what happened."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.organizations.models import Organization
from matchmaker.regional_events.planning.models import RegionalEvent, SeatReserve, Track
from matchmaker.regional_events.registrations.domain import (
    LIVE_STATES,
    AttendeeRole,
    AttendeeState,
    HistoryKind,
    SeatScope,
    Source,
    WaitingState,
)

RETENTION = "the event's period after its end for guests; members three years"
PERSONAL = {"personal": "holding the event", "retention": RETENTION}
ASSISTING = {
    "personal": "assisting on the day (sensitive)",
    "retention": "deleted with the guests, for everybody",
}


def _among(words: frozenset[AttendeeState] | frozenset[WaitingState]) -> str:
    return ", ".join(sorted(repr(word.value) for word in words))


class Registration(IdMixin, Base):
    """What one person sent in, for themselves or for several people of an organisation.

    Args:
        number: counts the registrations of an event; shown as the reference.
        user_id: who sent it in, when signed in.
        organization_id: in whose name; ``organization_name`` for those without a record.
        category: category of the organisation, or ``citizen``.
        is_together: whether its people of one track are seated all or none; otherwise one by one.
        is_at_once: whether they can come at short notice (「すぐ来られる」).
        confirmed_at: when the mail address was confirmed; at once for people signed in.
        confirm_until: until when it has to be.
        submission_key: given with the form, so that a double click registers once.
        answers: to the event's questions, and by track id to those of tracks under ``tracks``.
        is_quiet: whether nothing was sent on registering, because the staff write themselves.
        link_version: grows when old links become void.
        anonymised_at: when personal data was deleted; counts stay.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        UniqueConstraint("event_id", "submission_key"),
        Index("ix_registrations_event_id_created_at", "event_id", "created_at", "id"),
        Index("ix_registrations_user_id", "user_id"),
        Index("ix_registrations_organization_id", "organization_id"),
        Index("ix_registrations_confirm_until", "confirmed_at", "confirm_until"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("regional_events.id"))
    number: Mapped[int]
    user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), info=PERSONAL
    )
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organizations.id"))
    organization_name: Mapped[str] = mapped_column(String(120), default="", info=PERSONAL)
    category: Mapped[str] = mapped_column(String(24))
    contact_name: Mapped[str] = mapped_column(String(100), info=PERSONAL)
    contact_email: Mapped[str] = mapped_column(String(254), info=PERSONAL)
    contact_phone: Mapped[str] = mapped_column(String(30), default="", info=PERSONAL)
    is_together: Mapped[bool] = mapped_column(default=True)
    is_at_once: Mapped[bool] = mapped_column(default=False)
    source: Mapped[Source] = mapped_column(word_column(Source, "source"))
    confirmed_at: Mapped[datetime | None]
    confirm_until: Mapped[datetime | None]
    submission_key: Mapped[str] = mapped_column(String(64))
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict, info=PERSONAL)
    note: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    desk_note: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    is_quiet: Mapped[bool] = mapped_column(default=False)
    link_version: Mapped[int] = mapped_column(default=1)
    anonymised_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    event: Mapped[RegionalEvent] = relationship(lazy="raise")
    organization: Mapped[Organization | None] = relationship(lazy="raise")
    attendees: Mapped[list[Attendee]] = relationship(
        lazy="raise", back_populates="registration", order_by="Attendee.position",
        cascade="all, delete-orphan", foreign_keys="Attendee.registration_id",
    )  # fmt: skip


class WaitingEntry(IdMixin, Base):
    """A place in line for seats of one track: for a whole group, or for one person.

    Args:
        size: seats wanted, those of companions included.
        people: those of them that count for the organisation and the category (no companions).
        passes: how often others behind were given seats while this group was too large for what
            was free; after a few, seats are gathered for it.
        is_at_once: whether they can come at short notice (「すぐ来られる」).
        joined_at: when it got in line; a handed-over or changed one keeps its moment.
        offered_at: when seats were offered the last time; they are held until ``offer_until``.
        offers: how often seats were offered.
    """

    __tablename__ = "waiting_entries"
    __table_args__ = (
        CheckConstraint("size >= 1", name="size"),
        CheckConstraint("people >= 0 AND people <= size", name="people"),
        CheckConstraint("state <> 'offered' OR offer_until IS NOT NULL", name="offer_has_end"),
        Index("ix_waiting_entries_track_id", "track_id", "state", "joined_at", "id"),
        Index("ix_waiting_entries_registration_id", "registration_id"),
        Index("ix_waiting_entries_state_offer_until", "state", "offer_until"),
    )

    registration_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("registrations.id", ondelete="CASCADE")
    )
    track_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tracks.id"))
    size: Mapped[int]
    people: Mapped[int]
    passes: Mapped[int] = mapped_column(default=0)
    is_at_once: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime]
    state: Mapped[WaitingState] = mapped_column(word_column(WaitingState, "state"))
    offered_at: Mapped[datetime | None]
    offer_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    offers: Mapped[int] = mapped_column(default=0)

    track: Mapped[Track] = relationship(lazy="raise")
    registration: Mapped[Registration] = relationship(lazy="raise")
    attendees: Mapped[list[Attendee]] = relationship(
        lazy="raise", back_populates="waiting_entry", order_by="Attendee.position"
    )


class Attendee(IdMixin, Base):
    """One person of a registration.

    Args:
        person_key: tells people apart within an event: the mail address, or that of the contact
            with the name for somebody without one. Unique among those not cancelled.
        track_id: where the seat is; set exactly while the person is confirmed.
        wanted_track_id: what was asked for.
        fallback_track_id: where the person sits while there is no seat on the wanted track
            (「オンラインで今すぐ、会場が空けば会場へ」).
        reserve_id: the kept seats the person sits on, if any.
        code: what the QR code says; a new one after a hand-over.
        waiting_entry_id: the present (or last) place in line.
    """

    __tablename__ = "attendees"
    __table_args__ = (
        CheckConstraint("(state = 'confirmed') = (track_id IS NOT NULL)", name="seat_if_confirmed"),
        Index(
            "uq_attendees_event_id_person_key_live",
            "event_id",
            "person_key",
            unique=True,
            sqlite_where=text(f"state IN ({_among(LIVE_STATES)})"),
            postgresql_where=text(f"state IN ({_among(LIVE_STATES)})"),
        ),
        Index("ix_attendees_registration_id", "registration_id", "position"),
        Index("ix_attendees_event_id_state", "event_id", "state", "kana", "id"),
        Index("ix_attendees_track_id", "track_id", "state"),
        Index("ix_attendees_wanted_track_id", "wanted_track_id"),
        Index("ix_attendees_fallback_track_id", "fallback_track_id"),
        Index("ix_attendees_reserve_id", "reserve_id"),
        Index("ix_attendees_user_id", "user_id"),
        Index("ix_attendees_organization_id", "organization_id"),
        Index("ix_attendees_waiting_entry_id", "waiting_entry_id"),
        Index("ix_attendees_companion_of_id", "companion_of_id"),
    )

    registration_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("registrations.id", ondelete="CASCADE")
    )
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("regional_events.id"))
    position: Mapped[int]
    role: Mapped[AttendeeRole] = mapped_column(
        word_column(AttendeeRole, "role"), default=AttendeeRole.PARTICIPANT
    )
    companion_of_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("attendees.id", ondelete="SET NULL")
    )
    user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), info=PERSONAL
    )
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organizations.id"))
    organization_name: Mapped[str] = mapped_column(String(120), default="", info=PERSONAL)
    category: Mapped[str] = mapped_column(String(24))
    prefecture: Mapped[str] = mapped_column(String(8), default="")
    name: Mapped[str] = mapped_column(String(100), info=PERSONAL)
    kana: Mapped[str] = mapped_column(String(100), default="", info=PERSONAL)
    job_title: Mapped[str] = mapped_column(String(100), default="", info=PERSONAL)
    email: Mapped[str] = mapped_column(String(254), default="", info=PERSONAL)
    person_key: Mapped[str] = mapped_column(String(400), info=PERSONAL)
    assistance: Mapped[list[str]] = mapped_column(default=list, info=ASSISTING)
    assistance_note: Mapped[str] = mapped_column(String(500), default="", info=ASSISTING)
    state: Mapped[AttendeeState] = mapped_column(word_column(AttendeeState, "state"))
    state_reason: Mapped[str] = mapped_column(String(500), default="")
    track_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tracks.id"))
    wanted_track_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tracks.id"))
    fallback_track_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tracks.id"))
    reserve_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("seat_reserves.id"))
    waiting_entry_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("waiting_entries.id", ondelete="SET NULL")
    )
    code: Mapped[str] = mapped_column(String(32), unique=True)
    link_version: Mapped[int] = mapped_column(default=1)
    seated_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship(
        lazy="raise", back_populates="attendees", foreign_keys=[registration_id]
    )
    waiting_entry: Mapped[WaitingEntry | None] = relationship(
        lazy="raise", back_populates="attendees"
    )
    track: Mapped[Track | None] = relationship(lazy="raise", foreign_keys=[track_id])
    wanted_track: Mapped[Track] = relationship(lazy="raise", foreign_keys=[wanted_track_id])
    reserve: Mapped[SeatReserve | None] = relationship(lazy="raise")
    organization: Mapped[Organization | None] = relationship(lazy="raise")
    user: Mapped[User | None] = relationship(lazy="raise")


class SeatCounter(IdMixin, Base):
    """How many seats of a track are taken, within one bound.

    A seat is taken by ``UPDATE … SET taken = taken + n WHERE capacity IS NULL OR taken + n <=
    capacity`` on each counter that concerns the person; when one of them changes no row, nothing is
    taken. The check holds whatever the code does.

    Args:
        key: empty for the track; the reserve's id, the category, or the organisation otherwise.
        taken: seats of confirmed people, and of offers that are held.
        stated: the bound as planned at present; None is no bound.
        capacity: the bound that holds: the stated one, or what was taken already when that is more,
            because nobody loses a seat when a bound is lowered.
    """

    __tablename__ = "seat_counters"
    __table_args__ = (
        UniqueConstraint("track_id", "scope", "key"),
        CheckConstraint("taken >= 0", name="taken_not_negative"),
        CheckConstraint("capacity IS NULL OR taken <= capacity", name="not_oversold"),
    )

    track_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tracks.id", ondelete="CASCADE"))
    scope: Mapped[SeatScope] = mapped_column(word_column(SeatScope, "scope"))
    key: Mapped[str] = mapped_column(String(160), default="")
    taken: Mapped[int] = mapped_column(default=0)
    stated: Mapped[int | None]
    capacity: Mapped[int | None]


class RegistrationHistory(IdMixin, Base):
    """What happened to one person's registration, without personal data: it outlives the guests."""

    __tablename__ = "registration_history"
    __table_args__ = (
        Index("ix_registration_history_event_id", "event_id", "at", "id"),
        Index("ix_registration_history_attendee_id", "attendee_id", "at"),
        Index("ix_registration_history_track_id", "track_id"),
        Index("ix_registration_history_from_track_id", "from_track_id"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("regional_events.id"))
    attendee_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("attendees.id", ondelete="SET NULL")
    )
    kind: Mapped[HistoryKind] = mapped_column(word_column(HistoryKind, "kind"))
    track_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tracks.id"))
    from_track_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tracks.id"))
    category: Mapped[str] = mapped_column(String(24))
    prefecture: Mapped[str] = mapped_column(String(8), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
