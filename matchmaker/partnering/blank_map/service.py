"""Turns a gap into the draft of a call."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.partnering.blank_map.domain import Cell
from matchmaker.partnering.blank_map.drafting import Theme
from matchmaker.partnering.blank_map.events import ThemeDrafted
from matchmaker.partnering.blank_map.models import BlankTheme
from matchmaker.partnering.blank_map.queries import themes_of
from matchmaker.working_groups.calls.content import CallData
from matchmaker.working_groups.calls.domain import CallKind, CallState
from matchmaker.working_groups.calls.service import create_call

ONGOING = frozenset({CallState.DRAFT, CallState.PUBLISHED})


def draft_call(cell: Cell, theme: Theme, actor: Actor, now: datetime) -> tuple[BlankTheme, bool]:
    """Make the draft of a call from a gap, once as long as that call goes on.

    Args:
        cell: the gap.
        theme: the texts.
        actor: who does it.
        now: the present moment.

    Returns:
        The theme with its call, and whether it is new. A second press gives the first theme.
    """
    earlier = themes_of(cell.material, cell.place)
    if earlier and earlier[0].call.state in ONGOING:
        return earlier[0], False
    number = earlier[0].number + 1 if earlier else 1
    try:
        with db.session.begin_nested():
            made = _make(cell, theme, number, actor, now)
    except IntegrityError:
        return themes_of(cell.material, cell.place)[0], False
    return made, True


def _make(cell: Cell, theme: Theme, number: int, actor: Actor, now: datetime) -> BlankTheme:
    data = CallData(CallKind.PILOT, theme.title, theme.summary, theme.body)
    call = create_call(data, actor, now)
    made = BlankTheme(
        id=new_id(),
        material_code=cell.material,
        place=cell.place,
        number=number,
        call_id=call.id,
        call=call,
        figures=_figures(cell),
        created_by_id=actor.user_id,
        created_at=now,
    )
    db.session.add(made)
    db.session.flush()
    details = {"name": theme.title}
    record(ThemeDrafted(actor=actor, now=now, subject_id=made.id, call_id=call.id, details=details))
    return made


def _figures(cell: Cell) -> dict[str, Any]:
    amounts = asdict(cell.amounts) if cell.amounts else {}
    return {
        "needs": cell.needs,
        "municipalities": cell.municipalities,
        "takers": cell.takers,
        "coverage": cell.coverage.value,
        **amounts,
    }
