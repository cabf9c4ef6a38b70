"""From a match to a consortium whose approval document goes round in the town hall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service, running
from tests.journeys.consortium_steps import (
    accept,
    agree,
    found,
    invite,
    look_on_a_phone,
    show_lineage,
    take_document,
    write,
)
from tests.journeys.consortium_world import Pair, Way, matched
from tests.journeys.event_world import put_in

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Beginning:
    """The match, and the instance folder it was put into."""

    folder: Path
    pair: Pair


@pytest.fixture(scope="module", name="beginning")
def match_in_place(
    chromium: Browser, seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Beginning:
    assert chromium
    folder = tmp_path_factory.mktemp("prepared")
    return Beginning(folder, put_in(seeded_folder, folder, matched))


@pytest.fixture(scope="module")
def service(beginning: Beginning, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(beginning.folder, tmp_path_factory.mktemp("instance")) as service:
        yield service


def test_from_a_match_to_the_approval_document(
    beginning: Beginning, visit: Visit, service: Service, axe: AxeCheck, tmp_path: Path
) -> None:
    way = Way(beginning.pair, service, visit, axe)
    lead = found(way)
    invite(way, lead)
    firm, hauler = accept(way)
    write(way, lead)
    agree(way, lead, firm, hauler)
    look_on_a_phone(way)
    take_document(way, lead, tmp_path)
    show_lineage(way, lead)
