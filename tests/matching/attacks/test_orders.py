"""Steps in an order that nobody meant: two tabs, and what happened in between."""

from __future__ import annotations

from matchmaker.core import clock
from matchmaker.core.db import db, new_id
from matchmaker.matching.domain import RunState
from matchmaker.matching.encoders import queries
from matchmaker.matching.models import EmbeddingRun
from tests.architecture.access_rules import OPERATOR
from tests.architecture.world import World


def test_a_second_change_of_the_encoder_waits_for_the_first(attacked: World) -> None:
    stopped, now = attacked.ids["encoder_run_id"], clock.now()
    with attacked.app.app_context():
        queries.get_run(stopped).message = "中止した理由"
        db.session.add(
            EmbeddingRun(
                id=new_id(), model="example/third", model_id="example/third",
                state=RunState.RUNNING, total=2, done=1, figures={}, started_at=now,
                updated_at=now,
            )
        )  # fmt: skip
        db.session.commit()
    with attacked.client(OPERATOR) as client:
        answer = client.post(f"/encoder-changes/{stopped}/resume", follow_redirects=True)
    assert "ほかの切り替えを準備しています" in answer.text
    with attacked.app.app_context():
        run = queries.get_run(stopped)
        assert (run.state, run.message) == (RunState.STOPPED, "中止した理由")
    attacked.restore()
