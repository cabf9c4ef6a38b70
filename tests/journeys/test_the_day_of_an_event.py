"""The day of an event: the door with and without a connection, questions, matching tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from matchmaker.core.actor import SYSTEM
from matchmaker.regional_events.tables.domain import PlanSettings
from matchmaker.regional_events.tables.service import open_tables
from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service, running
from tests.journeys.event_door import (
    come_back,
    get_ready,
    receive_without_connection,
    take_at_the_desk,
)
from tests.journeys.event_floor import ask, moderate, open_floor, project, vote
from tests.journeys.event_tables import (
    miss_one,
    opt_in,
    record_outcome,
    solve_and_release,
    tell_only_those_concerned,
)
from tests.journeys.event_world import Journey, Occasion, held, put_in, registered

pytestmark = pytest.mark.browser
OFFLINE = "ERR_INTERNET_DISCONNECTED"
NAMES = ("山田 花子", "佐藤 次郎", "鈴木 三郎", "高木 四郎")
ROUNDS = (20, 5, 2, 2, 2)
"""Minutes of a round and of a break, rounds, tables, seats of a table."""


@dataclass(frozen=True, slots=True)
class Day:
    """The two events of this file, and the instance folder they were put into."""

    folder: Path
    hall: Occasion
    tables: Occasion


@pytest.fixture(scope="module", name="day")
def events_of_today(
    chromium: Browser, seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Day:
    assert chromium
    folder = tmp_path_factory.mktemp("prepared")
    hall, tables = put_in(seeded_folder, folder, lambda now: (_hall(now), _tables(now)))
    return Day(folder, hall, tables)


@pytest.fixture(scope="module")
def service(day: Day, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(day.folder, tmp_path_factory.mktemp("instance")) as service:
        yield service


def _hall(now: datetime) -> Occasion:
    event, room = held("笹野原 資源循環の対話", now - timedelta(minutes=10), hours=3)
    return Occasion(event.id, event.name, [registered(event, room, name) for name in NAMES])


def _tables(now: datetime) -> Occasion:
    event, room = held("笹野原 竹の相談会", now - timedelta(hours=1), hours=4)
    people = [
        registered(event, room, "梅野 千里", account="officer"),
        registered(event, room, "林 美智", town=True),
        registered(event, room, "小布施 航", account="startup"),
        registered(event, room, "三好 礼子", account="recycler"),
    ]
    open_tables(event, PlanSettings(now + timedelta(hours=1), *ROUNDS), SYSTEM, now)
    return Occasion(event.id, event.name, people)


def test_people_are_received_with_and_without_a_connection(
    day: Day, visit: Visit, service: Service, axe: AxeCheck, console_errors: list[str]
) -> None:
    journey = Journey(day.hall, service, visit, axe)
    phone = get_ready(journey)
    receive_without_connection(journey, phone)
    desk = take_at_the_desk(journey)
    come_back(journey, phone, desk)
    # What the browser itself says of the connection that was taken away.
    console_errors[:] = [words for words in console_errors if OFFLINE not in words]


def test_a_question_of_a_guest_reaches_the_hall(
    day: Day, visit: Visit, service: Service, axe: AxeCheck
) -> None:
    journey = Journey(day.hall, service, visit, axe)
    floor = open_floor(journey)
    guest = ask(journey, floor)
    moderate(journey, floor)
    project(journey, floor)
    vote(journey, floor, guest)


def test_tables_are_arranged_and_one_person_does_not_come(
    day: Day, visit: Visit, service: Service, axe: AxeCheck
) -> None:
    journey = Journey(day.tables, service, visit, axe)
    opt_in(journey)
    desk = solve_and_release(journey)
    miss_one(journey, desk)
    record_outcome(journey, desk)
    tell_only_those_concerned(journey)
