"""The whole way in one service: need, introduction, consortium, call, sub-WG, pilot, indicators."""

from __future__ import annotations

import uuid

import pytest

from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service
from tests.journeys import consortium_steps as consortium
from tests.journeys import pilot_steps as pilot
from tests.journeys import whole_way_steps as whole_way
from tests.journeys.call_steps import Round, open_call
from tests.journeys.consortium_world import Pair, Way
from tests.journeys.introduction_steps import (
    KITCHEN,
    TRIAL,
    accept,
    ask_back_and_reply,
    express_from_a_recommendation,
)
from tests.journeys.partnering_world import Partners

pytestmark = pytest.mark.browser


def test_from_a_posted_need_to_the_indicators_of_a_pilot(
    visit: Visit, service: Service, axe: AxeCheck
) -> None:
    officer, startup = visit("officer"), visit("startup")
    need_id = whole_way.post_need(officer, visit("coordinator"), KITCHEN)
    partners = Partners(service, visit, axe)
    express_from_a_recommendation(partners, startup)
    ask_back_and_reply(partners, officer, startup)
    match_id = accept(partners, officer).rpartition("/")[2]
    way = Way(Pair(need_id, uuid.UUID(match_id)), service, visit, axe)
    lead = consortium.found(way)
    consortium.invite(way, lead)
    firm, hauler = consortium.accept(way)
    consortium.write(way, lead)
    consortium.agree(way, lead, firm, hauler)
    round_ = Round(service, visit, axe)
    desk = open_call(round_, whole_way.CALL)
    whole_way.answer_the_call(way, round_, lead, (firm, hauler))
    group = whole_way.adopt(round_, desk, visit("coordinator2"))
    whole_way.know_the_group(lead, group)
    trial = pilot.plan(way)
    pilot.set_goals(trial)
    pilot.start(trial)
    pilot.report(trial)
    pilot.finish(trial)
    pilot.show_lineage(
        trial,
        pilot.Ancestors(
            KITCHEN, f"{KITCHEN} × {TRIAL}", consortium.NAME, whole_way.PROPOSAL, whole_way.GROUP
        ),
    )
