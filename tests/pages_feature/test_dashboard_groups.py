"""「わたしのWG」 on a person's own page."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.working_groups.groups.activity.tasks import add_task
from matchmaker.working_groups.groups.applications import apply_to_join, invite
from matchmaker.working_groups.groups.domain import ApplicationKind, GroupRole
from matchmaker.working_groups.meetings.domain import MeetingData, MeetingMove
from matchmaker.working_groups.meetings.service import move_meeting, plan_meeting
from tests.working_groups.groups.town import Town


@pytest.fixture
def site(app: Flask) -> Town:
    """A group with its lead, an application, an invitation, a task and a meeting."""
    app.config["WTF_CSRF_ENABLED"] = False
    town, now = Town(app), clock.now()
    with town.at_work():
        town.build()
        group = town.group(accepts_applications=True)
        town.join(group, "hana", GroupRole.LEAD)
        organization_id = town.organization_id("sora")
        assert organization_id is not None
        kind = ApplicationKind.APPLICATION
        apply_to_join(group, town.users["sora"], organization_id, kind, "", SYSTEM, now)
        invite(group, town.users["mio"], None, GroupRole.EXPERT, "", SYSTEM, now)
        owner, due_on = town.users["hana"], today(now)
        add_task(group, "竹の量を調べる", SYSTEM, now, owner=owner, due_on=due_on)
        later = now + timedelta(days=3)
        data = MeetingData(
            title="第1回の会合", starts_at=later, ends_at=later + timedelta(hours=2), place="町役場"
        )
        move_meeting(plan_meeting(group, data, SYSTEM, now), MeetingMove.ANNOUNCE, "", SYSTEM, now)
    return town


def page_of(site: Town, key: str) -> str:
    return unescape(site.browser(key).get("/dashboard").text)


def test_a_lead_sees_groups_and_what_waits_in_them(site: Town) -> None:
    page = page_of(site, "hana")
    for words in (
        "わたしのWG",
        "検討WG",
        "第1回の会合",
        "1件が返事を待っています",
        "竹の量を調べる",
    ):
        assert words in page


def test_an_invited_person_is_asked_for_an_answer(site: Town) -> None:
    page = page_of(site, "mio")
    assert "WGへの招待に返事をする：検討WG" in page
    assert "わたしのWG" not in page


def test_others_see_nothing_of_groups(site: Town) -> None:
    assert "検討WG" not in page_of(site, "ryo")
