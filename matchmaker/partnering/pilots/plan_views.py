"""Pages of a pilot's plan that are tables: milestones, budget, indicators."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, url_for

from matchmaker.core.errors import ProductError
from matchmaker.core.text import whole_number
from matchmaker.partnering.pilots import queries
from matchmaker.partnering.pilots.checking import FaultyInput
from matchmaker.partnering.pilots.forms import EMPTY_ROWS, RowsForm, sent_rows
from matchmaker.partnering.pilots.indicators import RULES
from matchmaker.partnering.pilots.loading import (
    OpenPilot,
    open_to_write,
    opened,
    renew,
    tell,
)
from matchmaker.partnering.pilots.plan_tables import PLAN_TABLES
from matchmaker.partnering.pilots.plans import Row
from matchmaker.partnering.pilots.views import INVALID, Answer, blueprint

__all__ = ["blueprint"]

ADDRESS = "/pilots/<uuid:pilot_id>/<any(milestones, budget, indicators):part>"


@blueprint.get(ADDRESS)
def edit_rows(pilot_id: uuid.UUID, part: str) -> str:
    """A table of the plan, line by line."""
    place, table = open_to_write(pilot_id), PLAN_TABLES[part]
    rows = sent_rows(table.columns, table.most) or table.stored(place.pilot)
    return _page(part, place, opened(RowsForm), rows)


@blueprint.post(ADDRESS)
def update_rows(pilot_id: uuid.UUID, part: str) -> Answer:
    """Keep the lines."""
    place, table, form = open_to_write(pilot_id), PLAN_TABLES[part], RowsForm()
    rows = sent_rows(table.columns, table.most) or []
    if not form.validate_on_submit():
        return _page(part, place, form, rows), INVALID
    try:
        table.save(place, rows, whole_number(form.revision.data) or 0)
    except ProductError as error:
        renew(form, place.pilot.revision, error)
        return _page(part, place, form, rows, tell_rows(form, error)), error.status
    flash(f"{table.label}を保存しました。", "success")
    return redirect(url_for("pilots.show", pilot_id=pilot_id))


def _page(
    part: str,
    place: OpenPilot,
    form: RowsForm,
    rows: Sequence[Row],
    messages: Mapping[str, str] | None = None,
) -> str:
    """The table with its messages and some empty lines at its end."""
    if not form.revision.data:
        form.revision.data = str(place.pilot.revision)
    table = PLAN_TABLES[part]
    return render_template(
        f"pilots/{part}.html",
        part=part,
        table=table,
        pilot=place.pilot,
        partners=place.partners,
        form=form,
        rows=[*_written(rows), *([table.empty] * EMPTY_ROWS)],
        messages=messages or {},
        rules=RULES,
        reported=queries.reported_indicators(place.pilot.id),
    )


def _written(rows: Sequence[Row]) -> Sequence[Row]:
    """The lines up to the last in which something stands."""
    last = max((place for place, row in enumerate(rows) if any(row.values())), default=-1)
    return rows[: last + 1]


def tell_rows(form: RowsForm, error: ProductError) -> Mapping[str, str]:
    """Tell what is wrong above the table, with the number of each line, and at each input."""
    if not isinstance(error, FaultyInput):
        return tell(form, error)
    for name, message in error.messages.items():
        place = whole_number(name.rpartition("-")[2])
        form.add_error(None, message if place is None else f"{place + 1}行目：{message}")
    return error.messages
