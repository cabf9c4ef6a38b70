"""A live version that this program cannot read: the shipped ranking serves, and it is told."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from embeddings.partnership import PartnershipModel
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.matching.domain import VersionState
from matchmaker.matching.engine import current_engine
from matchmaker.matching.live import serving_model
from matchmaker.matching.models import RankingVersion
from matchmaker.matching.releases import queries, service
from matchmaker.matching.releases.domain import SHIPPED_NUMBER
from tests.matching.releases.conftest import add_version
from tests.matching.test_engine import promote
from tests.posts.file_world import World

SHIPPED = PartnershipModel.shipped().to_json()
UNREADABLE: dict[str, Any] = {
    "of a later format": {**SHIPPED, "format": 999},
    "with a feature of a later program": {**SHIPPED, "weights": {"moon": 1.0}},
    "without weights": {"format": SHIPPED["format"]},
    "bands of words": {**SHIPPED, "bands": [["a", "b", "c", "d"]]},
    "not a number": {**SHIPPED, "base": float("nan")},
    "endless": {**SHIPPED, "bands": [[0, 1, float("inf"), 1]]},
    "a list": [],
}


def spoil(version: RankingVersion, parameters: Any) -> None:
    """As if another program had written the parameters; commits."""
    version.parameters = parameters
    db.session.commit()


@pytest.mark.parametrize("kind", UNREADABLE)
def test_the_shipped_ranking_serves_and_the_readiness_page_says_so(world: World, kind: str) -> None:
    with world.app.app_context():
        promote(1, PartnershipModel.shipped())
        spoil(queries.version_with(1), UNREADABLE[kind])
        assert current_engine().rules().model == PartnershipModel.shipped()
        assert serving_model().number == SHIPPED_NUMBER
        assert queries.bands_of_live() == PartnershipModel.shipped().bands
    client = world.app.test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 200, "ranking as shipped is fit for service"
    assert "version 1 cannot be read" in answer.get_json()["checks"]["ranking"]
    assert client.get("/reliability").status_code == 200
    secretariat = world.client("secretariat")
    assert secretariat.get("/ranking-versions").status_code == 200
    assert secretariat.get("/ranking-versions/1").status_code == 200


def test_readiness_is_well_again_after_the_step_back(world: World) -> None:
    with world.app.app_context():
        promote(1, PartnershipModel.shipped())
        version = queries.version_with(1)
        spoil(version, UNREADABLE["of a later format"])
        current_engine().rules()
        db.session.rollback()
        service.roll_back(SHIPPED_NUMBER, 1, "読めないため", SYSTEM, clock.now())
        db.session.commit()
    checks = world.app.test_client().get("/readyz").get_json()["checks"]
    assert checks["ranking"] == "ok"


def test_such_a_version_is_not_promoted(world: World) -> None:
    with world.app.app_context():
        version = add_version()
        spoil(version, UNREADABLE["of a later format"])
        with pytest.raises(ProductError, match="読めない形です"):
            service.promote(version, SHIPPED_NUMBER, "使いたい", SYSTEM, clock.now())
        db.session.rollback()
        states = db.session.scalars(select(RankingVersion.state)).all()
        assert states == [VersionState.CANDIDATE]


def test_all_is_well_without_any_version(client: FlaskClient) -> None:
    assert client.get("/readyz").get_json()["checks"]["ranking"] == "ok"
