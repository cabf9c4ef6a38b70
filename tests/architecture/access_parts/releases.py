"""Who may see and steer the versions of the ranking; the page of reliability is for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from embeddings.partnership import PartnershipModel
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.matching.releases import queries
from matchmaker.matching.releases.service import store_version
from tests.architecture.access_rules import SECRETARIAT, Row, Things, everyone, get, only, post

STEPS = ("promotions", "shadows", "refusals")


def _rows() -> Iterator[Row]:
    version: dict[str, Any] = {"number": 1}
    yield get("reliability.index_of_reliability", everyone())
    yield get("ranking_versions.index", only(SECRETARIAT))
    yield get("ranking_versions.progress", only(SECRETARIAT))
    yield post("ranking_versions.train", only(SECRETARIAT, status=302))
    yield get("ranking_versions.show", only(SECRETARIAT), **version)
    for step in STEPS:
        yield get("ranking_versions.step", only(SECRETARIAT), **version, step=step)
        yield post(
            "ranking_versions.take_step", only(SECRETARIAT, status=422), **version, step=step
        )
    yield get("ranking_versions.show", only(SECRETARIAT), number=0)
    yield get("ranking_versions.step", only(SECRETARIAT), number=0, step="rollbacks")
    yield get("ranking_versions.step", only(SECRETARIAT, status=404), number=0, step="shadows")
    yield post("ranking_versions.check", only(SECRETARIAT, status=302), **version)
    yield post("ranking_versions.compare", only(SECRETARIAT, status=302), **version)


ROWS = tuple(_rows())


def add_things(world: Things) -> None:
    """A version that waits to be used."""
    parameters = PartnershipModel.shipped().to_json()
    version = store_version(
        parameters, dict(queries.shipped_figures()), {"train": 3}, SYSTEM, clock.now()
    )
    db.session.flush()
    world.ids["ranking_version_id"] = version.id
