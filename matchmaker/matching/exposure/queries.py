"""Reading the policy of exposure, its runs and prices."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import joinedload

from matchmaker.core.db import db
from matchmaker.core.paging import PAGE_SIZE, Page, paginate
from matchmaker.matching.exposure.domain import PolicyValues
from matchmaker.matching.exposure.models import ExposurePolicy, ExposurePrice, ExposureRun

MOST_POLICIES = 50
MOST_ORGANIZATIONS = 5_000


def policy_now() -> ExposurePolicy | None:
    """The policy in force; None while it is the one that came with the service."""
    query = select(ExposurePolicy).order_by(ExposurePolicy.number.desc()).limit(1)
    return db.session.scalar(query)


def values_now() -> PolicyValues:
    """Values of the policy in force."""
    policy = policy_now()
    return PolicyValues() if policy is None else values_of(policy)


def values_of(policy: ExposurePolicy) -> PolicyValues:
    """Values of a version of the policy."""
    return PolicyValues(
        is_on=policy.is_on,
        bound_factor=policy.bound_factor,
        overbooking=policy.overbooking,
        floor=policy.floor,
        new_days=policy.new_days,
    )


def policies() -> Sequence[ExposurePolicy]:
    """The newest versions of the policy."""
    query = select(ExposurePolicy).order_by(ExposurePolicy.number.desc()).limit(MOST_POLICIES)
    return db.session.scalars(query).all()


def last_run() -> ExposureRun | None:
    """The run whose prices count."""
    return db.session.scalar(_newest_run(select(ExposureRun)))


def _newest_run(query: Select[tuple[ExposureRun]]) -> Select[tuple[ExposureRun]]:
    return query.order_by(ExposureRun.at.desc(), ExposureRun.id.desc()).limit(1)


def prices_now(organization_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, float]:
    """Prices that are not 0, by organisation; none while the policy is off (one statement).

    Args:
        organization_ids: of whom; bounded by the places of one page.
    """
    if not organization_ids:
        return {}
    run = _newest_run(select(ExposureRun)).with_only_columns(ExposureRun.id).scalar_subquery()
    is_on = (
        select(ExposurePolicy.is_on)
        .order_by(ExposurePolicy.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(ExposurePrice.organization_id, ExposurePrice.price).where(
        ExposurePrice.run_id == run,
        ExposurePrice.organization_id.in_(organization_ids),
        ExposurePrice.price != 0,
        func.coalesce(is_on, true()).is_(true()),
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def moved_page(run: ExposureRun, number: int) -> Page[ExposurePrice]:
    """Organisations whose places the prices changed, those that lose most first."""
    change = ExposurePrice.places_with - ExposurePrice.places_without
    query = _rows(run).where(change != 0).order_by(change, ExposurePrice.organization_id)
    return paginate(query, number, PAGE_SIZE)


def all_rows(run: ExposureRun) -> Sequence[ExposurePrice]:
    """All organisations of a run that could be shown, most places first."""
    query = _rows(run).order_by(ExposurePrice.places_with.desc(), ExposurePrice.organization_id)
    return db.session.scalars(query.limit(MOST_ORGANIZATIONS)).all()


def _rows(run: ExposureRun) -> Select[tuple[ExposurePrice]]:
    query = select(ExposurePrice).where(ExposurePrice.run_id == run.id)
    return query.options(joinedload(ExposurePrice.organization))
