"""Registrations: states of people, of those who wait, of seats. Pure rules."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.text import fold
from matchmaker.regional_events.planning.domain import CITIZEN, EventState


class AttendeeState(StrEnum):
    """Where one person of a registration stands.

    Only a confirmed person holds a seat (and always of exactly one track). Somebody may hold an
    online seat and wait for one on site: then the person is confirmed and has a waiting entry.
    """

    PENDING = "pending"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


ATTENDEE_LABELS: Mapping[AttendeeState, str] = {
    AttendeeState.PENDING: "メール確認待ち",
    AttendeeState.WAITING: "キャンセル待ち",
    AttendeeState.CONFIRMED: "確定",
    AttendeeState.CANCELLED: "取り消し",
    AttendeeState.EXPIRED: "期限切れ",
}
LIVE_STATES = frozenset({AttendeeState.PENDING, AttendeeState.WAITING, AttendeeState.CONFIRMED})


class AttendeeRole(StrEnum):
    """As what a person comes. Companions (interpreters, carers) take a seat of the track, but none
    of their organisation's or category's; the others beside participants sit on reserved seats."""

    PARTICIPANT = "participant"
    COMPANION = "companion"
    SPEAKER = "speaker"
    EXPERT = "expert"
    PRESS = "press"
    STAFF = "staff"


ATTENDEE_ROLE_LABELS: Mapping[AttendeeRole, str] = {
    AttendeeRole.PARTICIPANT: "参加者",
    AttendeeRole.COMPANION: "付き添い・通訳",
    AttendeeRole.SPEAKER: "登壇者",
    AttendeeRole.EXPERT: "有識者",
    AttendeeRole.PRESS: "報道",
    AttendeeRole.STAFF: "事務局",
}


class WaitingState(StrEnum):
    """Where a place in line stands. An offered one already holds its seats."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


WAITING_LABELS: Mapping[WaitingState, str] = {
    WaitingState.WAITING: "順番待ち",
    WaitingState.OFFERED: "席をご案内中",
    WaitingState.ACCEPTED: "席を確定",
    WaitingState.DECLINED: "辞退",
    WaitingState.EXPIRED: "返事の期限切れ",
    WaitingState.WITHDRAWN: "取りやめ",
}
OPEN_WAITING = frozenset({WaitingState.WAITING, WaitingState.OFFERED})


class SeatScope(StrEnum):
    """What a counter of seats bounds."""

    TRACK = "track"
    RESERVE = "reserve"
    CATEGORY = "category"
    ORGANIZATION = "organization"


class Source(StrEnum):
    """How a registration came about."""

    SELF = "self"
    DESK = "desk"
    IMPORT = "import"
    WALK_IN = "walk_in"


class Assistance(StrEnum):
    """What somebody needs to take part."""

    SIGN_LANGUAGE = "sign_language"
    CAPTIONS = "captions"
    WHEELCHAIR = "wheelchair"
    HEARING_LOOP = "hearing_loop"
    COMPANION = "companion"
    OTHER = "other"


ASSISTANCE_LABELS: Mapping[Assistance, str] = {
    Assistance.SIGN_LANGUAGE: "手話通訳",
    Assistance.CAPTIONS: "要約筆記（文字による通訳）",
    Assistance.WHEELCHAIR: "車いすの席",
    Assistance.HEARING_LOOP: "補聴援助（ヒアリングループなど）",
    Assistance.COMPANION: "付き添い・通訳者の同席",
    Assistance.OTHER: "その他",
}


