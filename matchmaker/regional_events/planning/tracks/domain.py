"""Tracks with their seats, quotas, kept seats and waves: which combinations can be. Pure rules.

Every check gives messages by the name of the field they belong to.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line
from matchmaker.organizations.domain import CATEGORIES
from matchmaker.regional_events.planning.domain import (
    CAPACITY_MOST,
    CITIZEN,
    MOST_OVERBOOKING_RATE,
    ReserveKind,
    Seating,
    TrackKind,
)

NAME_LENGTH, ROOM_LENGTH = 100, 100
WAVES_MOST = 10
PERCENT = 100
CATEGORY_LABELS: Mapping[str, str] = {
    **{choice.code: choice.label for choice in CATEGORIES},
    CITIZEN: "団体に属さない方",
}
"""Categories for which seats of a track may be limited."""

Errors = dict[str, str]
Found = Iterator[tuple[str, str]]


class InvalidTrack(ProductError):
    """What was typed about a track or a wave cannot be.

    Args:
        errors: message in Japanese by field name.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        name, message = next(iter(errors.items()))
        super().__init__(message, name)
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class TrackData:
    """A track as it was typed; the meaning of each value stands in ``Track``.

    Args:
        overbooking_rate: from 0 to 0.5.
        quotas: seats by category of organisation.
        reserves: kept seats by kind; no seats and no entry are the same.
        limit_track_id: where the seats of one organisation are counted, if at another track.
    """

    kind: TrackKind
    name: str
    room: str = ""
    seating: Seating = Seating.NONE
    capacity: int | None = None
    overbooking_rate: float = 0.0
    per_organization_limit: int | None = None
    first_seats: int | None = None
    quotas: Mapping[str, int] = field(default_factory=dict)
    reserves: Mapping[ReserveKind, int] = field(default_factory=dict)
    limit_track_id: uuid.UUID | None = None

    @property
    def reserved(self) -> int:
        """Seats that are kept aside."""
        return sum(self.reserves.values())


@dataclass(frozen=True, slots=True)
class WaveData:
    """A wave as it was typed; None stands for all seats, and for no limit."""

    release_at: datetime
    seats: int | None = None
    per_organization_limit: int | None = None


@dataclass(frozen=True, slots=True)
class SeatsTaken:
    """How the seats of a track are taken.

    Args:
        general: by those who have no kept seat; seats held for an offer count.
        kept: by kind of kept seats.
    """

    general: int = 0
    kept: Mapping[ReserveKind, int] = field(default_factory=dict)


