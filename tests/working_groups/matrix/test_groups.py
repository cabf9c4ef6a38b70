"""Groups, their files and their meetings: person × visibility × state, over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask, url_for

from matchmaker.core.db import db
from matchmaker.working_groups.groups.domain import GroupState, Visibility
from matchmaker.working_groups.meetings.domain import MeetingState, MinutesState
from tests.working_groups.matrix import people as who
from tests.working_groups.matrix import things
from tests.working_groups.matrix.conftest import NOTHING, Look, Seen
from tests.working_groups.matrix.people import EVERYBODY, PARTNERSHIP, People

V = Visibility
SECRETARIES = (who.SECRETARIAT, who.SECOND_SECRETARY)
GROUP = (who.CHAIR, who.MEMBER, who.OBSERVER, *SECRETARIES)
RUNNING = (who.CHAIR, *SECRETARIES)
WORKING = (who.CHAIR, who.MEMBER, *SECRETARIES)
READERS = {V.PUBLIC: EVERYBODY, V.MEMBERS: PARTNERSHIP, V.GROUP: GROUP}


def seen_by(*keys: str, sees: frozenset[str] = frozenset({"page"})) -> Seen:
    """The same for some, nothing for all others."""
    return {key: sees if key in keys else NOTHING for key in EVERYBODY}


def address(app: Flask, endpoint: str, **values: object) -> str:
    """Path of a page."""
    with app.test_request_context():
        return url_for(endpoint, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", list(GroupState))
@pytest.mark.parametrize("visibility", list(V))
def test_groups(
    matrix_app: Flask, people: People, look: Look, visibility: Visibility, state: GroupState
) -> None:
    with matrix_app.app_context():
        group_id = things.group(people, visibility, state).id
        db.session.commit()
    readers = READERS[visibility]
    if state is GroupState.FORMING and visibility is V.PUBLIC:
        readers = PARTNERSHIP
    path = address(matrix_app, "working_groups.show", group_id=group_id)
    assert look(path, page=things.PURPOSE_MARK) == seen_by(*readers)


@pytest.mark.parametrize("state", list(MeetingState))
@pytest.mark.parametrize("visibility", list(V))
@pytest.mark.parametrize("of_group", [V.PUBLIC, V.GROUP])
def test_meetings(
    matrix_app: Flask,
    people: People,
    look: Look,
    of_group: Visibility,
    visibility: Visibility,
    state: MeetingState,
) -> None:
    """Only those who run the group know of a meeting that nobody was told of.

    The way in online is for the group, from the notice until the meeting is over; those who run
    the group always see it.
    """
    with matrix_app.app_context():
        group = things.group(people, of_group)
        meeting_id = things.meeting(group, visibility, state).id
        db.session.commit()
    is_told = state in (MeetingState.ANNOUNCED, MeetingState.HELD)
    readers = [key for key in READERS[visibility] if key in READERS[of_group]]
    path = address(matrix_app, "meetings.show", meeting_id=meeting_id)
    seen = look(path, page="会合", link=things.LINK_MARK)
    expected = seen_by(*(readers if is_told else RUNNING))
    with_link = GROUP if state is MeetingState.ANNOUNCED else RUNNING
    for key in with_link:
        expected[key] = frozenset({"page", "link"})
    assert seen == expected


@pytest.mark.parametrize("state", list(MinutesState))
@pytest.mark.parametrize("visibility", list(V))
def test_minutes(
    matrix_app: Flask, people: People, look: Look, visibility: Visibility, state: MinutesState
) -> None:
    """Unpublished minutes are for those who work in the group; observers wait like all others."""
    with matrix_app.app_context():
        group = things.group(people, V.PUBLIC)
        meeting = things.meeting(group, V.PUBLIC, MeetingState.HELD)
        things.minutes(meeting, visibility, state)
        meeting_id = meeting.id
        db.session.commit()
    readers = READERS[visibility] if state is MinutesState.PUBLISHED else WORKING
    path = address(matrix_app, "minutes.show", meeting_id=meeting_id)
    seen = look(path, page=things.MINUTES_MARK)
    assert seen == seen_by(*readers)


@pytest.mark.parametrize("removed", [False, True], ids=["kept", "removed"])
@pytest.mark.parametrize(
    "published",
    [None, -timedelta(hours=1), timedelta(hours=1)],
    ids=["at once", "published", "later"],
)
@pytest.mark.parametrize("visibility", list(V))
def test_files(
    matrix_app: Flask,
    people: People,
    look: Look,
    visibility: Visibility,
    published: timedelta | None,
    removed: bool,
) -> None:
    with matrix_app.app_context():
        group = things.group(people, V.PUBLIC)
        version = things.document(group, visibility, published=published, removed=removed)
        group_id, document_id = group.id, version.document_id
        db.session.commit()
    is_out = not removed and (published is None or published < timedelta(0))
    readers = READERS[visibility] if is_out else RUNNING
    path = address(
        matrix_app, "group_documents.download", group_id=group_id, document_id=document_id, number=1
    )
    assert look(path, page=things.FILE_MARK.decode().strip()) == seen_by(*readers)
