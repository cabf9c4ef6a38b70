"""One world for all attacks; what an attack changed is undone before the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.found_forms import FoundForm
from tests.partnering.attacks.attacked_world import PartneringWorld, all_forms


@pytest.fixture(scope="package")
def attacked(
    tmp_path_factory: pytest.TempPathFactory, migrated_database: Path
) -> Iterator[PartneringWorld]:
    """People of every role and things of every kind."""
    built = PartneringWorld(tmp_path_factory.mktemp("attacked-partnering"), migrated_database)
    yield built
    built.close()


@pytest.fixture(scope="package")
def forms(attacked: PartneringWorld) -> list[FoundForm]:
    """Every form of these parts that is shown to anybody."""
    return all_forms(attacked)
