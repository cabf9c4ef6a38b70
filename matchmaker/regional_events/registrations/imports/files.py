"""The templates that the staff fill in, with the tracks of the event to choose from."""

from __future__ import annotations

from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.record_columns import column_of
from matchmaker.core.spreadsheets.template import EXAMPLE_MARK, MARKER_HEADER, template_xlsx
from matchmaker.core.spreadsheets.writing import Column, OutTable, write_csv
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.imports.checking import EventTracks
from matchmaker.regional_events.registrations.imports.domain import (
    EXAMPLE,
    GUESTS,
    MOST_ROWS,
    TRACKS,
)


def _example(tracks: EventTracks) -> dict[str, Cell]:
    names = [choice.label for choice in tracks.choices(TRACKS)]
    return {**EXAMPLE, "track": names[0] if names else ""}


def template_workbook(event: RegionalEvent) -> bytes:
    """The template as an Excel workbook.

    Args:
        event: with its tracks.
    """
    tracks = EventTracks(event)
    return template_xlsx(GUESTS, tracks, _example(tracks), MOST_ROWS)


def template_csv(event: RegionalEvent) -> bytes:
    """The template as CSV with UTF-8 BOM: the header and the example row."""
    example = _example(EventTracks(event))
    columns = [column_of(spec, mark_required=True) for spec in GUESTS.fields]
    row = [EXAMPLE_MARK, *(example.get(spec.name) for spec in GUESTS.fields)]
    return write_csv(OutTable("名簿", [Column(MARKER_HEADER), *columns], [row])).content
