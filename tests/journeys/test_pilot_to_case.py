"""From an adopted consortium to a pilot, its outcome and its case; and the whole way back."""

from __future__ import annotations

import pytest

from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service
from tests.journeys.beginnings import Beginning, begun_with
from tests.journeys.consortium_growth import GROUP, NAME, PROPOSAL, Grown, grown
from tests.journeys.consortium_world import NEED_TITLE, PAIR_TITLE, Way
from tests.journeys.pilot_steps import (
    Ancestors,
    finish,
    plan,
    read_case,
    report,
    set_goals,
    show_lineage,
    start,
)

pytestmark = pytest.mark.browser
beginning, service = begun_with(grown)


def test_from_a_plan_to_a_case_and_the_whole_way_from_the_need(
    beginning: Beginning[Grown], visit: Visit, service: Service, axe: AxeCheck
) -> None:
    made = beginning.made
    way = Way(made.pair, service, visit, axe, f"/consortia/{made.consortium_id}")
    trial = plan(way)
    set_goals(trial)
    start(trial)
    report(trial)
    finish(trial)
    read_case(trial)
    show_lineage(trial, Ancestors(NEED_TITLE, PAIR_TITLE, NAME, PROPOSAL, GROUP))
