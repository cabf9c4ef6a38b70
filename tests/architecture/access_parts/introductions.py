"""Who may open the pages of introductions.

The introduction is that of the published need and the offering that waits for the secretariat's
word, so that the published pair stays free. Owners belong to both sides; the reader reads only.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from matchmaker.core import clock
from matchmaker.core.db import db, new_id
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.partnering.introductions.domain import IntroductionState, Side, Source
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.regional_events.tables.domain import OutcomeVerdict
from matchmaker.regional_events.tables.models import MeetingOutcome
from tests.architecture.access_rules import (
    OWNERS,
    READER,
    REPRESENTATIVE,
    SECRETARIAT,
    STRANGER,
    WRITERS,
    Row,
    Statuses,
    Things,
    get,
    hidden_except,
    only,
    post,
)

SEEING = (*OWNERS, SECRETARIAT)
OF: dict[str, Any] = {"introduction_id": "introduction_id"}
MEETING: dict[str, Any] = {"outcome_id": "introduction_outcome_id"}


def _moving() -> Statuses:
    return {**hidden_except(*WRITERS, status=302), READER: 403, SECRETARIAT: 403}


def _rows() -> Iterator[Row]:
    yield get("introductions.index", {**only(*OWNERS, STRANGER), SECRETARIAT: 302})
    # Without a pair there is nothing to be interested in.
    yield get("introductions.new", hidden_except())
    yield post("introductions.create", hidden_except())
    yield post("introductions.create_from_meeting", hidden_except(*WRITERS, status=302), **MEETING)
    yield get("introductions.show", hidden_except(*SEEING), **OF)
    yield post("introductions.move", _moving(), {"move": "accept"}, **OF)
    # Whoever may not see the introduction learns nothing of its moves either.
    yield post("introductions.move", hidden_except(), {"move": "undo"}, **OF)


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """An open introduction, and what somebody said of a meeting at an event."""
    now = clock.now()
    need = db.session.get_one(Need, world.ids["published_need_id"])
    offering = db.session.get_one(Offering, world.ids["submitted_offering_id"])
    introduction = Introduction(
        id=new_id(), need_id=need.id, offering_id=offering.id, from_side=Side.BUSINESS,
        source=Source.SEARCH, sender_organization_id=offering.organization_id,
        receiver_organization_id=need.organization_id,
        sender_id=world.ids[f"{REPRESENTATIVE}_id"], note="話してみたいです。",
        state=IntroductionState.OPEN, answer_due_at=now + timedelta(days=14),
        turn_began_at=now, created_at=now, updated_at=now,
    )  # fmt: skip
    outcome = MeetingOutcome(
        id=new_id(), event_id=world.ids["tables_event_id"], slot=1,
        guest_id=world.ids[f"tables_{READER}_id"], partner_id=_other_guest(world),
        need_id=need.id, offering_id=world.ids["published_offering_id"],
        verdict=OutcomeVerdict.INTEREST, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add_all([introduction, outcome])
    db.session.flush()
    world.ids.update(introduction_id=introduction.id, introduction_outcome_id=outcome.id)


def _other_guest(world: Things) -> uuid.UUID:
    found: uuid.UUID = world.ids["tables_editor_id"]
    return found
