"""Guests are forgotten after the event's period; questions, answers and counts stay."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.regional_events.floor.events import GuestsForgotten
from matchmaker.regional_events.floor.keys import forgotten_key
from matchmaker.regional_events.floor.models import (
    FloorPoll,
    FloorPollAnswer,
    FloorQuestion,
    FloorVote,
)
from matchmaker.regional_events.planning.models import RegionalEvent

GUEST_KEYS = ("g", "a")
"""How pseudonyms of people without an account begin."""


def forget_guests(event: RegionalEvent, now: datetime) -> int:
    """Delete names and keys of people without an account; gives the number of people forgotten.

    Each pseudonym is replaced by a random word, the same throughout the event, so that whoever
    supported two merged questions still counts once; from what to what is written down nowhere.
    Doing it again does nothing.
    """
    keys = _guest_keys(event.id)
    for key in keys:
        _replace(event.id, key, forgotten_key())
    if keys:
        db.session.flush()
        record(
            GuestsForgotten(
                actor=SYSTEM,
                now=now,
                subject_id=event.id,
                event_id=event.id,
                details={"people": len(keys)},
            )
        )
    return len(keys)


def _guest_keys(event_id: uuid.UUID) -> Sequence[str]:
    asked = select(FloorQuestion.author_key).where(FloorQuestion.event_id == event_id)
    voted = select(FloorVote.voter_key).where(FloorVote.event_id == event_id)
    answered = (
        select(FloorPollAnswer.voter_key)
        .join(FloorPoll, FloorPoll.id == FloorPollAnswer.poll_id)
        .where(FloorPoll.event_id == event_id)
    )
    found = db.session.scalars(asked.union(voted, answered))
    return sorted(key for key in found if key.startswith(GUEST_KEYS))


def _replace(event_id: uuid.UUID, key: str, new: str) -> None:
    polls = select(FloorPoll.id).where(FloorPoll.event_id == event_id)
    statements = (
        update(FloorQuestion)
        .where(FloorQuestion.event_id == event_id, FloorQuestion.author_key == key)
        .values(author_key=new, author_name="", shows_name=False, attendee_id=None),
        update(FloorVote)
        .where(FloorVote.event_id == event_id, FloorVote.voter_key == key)
        .values(voter_key=new),
        update(FloorPollAnswer)
        .where(FloorPollAnswer.poll_id.in_(polls), FloorPollAnswer.voter_key == key)
        .values(voter_key=new),
    )
    for statement in statements:
        db.session.execute(statement.execution_options(synchronize_session=False))
