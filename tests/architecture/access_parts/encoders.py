"""Who may see and steer changes of the encoder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matchmaker.core import clock
from matchmaker.core.db import db, new_id
from matchmaker.matching.domain import RunState
from matchmaker.matching.models import EmbeddingRun
from tests.architecture.access_rules import OPERATOR, SECRETARIAT, Row, Things, get, only, post


def _rows() -> Iterator[Row]:
    run: dict[str, Any] = {"run_id": "encoder_run_id"}
    yield get("encoder_changes.index", only(OPERATOR, SECRETARIAT))
    yield get("encoder_changes.show", only(OPERATOR, SECRETARIAT), **run)
    yield post("encoder_changes.stop", only(OPERATOR, status=422), **run)
    yield post("encoder_changes.go_back", only(OPERATOR, status=422), **run)
    yield post("encoder_changes.resume", only(OPERATOR, status=302), **run)


ROWS = tuple(_rows())


def add_things(world: Things) -> None:
    """A change that was stopped."""
    now = clock.now()
    run = EmbeddingRun(
        id=new_id(), model="example/other", model_id="example/other", state=RunState.STOPPED,
        total=2, done=1, figures={}, started_at=now, updated_at=now, finished_at=now,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    world.ids["encoder_run_id"] = run.id