class EventTimes(Protocol):
    """When people register and come."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""

    @property
    def opens_at(self) -> datetime | None:
        """From when people register."""


def extra_seats(capacity: int, rate: float) -> int:
    """Seats given out beyond ``capacity``, for those who will not come, rounded down.

    The rate is taken as its decimal digits say: 15 % of 100 are 15, never 14 by binary rounding.
    """
    return int(capacity * Decimal(str(rate)))


def general_seats(
    capacity: int | None, overbooking_rate: float, reserved: int, given_out: int | None
) -> int | None:
    """Seats that are given out to everybody.

    Args:
        capacity: seats of the room; None for a stream without a bound.
        overbooking_rate: share given out beyond it, for those who will not come (0 to 1).
        reserved: seats kept aside.
        given_out: what the present wave gives out in total; None is all.

    Returns:
        ``floor(capacity × (1 + overbooking_rate)) − reserved``, at least 0, at most ``given_out``.
    """
    if capacity is None:
        return given_out
    seats = max(capacity + extra_seats(capacity, overbooking_rate) - reserved, 0)
    return seats if given_out is None else min(seats, given_out)


def seats_to_give(data: TrackData) -> int | None:
    """Seats that people can register for once all waves are over; None is no bound."""
    return general_seats(data.capacity, data.overbooking_rate, data.reserved, None)


def kept_errors(data: TrackData, before: TrackData, taken: SeatsTaken) -> Errors:
    """What has to be mended in kept seats, given who sits in the room already.

    Nobody loses a seat when fewer are kept, and more are kept only as far as they are free.

    Args:
        data: the track as it is to be.
        before: the track as it is.
        taken: how its seats are taken.
    """
    if data.capacity is None:
        return {}
    seated = sum(taken.kept.values())
    if seated > data.capacity:
        return {
            "capacity": f"取り置きの席に、いま{seated:,}人が座っています。先に、その方の席を移して"
            "ください。"
        }
    kept, former = _in_use(data, taken), _in_use(before, taken)
    free = data.capacity + extra_seats(data.capacity, data.overbooking_rate) - taken.general
    if kept > former and kept > free:
        return {
            "reserves": f"一般の席に、いま{taken.general:,}人が座っています。取り置きは、合わせて"
            f"{max(free, 0):,}席までにしてください。"
        }
    return {}


def _in_use(data: TrackData, taken: SeatsTaken) -> int:
    kinds = {*data.reserves, *taken.kept}
    return sum(max(data.reserves.get(kind, 0), taken.kept.get(kind, 0)) for kind in kinds)


def cleaned(data: TrackData) -> TrackData:
    """The same with regular text, and without what the kind of track has not."""
    data = replace(data, name=clean_line(data.name), room=clean_line(data.room))
    if data.kind is not TrackKind.ON_SITE:
        data = replace(data, room="", seating=Seating.NONE, limit_track_id=None)
    if data.limit_track_id is not None:
        data = replace(data, per_organization_limit=None)
    if data.kind is TrackKind.ARCHIVE:
        data = replace(
            data, capacity=None, per_organization_limit=None, first_seats=None, quotas={},
        )  # fmt: skip
    if data.capacity is None:
        data = replace(data, overbooking_rate=0.0, reserves={})
    return replace(data, reserves={kind: n for kind, n in data.reserves.items() if n})


def track_errors(data: TrackData, waves: Sequence[WaveData] = ()) -> Errors:
    """What has to be mended in a cleaned track; the first message of a field counts.

    Args:
        waves: the waves of the track, which have to go on fitting.
    """
    errors: Errors = {}
    for name, message in (
        *_text_errors(data),
        *_capacity_errors(data),
        *_bound_errors(data),
        *_quota_errors(data),
        *_wave_fit(data, waves),
    ):
        errors.setdefault(name, message)
    return errors


def _text_errors(data: TrackData) -> Found:
    if not data.name:
        yield "name", "名前を入れてください。"
    if len(data.name) > NAME_LENGTH:
        yield "name", f"{NAME_LENGTH}文字までで入れてください。"
    if len(data.room) > ROOM_LENGTH:
        yield "room", f"{ROOM_LENGTH}文字までで入れてください。"


def _capacity_errors(data: TrackData) -> Found:
    if data.capacity is None and data.kind is TrackKind.ON_SITE:
        yield "capacity", "会場の席数を入れてください。"
    if data.capacity is not None and not 1 <= data.capacity <= CAPACITY_MOST:
        yield "capacity", f"1から{CAPACITY_MOST:,}までの数で入れてください。"
    if not 0 <= data.overbooking_rate <= MOST_OVERBOOKING_RATE:
        most = int(MOST_OVERBOOKING_RATE * PERCENT)
        yield "overbooking_percent", f"0から{most}までの数で入れてください。"
    if any(seats < 0 for seats in data.reserves.values()):
        yield "reserves", "取り置きの席は、0以上の数で入れてください。"
    elif data.capacity is not None and data.reserved > data.capacity:
        yield (
            "reserves",
            f"取り置きの合計（{data.reserved:,}席）が、席数（{data.capacity:,}席）より多くなって"
            "います。",
        )


def _bound_errors(data: TrackData) -> Found:
    limit, first, most = data.per_organization_limit, data.first_seats, seats_to_give(data)
    if limit is not None and not 1 <= limit <= CAPACITY_MOST:
        yield "per_organization_limit", "1以上の数を入れるか、空けてください。"
    elif limit is not None and most is not None and limit > max(most, 1):
        yield "per_organization_limit", _too_many("1つの団体の席", limit, most)
    if first is None:
        return
    if most is None:
        yield "first_seats", "席数に限りがないときは、空けてください。"
    elif not 0 <= first <= most:
        yield "first_seats", _too_many("最初に受け付ける席", first, most)


def _too_many(what: str, seats: int, most: int) -> str:
    return f"{what}（{seats:,}席）を、受け付けられる席（{most:,}席）までにしてください。"


def _quota_errors(data: TrackData) -> Found:
    most = seats_to_give(data)
    for category, seats in data.quotas.items():
        if category not in CATEGORY_LABELS:
            yield "quotas", "団体の種類を選び直してください。"
        elif not 0 <= seats <= CAPACITY_MOST:
            yield f"quotas-{category}", f"0から{CAPACITY_MOST:,}までの数で入れてください。"
        elif most is not None and seats > most:
            yield f"quotas-{category}", _too_many(CATEGORY_LABELS[category], seats, most)


def _wave_fit(data: TrackData, waves: Sequence[WaveData]) -> Found:
    if not waves:
        return
    first = min(waves, key=lambda wave: wave.release_at)
    if _less(first.seats, data.first_seats):
        yield "first_seats", "最初に受け付ける席が、次の枠の席より多くなっています。"
    if _less(first.per_organization_limit, data.per_organization_limit):
        yield "per_organization_limit", "1つの団体の席が、次の枠の席より多くなっています。"
    most = seats_to_give(data)
    largest = max((wave.seats for wave in waves if wave.seats is not None), default=0)
    if most is None and largest:
        yield "capacity", "追加の枠で席を数えているため、席数を空けることはできません。"
    elif most is not None and largest > most:
        yield (
            "capacity",
            (
                f"追加の枠では{largest:,}席まで受け付ける予定です。受け付けられる席が{most:,}席に"
                "減るので、先に追加の枠を直してください。"
            ),
        )


def _less(later: int | None, earlier: int | None) -> bool:
    """Whether the later bound gives less than the earlier one; None gives everything."""
    if later is None:
        return False
    return earlier is None or later < earlier


def wave_errors(
    wave: WaveData,
    data: TrackData,
    others: Sequence[WaveData],
    times: EventTimes,
    now: datetime,
) -> Errors:
    """What has to be mended in a wave that is planned or changed.

    Args:
        data: the track.
        others: its other waves, those released included.
        times: when people register and come.
    """
    errors: Errors = {}
    for name, message in (
        *_moment_errors(wave, others, times, now),
        *_seat_errors(wave, data),
        *_order_errors(wave, data, others),
    ):
        errors.setdefault(name, message)
    return errors


def _moment_errors(
    wave: WaveData, others: Sequence[WaveData], times: EventTimes, now: datetime
) -> Found:
    if times.opens_at is None:
        yield "release_at", "先に、イベントの受付の始まりを決めてください。"
    elif wave.release_at <= times.opens_at:
        yield "release_at", "枠を足す日時は、受付の始まりより後にしてください。"
    if wave.release_at >= times.starts_at:
        yield "release_at", "枠を足す日時は、イベントが始まるより前にしてください。"
    elif wave.release_at <= now:
        yield "release_at", "これからの日時を入れてください。"
    if any(other.release_at == wave.release_at for other in others):
        yield "release_at", "同じ日時の枠が、もうあります。"
    if len(others) >= WAVES_MOST:
        yield "release_at", f"追加の枠は{WAVES_MOST}回までです。"


def _seat_errors(wave: WaveData, data: TrackData) -> Found:
    most, seats, limit = seats_to_give(data), wave.seats, wave.per_organization_limit
    if seats is not None and most is None:
        yield "seats", "席数に限りがない参加方法です。空けてください。"
    elif seats is not None and most is not None and not 1 <= seats <= most:
        yield "seats", _too_many("その日時からの席", seats, most)
    if limit is not None and not 1 <= limit <= CAPACITY_MOST:
        yield "per_organization_limit", "1以上の数を入れるか、空けてください。"


def _order_errors(wave: WaveData, data: TrackData, others: Sequence[WaveData]) -> Found:
    before = [other for other in others if other.release_at < wave.release_at]
    after = [other for other in others if other.release_at > wave.release_at]
    begin = WaveData(wave.release_at, data.first_seats, data.per_organization_limit)
    last = max(before, key=lambda other: other.release_at, default=begin)
    following = min(after, key=lambda other: other.release_at, default=None)
    names = {"seats": "席", "per_organization_limit": "1つの団体の席"}
    for name, label in names.items():
        if _less(getattr(wave, name), getattr(last, name)):
            yield name, f"{label}が、その前より少なくなっています。前と同じか、増やしてください。"
        elif following is not None and _less(getattr(following, name), getattr(wave, name)):
            yield name, f"{label}が、次の枠より多くなっています。次の枠までに収めてください。"
    if (wave.seats, wave.per_organization_limit) == (last.seats, last.per_organization_limit):
        yield "seats", "その前と同じ内容です。席か、1つの団体の席を増やしてください。"


def no_shows_in_words(capacity: int | None, rate: float) -> str:
    """What overbooking means in people, for the staff; empty without overbooking."""
    if capacity is None or not rate:
        return ""
    extra, percent = extra_seats(capacity, rate), round(rate * PERCENT, 1)
    shown = f"{capacity:,}席 × {percent:g}% = {extra:,}人分多く受け付けます。"
    if not extra:
        return f"{capacity:,}席の{percent:g}%は1人分にならないため、多くは受け付けません。"
    return f"{shown}来ない人が{extra:,}人より少ないと、席が足りません。"
