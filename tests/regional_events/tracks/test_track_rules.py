"""Which combinations of seats, quotas and waves can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.regional_events.planning.domain import (
    CAPACITY_MOST,
    ReserveKind,
    Seating,
    TrackKind,
)
from matchmaker.regional_events.planning.tracks.domain import (
    CATEGORY_LABELS,
    TrackData,
    WaveData,
    cleaned,
    extra_seats,
    no_shows_in_words,
    seats_to_give,
    track_errors,
    wave_errors,
)
from matchmaker.regional_events.planning.tracks.presets import (
    AssemblyPlan,
    assembly_tracks,
    plan_errors,
)

NOW = datetime(2026, 12, 31, 14, 59, tzinfo=UTC)
ROOM = TrackData(TrackKind.ON_SITE, "会場", capacity=200)


@dataclass(frozen=True)
class Times:
    """When people register and come."""

    opens_at: datetime | None = NOW - timedelta(days=1)
    starts_at: datetime = NOW + timedelta(days=30)


def wave(days: float, seats: int | None = None, limit: int | None = None) -> WaveData:
    return WaveData(NOW + timedelta(days=days), seats, limit)


def test_overbooking_is_told_in_people() -> None:
    assert no_shows_in_words(200, 0.1) == (
        "200席 × 10% = 20人分多く受け付けます。来ない人が20人より少ないと、席が足りません。"
    )
    assert no_shows_in_words(200, 0.0) == no_shows_in_words(None, 0.1) == ""
    assert "1人分にならない" in no_shows_in_words(5, 0.1)


@pytest.mark.parametrize(
    ("capacity", "percent", "extra"), [(100, 15, 15), (100, 29, 29), (7, 50, 3)]
)
def test_extra_seats_follow_the_decimal_digits(capacity: int, percent: int, extra: int) -> None:
    assert extra_seats(capacity, percent / 100) == extra


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "あ" * 101}, "name"),
        ({"capacity": None}, "capacity"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": CAPACITY_MOST + 1}, "capacity"),
        ({"overbooking_rate": 0.51}, "overbooking_percent"),
        ({"reserves": {ReserveKind.PRESS: 201}}, "reserves"),
        ({"per_organization_limit": 0}, "per_organization_limit"),
        ({"per_organization_limit": 201}, "per_organization_limit"),
        ({"first_seats": 201}, "first_seats"),
        ({"quotas": {"company": 201}}, "quotas-company"),
        ({"quotas": {"invented": 1}}, "quotas"),
    ],
)
def test_impossible_tracks_get_a_message_at_the_field(
    changes: dict[str, object], field: str
) -> None:
    assert list(track_errors(cleaned(replace(ROOM, **changes)))) == [field]  # type: ignore[arg-type]


def test_reserved_and_overbooked_seats_bound_what_may_be_given() -> None:
    data = replace(ROOM, overbooking_rate=0.1, reserves={ReserveKind.SPEAKER: 15})
    assert seats_to_give(data) == 205
    assert track_errors(replace(data, quotas={"company": 205})) == {}
    assert "quotas-company" in track_errors(replace(data, quotas={"company": 206}))


def test_a_stream_has_no_room_and_a_recording_no_seats() -> None:
    stream = cleaned(replace(ROOM, kind=TrackKind.ONLINE, room="大ホール", seating=Seating.DESK,
                             capacity=None, reserves={ReserveKind.PRESS: 3}))  # fmt: skip
    assert (stream.room, stream.seating, stream.reserves) == ("", Seating.NONE, {})
    recording = cleaned(replace(ROOM, kind=TrackKind.ARCHIVE, first_seats=3, quotas={"company": 1}))
    assert (recording.capacity, recording.first_seats, recording.quotas) == (None, None, {})
    assert track_errors(recording) == track_errors(stream) == {}


@pytest.mark.parametrize(
    ("wanted", "others", "field"),
    [
        (wave(-2), [], "release_at"),
        (wave(0), [], "release_at"),
        (wave(30), [], "release_at"),
        (wave(31), [], "release_at"),
        (wave(5, 120), [wave(5, 150)], "release_at"),
        (wave(5, 0), [], "seats"),
        (wave(5, 201), [], "seats"),
        (wave(5, 50), [], "seats"),
        (wave(5, 150), [wave(10, 120)], "seats"),
        (wave(5, 120, 1), [], "per_organization_limit"),
        (wave(5, None, 0), [], "per_organization_limit"),
        (wave(10, None, 2), [wave(5, None, 3)], "per_organization_limit"),
    ],
)
def test_impossible_waves_get_a_message_at_the_field(
    wanted: WaveData, others: list[WaveData], field: str
) -> None:
    data = replace(ROOM, first_seats=100, per_organization_limit=2)
    assert field in wave_errors(wanted, data, others, Times(), NOW)


def test_a_wave_that_changes_nothing_is_told() -> None:
    data = replace(ROOM, first_seats=100, per_organization_limit=1)
    assert list(wave_errors(wave(5, 100, 1), data, [], Times(), NOW)) == ["seats"]
    assert wave_errors(wave(5, 100, 2), data, [], Times(), NOW) == {}
    assert wave_errors(wave(5, None, None), data, [], Times(), NOW) == {}


def test_a_wave_needs_an_opening_and_time_before_the_beginning() -> None:
    unplanned = Times(opens_at=None)
    assert "release_at" in wave_errors(wave(5, None, 3), ROOM, [], unplanned, NOW)
    last = WaveData(Times().starts_at - timedelta(microseconds=1), 200, None)
    data = replace(ROOM, first_seats=100)
    assert wave_errors(last, data, [], Times(), NOW) == {}


def test_a_track_keeps_fitting_its_waves() -> None:
    data, waves = replace(ROOM, first_seats=100, per_organization_limit=1), [wave(5, 180, 2)]
    assert track_errors(data, waves) == {}
    assert "capacity" in track_errors(replace(data, capacity=150), waves)
    assert "first_seats" in track_errors(replace(data, first_seats=190), waves)
    assert "per_organization_limit" in track_errors(replace(data, per_organization_limit=3), waves)


def test_the_usual_assembly_is_four_hundred_seats_with_thirty_per_cent_at_desks() -> None:
    plan = AssemblyPlan(release_at=NOW + timedelta(days=10))
    tracks = assembly_tracks(plan)
    seats = {data.name: data.capacity for data, _waves in tracks}
    assert seats == {
        "会場（机つきの席）": 120,
        "会場（いすだけの席）": 280,
        "オンライン": None,
        "後日の録画のみ": None,
    }
    desks, waves = tracks[0]
    assert desks.per_organization_limit == 1
    assert [each.per_organization_limit for each in waves] == [3]


PLANS = st.builds(
    AssemblyPlan,
    seats=st.integers(-5, CAPACITY_MOST + 5),
    desks_percent=st.integers(-5, 105),
    limit=st.integers(-1, 50),
    later_limit=st.none() | st.integers(-1, 60),
    release_at=st.none() | st.just(NOW + timedelta(days=10)),
    has_stream=st.booleans(),
    has_archive=st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(PLANS)
def test_whatever_plan_passes_gives_tracks_and_waves_that_pass(plan: AssemblyPlan) -> None:
    if plan_errors(plan):
        return
    made = assembly_tracks(plan)
    assert sum(data.capacity or 0 for data, _waves in made) == plan.seats
    for data, waves in made:
        assert track_errors(cleaned(data), waves) == {}
        for each in waves:
            others = [other for other in waves if other is not each]
            assert wave_errors(each, data, others, Times(), NOW) == {}


TRACKS = st.builds(
    TrackData,
    kind=st.sampled_from(TrackKind),
    name=st.just("会場"),
    capacity=st.none() | st.integers(0, 400),
    overbooking_rate=st.integers(0, 60).map(lambda percent: percent / 100),
    per_organization_limit=st.none() | st.integers(0, 400),
    first_seats=st.none() | st.integers(0, 400),
    quotas=st.dictionaries(st.sampled_from(list(CATEGORY_LABELS)), st.integers(0, 400)),
    reserves=st.dictionaries(st.sampled_from(ReserveKind), st.integers(0, 100)),
)
WAVES = st.builds(
    wave,
    st.integers(1, 29),
    st.none() | st.integers(1, 400),
    st.none() | st.integers(1, 400),
)


@settings(max_examples=300, deadline=None)
@given(TRACKS, st.lists(WAVES, max_size=4))
def test_edits_that_pass_never_give_more_seats_than_there_are_nor_take_any_back(
    data: TrackData, wanted: list[WaveData]
) -> None:
    data = cleaned(data)
    if track_errors(data):
        return
    kept: list[WaveData] = []
    for each in wanted:
        if not wave_errors(each, data, kept, Times(), NOW):
            kept.append(each)
    kept.sort(key=lambda each: each.release_at)
    most = seats_to_give(data)
    given_out = [data.first_seats, *(each.seats for each in kept)]
    limits = [data.per_organization_limit, *(each.per_organization_limit for each in kept)]
    if most is not None:
        assert all(seats is None or seats <= most for seats in given_out)
        assert data.reserved <= (data.capacity or 0)
    for bounds in (given_out, limits):
        sizes = [CAPACITY_MOST * 2 if bound is None else bound for bound in bounds]
        assert sizes == sorted(sizes)
    assert track_errors(data, kept) == {}
