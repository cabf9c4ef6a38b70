"""From a file to checked rows: each faulty cell with its message, each double named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matchmaker.accounts.domain import email_is_plausible, email_key, normalized_email
from matchmaker.core.cleaning import clean_record
from matchmaker.core.fields import Choice
from matchmaker.core.spreadsheets.cells import is_blank
from matchmaker.core.spreadsheets.import_rows import (
    column_names,
    is_example,
    kept_cells,
    reading_notices,
)
from matchmaker.core.spreadsheets.reading import TableRow, read_table
from matchmaker.core.text import fold
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.domain import AttendeeRole
from matchmaker.regional_events.registrations.drafting import WRONG_EMAIL
from matchmaker.regional_events.registrations.exports import COLUMNS
from matchmaker.regional_events.registrations.forms import KANA, WRONG_KANA, katakana
from matchmaker.regional_events.registrations.imports.domain import (
    GUESTS,
    MOST_ROWS,
    OTHER_HEADERS,
    People,
    RowState,
    needs_of,
)
from matchmaker.regional_events.registrations.presentation import track_name

OWN_HEADERS = frozenset(column.header for column in COLUMNS)
"""Columns of the product's own list that say nothing here."""


class EventTracks:
    """The ways of taking part in one event, as the words that a list may use.

    Args:
        event: with its tracks.
    """

    def __init__(self, event: RegionalEvent) -> None:
        self._choices = [Choice(str(track.id), track_name(track)) for track in event.tracks]
        plain = [fold(track.name) for track in event.tracks]
        self._by_plain_name = {
            fold(track.name): str(track.id)
            for track in event.tracks
            if plain.count(fold(track.name)) == 1
        }

    def choices(self, name: str) -> Sequence[Choice]:
        """All tracks, whatever the name: lists of guests have no other vocabulary."""
        return self._choices

    def municipality(self, text: str, prefecture: str | None) -> str | None:
        """Guests have no municipality."""
        return None

    def raw(self, cell: Any) -> Any:
        """A cell in words that :meth:`choices` has: the plain name counts, and nothing at all
        where there is only one track."""
        if is_blank(cell):
            return self._choices[0].code if len(self._choices) == 1 else None
        return self._by_plain_name.get(fold(str(cell)), cell)


@dataclass(slots=True)
class CheckedRow:
    """One row after checking.

    Args:
        number: row number as the person sees it.
        state: good, faulty or a double.
        values: cleaned values; of faulty rows the cells as they stood.
        errors: message by field name.
        note: whose double it is.
    """

    number: int
    state: RowState
    values: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class CheckedList:
    """A list after checking: its columns by field name, its rows, what people should know."""

    columns: tuple[str, ...]
    rows: tuple[CheckedRow, ...]
    notices: tuple[str, ...]

    def count(self, state: RowState) -> int:
        """How many rows stand in ``state``."""
        return sum(row.state is state for row in self.rows)


def check_list(event: RegionalEvent, name: str, content: bytes, people: People) -> CheckedList:
    """Read and check a list of guests.

    Args:
        event: with its tracks.
        name: cleaned name of the file.
        content: the file.
        people: those who are registered already; the guests of the file are added.

    Raises:
        UnreadableTable: the file cannot be read at all, or has too many rows.
    """
    labels = {**column_names(GUESTS), **OTHER_HEADERS}
    table = read_table(name, content, labels, MOST_ROWS)
    tracks = EventTracks(event)
    taken = [row for row in table.rows if not is_example(row)]
    rows = tuple(_checked(row, tracks, people) for row in taken)
    columns = tuple(column for column in table.columns if column in GUESTS.by_name)
    return CheckedList(columns, rows, tuple(reading_notices(table, len(taken), OWN_HEADERS)))


def _checked(row: TableRow, tracks: EventTracks, people: People) -> CheckedRow:
    raw = {**row.values, "track": tracks.raw(row.values.get("track"))}
    cleaned = clean_record(GUESTS, raw, tracks, complete=True, rules=(_rules,))
    known = {name: text for name, text in row.problems.items() if name in GUESTS.by_name}
    errors = {**cleaned.errors, **known}
    if errors:
        return CheckedRow(row.number, RowState.FAULTY, kept_cells(row.values), errors)
    values = _values(cleaned.values)
    person = (email_key(values["email"]), values["name"], values["organization_name"])
    twin = people.twin(*person)
    if twin:
        return CheckedRow(row.number, RowState.DUPLICATE, values, note=twin)
    people.add(*person, f"{row.number:,}行目と同じ人です。")
    return CheckedRow(row.number, RowState.GOOD, values)


def _rules(values: Mapping[str, Any]) -> dict[str, str]:
    errors: dict[str, str] = {}
    email = values.get("email")
    if email and not email_is_plausible(normalized_email(email)):
        errors["email"] = WRONG_EMAIL
    if not KANA.match(values.get("kana") or ""):
        errors["kana"] = WRONG_KANA
    if not values.get("track"):
        errors["track"] = "参加方法を一覧から選んでください。"
    return errors


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Cleaned values as a row keeps them."""
    needs, note = needs_of(values["assistance"] or "")
    return {
        "name": values["name"],
        "kana": katakana(values["kana"] or ""),
        "organization_name": values["organization_name"] or "",
        "job_title": values["job_title"] or "",
        "email": normalized_email(values["email"] or ""),
        "track": values["track"],
        "role": values["role"] or AttendeeRole.PARTICIPANT.value,
        "assistance": needs,
        "assistance_note": note,
        "memo": values["memo"] or "",
    }
