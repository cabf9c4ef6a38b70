"""How a group began, on its page: for everybody, with links for those who may follow them."""

from __future__ import annotations

import pytest

from matchmaker.core.db import db
from matchmaker.working_groups.groups.domain import GroupMove
from matchmaker.working_groups.groups.service import move_group
from tests.working_groups.reviews.steps import (
    decide_all,
    group_of,
    release,
)
from tests.working_groups.reviews.world import World

HEADING = "このWGの始まり"


@pytest.fixture
def path(world: World) -> str:
    """The page of the group that grew out of the bamboo."""
    with world.app.app_context():
        decide_all(world)
        release(world)
        group = group_of(world, "bamboo")
        assert group is not None
        move_group(group, GroupMove.START, "", world.actor("secretary"), world.now)
        db.session.commit()
        return f"/working-groups/{group.id}"


def test_everybody_reads_the_call_the_title_and_who_leads(world: World, path: str) -> None:
    page = world.app.test_client().get(path).get_data(as_text=True)
    for words in (HEADING, "実証の公募", "竹の炭", "青空町"):
        assert words in page
    assert f"/calls/{world.call_id}" in page
    assert f"/proposals/{world.proposals['bamboo']}" not in page


@pytest.mark.parametrize(
    ("who", "is_linked"),
    [("lead", True), ("partner", True), ("secretary", True), ("outsider", False)],
)
def test_the_proposal_is_linked_for_its_readers(
    world: World, path: str, who: str, is_linked: bool
) -> None:
    page = world.client(who).get(path).get_data(as_text=True)
    assert HEADING in page
    assert (f"/proposals/{world.proposals['bamboo']}" in page) is is_linked


def test_groups_of_another_origin_say_nothing(world: World) -> None:
    page = world.app.test_client().get(f"/working-groups/{world.parent_id}")
    assert HEADING not in page.get_data(as_text=True)
