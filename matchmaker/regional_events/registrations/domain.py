"""Registrations: states of people, of those who wait, of seats. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


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
