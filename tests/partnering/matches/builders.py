"""A match of the town and the maker."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from matchmaker.partnering.introductions.domain import IntroductionMove
from matchmaker.partnering.introductions.matches import appointments, queries
from matchmaker.partnering.introductions.matches.appointments import Proposal
from matchmaker.partnering.introductions.matches.models import Appointment, Match
from tests.partnering.introductions.world import World


def make_match(world: World) -> Match:
    """The maker asked, the officer said yes; commits."""
    introduction_id = world.send()
    world.move(introduction_id, IntroductionMove.ACCEPT)
    found = queries.of_introduction(introduction_id)
    assert found is not None
    return found


def again(match_id: uuid.UUID) -> Match:
    """The match as it stands in the database."""
    db.session.expire_all()
    return queries.get(match_id)


def propose(world: World, match: Match, name: str = "maker") -> Appointment:
    """Three dates, one to three weeks from now; commits."""
    dates = [world.now + timedelta(weeks=weeks) for weeks in (1, 2, 3)]
    data = Proposal("はじめての打合せ", "町役場", 60, dates)
    made = appointments.propose(match, data, world.actor(name), world.now)
    db.session.commit()
    return queries.get_appointment(match.id, made.id)


def mails_of(template_key: str) -> list[OutboxMessage]:
    """Mails whose key begins so, in the order in which they were written."""
    query = (
        select(OutboxMessage)
        .where(OutboxMessage.dedupe_key.startswith(template_key))
        .order_by(OutboxMessage.created_at, OutboxMessage.dedupe_key)
    )
    return list(db.session.scalars(query))


def in_days(world: World, days: int) -> datetime:
    """A moment some days after the beginning of the world."""
    return world.now + timedelta(days=days)
