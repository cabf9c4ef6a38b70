"""Form fields for questions that the usual inputs do not cover: choice, table, files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, MultipleFileField, SelectMultipleField

from matchmaker.questions.files import purpose_of
from matchmaker.questions.kinds import OTHER, OTHER_LABEL, Question

FEWEST_ROWS, EMPTY_ROWS = 3, 2
"""Rows that a table begins with, and empty ones below those filled in, for want of scripts."""


class ChoiceQuestionField(SelectMultipleField):
    """One or several options; the words for 「その他」 come as ``<name>-other``.

    ``data`` is the list of options as answers have it (``other:own words``).
    """

    def __init__(self, label: str, question: Question, **kwargs: Any) -> None:
        choices = [(option.code, option.label) for option in question.options]
        if question.other:
            choices.append((OTHER, OTHER_LABEL))
        super().__init__(label, choices=choices, validate_choice=False, **kwargs)
        self.question = question
        self.other_words = ""
        self.widget_kind = "checkbox_group" if question.several else "radio"

    def process_data(self, value: Any) -> None:
        """Take a stored answer."""
        words = [word for word in value if isinstance(word, str)] if isinstance(value, list) else []
        own = [word.partition(":")[2] for word in words if word.startswith(f"{OTHER}:")]
        self.other_words = own[0] if own else ""
        self.data = [word.partition(":")[0] for word in words]

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take what was chosen."""
        self.data = list(valuelist)

    def process(  # type: ignore[override]
        self,
        formdata: MultiDict[str, str] | None,
        data: Any = None,
        extra_filters: Any = None,
    ) -> None:
        """Take the options and the words for 「その他」."""
        super().process(formdata, data, extra_filters)
        if formdata is not None and (self.name in formdata or self.other_name in formdata):
            self.other_words = formdata.get(self.other_name, "")
            self.data = formdata.getlist(self.name)

    @property
    def other_name(self) -> str:
        """Name of the input for the words of 「その他」."""
        return f"{self.name}-{OTHER}"

    def raw_value(self) -> list[str]:
        """The answer as typed."""
        return [f"{OTHER}:{self.other_words}" if w == OTHER else w for w in self.data or []]


class TableQuestionField(Field):
    """A table as inputs ``<name>-<row>-<column>``; ``data`` is a list of rows as typed."""

    widget_kind = "question_table"

    def __init__(self, label: str, question: Question, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.question = question
        self.faults: Mapping[tuple[int, str], str] = {}
        self.data: list[dict[str, Any]] = []

    def process(  # type: ignore[override]
        self,
        formdata: MultiDict[str, str] | None,
        data: Any = None,
        extra_filters: Any = None,
    ) -> None:
        """Take the typed cells, or the stored rows when nothing was sent."""
        self.errors = []
        stored = data if isinstance(data, list) else []
        self.data = [dict(row) for row in stored if isinstance(row, Mapping)]
        if formdata is not None and (typed := self._typed_rows(formdata)) is not None:
            self.data = typed

    def _typed_rows(self, formdata: MultiDict[str, str]) -> list[dict[str, Any]] | None:
        columns = "|".join(re.escape(column.id) for column in self.question.columns)
        pattern = re.compile(rf"{re.escape(self.name)}-(\d{{1,3}})-({columns})")
        rows: dict[int, dict[str, Any]] = {}
        for name, value in formdata.items():
            if match := pattern.fullmatch(name):
                rows.setdefault(int(match[1]), {})[match[2]] = value.strip()
        if not rows:
            return None
        if self.question.row_labels:
            return [rows.get(number, {}) for number in range(len(self.question.row_labels))]
        return [rows[number] for number in sorted(rows)]

    def shown_rows(self) -> list[dict[str, Any]]:
        """Rows to draw: those filled in and a few empty ones, as far as the table may grow."""
        if self.question.row_labels:
            missing = len(self.question.row_labels) - len(self.data)
            return [*self.data, *({} for _ in range(missing))]
        filled = list(self.data)
        while filled and not any(value not in (None, "") for value in filled[-1].values()):
            filled.pop()
        wished = max(FEWEST_ROWS, len(filled) + EMPTY_ROWS)
        empty = max(0, min(wished, self.question.rows) - len(filled))
        return [*filled, *({} for _ in range(empty))]

    def raw_value(self) -> list[dict[str, Any]]:
        """The rows as typed."""
        return self.data


class FilesQuestionField(MultipleFileField):
    """New files under ``<name>``; those already there under ``<name>-kept``, to be unticked.

    ``kept`` are ids of files that stay, ``data`` the arriving uploads.
    """

    widget_kind = "question_files"

    def __init__(self, label: str, question: Question, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.question = question
        self.present: list[str] = []
        self.kept: list[str] = []

    def process(  # type: ignore[override]
        self,
        formdata: MultiDict[str, Any] | None,
        data: Any = None,
        extra_filters: Any = None,
    ) -> None:
        """Take the uploads and the ids of files that stay."""
        self.present = (
            [id_ for id_ in data if isinstance(id_, str)] if isinstance(data, list) else []
        )
        self.kept = list(self.present)
        super().process(formdata, (), extra_filters)
        if formdata is not None and f"{self.name}-sent" in formdata:
            ticked = formdata.getlist(f"{self.name}-kept")
            self.kept = [id_ for id_ in self.present if id_ in ticked]
        self.data = [file for file in self.data or [] if getattr(file, "filename", "")]

    @property
    def wanted(self) -> str:
        """Kinds of files that are taken, in words."""
        return purpose_of(self.question).wanted

    @property
    def accept(self) -> str:
        """What the browser offers for choosing."""
        return ",".join(f".{suffix}" for suffix in sorted(self.question.taken_suffixes))

    def raw_value(self) -> list[str]:
        """Ids of the files that stay."""
        return self.kept
