"""Files of pilots for Excel."""

from __future__ import annotations

import uuid

from flask import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.clock import today
from matchmaker.core.downloads import download
from matchmaker.core.spreadsheets.writing import XLSX, write_xlsx
from matchmaker.partnering.pilots import exports, listing, policy
from matchmaker.partnering.pilots.loading import open_pilot
from matchmaker.partnering.pilots.views import blueprint

__all__ = ["blueprint"]


@blueprint.get("/pilots/<uuid:pilot_id>/export")
def export(pilot_id: uuid.UUID) -> Response:
    """The indicators of a pilot by period."""
    place = open_pilot(pilot_id)
    content = write_xlsx(exports.results_table(place.pilot, place.now))
    return download(content, f"実証の指標_{today(place.now):%Y%m%d}.xlsx", XLSX)


@blueprint.get("/pilots/export")
def export_list() -> Response:
    """The list of the person, or of all pilots, the late ones first."""
    actor = authorize(policy.can_list_pilots(current_actor()))
    now = clock.now()
    pilots = listing.all_of(None if policy.can_list_all_pilots(actor) else actor, now)
    rows = (
        (row.pilot, row.late_reports, row.late_milestones, row.next_due_on)
        for row in listing.rows_of(pilots, now)
    )
    content = write_xlsx(exports.list_table(rows, now))
    return download(content, f"実証の一覧_{today(now):%Y%m%d}.xlsx", XLSX)
