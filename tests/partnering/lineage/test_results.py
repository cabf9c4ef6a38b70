"""The indicators of pilots at the end of a lineage, as different readers see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from matchmaker.core.actor import VISITOR, Actor
from matchmaker.core.clock import end_of_day
from matchmaker.core.db import db
from matchmaker.partnering.lineage.domain import RecordKey, RecordKind
from matchmaker.partnering.lineage.family import family_of
from matchmaker.partnering.lineage.results import results_of
from tests.partnering.pilots.site import PilotSite, pilot_site


@pytest.fixture(name="site")
def running_pilot(app: Flask) -> Iterator[PilotSite]:
    """A pilot whose first report says what was collected."""
    with pilot_site(app) as site:
        report = site.begun()[0]
        moment: datetime = end_of_day(report.period_to) + timedelta(hours=1)
        site.hand_in(report, {"collected": "12.5"}, now=moment)
        yield site


def shown(site: PilotSite, actor: Actor) -> dict[str, str]:
    """What somebody reads: the value so far by the name of the indicator."""
    family = family_of(actor, RecordKey(RecordKind.PILOT, site.pilot_id))
    assert family is not None
    return {row["indicator"]: row["total"] for row in results_of(actor, family)}


def test_partners_read_all_indicators_those_without_a_value_too(site: PilotSite) -> None:
    found = shown(site, site.editor)
    assert found.pop("集めた量") == "12.5t"
    assert found
    assert set(found.values()) == {""}


def test_everybody_else_reads_what_is_public(site: PilotSite) -> None:
    site.pilot.is_public = True
    db.session.commit()
    assert shown(site, VISITOR) == {"集めた量": "12.5t"}
    family = family_of(VISITOR, RecordKey(RecordKind.PILOT, site.pilot_id))
    assert family is not None
    (row,) = results_of(VISITOR, family)
    assert row["pilot"] == site.pilot.title


def test_whoever_takes_no_part_is_led_to_the_public_page(site: PilotSite) -> None:
    site.pilot.is_public = True
    db.session.commit()
    address = f"/lineage/pilot/{site.pilot_id}"
    visitor = site.world.app.test_client().get(address).text
    assert f'href="/public-pilots/{site.pilot_id}"' in visitor
    assert f'href="/pilots/{site.pilot_id}"' not in visitor
    partner = site.world.client("editor").get(address).text
    assert f'href="/pilots/{site.pilot_id}"' in partner
    assert f'href="/public-pilots/{site.pilot_id}"' not in partner
