"""What came of meetings stands in the ledger of the ranking, for the side that said it."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from matchmaker.core.actor import SYSTEM
from matchmaker.matching.ledger.domain import Side
from matchmaker.matching.ledger.queries import entries
from matchmaker.regional_events.tables import outcomes, queries, service
from matchmaker.regional_events.tables.domain import OutcomeVerdict
from tests.regional_events.tables.room_world import RoomWorld


def test_both_sides_of_a_meeting_speak_for_themselves(app: Flask) -> None:
    world = RoomWorld(app, 1, 1)
    with app.app_context():
        version = world.made()
        service.release(world.plan, version, SYSTEM, world.now)
        slot, after = queries.seats_of(version.id)[0].slot, world.now + timedelta(days=1, hours=3)
        for own, partner, verdict in (
            ("町1", "会社1", OutcomeVerdict.FOLLOW_UP),
            ("会社1", "町1", OutcomeVerdict.NOTHING),
        ):
            said = outcomes.OutcomeData(slot, world.guest(partner).id, verdict, "内緒の話")
            outcomes.record_outcome(world.plan, world.guest(own), said, SYSTEM, after)
        found = {entry.side: entry for entry in entries()}
    assert {side: entry.grade for side, entry in found.items()} == {Side.TOWN: 2, Side.BUSINESS: 1}
    town = found[Side.TOWN]
    assert (town.source, town.verdict) == ("meeting", "follow_up")
    assert (town.need_id, town.offering_id) == (world.posts["町1"], world.posts["会社1"])
    assert found[Side.BUSINESS].weight < town.weight < 1
    assert "内緒の話" not in repr(found)
