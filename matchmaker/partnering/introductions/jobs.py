"""The worker's part: reminders at half time and on the last day, and closing without an answer.

Each introduction is done in a transaction of its own and asks "what is due?", so that a missed or
repeated run changes nothing wrongly.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, NotFound
from matchmaker.partnering.introductions import queries
from matchmaker.partnering.introductions.corrections import nudge
from matchmaker.partnering.introductions.domain import (
    Answer,
    IntroductionMove,
    ReasonCode,
    half_time,
    last_day_begins,
)
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.introductions.service import move

AT_ONCE = 500


def remind(now: datetime) -> int:
    """Remind those whose answer is awaited; gives the number of introductions reminded of."""
    due = [
        (each.id, is_last)
        for each in _not_reminded(now)
        if (is_last := reminder_due(each, now)) is not None
    ]
    db.session.commit()
    return sum(_remind_of(introduction_id, is_last, now) for introduction_id, is_last in due)


def _not_reminded(now: datetime) -> Iterator[Introduction]:
    """All of them, some at a time: those that are not due yet must not hide those that are."""
    rows = queries.not_reminded(now, AT_ONCE)
    while rows:
        yield from rows
        rows = queries.not_reminded(now, AT_ONCE, rows[-1])


def reminder_due(introduction: Introduction, now: datetime) -> bool | None:
    """Which reminder is due: True for the one of the last day, False for that at half time."""
    if now >= last_day_begins(introduction.answer_due_at):
        return True if introduction.nudged_due_at is None else None
    is_half = now >= half_time(introduction.turn_began_at, introduction.answer_due_at)
    return False if is_half and introduction.nudged_half_at is None else None


def _remind_of(introduction_id: uuid.UUID, is_last: bool, now: datetime) -> bool:
    introduction = _found(introduction_id)
    done = introduction is not None and nudge(introduction, now, is_last=is_last)
    db.session.commit()
    return done


def close_unanswered(now: datetime) -> int:
    """Close what nobody answered until the end of the grace; gives the number closed."""
    due = queries.due_to_close(now, AT_ONCE)
    db.session.commit()
    return sum(_close(introduction_id, now) for introduction_id in due)


def _close(introduction_id: uuid.UUID, now: datetime) -> bool:
    introduction = _found(introduction_id)
    if introduction is None:
        return False
    try:
        move(introduction, IntroductionMove.EXPIRE, Answer(ReasonCode.NO_ANSWER), SYSTEM, now)
    except Conflict:
        # Somebody opened or closed it in between: there is nothing left to close.
        db.session.rollback()
        return False
    db.session.commit()
    return True


def _found(introduction_id: uuid.UUID) -> Introduction | None:
    try:
        return queries.get(introduction_id)
    except NotFound:
        return None
