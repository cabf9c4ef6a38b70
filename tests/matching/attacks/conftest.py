"""One world for all attacks on forms; what an attack changed is undone before the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from matchmaker.core import clock
from matchmaker.core.db import db, new_id
from matchmaker.matching.ledger.models import JudgingCandidate
from tests.architecture.access_parts import encoders, exposure, ledger, releases, terms
from tests.architecture.access_rules import Row
from tests.architecture.world import World
from tests.attacks.found_forms import FoundForm, collect
from tests.matching.conftest import index_all

ROWS: tuple[Row, ...] = (
    *encoders.ROWS, *exposure.ROWS, *ledger.ROWS, *releases.ROWS, *terms.ROWS,
)  # fmt: skip


class MatchingWorld(World):
    """The world of the access table, with its posts in the index and a pair that waits."""

    def _things(self) -> None:
        super()._things()
        db.session.commit()
        index_all()
        db.session.add(
            JudgingCandidate(
                id=new_id(), need_id=self.ids["published_need_id"],
                offering_id=self.ids["published_offering_id"], position=1, probability=0.5,
                value=1.0, causes=[], need_hash="", offering_hash="", found_at=clock.now(),
            )
        )  # fmt: skip


@pytest.fixture(scope="package")
def attacked(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Iterator[World]:
    """People of every role and things of every kind."""
    built = MatchingWorld(tmp_path_factory.mktemp("attacked"), migrated_database)
    yield built
    built.close()


@pytest.fixture(scope="package")
def forms(attacked: World) -> list[FoundForm]:
    """Every form that the pages of matching show to anybody."""
    return collect(attacked, ROWS)
