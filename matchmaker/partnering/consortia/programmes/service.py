"""Commands on support programmes and on the figures that consortia give for them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.consortia.programmes import queries
from matchmaker.partnering.consortia.programmes.events import FiguresSaved, ProgrammeSaved
from matchmaker.partnering.consortia.programmes.models import ProgrammeFigures, SupportProgramme

CHANGED_MEANWHILE = (
    "ほかの人が先に変えました。入れた内容は残っています。新しい内容を確かめてから、"
    "もう一度保存してください。"
)


def add(
    values: Mapping[str, Any], actor: Actor, now: datetime, *, key: str | None = None
) -> SupportProgramme:
    """Put a support programme on the list.

    Args:
        values: its fields as ``content.stored`` gives them.
        key: of the entry of the reference data, if it comes from there.
    """
    programme = SupportProgramme(
        key=key, name=values["name"], values=dict(values), is_listed=True, revision=1,
        created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(programme)
    _note(programme, actor, now)
    return programme


def change(
    programme: SupportProgramme,
    values: Mapping[str, Any],
    revision: int,
    actor: Actor,
    now: datetime,
    *,
    is_listed: bool = True,
) -> None:
    """Write other fields, or take the programme off the list.

    Raises:
        Conflict: somebody changed it since ``revision``.
    """
    if programme.revision != revision:
        raise Conflict(CHANGED_MEANWHILE)
    programme.name, programme.values = values["name"], dict(values)
    programme.is_listed = is_listed
    programme.revision += 1
    programme.updated_at = now
    _note(programme, actor, now)


def _note(programme: SupportProgramme, actor: Actor, now: datetime) -> None:
    db.session.flush()
    details = {"name": programme.name, "listed": programme.is_listed}
    record(ProgrammeSaved(actor=actor, now=now, subject_id=programme.id, details=details))


def save_figures(
    consortium: Consortium,
    figures: Mapping[str, Decimal],
    costs: Mapping[uuid.UUID, int],
    revision: int,
    actor: Actor,
    now: datetime,
) -> ProgrammeFigures:
    """Keep what a consortium gives for the conditions and rates.

    Args:
        figures: numbers by code of ``conditions.FIGURES``.
        costs: planned costs in yen by the id of the partner's row.
        revision: what the person saw; 0 when nothing had been given.

    Raises:
        Conflict: somebody changed them since.
    """
    kept = queries.figures_of(consortium.id)
    if (kept.revision if kept else 0) != revision:
        raise Conflict(CHANGED_MEANWHILE)
    if kept is None:
        kept = ProgrammeFigures(consortium_id=consortium.id, revision=0)
        db.session.add(kept)
    kept.figures = {code: f"{number:f}" for code, number in figures.items()}
    kept.costs = {str(partner_id): cost for partner_id, cost in costs.items()}
    kept.revision += 1
    kept.updated_at, kept.updated_by_name = now, actor.name
    db.session.flush()
    record(FiguresSaved(actor=actor, now=now, subject_id=consortium.id))
    return kept
