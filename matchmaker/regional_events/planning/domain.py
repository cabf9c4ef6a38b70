"""Events: kinds, states, audiences, tracks with their seats. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from matchmaker.core.states import Rule, StateMachine


class EventKind(StrEnum):
    """What sort of event it is."""

    REGIONAL_DIALOGUE = "regional_dialogue"
    GENERAL_ASSEMBLY = "general_assembly"
    NETWORKING = "networking"
    SEMINAR = "seminar"
    MUNICIPAL_FORUM = "municipal_forum"


KIND_LABELS: Mapping[EventKind, str] = {
    EventKind.REGIONAL_DIALOGUE: "地域イベント",
    EventKind.GENERAL_ASSEMBLY: "総会",
    EventKind.NETWORKING: "交流会",
    EventKind.SEMINAR: "セミナー",
    EventKind.MUNICIPAL_FORUM: "資源循環自治体フォーラム",
}


INVITATION = "event-invitation"
"""Purpose of the signed link in an invitation to somebody without an account."""


class Audience(StrEnum):
    """Who may read of an event and register."""

    PUBLIC = "public"
    MEMBERS = "members"
    INVITED = "invited"


AUDIENCE_LABELS: Mapping[Audience, str] = {
    Audience.PUBLIC: "どなたでも",
    Audience.MEMBERS: "会員のみ",
    Audience.INVITED: "招待された方のみ",
}


class EventState(StrEnum):
    """What people decided about an event; what the clock decides is :class:`Phase`."""

    DRAFT = "draft"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


class EventMove(StrEnum):
    """A step in the life of an event."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    POSTPONE = "postpone"
    RESUME = "resume"
    CANCEL = "cancel"
    REVIVE = "revive"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"


S = EventState
EVENT_STATES: StateMachine[EventState, EventMove] = StateMachine(
    labels={
        S.DRAFT: "下書き",
        S.PUBLISHED: "公開中",
        S.POSTPONED: "延期",
        S.CANCELLED: "中止",
        S.ARCHIVED: "保管済み",
    },
    moves={
        EventMove.PUBLISH: Rule("公開する", frozenset({S.DRAFT}), S.PUBLISHED),
        EventMove.WITHDRAW: Rule(
            "下書きに戻す", frozenset({S.PUBLISHED}), S.DRAFT, needs_reason=True
        ),
        EventMove.POSTPONE: Rule(
            "延期する", frozenset({S.PUBLISHED}), S.POSTPONED, needs_reason=True
        ),
        EventMove.RESUME: Rule("新しい日時で再開する", frozenset({S.POSTPONED}), S.PUBLISHED),
        EventMove.CANCEL: Rule(
            "中止する", frozenset({S.PUBLISHED, S.POSTPONED}), S.CANCELLED, needs_reason=True
        ),
        EventMove.REVIVE: Rule(
            "中止を取り消す", frozenset({S.CANCELLED}), S.POSTPONED, needs_reason=True
        ),
        EventMove.ARCHIVE: Rule("保管する", frozenset({S.PUBLISHED}), S.ARCHIVED),
        EventMove.UNARCHIVE: Rule(
            "保管を取り消す", frozenset({S.ARCHIVED}), S.PUBLISHED, needs_reason=True
        ),
    },
)


