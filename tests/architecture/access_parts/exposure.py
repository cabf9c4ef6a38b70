"""Who may open the report of exposure and set its policy: the secretariat."""

from __future__ import annotations

from matchmaker.core import clock
from matchmaker.core.db import db, new_id
from matchmaker.matching.exposure.models import ExposureRun
from tests.architecture.access_rules import SECRETARIAT, Row, Things, get, only, post

ROWS: tuple[Row, ...] = (
    get("exposure.index", only(SECRETARIAT)),
    get("exposure.export", only(SECRETARIAT)),
    post("exposure.change_policy", only(SECRETARIAT, status=422), {"bound_factor": "0"}),
)


def add_things(world: Things) -> None:
    """Add a run, so that there is a file to export."""
    run = ExposureRun(
        id=new_id(), at=clock.now(), policy_number=0, needs=0, organizations=0,
        unconstrained=0.0, expected=0.0,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    world.ids["exposure_run_id"] = run.id
