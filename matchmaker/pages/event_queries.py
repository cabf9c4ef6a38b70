"""Reads of events for a person's own page, for several events at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.notifications.domain import OutboxState
from matchmaker.notifications.models import OutboxMessage
from matchmaker.regional_events.floor.domain import QuestionState
from matchmaker.regional_events.floor.models import FloorQuestion
from matchmaker.regional_events.planning.domain import Duty, EventState
from matchmaker.regional_events.planning.models import EventStaff, RegionalEvent, Track
from matchmaker.regional_events.registrations.domain import AttendeeState, WaitingState
from matchmaker.regional_events.registrations.models import Attendee, Registration, WaitingEntry
from matchmaker.regional_events.reports.domain import ReportState
from matchmaker.regional_events.reports.models import EventReport
from matchmaker.regional_events.tables.models import TablePlan, TableVersion
from matchmaker.surveys.models import Survey, SurveyParticipation

MOST_STAFFED, MOST_SURVEYS = 12, 30
LOOKING_BACK = timedelta(days=60)
"""So long after its end an event stays among those one runs, unless it is put away before."""

OPEN_DATES = (EventState.DRAFT, EventState.POSTPONED)


@dataclass(frozen=True, slots=True)
class StaffFigures:
    """What there is at the events a person runs, by event.

    Args:
        confirmed: people with a seat.
        waiting: groups and people in line, offers included.
        offered: offers that wait for an answer.
        questions: questions from the floor that nobody has looked at.
        failed_mails: mails about registrations that did not arrive.
        told: events with a published report.
    """

    confirmed: Mapping[uuid.UUID, int] = field(default_factory=dict)
    waiting: Mapping[uuid.UUID, int] = field(default_factory=dict)
    offered: Mapping[uuid.UUID, int] = field(default_factory=dict)
    questions: Mapping[uuid.UUID, int] = field(default_factory=dict)
    failed_mails: Mapping[uuid.UUID, int] = field(default_factory=dict)
    told: frozenset[uuid.UUID] = frozenset()


def staffed_events(actor: Actor, now: datetime) -> Sequence[RegionalEvent]:
    """Events the person works for: to come, without a date, or lately over; the next first.

    Those loaded from public sources, called off or put away are left out.
    """
    own = select(EventStaff.event_id).where(EventStaff.user_id == actor.user_id)
    is_own = RegionalEvent.id.in_(own)
    dated = and_(
        RegionalEvent.state == EventState.PUBLISHED, RegionalEvent.ends_at > now - LOOKING_BACK
    )
    query = (
        select(RegionalEvent)
        .where(
            RegionalEvent.key.is_(None),
            or_(dated, RegionalEvent.state.in_(OPEN_DATES)),
            *([] if actor.is_secretariat else [is_own]),
        )
        .order_by(RegionalEvent.starts_at, RegionalEvent.id)
        .limit(MOST_STAFFED)
    )
    return db.session.scalars(query).all()


def duties_at(actor: Actor, event_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, frozenset[Duty]]:
    """What the person does at each of these events, beside the secretariat."""
    query = (
        select(EventStaff.event_id, EventStaff.duty)
        .where(EventStaff.user_id == actor.user_id, EventStaff.event_id.in_(event_ids))
        .order_by(EventStaff.event_id, EventStaff.duty)
    )
    found: dict[uuid.UUID, frozenset[Duty]] = {}
    for event_id, duty in db.session.execute(query).tuples():
        found[event_id] = found.get(event_id, frozenset()) | {duty}
    return found


def staff_figures(event_ids: Sequence[uuid.UUID]) -> StaffFigures:
    """Count what there is at these events (six statements; none for no events)."""
    if not event_ids:
        return StaffFigures()
    told = select(EventReport.event_id).where(
        EventReport.event_id.in_(event_ids), EventReport.state == ReportState.PUBLISHED
    )
    return StaffFigures(
        confirmed=_counts(_people(event_ids)),
        waiting=_counts(_line(event_ids, WaitingState.WAITING, WaitingState.OFFERED)),
        offered=_counts(_line(event_ids, WaitingState.OFFERED)),
        questions=_counts(_questions(event_ids)),
        failed_mails=_counts(_failed(event_ids)),
        told=frozenset(db.session.scalars(told)),
    )


def _counts(query: Select[Any]) -> dict[uuid.UUID, int]:
    return {row[0]: int(row[1]) for row in db.session.execute(query)}


def _people(event_ids: Sequence[uuid.UUID]) -> Select[Any]:
    return (
        select(Attendee.event_id, func.count())
        .where(Attendee.event_id.in_(event_ids), Attendee.state == AttendeeState.CONFIRMED)
        .group_by(Attendee.event_id)
    )


def _line(event_ids: Sequence[uuid.UUID], *states: WaitingState) -> Select[Any]:
    return (
        select(Track.event_id, func.sum(WaitingEntry.size))
        .join(WaitingEntry, WaitingEntry.track_id == Track.id)
        .where(Track.event_id.in_(event_ids), WaitingEntry.state.in_(states))
        .group_by(Track.event_id)
    )


def _questions(event_ids: Sequence[uuid.UUID]) -> Select[Any]:
    return (
        select(FloorQuestion.event_id, func.count())
        .where(FloorQuestion.event_id.in_(event_ids), FloorQuestion.state == QuestionState.NEW)
        .group_by(FloorQuestion.event_id)
    )


def _failed(event_ids: Sequence[uuid.UUID]) -> Select[Any]:
    registrations = select(Registration.id, Registration.event_id)
    people = select(Attendee.id, Attendee.event_id).where(Attendee.event_id.in_(event_ids))
    about = registrations.where(Registration.event_id.in_(event_ids)).union_all(people).subquery()
    return (
        select(about.c.event_id, func.count())
        .join(OutboxMessage, OutboxMessage.subject_id == about.c.id)
        .where(OutboxMessage.state == OutboxState.FAILED.value)
        .group_by(about.c.event_id)
    )


def released_tables(event_ids: Sequence[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Which of these events have a timetable of the tables that people may see."""
    query = (
        select(TablePlan.event_id)
        .join(TableVersion, TableVersion.plan_id == TablePlan.id)
        .where(TablePlan.event_id.in_(event_ids), TableVersion.release.is_not(None))
    )
    return frozenset(db.session.scalars(query)) if event_ids else frozenset()


def surveys_open_to(user_id: uuid.UUID, now: datetime) -> Sequence[Survey]:
    """Open surveys the person has not answered, the first to end first; whether the person is
    asked is for the subject to say."""
    answered = select(SurveyParticipation.survey_id).where(SurveyParticipation.user_id == user_id)
    query = (
        select(Survey)
        .where(Survey.opens_at <= now, Survey.closes_at > now, Survey.id.not_in(answered))
        .order_by(Survey.closes_at, Survey.id)
        .limit(MOST_SURVEYS)
    )
    return db.session.scalars(query).all()