class HistoryKind(StrEnum):
    """What happened to one person's registration; counted for the overview."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"
    MOVED = "moved"
    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    RESTORED = "restored"


CONFIRM_WITHIN = timedelta(hours=48)
"""How long the link lives with which a guest confirms the mail address."""

SHORT_NOTICE = timedelta(hours=24)
"""From then on before the start, seats are offered only to those who can come at once."""

PEOPLE_MOST = 20
"""Most people in one registration."""

COMPANIONS_MOST = 3
"""Most people who come along to assist one person."""

PASSES_MOST = 2
"""So often may others pass a group for which too few seats are free; then seats are gathered."""

REASON_LENGTH = 500
STAFF_SOURCES = frozenset({Source.DESK, Source.IMPORT, Source.WALK_IN})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonData:
    """What is said of one person who is to come.

    Args:
        name: with whatever variants of characters the person writes it.
        track_id: the way of taking part that is asked for.
        email: where the ticket goes; empty sends it to the contact.
        companions: names of interpreters or carers; each takes a seat of the same track.
        also_wait_for: a track to wait for while sitting on ``track_id``
            (「オンラインで今すぐ、会場が空けば会場へ」).
        reserve_id: kept seats to sit on; for the staff only.
        user_id: the person's account, if known.
    """

    name: str
    track_id: uuid.UUID
    kana: str = ""
    email: str = ""
    job_title: str = ""
    role: AttendeeRole = AttendeeRole.PARTICIPANT
    assistance: Sequence[str] = ()
    assistance_note: str = ""
    companions: Sequence[str] = ()
    also_wait_for: uuid.UUID | None = None
    reserve_id: uuid.UUID | None = None
    user_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationData:
    """What one person sends in.

    Args:
        people: in the order in which they are to be seated.
        submission_key: given out with the form, at most 64 characters; a second submission with the
            same key gives back the first registration.
        organization_id: in whose name; its category and prefecture are read from its record.
        organization_name: for organisations without a record.
        category: of an organisation without a record; ``citizen`` for people without one.
        is_together: whether people of one track are seated all or none.
        is_at_once: whether they can come at short notice.
        answers: to the questions, checked before.
        waits: whether people without a free seat get in line; otherwise nobody is registered.
        is_quiet: whether nothing is sent on registering; whatever follows is told as always.
    """

    people: Sequence[PersonData]
    contact_name: str
    contact_email: str
    submission_key: str
    contact_phone: str = ""
    organization_id: uuid.UUID | None = None
    organization_name: str = ""
    category: str = CITIZEN
    prefecture: str = ""
    is_together: bool = True
    is_at_once: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)
    source: Source = Source.SELF
    note: str = ""
    desk_note: str = ""
    waits: bool = True
    is_quiet: bool = False


class WhenFull(StrEnum):
    """What the staff decide where the right organisation or category has no seat left."""

    LINE = "line"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationCorrection:
    """How it is right.

    Args:
        name: as in the directory, whose category and prefecture count then; empty for a citizen.
        category: of an organisation that the directory does not have.
        prefecture: of those that the directory does not have.
        is_whole: whether everybody of the registration comes in that name.
        when_full: what the staff decided, once they were told that a bound is full.
    """

    name: str
    category: str = ""
    prefecture: str = ""
    is_whole: bool = False
    when_full: WhenFull | None = None


class InvalidRegistration(ProductError):
    """Something of a registration cannot be.

    Args:
        errors: message by place: ``people``, ``people-0-name``, ``people-1-email``,
            ``people-0-track_id``, ``contact_email``, …
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        first = next(iter(errors))
        super().__init__(errors[first], first)
        self.errors = dict(errors)


class AlreadyRegistered(InvalidRegistration):
    """People of the registration hold a seat or wait already; told to members and staff only."""

    status = 409


class NoSeat(Conflict):
    """There is no free seat for what was asked, and waiting was not asked for."""


class CapacityTooLow(Conflict):
    """More seats are taken than there would be; somebody has to say who moves.

    Args:
        surplus: so many seats have to become free.
        held: seats held for offers that are not answered yet.
        candidates: ids of those who sit on general seats, the latest first.
    """

    def __init__(self, surplus: int, held: int, candidates: Sequence[uuid.UUID]) -> None:
        super().__init__(
            f"すでに使われている席のほうが{surplus}席多いため、このままでは減らせません。"
            "だれの席を移すか選んでください。",
            "capacity",
        )
        self.surplus, self.held, self.candidates = surplus, held, tuple(candidates)


def organization_key(organization_id: uuid.UUID | None, organization_name: str) -> str:
    """What tells organisations apart where seats are counted; empty for people without one.

    Those without a record count by the typed name, without regard to widths, spaces and case.
    """
    if organization_id is not None:
        return str(organization_id)
    folded = fold(organization_name)
    return f"name:{folded}" if folded else ""


def person_key(email_key: str, contact_key: str, name: str) -> str:
    """What tells people apart within an event.

    Args:
        email_key: the person's address in the form in which addresses are compared, or empty.
        contact_key: that of whoever registers; any unique word where there is none.
        name: the person's name.
    """
    return email_key or f"{contact_key}|{fold(name)}"


class EventTimes(Protocol):
    """What the waiting list needs to know of an event."""

    @property
    def state(self) -> EventState:
        """What was decided."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""

    @property
    def opens_at(self) -> datetime | None:
        """From when people register."""


def may_offer(event: EventTimes, now: datetime) -> bool:
    """Whether seats are given to those who wait: while the event is published, from the opening of
    registration (inclusive) until the start (exclusive)."""
    if event.state is not EventState.PUBLISHED or event.opens_at is None:
        return False
    return event.opens_at <= now < event.starts_at


def is_short_notice(event: EventTimes, now: datetime) -> bool:
    """Whether seats go only to those who can come at once (:data:`SHORT_NOTICE`)."""
    return now >= event.starts_at - SHORT_NOTICE
