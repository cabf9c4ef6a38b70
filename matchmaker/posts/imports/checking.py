"""From a file to checked rows: each faulty cell with its message, each double named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from matchmaker.core.cleaning import Vocabularies, clean_record
from matchmaker.core.spreadsheets.cells import is_blank
from matchmaker.core.spreadsheets.import_rows import (
    MARKER,
    column_names,
    is_example,
    kept_cells,
    reading_notices,
)
from matchmaker.core.spreadsheets.reading import Table, TableRow, read_table
from matchmaker.core.spreadsheets.record_columns import raw_of
from matchmaker.posts.content import to_json
from matchmaker.posts.domain import validity_error
from matchmaker.posts.exports import EXTRA_HEADERS
from matchmaker.posts.imports.domain import RowState, fingerprint
from matchmaker.posts.types import PostType


@dataclass(slots=True)
class CheckedRow:
    """One row after checking.

    Args:
        number: row number as the person sees it.
        state: good, faulty or a duplicate.
        title: for showing the row.
        values: cleaned values as a version keeps them; of faulty rows the cells as they stood.
        errors: message by field name.
        note: why it counts as a duplicate.
    """

    number: int
    state: RowState
    title: str
    values: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file after checking: its columns by field name, its rows, what people should know."""

    columns: tuple[str, ...]
    rows: tuple[CheckedRow, ...]
    notices: tuple[str, ...]

    def count(self, state: RowState) -> int:
        """How many rows stand in ``state``."""
        return sum(row.state is state for row in self.rows)


class CachedVocabularies:
    """Asks the vocabularies once for each word: the same towns recur from row to row."""

    def __init__(self, inner: Vocabularies) -> None:
        self.choices = lru_cache(maxsize=16)(inner.choices)
        self.municipality = lru_cache(maxsize=4096)(inner.municipality)


def check_file(
    post_type: PostType,
    name: str,
    content: bytes,
    vocabularies: Vocabularies,
    existing: Mapping[str, str],
    today: date,
) -> CheckedFile:
    """Read and check a file.

    Args:
        name: cleaned name of the file.
        content: the file.
        vocabularies: vocabularies kept in the database.
        existing: title by fingerprint of the posts the organisation has.
        today: the present day in Japan.

    Raises:
        UnreadableTable: the file cannot be read at all.
    """
    table = read_table(name, content, column_names(post_type.table))
    checker = _Checker(post_type, CachedVocabularies(vocabularies), dict(existing), today)
    rows = tuple(checker.check(row) for row in table.rows if not is_example(row))
    columns = tuple(column for column in table.columns if column != MARKER)
    return CheckedFile(columns, rows, tuple(_notices(post_type, table, rows)))


def _notices(post_type: PostType, table: Table, rows: Sequence[CheckedRow]) -> list[str]:
    return reading_notices(table, len(rows), EXTRA_HEADERS) + _defaults_told(post_type, table)


def _defaults_told(post_type: PostType, table: Table) -> list[str]:
    """Say which value stands in for a required column that the file does not have."""
    absent = [
        spec
        for spec in post_type.table.fields
        if spec.required and spec.name not in table.columns and spec.name in post_type.defaults
    ]
    return [
        f"「{spec.label}」の列がないので、どの行も"
        f"「{spec.label_of(str(post_type.defaults[spec.name]))}」にします。"
        for spec in absent
    ]


class _Checker:
    def __init__(
        self,
        post_type: PostType,
        vocabularies: Vocabularies,
        seen: dict[str, str],
        today: date,
    ) -> None:
        self._type = post_type
        self._vocabularies = vocabularies
        self._seen = seen
        self._today = today

    def check(self, row: TableRow) -> CheckedRow:
        """Clean one row, name its faulty cells, look for its double."""
        cleaned = clean_record(
            self._type.table,
            self._raw(row),
            self._vocabularies,
            complete=True,
            rules=self._type.rules,
        )
        errors = {**cleaned.errors, **row.problems}
        problem = validity_error(cleaned.values.get("valid_until"), self._today)  # type: ignore[arg-type]
        if problem:
            errors.setdefault("valid_until", problem)
        errors.pop(MARKER, None)
        if errors:
            shown = str(row.values.get("title") or "")[:100]
            return CheckedRow(row.number, RowState.FAULTY, shown, kept_cells(row.values), errors)
        return self._without_double(row.number, cleaned.values)

    def _raw(self, row: TableRow) -> dict[str, Any]:
        raw = {
            spec.name: raw_of(spec, row.values.get(spec.name)) for spec in self._type.table.fields
        }
        for name, value in self._type.defaults.items():
            if self._type.table.by_name[name].required and is_blank(raw[name]):
                raw[name] = value
        return raw

    def _without_double(self, number: int, values: Mapping[str, Any]) -> CheckedRow:
        title = str(values["title"])
        mark = fingerprint(title, str(values[self._type.text_field]))
        twin = self._seen.setdefault(mark, f"{number:,}行目と同じ内容です。")
        row = CheckedRow(number, RowState.GOOD, title, to_json(values))
        if twin != f"{number:,}行目と同じ内容です。":
            row.state, row.note = RowState.DUPLICATE, twin
        return row
