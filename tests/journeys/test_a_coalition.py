"""Three towns with too little each reach the minimum lot of a recycler together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service, running
from tests.journeys.coalition_steps import (
    TOWNS,
    answer_as_the_business,
    answer_as_the_other_towns,
    ask_all_in_one_press,
    find_from_the_offering,
    go_on_to_a_consortium,
    keep_from_others,
    read_that_it_is_reached,
)
from tests.journeys.event_world import put_in
from tests.journeys.partnering_world import Partners, published_need, town_with_officer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", name="folder")
def towns_around_a_plant(
    chromium: Browser, seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    assert chromium
    folder = tmp_path_factory.mktemp("prepared")
    put_in(seeded_folder, folder, _towns)
    return folder


@pytest.fixture(scope="module")
def service(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(folder, tmp_path_factory.mktemp("instance")) as service:
        yield service


def _towns(now: datetime) -> None:
    for town in TOWNS:
        made = town_with_officer(town.key, town.name, town.officer, town.place, now)
        published_need(
            made.id, "diaper", town.tonnes, now,
            title=town.need,
            problem="保育所と介護施設から出る使用済みの紙おむつを、燃やさずに再生したいです。",
            prefecture=town.place[0],
        )  # fmt: skip


def test_three_towns_reach_the_minimum_lot(visit: Visit, service: Service, axe: AxeCheck) -> None:
    partners = Partners(service, visit, axe)
    find_from_the_offering(partners)
    founder = visit(TOWNS[0].key)
    page = ask_all_in_one_press(partners, founder)
    answer_as_the_other_towns(partners, page)
    keep_from_others(partners, page)
    answer_as_the_business(partners, page)
    read_that_it_is_reached(partners, founder, page)
    go_on_to_a_consortium(partners, founder)
