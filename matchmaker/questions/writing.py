"""From a question to JSON: what is usual is left out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matchmaker.core.fields import Choice
from matchmaker.questions.kinds import Question, QuestionKind, TableColumn

Data = dict[str, Any]


def write_question(question: Question) -> Data:
    """The question as ``read_questions`` takes it."""
    data: Data = {"id": question.id, "kind": question.kind.value, "label": question.label}
    data.update(_filled(help=question.help, required=question.required))
    if question.condition is not None:
        data["when"] = {
            "question": question.condition.question_id,
            "options": list(question.condition.option_ids),
        }
    return {**data, **DETAILS[question.kind](question)}


def _filled(**parts: Any) -> Data:
    return {name: value for name, value in parts.items() if value not in ("", False, None, [])}


def _text(question: Question) -> Data:
    return {**_filled(multiline=question.multiline), "max_length": question.max_length}


def _choice(question: Question) -> Data:
    data = {"options": _options(question.options)}
    if question.most:
        data["most"] = question.most  # type: ignore[assignment]
    return {**data, **_filled(several=question.several, other=question.other)}


def _number(question: Question) -> Data:
    data = _filled(unit=question.unit)
    if question.minimum is not None:
        data["minimum"] = question.minimum
    if question.maximum is not None:
        data["maximum"] = question.maximum
    return {**data, "decimals": question.decimals}


def _file(question: Question) -> Data:
    return {"most_files": question.most_files, **_filled(suffixes=list(question.suffixes))}


def _table(question: Question) -> Data:
    return {
        "columns": [_column(column) for column in question.columns],
        "most_rows": question.most_rows,
        **_filled(row_labels=list(question.row_labels)),
    }


def _column(column: TableColumn) -> Data:
    return {
        "id": column.id,
        "label": column.label,
        "kind": column.kind.value,
        **_filled(unit=column.unit, options=_options(column.options)),
    }


def _options(options: Sequence[Choice]) -> list[Data]:
    return [{"id": option.code, "label": option.label} for option in options]


def _nothing(_question: Question) -> Data:
    return {}


DETAILS: Mapping[QuestionKind, Callable[[Question], Data]] = {
    QuestionKind.TEXT: _text,
    QuestionKind.CHOICE: _choice,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _nothing,
    QuestionKind.FILE: _file,
    QuestionKind.TABLE: _table,
    QuestionKind.CONSENT: _nothing,
}
