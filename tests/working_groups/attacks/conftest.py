"""One world for all attacks; what an attack changed is undone before the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.world import World
from tests.attacks.found_forms import FoundForm, collect


@pytest.fixture(scope="package")
def attacked(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Iterator[World]:
    """People of every role and things of every kind."""
    built = World(tmp_path_factory.mktemp("attacked"), migrated_database)
    yield built
    built.close()


@pytest.fixture(scope="package")
def forms(attacked: World) -> list[FoundForm]:
    """Every form that is shown to anybody."""
    return collect(attacked)
