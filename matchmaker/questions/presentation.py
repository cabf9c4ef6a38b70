"""Answers as people read them: for pages, mails and spreadsheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matchmaker.core.cleaning import FieldError
from matchmaker.core.formatting import format_date
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.writing import Column
from matchmaker.questions.checking import as_typed, plain
from matchmaker.questions.domain import Question, QuestionKind, Questionnaire
from matchmaker.questions.kinds import KIND_LABELS, ColumnKind, TableColumn
from matchmaker.questions.models import AnswerFile

Files = Mapping[str, AnswerFile]
NO_FILES: Files = {}
WIDE = frozenset({QuestionKind.TEXT, QuestionKind.TABLE})


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One question with its answer.

    Args:
        question_id: the question.
        label: what was asked.
        text: the answer in plain words, several lines where it has several parts; empty when
            there is none.
        headings: of a table's columns.
        rows: of a table, in words.
        files: that were given.
    """

    question_id: str
    label: str
    text: str
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    files: tuple[AnswerFile, ...] = ()


def shown_answers(
    questionnaire: Questionnaire, answers: Any, files: Files = NO_FILES
) -> list[ShownAnswer]:
    """Every question that is asked with its answer in words. Never raises, also for drafts.

    Args:
        answers: as stored.
        files: files of the subject by id as text, from ``questions.files``.
    """
    given = answers if isinstance(answers, Mapping) else {}
    return [_shown(question, given, files) for question in questionnaire.shown(given)]


def _shown(question: Question, answers: Mapping[str, Any], files: Files) -> ShownAnswer:
    raw = answers.get(question.id)
    text = answer_text(question, raw, files)
    if question.kind is QuestionKind.TABLE and isinstance(raw, list):
        headings, rows = table_in_words(question, raw)
        return ShownAnswer(question.id, question.label, text, headings, rows)
    if question.kind is QuestionKind.FILE and isinstance(raw, list):
        found = tuple(files[id_] for id_ in raw if isinstance(id_, str) and id_ in files)
        return ShownAnswer(question.id, question.label, text, files=found)
    return ShownAnswer(question.id, question.label, text)


def answer_text(question: Question, raw: Any, files: Files = NO_FILES) -> str:
    """One answer in plain words."""
    if raw is None or raw in ("", []):
        return ""
    try:
        return WRITERS[question.kind](question, raw, files)
    except (FieldError, TypeError, ValueError, AttributeError):
        return str(as_typed(raw))


def _as_is(_question: Question, raw: Any, _files: Files) -> str:
    return str(raw)


def _choice(question: Question, raw: Any, _files: Files) -> str:
    chosen = raw if isinstance(raw, list) else [raw]
    return "\n".join(question.option_label(word) for word in chosen)


def _number(question: Question, raw: Any, _files: Files) -> str:
    return _with_unit(raw, question.unit)


def _with_unit(raw: Any, unit: str) -> str:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return str(raw)
    return f"{plain(raw)}{unit}"


def _date(_question: Question, raw: Any, _files: Files) -> str:
    return format_date(date.fromisoformat(raw))


def _consent(_question: Question, raw: Any, _files: Files) -> str:
    return "はい" if raw is True else ""


def _file(_question: Question, raw: Any, files: Files) -> str:
    return "\n".join(files[id_].file.name for id_ in raw if id_ in files)


def _table(question: Question, raw: Any, _files: Files) -> str:
    headings, rows = table_in_words(question, raw)
    return "\n".join(
        "、".join(f"{head}：{cell}" if head else cell for head, cell in pairs if cell)
        for row in rows
        for pairs in [list(zip(headings, row, strict=True))]
        if any(cell for head, cell in pairs if head)
    )


WRITERS = {
    QuestionKind.TEXT: _as_is,
    QuestionKind.CHOICE: _choice,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.FILE: _file,
    QuestionKind.TABLE: _table,
    QuestionKind.CONSENT: _consent,
}


def table_in_words(
    question: Question, raw: Sequence[Any]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Headings and rows of a table; rows with names begin with them, under an empty heading."""
    headings = tuple(column.label for column in question.columns)
    rows = [
        tuple(_cell_text(column, row.get(column.id)) for column in question.columns)
        for row in raw
        if isinstance(row, Mapping)
    ]
    if question.row_labels:
        named = zip(question.row_labels, rows, strict=False)
        return ("", *headings), tuple((name, *row) for name, row in named)
    return headings, tuple(rows)


def _cell_text(column: TableColumn, raw: Any) -> str:
    if raw is None:
        return ""
    if column.kind is ColumnKind.CHOICE:
        return next((o.label for o in column.options if o.code == raw), str(raw))
    return _with_unit(raw, column.unit) if column.kind is ColumnKind.NUMBER else str(raw)


def answer_columns(questionnaire: Questionnaire) -> list[Column]:
    """A spreadsheet column for each question; equal headings are told apart by a number."""
    labels = [question.label for question in questionnaire.questions]
    return [
        Column(
            _heading(question, labels.count(question.label) > 1, number),
            question.help,
            KIND_LABELS[question.kind],
            40 if question.kind in WIDE else 20,
        )
        for number, question in enumerate(questionnaire.questions, start=1)
    ]


def _heading(question: Question, is_repeated: bool, number: int) -> str:
    unit = f"（{question.unit}）" if question.unit else ""
    return f"{question.label}{unit}{f'（質問{number}）' if is_repeated else ''}"


def answer_cells(
    questionnaire: Questionnaire, answers: Mapping[str, Any], files: Files = NO_FILES
) -> list[Cell]:
    """The cells for one person's answers, in the order of :func:`answer_columns`."""
    return [
        _cell(question, answers.get(question.id), files) for question in questionnaire.questions
    ]


def _cell(question: Question, raw: Any, files: Files) -> Cell:
    if question.kind is QuestionKind.NUMBER and isinstance(raw, int | float):
        return raw
    if question.kind is QuestionKind.DATE and isinstance(raw, str):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            return raw
    return answer_text(question, raw, files) or None
