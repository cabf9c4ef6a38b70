"""Matching tables: settings, slots, wishes, what came of a meeting. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SLOT_MINUTES_LEAST, SLOT_MINUTES_MOST = 15, 25
BREAK_MINUTES_MOST = 60
SLOTS_MOST, TABLES_MOST, SEATS_LEAST, SEATS_MOST = 12, 100, 2, 10
PEOPLE_MOST = 400
"""Most people at the tables of one event; beyond, the room is split into two events."""
POSTS_MOST = 5
WISHES_MOST = 20
NOTE_LENGTH, REASON_LENGTH = 1000, 300
MEETINGS_WANTED = 2
"""Everybody has at least so many meetings where possible."""
DIRECT_PEOPLE = 60
"""Up to so many people a plan is made at once (under two seconds); beyond, the worker makes it."""


class WishKind(StrEnum):
    """What a person says about an organisation; refusals are read by the person and the staff."""

    MEET = "meet"
    AVOID = "avoid"


WISH_LABELS: Mapping[WishKind, str] = {
    WishKind.MEET: "話したい",
    WishKind.AVOID: "同じテーブルにしない",
}


class VersionState(StrEnum):
    """Where one version of a plan stands. A released one stays released when another follows."""

    WANTED = "wanted"
    READY = "ready"
    FAILED = "failed"


class VersionCause(StrEnum):
    """Why a version was made."""

    SOLVED = "solved"
    RESOLVED = "resolved"
    SWAPPED = "swapped"
    RESTORED = "restored"


CAUSE_LABELS: Mapping[VersionCause, str] = {
    VersionCause.SOLVED: "自動で作成",
    VersionCause.RESOLVED: "当日の作り直し",
    VersionCause.SWAPPED: "手で変更",
    VersionCause.RESTORED: "前の版に戻す",
}


class OutcomeVerdict(StrEnum):
    """What came of a meeting, as one of the two sides sees it."""

    INTEREST = "interest"
    FOLLOW_UP = "follow_up"
    NOTHING = "nothing"


VERDICT_LABELS: Mapping[OutcomeVerdict, str] = {
    OutcomeVerdict.INTEREST: "関心あり",
    OutcomeVerdict.FOLLOW_UP: "続けて話す",
    OutcomeVerdict.NOTHING: "なし",
}


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """How the tables of an event are laid out.

    Args:
        first_starts_at: when the first slot begins.
        slot_minutes: length of each slot, 15 to 25 minutes.
        break_minutes: minutes between two slots.
        slots: number of slots.
        tables: number of tables.
        seats: seats of one table, the secretariat's included.
        opt_in_until: until when people say for themselves whether they take part.
        note: what people are told beside the times (where the tables are).
    """

    first_starts_at: datetime
    slot_minutes: int
    break_minutes: int
    slots: int
    tables: int
    seats: int
    opt_in_until: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One round of meetings; ``number`` counts from 1."""

    number: int
    starts_at: datetime
    ends_at: datetime


def slots_of(settings: PlanSettings) -> list[Slot]:
    """The slots in their order."""
    length = timedelta(minutes=settings.slot_minutes)
    step = length + timedelta(minutes=settings.break_minutes)
    begins = [settings.first_starts_at + number * step for number in range(settings.slots)]
    return [Slot(number, begin, begin + length) for number, begin in enumerate(begins, start=1)]


def setting_errors(
    settings: PlanSettings, starts_at: datetime, ends_at: datetime
) -> dict[str, str]:
    """What is wrong with the settings, by field.

    Args:
        settings: as typed.
        starts_at, ends_at: times of the event.
    """
    bounds = {
        "slot_minutes": (settings.slot_minutes, SLOT_MINUTES_LEAST, SLOT_MINUTES_MOST, "分"),
        "break_minutes": (settings.break_minutes, 0, BREAK_MINUTES_MOST, "分"),
        "slots": (settings.slots, 1, SLOTS_MOST, "回"),
        "tables": (settings.tables, 1, TABLES_MOST, "卓"),
        "seats": (settings.seats, SEATS_LEAST, SEATS_MOST, "席"),
    }
    errors = {
        name: f"{least}〜{most}{unit}で入れてください。"
        for name, (value, least, most, unit) in bounds.items()
        if not least <= value <= most
    }
    if errors:
        return errors
    if settings.first_starts_at < starts_at or slots_of(settings)[-1].ends_at > ends_at:
        errors["first_starts_at"] = "最後の回が、イベントの時間の中に収まるようにしてください。"
    if settings.opt_in_until and settings.opt_in_until > settings.first_starts_at:
        errors["opt_in_until"] = "1回目が始まる前の日時にしてください。"
    return errors
