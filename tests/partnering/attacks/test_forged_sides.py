"""Nobody speaks for the other side by changing a field of a form."""

from __future__ import annotations

import pytest

from matchmaker.core.db import db
from matchmaker.partnering.introductions import queries
from matchmaker.partnering.introductions.domain import Side
from tests.partnering.introductions.world import NOTE, World
from tests.partnering.matches.conftest import world

__all__ = ["world"]


@pytest.mark.parametrize(
    ("sender", "forged", "real"),
    [("maker", Side.TOWN, Side.BUSINESS), ("officer", Side.BUSINESS, Side.TOWN)],
)
def test_who_sends_for_the_other_side_sends_for_the_own_one(
    world: World, sender: str, forged: Side, real: Side
) -> None:
    """Else one could ask in the other's name, accept for oneself, and read the contacts."""
    fields = {
        "need_id": str(world.posts["青空町"]),
        "offering_id": str(world.posts["緑山工業"]),
        "note": NOTE,
        "from_side": forged.value,
    }
    answer = world.browser(sender).post("/introductions", data=fields)
    assert answer.status_code == 302
    db.session.expire_all()
    pair = queries.standing_of_pair(world.posts["青空町"], world.posts["緑山工業"])
    assert pair is not None
    assert pair.from_side is real
    accepting = {"move": "accept", "accept-revision": "1"}
    address = f"/introductions/{pair.id}/moves"
    assert world.browser(sender).post(address, data=accepting).status_code == 403
