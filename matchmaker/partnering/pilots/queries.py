"""Reads of pilots."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from matchmaker.accounts.queries import actor_of_today
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.organizations.models import Municipality
from matchmaker.organizations.queries import municipality_with
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia.domain import FILLING_STATES
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner
from matchmaker.partnering.pilots.domain import OPEN_STATES, REMINDED_BEFORE, REPORTED_STATES
from matchmaker.partnering.pilots.models import (
    Pilot,
    PilotBudgetLine,
    PilotConsent,
    PilotIndicator,
    PilotMilestone,
    PilotReport,
    PilotReportVersion,
    PilotResult,
)
from matchmaker.partnering.pilots.policy import can_view_pilot

MOST_PILOTS = 50
"""More pilots than that one consortium does not show."""

MOST_REMINDERS = 200
"""Reminders of one run; the rest follows with the next."""


def get(pilot_id: uuid.UUID) -> Pilot:
    """One pilot with its town.

    Raises:
        NotFound: there is none.
    """
    query = select(Pilot).where(Pilot.id == pilot_id).options(joinedload(Pilot.municipality))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def get_whole(pilot_id: uuid.UUID) -> Pilot:
    """One pilot with its plan and its reports (a bounded number of statements).

    Raises:
        NotFound: there is none.
    """
    query = (
        select(Pilot)
        .where(Pilot.id == pilot_id)
        .options(
            joinedload(Pilot.municipality),
            joinedload(Pilot.case_draft),
            selectinload(Pilot.milestones),
            selectinload(Pilot.budget_lines),
            selectinload(Pilot.indicators),
            _reports(),
        )
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def _reports() -> _AbstractLoad:
    return (
        selectinload(Pilot.reports)
        .selectinload(PilotReport.versions)
        .selectinload(PilotReportVersion.results)
    )


def pilots_of_consortium(consortium_id: uuid.UUID) -> Sequence[Pilot]:
    """The pilots of a consortium, newest first."""
    query = (
        select(Pilot)
        .where(Pilot.consortium_id == consortium_id)
        .options(joinedload(Pilot.municipality))
        .order_by(Pilot.starts_on.desc(), Pilot.id)
        .limit(MOST_PILOTS)
    )
    return db.session.scalars(query).all()


def seen_whole(actor: Actor, pilot_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these pilots a person may see whole, not only what is public of them."""
    query = (
        select(Pilot)
        .where(Pilot.id.in_(pilot_ids))
        .options(joinedload(Pilot.consortium).selectinload(Consortium.partners))
    )
    found = db.session.scalars(query) if pilot_ids else ()
    return {each.id for each in found if can_view_pilot(actor, each.consortium)}


def municipality(code: str) -> Municipality | None:
    """The town with this local-government code."""
    return municipality_with(code)


def reports_of(pilot_id: uuid.UUID) -> Sequence[PilotReport]:
    """The reports of a pilot in their order, with versions and results."""
    query = (
        select(PilotReport)
        .where(PilotReport.pilot_id == pilot_id)
        .options(selectinload(PilotReport.versions).selectinload(PilotReportVersion.results))
        .order_by(PilotReport.period_from)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def indicators_of(pilot_id: uuid.UUID) -> Sequence[PilotIndicator]:
    """The indicators of a pilot in their order."""
    query = (
        select(PilotIndicator)
        .where(PilotIndicator.pilot_id == pilot_id)
        .order_by(PilotIndicator.position)
    )
    return db.session.scalars(query).all()


def reported_indicators(pilot_id: uuid.UUID) -> set[uuid.UUID]:
    """Indicators of which some version of a report holds a value."""
    query = (
        select(PilotResult.indicator_id)
        .join(PilotIndicator, PilotIndicator.id == PilotResult.indicator_id)
        .where(PilotIndicator.pilot_id == pilot_id)
        .distinct()
    )
    return set(db.session.scalars(query))


def partners_of(consortium_id: uuid.UUID) -> Sequence[ConsortiumPartner]:
    """Partners that take part, the lead first, with their organisations."""
    return [each for each in consortia.partners_of(consortium_id) if each.state in FILLING_STATES]


def accepted_organizations(consortium_id: uuid.UUID) -> set[uuid.UUID]:
    """Member organisations that take part in a consortium."""
    return {
        each.organization_id
        for each in partners_of(consortium_id)
        if each.organization_id is not None
    }


def consents_of(pilot_id: uuid.UUID) -> Sequence[PilotConsent]:
    """Partners that agreed to be named, in the order of their agreement."""
    query = (
        select(PilotConsent)
        .where(PilotConsent.pilot_id == pilot_id)
        .options(joinedload(PilotConsent.organization))
        .order_by(PilotConsent.agreed_at, PilotConsent.organization_id)
    )
    return db.session.scalars(query).all()


def get_report(pilot: Pilot, report_id: uuid.UUID) -> PilotReport:
    """One report of a loaded pilot.

    Raises:
        NotFound: it has no such report.
    """
    found = next((each for each in pilot.reports if each.id == report_id), None)
    if found is None:
        raise NotFound
    return found


def milestones_of(pilot_id: uuid.UUID) -> Sequence[PilotMilestone]:
    """The milestones of a pilot in their order."""
    query = (
        select(PilotMilestone)
        .where(PilotMilestone.pilot_id == pilot_id)
        .order_by(PilotMilestone.position)
    )
    return db.session.scalars(query).all()


def open_pilots(consortium_id: uuid.UUID) -> Sequence[Pilot]:
    """Pilots of a consortium that are not over."""
    return [each for each in pilots_of_consortium(consortium_id) if each.state in OPEN_STATES]


def planned_yen_of(pilot_id: uuid.UUID, organization_id: uuid.UUID) -> int:
    """What an organisation was to pay by the plan (yen)."""
    query = select(func.sum(PilotBudgetLine.planned_yen)).where(
        PilotBudgetLine.pilot_id == pilot_id,
        PilotBudgetLine.payer_organization_id == organization_id,
    )
    return int(db.session.scalar(query) or 0)


def report_with(report_id: uuid.UUID) -> PilotReport:
    """One report.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(PilotReport, report_id)
    if found is None:
        raise NotFound
    return found


def reports_to_remind(now: datetime) -> Sequence[uuid.UUID]:
    """Reports that are due within a week or late, and that their writers were not reminded of."""
    day = today(now)
    late = and_(PilotReport.due_on < day, PilotReport.reminded_late_at.is_(None))
    near = and_(
        PilotReport.due_on >= day,
        PilotReport.due_on <= day + REMINDED_BEFORE,
        PilotReport.reminded_before_at.is_(None),
    )
    query = (
        select(PilotReport.id)
        .join(Pilot, Pilot.id == PilotReport.pilot_id)
        .where(
            PilotReport.handed_in_at.is_(None), Pilot.state.in_(REPORTED_STATES), or_(late, near)
        )
        .order_by(PilotReport.due_on, PilotReport.id)
        .limit(MOST_REMINDERS)
    )
    return db.session.scalars(query).all()


def may_receive(user_id: uuid.UUID, pilot_id: uuid.UUID) -> bool:
    """Whether a person may still get mail about a pilot (asked just before sending)."""
    pilot = db.session.get(Pilot, pilot_id)
    if pilot is None:
        return False
    return can_view_pilot(actor_of_today(user_id, ""), consortia.get(pilot.consortium_id))
