"""What was there before a journey: records put into a seeded instance before its service starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

import pytest
from playwright.sync_api import Browser

from tests.browser.service import Service, running
from tests.journeys.event_world import put_in

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Beginning(Generic[Made]):
    """What a journey begins from.

    Args:
        folder: the instance folder into which it was put.
        made: what was put in.
    """

    folder: Path
    made: Made


def begun_with(make: Callable[[datetime], Made]) -> tuple[Any, Any]:
    """The fixtures ``beginning`` and ``service`` of a test file, to be bound to these names.

    Args:
        make: puts in what the journey begins from, at the present moment.
    """

    @pytest.fixture(scope="module", name="beginning")
    def put_in_place(
        chromium: Browser, seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory
    ) -> Beginning[Made]:
        assert chromium
        folder = tmp_path_factory.mktemp("prepared")
        return Beginning(folder, put_in(seeded_folder, folder, make))

    @pytest.fixture(scope="module", name="service")
    def served(
        beginning: Beginning[Made], tmp_path_factory: pytest.TempPathFactory
    ) -> Iterator[Service]:
        with running(beginning.folder, tmp_path_factory.mktemp("instance")) as service:
            yield service

    return put_in_place, served
