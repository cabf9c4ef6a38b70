"""Commands on exposure: set the policy, compute the prices. They flush; the caller commits."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import numpy as np
from sqlalchemy import delete, select

from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import reading_only
from matchmaker.core.domain_events import record
from matchmaker.core.errors import ProductError
from matchmaker.matching.engine import MatchingEngine
from matchmaker.matching.exposure import queries
from matchmaker.matching.exposure.domain import (
    BOUND_RANGE,
    FLOOR_RANGE,
    KEEP_SHARE,
    LOOSENING_STEPS,
    NEW_DAYS_RANGE,
    OVERBOOKING_RANGE,
    PLACES,
    PolicyValues,
    Standing,
    is_new,
    is_small,
    lower_bound,
    upper_bound,
)
from matchmaker.matching.exposure.events import ExposurePolicyChanged, ExposurePricesComputed
from matchmaker.matching.exposure.market import Field, field_of, standings
from matchmaker.matching.exposure.models import ExposurePolicy, ExposurePrice, ExposureRun
from matchmaker.matching.exposure.pricing import Ints, Outcome, priced

RUNS_KEPT = 30
RANGES = {
    "bound_factor": (BOUND_RANGE, "倍率は{0:g}から{1:g}までの数で入れてください。"),
    "overbooking": (OVERBOOKING_RANGE, "倍率は{0:g}から{1:g}までの数で入れてください。"),
    "floor": (FLOOR_RANGE, "数は{0:g}から{1:g}までで入れてください。"),
    "new_days": (NEW_DAYS_RANGE, "日数は{0:g}から{1:g}までで入れてください。"),
}


def change_policy(values: PolicyValues, reason: str, actor: Actor, now: datetime) -> ExposurePolicy:
    """Put a new version of the policy in force; prices follow within minutes.

    Raises:
        ProductError: a value lies outside its range, or there is no reason.
    """
    for name, ((low, high), message) in RANGES.items():
        if not low <= getattr(values, name) <= high:
            raise ProductError(message.format(low, high), name)
    if not reason.strip():
        raise ProductError("変える理由を入れてください。", "reason")
    before = queries.policy_now()
    policy = ExposurePolicy(
        id=new_id(), number=before.number + 1 if before else 1, reason=reason.strip(),
        changed_by_id=actor.user_id, at=now, **asdict(values),
    )  # fmt: skip
    db.session.add(policy)
    db.session.flush()
    record(
        ExposurePolicyChanged(
            actor=actor, now=now, subject_id=policy.id, reason=policy.reason,
            details=asdict(values),
        )
    )  # fmt: skip
    return policy


def compute_prices(engine: MatchingEngine, now: datetime) -> ExposureRun:
    """Rank all open needs, compute prices under the policy in force, and keep them. Outside of any
    transaction; the caller commits.

    The policy is loosened step by step until at least :data:`KEEP_SHARE` of the expected matches
    remain; if no step does, all prices are 0. The run says so.
    """
    # Ranking all needs takes up to a minute, in which nobody shall wait for the write lock.
    with reading_only():
        field, known, values = field_of(engine), standings(), queries.values_now()
        policy = queries.policy_now()
        policy_number = policy.number if policy else 0
        db.session.rollback()
    joined = [known.get(owner, Standing("", now)) for owner in field.organizations]
    free, unconstrained = field.market.places_of(np.zeros(len(joined)))
    outcome, bounds, looseness = _loosened(field, joined, values, now, unconstrained)
    run = ExposureRun(
        id=new_id(), at=now, policy_number=policy_number,
        needs=field.needs, organizations=len(joined), unconstrained=unconstrained,
        expected=outcome.expected, looseness=looseness, message=_message(looseness),
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    for n, (owner, standing) in enumerate(zip(field.organizations, joined, strict=True)):
        db.session.add(
            ExposurePrice(
                run_id=run.id, organization_id=owner, price=float(outcome.prices[n]),
                upper=int(bounds[0][n]), lower=int(bounds[1][n]), chances=field.chances[n],
                places_without=int(free[n]), places_with=int(outcome.places[n]),
                is_small=is_small(standing), is_new=is_new(standing, values, now),
            )
        )  # fmt: skip
    db.session.flush()
    _forget_old_runs()
    record(
        ExposurePricesComputed(
            actor=SYSTEM, now=now, subject_id=run.id,
            details={"looseness": looseness, "share": _share(outcome, unconstrained)},
        )
    )  # fmt: skip
    return run


def _loosened(
    field: Field,
    joined: list[Standing],
    values: PolicyValues,
    now: datetime,
    unconstrained: float,
) -> tuple[Outcome, tuple[Ints, Ints], int]:
    for looseness in range(LOOSENING_STEPS + 1):
        bounds = _bounds(field, joined, values, now, looseness)
        outcome = priced(field.market, *bounds)
        if _share(outcome, unconstrained) >= KEEP_SHARE:
            return outcome, bounds, looseness
    prices = np.zeros(len(joined))
    return Outcome(prices, *field.market.places_of(prices)), bounds, LOOSENING_STEPS + 1


def _bounds(
    field: Field, joined: list[Standing], values: PolicyValues, now: datetime, looseness: int
) -> tuple[Ints, Ints]:
    mean = len(field.market.owners) * PLACES / len(joined) if joined else 0.0
    upper = [
        upper_bound(
            standing, values, mean_places=mean, quantity=field.quantities[n], looseness=looseness
        )
        for n, standing in enumerate(joined)
    ]
    lower = [
        lower_bound(standing, values, now, chances=field.chances[n], looseness=looseness)
        for n, standing in enumerate(joined)
    ]
    highest = np.array(upper, dtype=np.int64)
    return highest, np.minimum(np.array(lower, dtype=np.int64), highest)


def _share(outcome: Outcome, unconstrained: float) -> float:
    return outcome.expected / unconstrained if unconstrained else 1.0


def _message(looseness: int) -> str:
    if not looseness:
        return "決めた上限と下限のとおりに並べています。"
    if looseness > LOOSENING_STEPS:
        return "どこまでゆるめても見込みが95％を下回るため、並びを動かしていません。"
    return f"見込みの95％を保つため、上限と下限を{looseness}段階ゆるめました。"


def _forget_old_runs() -> None:
    newest = select(ExposureRun.id).order_by(ExposureRun.at.desc(), ExposureRun.id.desc())
    kept = db.session.scalars(newest.limit(RUNS_KEPT)).all()
    db.session.execute(delete(ExposureRun).where(ExposureRun.id.not_in(kept)))
