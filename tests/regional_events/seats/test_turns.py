"""Requests that wait for one another: who gets the turn first, asked first."""

from __future__ import annotations

from datetime import timedelta

from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.records import WAITED_MOST, in_turn
from tests.regional_events.builders import make_registration, make_track
from tests.regional_events.seats.conftest import NOW
from tests.regional_events.seats.steps import entry, person, state

MOMENT = timedelta(milliseconds=200)


def test_whoever_gets_the_turn_later_did_not_ask_earlier(event: RegionalEvent) -> None:
    room = make_track(event, capacity=1)
    quick = make_registration(event, room, now=NOW + MOMENT)
    slow = make_registration(event, room, now=NOW)  # sent before, but it had to wait
    assert state(quick, slow) == ["confirmed", "waiting"]
    assert person(quick).seated_at == NOW + MOMENT
    assert entry(slow).joined_at == NOW + MOMENT


def test_the_line_goes_by_turns(event: RegionalEvent) -> None:
    room = make_track(event, capacity=1)
    make_registration(event, room, now=NOW)
    first = make_registration(event, room, now=NOW + 2 * MOMENT)
    second = make_registration(event, room, now=NOW + MOMENT)
    assert entry(first).joined_at <= entry(second).joined_at
    assert entry(first).id < entry(second).id


def test_a_clock_that_was_wrong_is_not_followed(event: RegionalEvent) -> None:
    room = make_track(event, capacity=1)
    make_registration(event, room, now=NOW + timedelta(hours=1))
    assert in_turn(event, NOW) == NOW
    late = NOW + timedelta(hours=1) - WAITED_MOST
    assert in_turn(event, late) == NOW + timedelta(hours=1)
