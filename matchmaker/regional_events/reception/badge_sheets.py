"""Whose badges are printed, and that they were."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert as insert_rows
from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.domain_events import record
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.reception.badges import Badge
from matchmaker.regional_events.reception.events import BadgesPrinted
from matchmaker.regional_events.reception.models import BadgePrint
from matchmaker.regional_events.reception.queries import organization_name
from matchmaker.regional_events.registrations.domain import (
    ATTENDEE_ROLE_LABELS,
    AttendeeRole,
    AttendeeState,
)
from matchmaker.regional_events.registrations.models import Attendee

MOST_BADGES = 2000
"""Most badges of one PDF: two hundred sheets."""


def people_with_badges(
    event_id: uuid.UUID, track_ids: Sequence[uuid.UUID], *, only_new: bool
) -> Sequence[Attendee]:
    """Confirmed people of these tracks by reading, with organisation.

    Args:
        event_id: the event.
        track_ids: whose badges.
        only_new: leave out badges printed before; after a hand-over the new person's is new.
    """
    query = (
        select(Attendee)
        .outerjoin(BadgePrint, BadgePrint.attendee_id == Attendee.id)
        .where(
            Attendee.event_id == event_id,
            Attendee.state == AttendeeState.CONFIRMED,
            Attendee.track_id.in_(track_ids),
        )
        .options(joinedload(Attendee.organization))
        .order_by(Attendee.kana, Attendee.name, Attendee.id)
        .limit(MOST_BADGES)
    )
    if only_new:
        query = query.where(or_(BadgePrint.id.is_(None), BadgePrint.code != Attendee.code))
    return db.session.scalars(query).all()


def badge_of(attendee: Attendee) -> Badge:
    """What the badge of a person says."""
    role = attendee.role
    return Badge(
        name=attendee.name,
        kana=attendee.kana,
        organization=organization_name(attendee),
        mark="" if role is AttendeeRole.PARTICIPANT else ATTENDEE_ROLE_LABELS[role],
        code=attendee.code,
    )


def note_printed(
    event: RegionalEvent, people: Sequence[Attendee], actor: Actor, now: datetime
) -> None:
    """Note that these badges were made; a later run can leave them out."""
    for attendee in people:
        statement = insert_rows(BadgePrint).values(
            id=new_id(), attendee_id=attendee.id, code=attendee.code, printed_at=now
        )
        insert_or_skip(db.session(), statement, ["attendee_id"])
        again = (
            update(BadgePrint)
            .where(BadgePrint.attendee_id == attendee.id, BadgePrint.code != attendee.code)
            .values(code=attendee.code, printed_at=now)
        )
        db.session.execute(again)
    details = {"badges": len(people)}
    record(BadgesPrinted(actor=actor, now=now, subject_id=event.id, details=details))
