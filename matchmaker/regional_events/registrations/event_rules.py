"""What registrations tell the planning of an event: whose it is, which steps have to wait."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, or_, select

from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import EventMove
from matchmaker.regional_events.registrations.domain import LIVE_STATES, AttendeeState
from matchmaker.regional_events.registrations.models import Attendee, Registration

REGISTERED = "参加登録をした方がいるので、下書きに戻せません。延期か中止を選んでください。"


def refuse_withdrawal(event_id: uuid.UUID, move: EventMove) -> str | None:
    """An event that somebody registered for is postponed or cancelled, never hidden."""
    if move is not EventMove.WITHDRAW:
        return None
    query = select(Attendee.id).where(
        Attendee.event_id == event_id, Attendee.state.in_(LIVE_STATES)
    )
    return REGISTERED if db.session.scalar(query.limit(1)) is not None else None


def registered_events(user_id: uuid.UUID) -> Select[tuple[uuid.UUID]]:
    """``queries.is_registered`` for all events at once."""
    return (
        select(Attendee.event_id)
        .join(Registration, Registration.id == Attendee.registration_id)
        .where(
            Attendee.state.in_([AttendeeState.WAITING, AttendeeState.CONFIRMED]),
            or_(Attendee.user_id == user_id, Registration.user_id == user_id),
        )
    )
