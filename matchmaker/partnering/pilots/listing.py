"""Lists of pilots: one's own, all of them with the late ones first, the public ones."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.paging import Page, paginate
from matchmaker.partnering.consortia.domain import PartnerState
from matchmaker.partnering.consortia.models import ConsortiumPartner
from matchmaker.partnering.pilots.domain import (
    OPEN_STATES,
    REPORTED_STATES,
    STARTED_STATES,
    PilotState,
)
from matchmaker.partnering.pilots.models import Pilot, PilotMilestone, PilotReport

MOST_IN_A_FILE = 5000


@dataclass(frozen=True, slots=True)
class PilotRow:
    """A pilot in a list.

    Args:
        late_reports, late_milestones: how many are late now.
        next_due_on: when the next report is due; None without any.
    """

    pilot: Pilot
    late_reports: int
    late_milestones: int
    next_due_on: date | None


def pilots_page(
    actor: Actor | None, state: PilotState | None, number: int, now: datetime
) -> Page[Pilot]:
    """One page of pilots: what is late first, then what runs, then the rest.

    Args:
        actor: whose pilots; None for all.
        state: only those in this state.
    """
    query = _sorted(actor, now)
    if state is not None:
        query = query.where(Pilot.state == state)
    return paginate(query, number)


def all_of(actor: Actor | None, now: datetime) -> Sequence[Pilot]:
    """All pilots of a list in its order, for a file (at most 5,000)."""
    return db.session.scalars(_sorted(actor, now).limit(MOST_IN_A_FILE)).all()


def _sorted(actor: Actor | None, now: datetime) -> Select[tuple[Pilot]]:
    rank = sql_case((_is_late(today(now)), 0), (Pilot.state.in_(OPEN_STATES), 1), else_=2)
    return (
        _of(actor)
        .options(joinedload(Pilot.municipality), joinedload(Pilot.consortium))
        .order_by(rank, Pilot.ends_on, Pilot.id)
    )


def _of(actor: Actor | None) -> Select[tuple[Pilot]]:
    query = select(Pilot)
    if actor is None:
        return query
    mine = select(ConsortiumPartner.consortium_id).where(
        ConsortiumPartner.organization_id.in_(list(actor.roles)),
        ConsortiumPartner.state.in_((PartnerState.INVITED, PartnerState.ACCEPTED)),
    )
    return query.where(Pilot.consortium_id.in_(mine))


def _is_late(day: date) -> ColumnElement[bool]:
    """SQL: a report or a milestone of an open pilot is late on this day."""
    late_report = exists().where(
        PilotReport.pilot_id == Pilot.id,
        PilotReport.handed_in_at.is_(None),
        PilotReport.due_on < day,
    )
    late_milestone = exists().where(
        PilotMilestone.pilot_id == Pilot.id,
        PilotMilestone.done_on.is_(None),
        PilotMilestone.due_on < day,
    )
    return or_(
        and_(Pilot.state.in_(REPORTED_STATES), late_report),
        and_(Pilot.state.in_(OPEN_STATES), late_milestone),
    )


def rows_of(pilots: Sequence[Pilot], now: datetime) -> list[PilotRow]:
    """The pilots of a page with what is late (three statements)."""
    day, ids = today(now), [each.id for each in pilots]
    reports = _counts(PilotReport.pilot_id, ids, PilotReport.handed_in_at.is_(None),
                      PilotReport.due_on < day)  # fmt: skip
    milestones = _counts(PilotMilestone.pilot_id, ids, PilotMilestone.done_on.is_(None),
                         PilotMilestone.due_on < day)  # fmt: skip
    due = _next_due(ids)
    return [
        PilotRow(
            each,
            reports.get(each.id, 0) if each.state in REPORTED_STATES else 0,
            milestones.get(each.id, 0) if each.state in OPEN_STATES else 0,
            due.get(each.id) if each.state in REPORTED_STATES else None,
        )
        for each in pilots
    ]


def _counts(
    column: InstrumentedAttribute[uuid.UUID],
    ids: Sequence[uuid.UUID],
    *conditions: ColumnElement[bool],
) -> Mapping[uuid.UUID, int]:
    query = select(column, func.count()).where(column.in_(ids), *conditions).group_by(column)
    return dict(db.session.execute(query).tuples().all())


def _next_due(ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, date]:
    query = (
        select(PilotReport.pilot_id, func.min(PilotReport.due_on))
        .where(PilotReport.pilot_id.in_(ids), PilotReport.handed_in_at.is_(None))
        .group_by(PilotReport.pilot_id)
    )
    return dict(db.session.execute(query).tuples().all())


def counts_by_state(actor: Actor | None) -> Mapping[PilotState, int]:
    """How many pilots are in each state."""
    inner = _of(actor).subquery()
    query = select(inner.c.state, func.count()).group_by(inner.c.state)
    return {PilotState(state): number for state, number in db.session.execute(query).tuples()}


def pilots_of_drafts(draft_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, uuid.UUID]:
    """The pilot of each of these drafts of cases."""
    query = select(Pilot.case_draft_id, Pilot.id).where(Pilot.case_draft_id.in_(draft_ids))
    return {draft: pilot for draft, pilot in db.session.execute(query).tuples() if draft}


def public_page(number: int) -> Page[Pilot]:
    """One page of the pilots that everybody may see, the newest first."""
    query = (
        select(Pilot)
        .where(Pilot.is_public, Pilot.state.in_(STARTED_STATES))
        .options(joinedload(Pilot.municipality))
        .order_by(Pilot.starts_on.desc(), Pilot.id)
    )
    return paginate(query, number)


def late_pilots(now: datetime, limit: int) -> Sequence[Pilot]:
    """Open pilots with something late, the earliest end first."""
    query = select(Pilot).where(_is_late(today(now))).order_by(Pilot.ends_on, Pilot.id)
    return db.session.scalars(query.limit(limit)).all()
