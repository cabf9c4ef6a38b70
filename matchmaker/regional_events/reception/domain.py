"""The reception: when the door is open, what staff are told about a person, how full rooms are.

Pure rules.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import jaconv

from matchmaker.core.clock import end_of_day, start_of_day, today
from matchmaker.regional_events.planning.domain import EventState, TrackKind
from matchmaker.regional_events.registrations.domain import AttendeeState


class CheckInWay(StrEnum):
    """How presence was established."""

    QR = "qr"
    LIST = "list"
    WALK_IN = "walk_in"
    ONLINE = "online"


CHECK_IN_LABELS: Mapping[CheckInWay, str] = {
    CheckInWay.QR: "QRコード",
    CheckInWay.LIST: "名前で受付",
    CheckInWay.WALK_IN: "当日参加",
    CheckInWay.ONLINE: "オンライン",
}

GRACE_DAYS = 7
"""So many days after the last day staff may still note who was there."""

CLOCK_TOLERANCE = timedelta(minutes=5)
"""A device's clock may run ahead of ours by that much."""


class Door(StrEnum):
    """Whether people are received at a moment."""

    EARLY = "early"
    OPEN = "open"
    GRACE = "grace"
    CLOSED = "closed"
    OFF = "off"


DOOR_WORDS: Mapping[Door, str] = {
    Door.EARLY: "受付は、イベントの当日（日本時間の0時）から始まります。",
    Door.OPEN: "受付をしています。",
    Door.GRACE: "イベントの日は終わりました。7日後まで、記録の追加と訂正ができます。",
    Door.CLOSED: "受付の記録は締め切りました。",
    Door.OFF: "このイベントは公開中ではないため、受付はできません。",
}


