"""Reads of pilots."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.partnering.pilots.models import Pilot, PilotReport, PilotReportVersion

MOST_PILOTS = 50
"""More pilots than that one consortium does not show."""


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
