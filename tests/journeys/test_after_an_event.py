"""What follows an event: those who came are asked and thanked, everybody reads the report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service, running
from tests.journeys.event_after import (
    answer_signed_in_and_by_link,
    ask_those_who_came,
    publish_report,
    thank_once,
    write_report,
)
from tests.journeys.event_world import Journey, Occasion, came, held, put_in, registered

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", name="prepared")
def past_event(
    chromium: Browser, seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Occasion]:
    assert chromium
    folder = tmp_path_factory.mktemp("prepared")
    return folder, put_in(seeded_folder, folder, _held_today)


@pytest.fixture(scope="module")
def service(
    prepared: tuple[Path, Occasion], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    with running(prepared[0], tmp_path_factory.mktemp("instance")) as service:
        yield service


def _held_today(now: datetime) -> Occasion:
    """An event that ended an hour ago: a member and a guest came, one did not."""
    event, room = held("笹野原 竹の相談会", now - timedelta(hours=4), hours=3)
    people = [
        registered(event, room, "小布施 航", account="startup"),
        registered(event, room, "林 美智"),
        registered(event, room, "高木 四郎"),
    ]
    for person in people[:2]:
        came(event, person)
    return Occasion(event.id, event.name, people)


def test_an_event_is_followed_up(
    prepared: tuple[Path, Occasion], visit: Visit, service: Service, axe: AxeCheck
) -> None:
    journey = Journey(prepared[1], service, visit, axe)
    desk = visit("coordinator")
    ask_those_who_came(journey, desk)
    answer_signed_in_and_by_link(journey, desk)
    write_report(journey, desk)
    publish_report(journey, desk)
    thank_once(journey, desk)
