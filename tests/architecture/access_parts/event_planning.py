"""Who may open the pages of planning events.

One event is public and open, one is for members, one is a draft, one is by invitation of the
organisation that the readers, editors and representatives belong to. The editor works for the
public one: may plan it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import Audience, Duty, EventState
from matchmaker.regional_events.planning.models import EventInvitee, EventStaff
from tests.architecture.access_rules import (
    EDITOR,
    OWNERS,
    ROLES,
    SECRETARIAT,
    VISITOR,
    Row,
    Statuses,
    Things,
    everyone,
    get,
    hidden_except,
    only,
    post,
)
from tests.regional_events.builders import make_event

PUBLIC: dict[str, Any] = {"event_id": "planned_event_id"}
MEMBERS_ONLY: dict[str, Any] = {"event_id": "members_event_id"}
DRAFT: dict[str, Any] = {"event_id": "draft_event_id"}
INVITED: dict[str, Any] = {"event_id": "invited_event_id"}
PLANNING = (EDITOR, SECRETARIAT)
MEMBERS: Statuses = {**everyone(), VISITOR: 401}


def _rows() -> Iterator[Row]:
    yield get("regional_events.index", everyone())
    yield get("regional_events.calendar_all", everyone())
    for page in ("show", "print", "calendar"):
        yield get(f"regional_events.{page}", everyone(), **PUBLIC)
        yield get(f"regional_events.{page}", MEMBERS, **MEMBERS_ONLY)
        yield get(f"regional_events.{page}", hidden_except(SECRETARIAT), **DRAFT)
        yield get(f"regional_events.{page}", hidden_except(*OWNERS, SECRETARIAT), **INVITED)
    yield get("regional_events.new", only(SECRETARIAT))
    yield post("regional_events.create", only(SECRETARIAT, status=422))
    yield get("regional_events.edit", only(*PLANNING), **PUBLIC)
    yield get("regional_events.edit", hidden_except(SECRETARIAT), **DRAFT)
    yield post("regional_events.update", only(*PLANNING, status=422), **PUBLIC)
    yield post("regional_events.move", only(*PLANNING, status=302), {"move": "cancel"}, **PUBLIC)
    yield post("regional_events.copy", only(SECRETARIAT, status=302), **PUBLIC)
    yield from _people()


def _people() -> Iterator[Row]:
    person: dict[str, Any] = {**PUBLIC, "user_id": "editor_id"}
    invitee: dict[str, Any] = {**INVITED, "invitee_id": "event_invitee_id"}
    yield get("event_people.index", only(*PLANNING), **PUBLIC)
    yield post("event_people.create", only(*PLANNING, status=422), **PUBLIC)
    yield post("event_people.remove", only(*PLANNING, status=302), **person)
    yield get("event_people.invitees", only(*PLANNING), **PUBLIC)
    yield get("event_people.invitees", {**only(SECRETARIAT), **_strangers()}, **INVITED)
    # What a true link opens is shown in tests/regional_events/planning/test_invitations.py.
    yield get("event_invitations.show", everyone(404), token="forged")
    yield post("event_people.invite", only(*PLANNING, status=422), **PUBLIC)
    yield post(
        "event_people.take_back", {**only(SECRETARIAT, status=302), **_strangers()}, **invitee
    )


def _strangers() -> Statuses:
    """To those who are not invited the event does not exist."""
    inside = {*OWNERS, SECRETARIAT, VISITOR}
    return {role: 404 for role in ROLES if role not in inside}


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """Four events a month ahead."""
    opened = make_event()
    members = make_event(audience=Audience.MEMBERS)
    draft = make_event(state=EventState.DRAFT)
    invited = make_event(audience=Audience.INVITED)
    editor = db.session.get_one(User, world.ids["editor_id"])
    guest = EventInvitee(event_id=invited.id, organization_id=world.ids["organization_id"])
    guest.email_key = ""
    db.session.add_all(
        [
            EventStaff(
                event_id=opened.id, user_id=editor.id, duty=Duty.PLANNING, created_at=clock.now()
            ),
            guest,
        ]
    )
    db.session.flush()
    world.ids.update(
        planned_event_id=opened.id,
        members_event_id=members.id,
        draft_event_id=draft.id,
        invited_event_id=invited.id,
        event_invitee_id=guest.id,
    )
