"""The rates behind estimates of towns without a post, kept by the secretariat."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import ProductError
from matchmaker.partnering.coalitions import queries
from matchmaker.partnering.coalitions.domain import RATE_MOST, RATE_STEP
from matchmaker.partnering.coalitions.events import CoalitionRateKept
from matchmaker.partnering.coalitions.models import CoalitionRate


def keep_rate(
    material_code: str, kg: Decimal | None, source: str, actor: Actor, now: datetime
) -> None:
    """Keep, change or (without a number) take away the rate of a material.

    Args:
        material_code: of the material.
        kg: kilogrammes a head and year; None takes the rate away.
        source: where the number comes from.
        actor, now: who does it, and when.

    Raises:
        ProductError: the number is out of its bounds, there is nothing to take away, or the source
            is missing.
    """
    rate = queries.rate_of(material_code)
    if kg is None:
        if rate is None:
            raise ProductError("1人あたりの量を入れてください。", "kg")
        db.session.delete(rate)
        _record_rate(rate, "", actor, now)
        return
    _check(kg, source)
    if rate is None:
        rate = CoalitionRate(id=new_id(), material_code=material_code, revision=0)
        db.session.add(rate)
    rate.kg_per_head_year, rate.source = kg, source
    rate.updated_at, rate.updated_by_id = now, actor.user_id
    rate.revision += 1
    _record_rate(rate, str(kg), actor, now)


def _check(kg: Decimal, source: str) -> None:
    if not RATE_STEP <= kg <= RATE_MOST:
        raise ProductError(f"{RATE_STEP}から{RATE_MOST:,}までの数を入れてください。", "kg")
    if kg % RATE_STEP:
        raise ProductError("小数は3けたまでで入れてください。例：5.125", "kg")
    if not source.strip():
        raise ProductError("出典を入れてください。", "source")


def _record_rate(rate: CoalitionRate, kg: str, actor: Actor, now: datetime) -> None:
    db.session.flush()
    details = {"material": rate.material_code, "kg": kg}
    record(CoalitionRateKept(actor=actor, now=now, subject_id=rate.id, details=details))
