"""One world for all attacks; what an attack changed is undone before the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.world import World
from tests.attacks.found_forms import FoundForm, collect

PARTS = ("regional_event", "event_", "floor_", "own_event", "walk_ins", "reception_", "online_",
         "speaker_")  # fmt: skip


def is_of_events(endpoint: str) -> bool:
    """Whether a view belongs to the parts of events."""
    return endpoint.startswith(PARTS)


@pytest.fixture(scope="package")
def attacked(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Iterator[World]:
    """People of every role and things of every kind."""
    built = World(tmp_path_factory.mktemp("attacked-events"), migrated_database)
    yield built
    built.close()


@pytest.fixture(scope="package")
def forms(attacked: World) -> list[FoundForm]:
    """Every form of events that is shown to anybody."""
    return [form for form in collect(attacked) if is_of_events(form.endpoint)]
