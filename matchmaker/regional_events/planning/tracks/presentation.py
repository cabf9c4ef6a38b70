"""Tracks in words, for the planner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from matchmaker.core.formatting import format_moment
from matchmaker.regional_events.planning.domain import (
    RESERVE_LABELS,
    SEATING_LABELS,
    TRACK_LABELS,
    Seating,
    TrackKind,
)
from matchmaker.regional_events.planning.models import RegionalEvent, SeatWave, Track
from matchmaker.regional_events.planning.tracks.domain import (
    CATEGORY_LABELS,
    TrackData,
    no_shows_in_words,
    seats_to_give,
)
from matchmaker.regional_events.planning.tracks.service import data_of

NO_BOUND = "限りなし"


@dataclass(frozen=True, slots=True)
class ShownTrack:
    """A track with its facts in words.

    Args:
        kind: what it is called on the page.
        facts: names and values.
        warnings: what looks wrong.
    """

    track: Track
    kind: str
    facts: list[tuple[str, str]]
    warnings: list[str]


def shown_track(event: RegionalEvent, track: Track, now: datetime) -> ShownTrack:
    """A track for the planner; needs quotas, kept seats and waves."""
    return ShownTrack(track, TRACK_LABELS[track.kind], list(_facts(track)),
                      list(_warnings(event, track, now)))  # fmt: skip


def _facts(track: Track) -> Iterator[tuple[str, str]]:
    data = data_of(track)
    if track.kind is TrackKind.ON_SITE:
        seating = "" if track.seating is Seating.NONE else f"（{SEATING_LABELS[track.seating]}）"
        yield "部屋", f"{track.room or '未定'}{seating}"
    if track.kind is not TrackKind.ARCHIVE:
        yield "席数", seats_in_words(track.capacity)
    yield from _beyond_capacity(data)
    yield from _bounds(data)
    for wave in track.waves:
        yield wave_title(wave), wave_in_words(wave)


def _beyond_capacity(data: TrackData) -> Iterator[tuple[str, str]]:
    if data.overbooking_rate:
        yield "多めの受け付け", no_shows_in_words(data.capacity, data.overbooking_rate)
    if data.reserves:
        kept = "、".join(f"{RESERVE_LABELS[kind]}{n:,}席" for kind, n in data.reserves.items())
        yield "取り置き", kept
    if data.overbooking_rate or data.reserves:
        yield "申し込める席", seats_in_words(seats_to_give(data))


def _bounds(data: TrackData) -> Iterator[tuple[str, str]]:
    if data.first_seats is not None:
        yield "最初に受け付ける席", seats_in_words(data.first_seats)
    if data.limit_track_id is not None:
        yield "1つの団体の席", "ほかの部屋と合わせて数えます"
    elif data.per_organization_limit is not None:
        yield "1つの団体の席", f"{data.per_organization_limit:,}席まで"
    if data.quotas:
        parts = (f"{CATEGORY_LABELS.get(code, code)}{n:,}席" for code, n in data.quotas.items())
        yield "団体の種類ごとの上限", "、".join(parts)


def _warnings(event: RegionalEvent, track: Track, now: datetime) -> Iterator[str]:
    coming = [wave for wave in track.waves if wave.released_at is None]
    if track.first_seats is not None and not track.waves:
        yield "最初に受け付ける席のあと、残りの席を出す枠がありません。"
    for wave in coming:
        when = format_moment(wave.release_at)
        if wave.release_at >= event.starts_at:
            yield f"{when}の枠は、イベントが始まったあとになっています。日時を直してください。"
        elif event.opens_at is not None and wave.release_at <= event.opens_at:
            yield f"{when}の枠は、受付が始まる前になっています。日時を直してください。"
        elif wave.release_at <= now:
            yield f"{when}の枠は、まもなく出ます。"


def seats_in_words(seats: int | None) -> str:
    """``200席``, or 「限りなし」."""
    return NO_BOUND if seats is None else f"{seats:,}席"


def wave_title(wave: SeatWave) -> str:
    """What a wave is called in a list."""
    return "追加の枠（受付済み）" if wave.released_at else "追加の枠"


def wave_in_words(wave: SeatWave) -> str:
    """``2027年2月1日（令和9年）10:00から、合計200席、1つの団体3席まで``."""
    seats = "すべての席" if wave.seats is None else f"合計{wave.seats:,}席"
    limit = wave.per_organization_limit
    per = "1つの団体の席は限りなし" if limit is None else f"1つの団体{limit:,}席まで"
    return f"{format_moment(wave.release_at)}から、{seats}、{per}"
