"""What waits for a person in talks and pilots, for the person's own page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.partnering.consortia.domain import PartnerState
from matchmaker.partnering.consortia.models import ConsortiumPartner
from matchmaker.partnering.introductions.domain import GRACE, LIVE_STATES, Side
from matchmaker.partnering.introductions.matches.domain import AppointmentState, MatchState
from matchmaker.partnering.introductions.matches.models import Appointment, Match
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.pilots.domain import REMINDED_BEFORE, REPORTED_STATES
from matchmaker.partnering.pilots.models import Pilot, PilotReport

MOST_SHOWN = 5


def written_for(actor: Actor) -> list[uuid.UUID]:
    """Organisations for which the person writes."""
    return [each for each in actor.roles if actor.writes_for(each)]


def is_side(side: Side, own: Sequence[uuid.UUID]) -> ColumnElement[bool]:
    """Whether one of these organisations is that side of an introduction."""
    row = Introduction
    sent = and_(row.from_side == side, row.sender_organization_id.in_(own))
    received = and_(row.from_side != side, row.receiver_organization_id.in_(own))
    return or_(sent, received)


def dates_to_choose(own: Sequence[uuid.UUID]) -> Sequence[Appointment]:
    """Dates that the other side, or the secretariat, proposed, the oldest first."""
    town, business = is_side(Side.TOWN, own), is_side(Side.BUSINESS, own)
    asked = or_(
        and_(Appointment.side == Side.TOWN, business),
        and_(Appointment.side == Side.BUSINESS, town),
        and_(Appointment.side.is_(None), or_(town, business)),
    )
    query = (
        select(Appointment)
        .join(Match, Match.id == Appointment.match_id)
        .join(Introduction, Introduction.id == Match.introduction_id)
        .where(
            Appointment.state == AppointmentState.PROPOSED, Match.state == MatchState.TALKING, asked
        )
        .order_by(Appointment.created_at, Appointment.id)
        .limit(MOST_SHOWN)
    )
    return db.session.scalars(query).all()


def next_steps(own: Sequence[uuid.UUID], user_id: uuid.UUID | None) -> Sequence[Match]:
    """Talks whose next step is this person's, or is nobody's on its side, by day."""
    mine = or_(
        and_(Match.next_side == Side.TOWN, is_side(Side.TOWN, own)),
        and_(Match.next_side == Side.BUSINESS, is_side(Side.BUSINESS, own)),
    )
    query = (
        select(Match)
        .join(Introduction, Introduction.id == Match.introduction_id)
        .where(
            Match.state == MatchState.TALKING,
            Match.next_step != "",
            mine,
            or_(Match.next_owner_id.is_(None), Match.next_owner_id == user_id),
        )
        .order_by(Match.next_due_on.is_(None), Match.next_due_on, Match.id)
        .limit(MOST_SHOWN)
    )
    return db.session.scalars(query).all()


def reports_due(own: Sequence[uuid.UUID], now: datetime) -> Sequence[PilotReport]:
    """Reports of one's pilots that are late or due within a week, by day."""
    mine = select(ConsortiumPartner.consortium_id).where(
        ConsortiumPartner.organization_id.in_(own),
        ConsortiumPartner.state == PartnerState.ACCEPTED,
    )
    query = (
        select(PilotReport)
        .join(Pilot, Pilot.id == PilotReport.pilot_id)
        .where(
            PilotReport.handed_in_at.is_(None),
            PilotReport.due_on <= today(now) + REMINDED_BEFORE,
            Pilot.state.in_(REPORTED_STATES),
            Pilot.consortium_id.in_(mine),
        )
        .options(joinedload(PilotReport.pilot))
        .order_by(PilotReport.due_on, PilotReport.id)
        .limit(MOST_SHOWN)
    )
    return db.session.scalars(query).all()


def late_introductions(now: datetime) -> int:
    """Introductions whose answer is late and that are not closed for it yet."""
    query = select(func.count(Introduction.id)).where(
        Introduction.state.in_(LIVE_STATES),
        Introduction.answer_due_at <= now,
        Introduction.answer_due_at > now - GRACE,
    )
    return db.session.scalar(query) or 0