class Phase(StrEnum):
    """Where an event stands at a moment, as people read it."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    HELD = "held"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


PHASE_LABELS: Mapping[Phase, str] = {
    Phase.DRAFT: "下書き",
    Phase.ANNOUNCED: "受付前",
    Phase.OPEN: "受付中",
    Phase.CLOSED: "受付終了",
    Phase.HELD: "開催済み",
    Phase.POSTPONED: "延期",
    Phase.CANCELLED: "中止",
    Phase.ARCHIVED: "保管済み",
}


class Timed(Protocol):
    """What the clock needs to know of an event."""

    @property
    def state(self) -> EventState:
        """What was decided."""

    @property
    def ends_at(self) -> datetime:
        """When it is over."""

    @property
    def opens_at(self) -> datetime | None:
        """From when people register; None while nobody can."""

    @property
    def closes_at(self) -> datetime | None:
        """Until when people register; None is until the end."""


def phase_of(event: Timed, now: datetime) -> Phase:
    """Where the event stands at ``now``. Registration is open from ``opens_at`` (inclusive) until
    ``closes_at`` (exclusive); from ``ends_at`` on the event is over."""
    if event.state is not EventState.PUBLISHED:
        return Phase(event.state.value)
    if now >= event.ends_at:
        return Phase.HELD
    if event.opens_at is None or now < event.opens_at:
        return Phase.ANNOUNCED
    if event.closes_at is not None and now >= event.closes_at:
        return Phase.CLOSED
    return Phase.OPEN


class OrganizerRole(StrEnum):
    """What an organisation does for an event."""

    HOST = "host"
    CO_HOST = "co_host"
    SUPPORT = "support"
    COOPERATION = "cooperation"


ORGANIZER_LABELS: Mapping[OrganizerRole, str] = {
    OrganizerRole.HOST: "主催",
    OrganizerRole.CO_HOST: "共催",
    OrganizerRole.SUPPORT: "後援",
    OrganizerRole.COOPERATION: "協力",
}


class Duty(StrEnum):
    """What a person of the staff may do for one event."""

    PLANNING = "planning"
    RECEPTION = "reception"
    MODERATION = "moderation"


DUTY_LABELS: Mapping[Duty, str] = {
    Duty.PLANNING: "企画（内容・参加登録・配席）",
    Duty.RECEPTION: "受付",
    Duty.MODERATION: "質問の進行",
}


class TrackKind(StrEnum):
    """How one takes part."""

    ON_SITE = "on_site"
    ONLINE = "online"
    ARCHIVE = "archive"


TRACK_LABELS: Mapping[TrackKind, str] = {
    TrackKind.ON_SITE: "会場",
    TrackKind.ONLINE: "オンライン",
    TrackKind.ARCHIVE: "後日の録画のみ",
}


class Seating(StrEnum):
    """How a room is set out."""

    DESK = "desk"
    THEATRE = "theatre"
    NONE = "none"


SEATING_LABELS: Mapping[Seating, str] = {
    Seating.DESK: "机つきの席",
    Seating.THEATRE: "いすだけの席",
    Seating.NONE: "席の区別なし",
}


class ReserveKind(StrEnum):
    """For whom seats are kept aside."""

    SPEAKER = "speaker"
    EXPERT = "expert"
    PRESS = "press"
    SECRETARIAT = "secretariat"
    OTHER = "other"


RESERVE_LABELS: Mapping[ReserveKind, str] = {
    ReserveKind.SPEAKER: "登壇者",
    ReserveKind.EXPERT: "有識者",
    ReserveKind.PRESS: "報道",
    ReserveKind.SECRETARIAT: "事務局",
    ReserveKind.OTHER: "その他",
}

CITIZEN = "citizen"
"""Category of people who come without an organisation, beside those of the organisations."""


class WaitingRule(StrEnum):
    """In which order free seats are offered to those who wait."""

    FIRST_COME = "first_come"
    FEWEST_SEATS = "fewest_seats"


WAITING_RULE_LABELS: Mapping[WaitingRule, str] = {
    WaitingRule.FIRST_COME: "申し込みの早い順",
    WaitingRule.FEWEST_SEATS: "確保した席の少ない団体から（同じなら申し込みの早い順）",
}


class SpeakerConsent(StrEnum):
    """What a speaker says to being named, described and shown."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"


class MaterialAudience(StrEnum):
    """To whom a material or a recording is shown."""

    PUBLIC = "public"
    MEMBERS = "members"
    REGISTERED = "registered"
    ATTENDED = "attended"


MATERIAL_AUDIENCE_LABELS: Mapping[MaterialAudience, str] = {
    MaterialAudience.PUBLIC: "どなたでも",
    MaterialAudience.MEMBERS: "会員",
    MaterialAudience.REGISTERED: "参加登録をした方",
    MaterialAudience.ATTENDED: "出席した方",
}

MOST_OVERBOOKING_RATE = 0.5
DEFAULT_HOLD_HOURS, MOST_HOLD_HOURS = 24, 240
DEFAULT_GUEST_RETENTION_DAYS, MOST_GUEST_RETENTION_DAYS = 90, 730
NAME_LENGTH, PLACE_LENGTH, ADDRESS_LENGTH, URL_LENGTH = 120, 200, 300, 500
TRACKS_MOST, SESSIONS_MOST, SPEAKERS_MOST, ORGANIZERS_MOST = 8, 60, 80, 30
CAPACITY_MOST = 20_000
