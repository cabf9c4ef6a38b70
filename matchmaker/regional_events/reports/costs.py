"""What an event costs: planned and actual yen by kind of expense."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line, fold
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.reports.domain import (
    COST_LABEL_LENGTH,
    MOST_COSTS,
    MOST_YEN,
)
from matchmaker.regional_events.reports.events import CostsChanged
from matchmaker.regional_events.reports.models import EventCost

USUAL_LABELS = ("会場費", "配信・撮影", "手話通訳・要約筆記", "講師謝金・旅費", "印刷・備品")
NO_LABEL = "費目を入れてください。"
NO_YEN = "金額は、0から10億までの整数（円）で入れてください。"


@dataclass(frozen=True, slots=True)
class CostRow:
    """One line as it was typed."""

    label: str = ""
    planned: str = ""
    actual: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not (self.label.strip() or self.planned.strip() or self.actual.strip())


@dataclass(frozen=True, slots=True)
class CostSum:
    """Planned and actual costs together; None while none is written."""

    planned_yen: int | None = None
    actual_yen: int | None = None

    @property
    def known_yen(self) -> int | None:
        """What was paid, or else what is planned."""
        return self.planned_yen if self.actual_yen is None else self.actual_yen


def costs_of(event_id: uuid.UUID) -> Sequence[EventCost]:
    """The costs of an event in their order."""
    query = (
        select(EventCost)
        .where(EventCost.event_id == event_id)
        .order_by(EventCost.position)
        .limit(MOST_COSTS)
    )
    return db.session.scalars(query).all()


def sums_of(event_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, CostSum]:
    """Costs of several events, added up (one statement)."""
    query = (
        select(EventCost.event_id, func.sum(EventCost.planned_yen), func.sum(EventCost.actual_yen))
        .where(EventCost.event_id.in_(event_ids))
        .group_by(EventCost.event_id)
    )
    return {
        event_id: CostSum(planned, actual)
        for event_id, planned, actual in db.session.execute(query).tuples()
    }


def save_costs(
    event: RegionalEvent, rows: Sequence[CostRow], actor: Actor, now: datetime
) -> list[EventCost]:
    """Write the costs of an event anew; empty lines are left out.

    Raises:
        ProductError: a line does not fit; ``field`` is ``label-0``, ``planned-3`` …
    """
    costs = [_cost(event.id, place, row) for place, row in enumerate(rows) if not row.is_empty]
    if len(costs) > MOST_COSTS:
        raise ProductError(f"費目は{MOST_COSTS}行までです。")
    db.session.execute(delete(EventCost).where(EventCost.event_id == event.id))
    db.session.add_all(costs)
    db.session.flush()
    details = {"lines": len(costs)}
    record(CostsChanged(actor=actor, now=now, subject_id=event.id, details=details))
    return costs


def _cost(event_id: uuid.UUID, place: int, row: CostRow) -> EventCost:
    label = clean_line(row.label)
    if not label or len(label) > COST_LABEL_LENGTH:
        raise ProductError(f"{place + 1}行目：{NO_LABEL}", f"label-{place}")
    return EventCost(
        event_id=event_id,
        position=place,
        label=label,
        planned_yen=_yen(row.planned, place, "planned"),
        actual_yen=_yen(row.actual, place, "actual"),
    )


def _yen(text: str, place: int, name: str) -> int | None:
    """Yen as people type them: full-width digits, commas, 円."""
    digits = fold(text).replace(",", "").replace("円", "").replace("¥", "").strip()
    if not digits:
        return None
    if not (digits.isascii() and digits.isdecimal()) or int(digits[:12]) > MOST_YEN:
        raise ProductError(f"{place + 1}行目：{NO_YEN}", f"{name}-{place}")
    return int(digits)
