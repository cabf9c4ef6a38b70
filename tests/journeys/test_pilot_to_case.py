"""From an adopted consortium to a pilot, its outcome and its case; and the whole way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service, running
from tests.journeys.consortium_growth import Grown, grown
from tests.journeys.consortium_world import Way
from tests.journeys.event_world import put_in
from tests.journeys.pilot_steps import (
    finish,
    plan,
    read_case,
    report,
    set_goals,
    show_lineage,
    start,
)

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Beginning:
    """The adopted consortium, and the instance folder it was put into."""

    folder: Path
    grown: Grown


@pytest.fixture(scope="module", name="beginning")
def consortium_in_place(
    chromium: Browser, seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Beginning:
    assert chromium
    folder = tmp_path_factory.mktemp("prepared")
    return Beginning(folder, put_in(seeded_folder, folder, grown))


@pytest.fixture(scope="module")
def service(beginning: Beginning, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(beginning.folder, tmp_path_factory.mktemp("instance")) as service:
        yield service


def test_from_a_plan_to_a_case_and_the_whole_way_from_the_need(
    beginning: Beginning, visit: Visit, service: Service, axe: AxeCheck
) -> None:
    made = beginning.grown
    way = Way(made.pair, service, visit, axe, f"/consortia/{made.consortium_id}")
    trial = plan(way)
    set_goals(trial)
    start(trial)
    report(trial)
    finish(trial)
    read_case(trial)
    show_lineage(trial)
