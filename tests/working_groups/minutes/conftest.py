"""A group and a meeting of today."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.meetings.domain import MeetingMove
from matchmaker.working_groups.meetings.minutes import queries, service
from matchmaker.working_groups.meetings.models import AgendaItem, Meeting, Minutes
from matchmaker.working_groups.meetings.queries import get_meeting
from matchmaker.working_groups.meetings.service import move_meeting, plan_meeting
from tests.posts.file_world import FreshClient
from tests.working_groups.meetings.planning_world import World, details, forget_mail


@dataclass(frozen=True, slots=True)
class Day:
    """A meeting that is going on, with its group's people.

    Args:
        world: the application and its people.
        meeting_id: the meeting; its first item has the member as speaker.
    """

    world: World
    meeting_id: uuid.UUID

    @property
    def path(self) -> str:
        """The meeting's page."""
        return f"/meetings/{self.meeting_id}"

    @property
    def meeting(self) -> Meeting:
        """The meeting as it is stored."""
        db.session.expire_all()
        return get_meeting(self.meeting_id)

    @property
    def minutes(self) -> Minutes:
        """Its minutes as they are stored."""
        db.session.expire_all()
        found = queries.minutes_of(self.meeting_id)
        assert found is not None
        return found

    def begin(self, body: str) -> Minutes:
        """Begun minutes with a text; commits."""
        chair, now = self.world.actor("chair"), clock.now()
        minutes = service.begin_minutes(self.meeting, chair, now)
        service.save_minutes(minutes, body, minutes.revision, chair, now)
        db.session.commit()
        return minutes

    def browser(self, name: str) -> FlaskClient:
        """Somebody's browser."""
        return self.world.client(name)


def meeting_now(world: World, **changes: object) -> uuid.UUID:
    """A meeting that began half an hour ago; commits."""
    now, chair = clock.now(), world.actor("chair")
    times = {"starts_at": now - timedelta(minutes=30), "ends_at": now + timedelta(minutes=90)}
    long_ago = now - timedelta(days=30)
    values = {"answers_until": None, "visibility": Visibility.PUBLIC, **times, **changes}
    meeting = plan_meeting(world.group, details(**values), chair, long_ago)
    speaker = world.users["member"]
    db.session.add(
        AgendaItem(meeting_id=meeting.id, position=1, title="竹の量の報告", speaker_id=speaker)
    )
    db.session.add(AgendaItem(meeting_id=meeting.id, position=2, title="今後の進め方"))
    move_meeting(meeting, MeetingMove.ANNOUNCE, "", chair, long_ago)
    forget_mail()
    db.session.commit()
    return meeting.id


@pytest.fixture
def world(app: Flask) -> World:
    """A public group with people of every role."""
    app.test_client_class = FreshClient
    return World(app)


@pytest.fixture
def day(world: World) -> Iterator[Day]:
    """A meeting of today, in an application context."""
    with world.app.app_context():
        yield Day(world, meeting_now(world))
