"""A meeting of a sub-WG, from planning to published minutes and the answers of those who came."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.core import clock
from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service
from tests.journeys.meeting_after import (
    ask_those_who_came,
    close,
    contradict,
    let_speakers_check,
    look_from_outside,
    publish,
    take_findings,
    write_minutes_together,
)
from tests.journeys.meeting_before import (
    add_materials,
    announce,
    answer,
    check_in,
    move_a_week,
    move_to_now,
    plan,
    tick_checklist,
    write_agenda,
)
from tests.journeys.meeting_steps import Meeting

pytestmark = pytest.mark.browser


def test_a_meeting_from_planning_to_published_minutes(
    visit: Visit, service: Service, axe: AxeCheck
) -> None:
    day = clock.start_of_day(clock.today(clock.now()))
    begins = day + timedelta(days=30, hours=14)
    meeting = Meeting(service, visit, axe, visit("officer"), visit("startup"), begins)
    plan(meeting)
    write_agenda(meeting)
    add_materials(meeting)
    tick_checklist(meeting)
    announce(meeting)
    answer(meeting)
    move_a_week(meeting)
    move_to_now(meeting)
    check_in(meeting)
    write_minutes_together(meeting)
    contradict(meeting)
    take_findings(meeting)
    close(meeting)
    let_speakers_check(meeting)
    publish(meeting)
    ask_those_who_came(meeting)
    look_from_outside(meeting)
