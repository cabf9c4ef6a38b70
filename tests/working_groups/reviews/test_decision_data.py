"""What has to be said for each outcome, and the moments of planned meetings."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from matchmaker.core.clock import JST, today
from matchmaker.working_groups.reviews.decision_data import (
    meeting_times,
    problems_of,
)
from matchmaker.working_groups.reviews.domain import (
    Outcome,
)
from tests.working_groups.reviews.steps import (
    adoption,
)
from tests.working_groups.reviews.world import World

DAY = date(2026, 12, 1)
Change = dict[str, object]
WRONG: tuple[tuple[Change, str], ...] = (
    ({"reasons": ""}, "reasons"),
    ({"reasons": "あ" * 2001}, "reasons"),
    ({"outcome": Outcome.ADOPTED_WITH_CONDITIONS}, "conditions"),
    ({"outcome": Outcome.RETURNED, "mend_what": "x"}, "mend_until"),
    ({"outcome": Outcome.RETURNED}, "mend_what"),
    ({"group_name": ""}, "group_name"),
    ({"group_name": "あ" * 101}, "group_name"),
    ({"planned_meetings": 25}, "planned_meetings"),
    ({"planned_meetings": -1}, "planned_meetings"),
    ({"group_starts_on": None}, "group_starts_on"),
    ({"group_ends_on": None}, "group_ends_on"),
    ({"group_ends_on": DAY}, "group_ends_on"),
    ({"group_ends_on": DAY + timedelta(days=5)}, "group_ends_on"),
)


@pytest.mark.parametrize(("change", "field"), WRONG)
def test_what_each_outcome_needs(change: Change, field: str, world: World) -> None:
    now = world.now.replace(year=DAY.year, month=DAY.month, day=DAY.day, hour=3)
    assert problems_of(adoption("名前", DAY), now) == {}
    assert field in problems_of(adoption("名前", DAY, **change), now)


def test_meetings_are_spread_over_weekdays_of_the_period(world: World) -> None:
    data = adoption("名前", today(world.now), planned_meetings=12)
    times = meeting_times(data, world.now)
    days = [begin.astimezone(JST).date() for begin, _ in times]
    assert days == sorted(days)
    assert all(day.weekday() < 5 for day in days)
    assert data.group_starts_on is not None
    assert data.group_starts_on <= days[0] <= days[-1]
    assert {begin.astimezone(JST).hour for begin, _ in times} == {14}
