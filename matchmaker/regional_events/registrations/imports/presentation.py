"""What the pages of an import of guests show."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matchmaker.core.spreadsheets.faults import faulty_cells
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.domain import ATTENDEE_ROLE_LABELS, AttendeeRole
from matchmaker.regional_events.registrations.imports import queries
from matchmaker.regional_events.registrations.imports.domain import GUESTS, ImportState, RowState
from matchmaker.regional_events.registrations.imports.models import GuestImport, GuestImportRow
from matchmaker.regional_events.registrations.presentation import track_name

SHOWN_ROWS = 50
SHOWN_GOOD_ROWS = 10


@dataclass(frozen=True, slots=True)
class GuestLine:
    """One guest in a short list."""

    row: int
    name: str
    organization: str
    track: str
    role: str
    note: str
    registration_id: uuid.UUID | None


def lines(event: RegionalEvent, rows: Sequence[GuestImportRow]) -> list[GuestLine]:
    """Checked rows as short lines (tracks of the event loaded)."""
    tracks = {str(track.id): track_name(track) for track in event.tracks}
    return [
        GuestLine(
            row.row_number,
            row.values.get("name", ""),
            row.values.get("organization_name", ""),
            tracks.get(row.values.get("track", ""), ""),
            _role(row.values.get("role", "")),
            row.note,
            row.registration_id,
        )
        for row in rows
    ]


def _role(code: str) -> str:
    return ATTENDEE_ROLE_LABELS[AttendeeRole(code)] if code in set(AttendeeRole) else ""


def preview(event: RegionalEvent, made: GuestImport) -> dict[str, Any]:
    """What the page of a checked list shows."""
    faulty = queries.rows_in(made.id, [RowState.FAULTY], SHOWN_ROWS)
    return {
        "faulty": faulty_cells(GUESTS, faulty),
        "faulty_rows": len(faulty),
        "good": lines(event, queries.rows_in(made.id, [RowState.GOOD], SHOWN_GOOD_ROWS)),
        "duplicates": lines(event, queries.rows_in(made.id, [RowState.DUPLICATE], SHOWN_ROWS)),
    }


def result(event: RegionalEvent, made: GuestImport) -> dict[str, Any]:
    """What the page of a list shows once the worker is through with it."""
    counts = queries.row_counts(made.id)
    failed = queries.rows_in(made.id, [RowState.FAILED], SHOWN_ROWS)
    return {
        "counts": {state.name: number for state, number in counts.items()},
        "no_seat": lines(event, queries.rows_in(made.id, [RowState.NO_SEAT], SHOWN_ROWS)),
        "duplicates": lines(event, queries.rows_in(made.id, [RowState.DUPLICATE], SHOWN_ROWS)),
        "failed": faulty_cells(GUESTS, failed),
    }


def progress(made: GuestImport, url: str) -> dict[str, Any]:
    """How far an import has come, for the polling script.

    Args:
        url: page to show once it has ended.
    """
    states = {ImportState.RUNNING: "running", ImportState.FAILED: "failed"}
    state = states.get(made.state, "finished")
    answer = {
        "state": state,
        "done": made.steps_done,
        "total": made.step_count,
        "message": progress_text(made),
    }
    return answer if state == "running" else {**answer, "url": url}


def progress_text(made: GuestImport) -> str:
    """How far an import has come, in words."""
    if made.state is ImportState.RUNNING and not made.steps_done:
        return "登録の順番を待っています。"
    return f"登録：{made.step_count:,}人のうち{made.steps_done:,}人まで終わりました。"