def day_bounds(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """First moment of the first day and first moment after the last day, in Japan's time.

    An event that ends at midnight ends on the day before.
    """
    last = today(ends_at - timedelta(microseconds=1))
    return start_of_day(today(starts_at)), end_of_day(last)


def door_of(state: EventState, starts_at: datetime, ends_at: datetime, now: datetime) -> Door:
    """Whether the door of an event is open at ``now``."""
    if state is not EventState.PUBLISHED:
        return Door.OFF
    first, end = day_bounds(starts_at, ends_at)
    if now < first:
        return Door.EARLY
    if now < end:
        return Door.OPEN
    return Door.GRACE if now < end + timedelta(days=GRACE_DAYS) else Door.CLOSED


def takes_people(door: Door) -> bool:
    """Whether staff may note that somebody is (or was) there."""
    return door in (Door.OPEN, Door.GRACE)


def moment_of_scan(
    told: datetime | None, starts_at: datetime, ends_at: datetime, now: datetime
) -> datetime:
    """When a person came: what the device says, where that can be true, otherwise ``now``."""
    first, end = day_bounds(starts_at, ends_at)
    if told is None or not first <= told < end or told > now + CLOCK_TOLERANCE:
        return now
    return min(told, now)


class Outcome(StrEnum):
    """What staff are told about somebody who stands at the door."""

    TAKEN = "taken"
    ALREADY = "already"
    ELSEWHERE = "elsewhere"
    WAITING = "waiting"
    PENDING = "pending"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Signal(StrEnum):
    """The colour of a result; the words say the same."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


SIGNALS: Mapping[Outcome, Signal] = {
    Outcome.TAKEN: Signal.GREEN,
    Outcome.ALREADY: Signal.YELLOW,
    Outcome.ELSEWHERE: Signal.RED,
    Outcome.WAITING: Signal.RED,
    Outcome.PENDING: Signal.RED,
    Outcome.CANCELLED: Signal.RED,
    Outcome.UNKNOWN: Signal.RED,
}
TITLES: Mapping[Outcome, str] = {
    Outcome.TAKEN: "受け付けました",
    Outcome.ALREADY: "受付済みです",
    Outcome.ELSEWHERE: "会場の席がありません",
    Outcome.WAITING: "キャンセル待ちです",
    Outcome.PENDING: "登録が終わっていません",
    Outcome.CANCELLED: "取り消された登録です",
    Outcome.UNKNOWN: "登録が見つかりません",
}
ADVICE: Mapping[Outcome, str] = {
    Outcome.TAKEN: "",
    Outcome.ALREADY: (
        "同じ人がもう一度来たか、コードが2人で使われています。名前を確かめてください。"
    ),
    Outcome.ELSEWHERE: "会場以外で参加する予定の人です。空きがあれば、会場の席に通せます。",
    Outcome.WAITING: "席はまだ確定していません。空きがあれば、会場の席に通せます。",
    Outcome.PENDING: "メールの確認が済んでいません。当日参加として受け付けられます。",
    Outcome.CANCELLED: "席はほかの人に回っています。空きがあれば、当日参加として受け付けられます。",
    Outcome.UNKNOWN: (
        "コードが古いか、別のイベントのものです。名前で探してください。"
        "登録がない人は、当日参加として受け付けられます。"
    ),
}


def obstacle(state: AttendeeState, track: TrackKind | None, way: CheckInWay) -> Outcome | None:
    """What keeps a person from being checked in; None when nothing does.

    Args:
        state: state of the person's registration.
        track: how the person takes part, if a seat is confirmed.
        way: how the person would be checked in.
    """
    match state:
        case AttendeeState.CONFIRMED:
            online = way is CheckInWay.ONLINE
            fits = track is not None and (track is TrackKind.ON_SITE) is not online
            return None if fits else Outcome.ELSEWHERE
        case AttendeeState.WAITING:
            return Outcome.WAITING
        case AttendeeState.PENDING:
            return Outcome.PENDING
        case _:
            return Outcome.CANCELLED


THRESHOLDS = (50, 80, 100)
"""Shares of a room in percent at which staff are told."""


def reached(present: int, capacity: int | None) -> tuple[int, ...]:
    """The thresholds that ``present`` people reach in a room of ``capacity`` seats."""
    if not capacity:
        return ()
    return tuple(share for share in THRESHOLDS if present * 100 >= share * capacity)


CODE_LENGTH = 32
MOST_SCANNED = 300
_NOT_CODE = re.compile(r"[\s\u200b\ufeff-]+")


def read_code(scanned: str) -> str:
    """The code in what was scanned or typed: alone, or at the end of an address. Case, spaces and
    hyphens do not count (codes are made of capitals and digits)."""
    text = unicodedata.normalize("NFKC", scanned[:MOST_SCANNED]).strip()
    last = text.rstrip("/").rpartition("/")[2].rpartition("=")[2]
    return _NOT_CODE.sub("", last).upper()[:CODE_LENGTH]


def code_digest(event_id: uuid.UUID, code: str) -> str:
    """What a device keeps instead of the code (SHA-256 of event and code, in hexadecimal)."""
    return hashlib.sha256(f"{event_id}:{code}".encode()).hexdigest()


_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MARKS = re.compile(r"[\s\u30fb\u30fc\u2010-\u2015\u2212.-]+")
_VARIANTS = str.maketrans(
    "髙﨑嵜碕邊邉齋齊斉濵濱澤德𠮷曻嶋嶌廣櫻國眞惠黑瀨",
    "高崎崎崎辺辺斎斎斎浜浜沢徳吉昇島島広桜国真恵黒瀬",
)


def search_form(text: str) -> str:
    """Text as the search at the door compares it.

    Widths, hiragana and katakana, spaces and long-vowel marks are made equal; variation selectors
    (IVS) are dropped, and frequent variants in names stand for their usual form (髙 for 高).
    """
    plain = unicodedata.normalize("NFKC", _SELECTORS.sub("", text)).translate(_VARIANTS)
    return _MARKS.sub("", str(jaconv.hira2kata(plain))).casefold()


DEVICE_NAME_LENGTH, REASON_LENGTH = 60, 300
SCANS_MOST = 200
"""Most scans that a device sends at once."""

PASSPHRASE_LENGTH = 8
"""Shortest passphrase that protects the list on a device."""
