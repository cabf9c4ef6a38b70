"""From what was typed, or stored, to a checked answer: one function for each kind of question."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from matchmaker.core.cleaning import FieldError, Value, clean
from matchmaker.core.fields import Choice, FieldKind, FieldSpec
from matchmaker.core.text import clean_line, fold
from matchmaker.questions.kinds import (
    LARGEST_NUMBER,
    LONGEST_CELL,
    LONGEST_OTHER,
    OTHER,
    ColumnKind,
    Question,
    QuestionKind,
    TableColumn,
)

UNREADABLE = "読み取れません。もう一度入れてください。"
MOST_TYPED_ITEMS = 400
LONGEST_TYPED = 20_000
LONGEST_SHOWN = 30


class _NoVocabularies:
    """Questions bring their own options."""

    def choices(self, name: str) -> Sequence[Choice]:
        """There is none of that name."""
        raise LookupError(name)

    def municipality(self, text: str, prefecture: str | None) -> str | None:
        """There is none."""
        return None


@dataclass(frozen=True, slots=True)
class CheckedTable:
    """Rows of a table and what is wrong in its cells, by row (from 0) and column id."""

    rows: list[dict[str, Any]]
    faults: dict[tuple[int, str], str] = field(default_factory=dict)


def check_answer(question: Question, raw: Any, arriving: int = 0) -> Any:
    """The answer to one question, as JSON; None when nothing was given.

    Args:
        question: what was asked.
        raw: what was typed, or an answer as it is stored.
        arriving: FILE: how many files come with this request besides those already there.

    Raises:
        FieldError: it does not fit; the text is Japanese.
    """
    if question.kind is QuestionKind.FILE:
        return _files(question, raw, arriving)
    if raw is None or raw is False or raw in ("", []):
        return None
    return CHECKS[question.kind](question, raw)


def _typed(kind: FieldKind, raw: Any, **bounds: Any) -> Value:
    """Clean a plain value as the forms of posts do."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal | date):
        raise FieldError(UNREADABLE)
    spec = FieldSpec("answer", "", kind, "", **bounds)
    return clean(spec, raw, _NoVocabularies())


def _text(question: Question, raw: Any) -> str | None:
    kind = FieldKind.TEXT if question.multiline else FieldKind.LINE
    text = _typed(kind, raw, max_length=question.max_length)
    return str(text) if text else None


def _number(question: Question, raw: Any) -> int | float | None:
    number = _plain_number(raw, question.decimals)
    if number is None:
        return None
    if question.minimum is not None and number < question.minimum:
        raise FieldError(f"{plain(question.minimum)}以上の数を入れてください。")
    if question.maximum is not None and number > question.maximum:
        raise FieldError(f"{plain(question.maximum)}以下の数を入れてください。")
    return number


def _plain_number(raw: Any, decimals: int) -> int | float | None:
    """A JSON number; full-width digits, commas and 万 are understood."""
    bounds = {"minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER}
    given = _typed(FieldKind.DECIMAL, raw, **bounds)
    if given is None:
        return None
    number = Decimal(str(given))
    if number != round(number, decimals):
        raise FieldError(
            f"小数は{decimals}けたまでにしてください。"
            if decimals
            else "小数を使わずに入れてください。"
        )
    return int(number) if number == number.to_integral_value() else float(number)


def plain(number: float) -> str:
    """``1,200`` or ``0.5``: a bound as people read it."""
    return f"{int(number):,}" if float(number).is_integer() else f"{number:,}"


def _date(_question: Question, raw: Any) -> str | None:
    day = _typed(FieldKind.DATE, raw)
    return day.isoformat() if isinstance(day, date) else None


def _consent(_question: Question, raw: Any) -> bool | None:
    if raw is True or (isinstance(raw, str) and fold(raw) in {"y", "yes", "on", "1", "true"}):
        return True
    raise FieldError(UNREADABLE)


def chosen_ids(question: Question, raw: Any) -> list[str]:
    """Known options in what was typed, each once and in the order of the question."""
    words = raw if isinstance(raw, list | tuple) else [raw]
    ids = {word.partition(":")[0] for word in words if isinstance(word, str)}
    return [known for known in question.option_ids if known in ids]


def _choice(question: Question, raw: Any) -> list[str] | None:
    words = raw if isinstance(raw, list | tuple) else [raw]
    if not all(isinstance(word, str) for word in words):
        raise FieldError(UNREADABLE)
    given = [word for word in words if word.strip()]
    unknown = [w for w in given if w.partition(":")[0] not in question.option_ids]
    if unknown:
        shown = unknown[0] if len(unknown[0]) <= LONGEST_SHOWN else unknown[0][:LONGEST_SHOWN] + "…"
        raise FieldError(f"「{shown}」は選べません。選び直してください。")
    chosen = [_entry(question, known, given) for known in chosen_ids(question, given)]
    _check_count(question, len(chosen))
    return chosen or None


def _entry(_question: Question, known: str, given: Sequence[str]) -> str:
    """An option as it is stored; 「その他」 needs its words."""
    if known != OTHER:
        return known
    words = [clean_line(w.partition(":")[2]) for w in given if w.partition(":")[0] == OTHER]
    text = next((word for word in words if word), "")
    if not text:
        raise FieldError("「その他」の内容を書いてください。")
    if len(text) > LONGEST_OTHER:
        raise FieldError(f"「その他」は{LONGEST_OTHER}文字以内で書いてください。")
    return f"{OTHER}:{text}"


def _check_count(question: Question, count: int) -> None:
    if not question.several and count > 1:
        raise FieldError("ひとつだけ選んでください。")
    if question.most and count > question.most:
        raise FieldError(f"{question.most}個までにしてください（いま{count}個です）。")


def _files(question: Question, raw: Any, arriving: int) -> list[str] | None:
    ids = list(dict.fromkeys(known for known in map(_file_id, _listed(raw)) if known))
    if len(ids) + arriving > question.most_files:
        raise FieldError(
            f"ファイルは{question.most_files}個までです。いらないものを外してください。"
        )
    return ids or None


def _listed(raw: Any) -> Sequence[Any]:
    return raw if isinstance(raw, list | tuple) else [raw]


def _file_id(raw: Any) -> str | None:
    """An id in its usual form; anything else was never an id of ours and is left out."""
    try:
        return str(uuid.UUID(str(raw))) if isinstance(raw, str | uuid.UUID) else None
    except ValueError:
        return None


def _table(question: Question, raw: Any) -> list[dict[str, Any]] | None:
    checked = check_table(question, raw)
    if checked.faults:
        (row, column_id), message = next(iter(checked.faults.items()))
        raise FieldError(
            f"{_row_name(question, row)}の「{_heading(question, column_id)}」：{message}"
        )
    return checked.rows or None


def _row_name(question: Question, row: int) -> str:
    return f"「{question.row_labels[row]}」" if question.row_labels else f"{row + 1}行目"


def _heading(question: Question, column_id: str) -> str:
    return next(column.label for column in question.columns if column.id == column_id)


def check_table(question: Question, raw: Any) -> CheckedTable:
    """Check each cell. Empty rows are left out unless the rows have names.

    Raises:
        FieldError: it is no table, or it has too many rows.
    """
    given = _rows(question, raw)
    faults: dict[tuple[int, str], str] = {}
    rows: list[dict[str, Any]] = []
    for number, typed in enumerate(given):
        row: dict[str, Any] = {}
        for column in question.columns:
            try:
                value = _cell(column, typed.get(column.id))
            except FieldError as error:
                faults[number, column.id] = str(error)
                continue
            if value is not None:
                row[column.id] = value
        rows.append(row)
    if not question.row_labels:
        rows = [row for row in rows if row]
    return CheckedTable(rows if any(rows) else [], faults)


def _rows(question: Question, raw: Any) -> list[Mapping[str, Any]]:
    if not isinstance(raw, list | tuple) or not all(isinstance(row, Mapping) for row in raw):
        raise FieldError(UNREADABLE)
    given = [dict(row) for row in raw]
    while given and not _is_filled(question, given[-1]):
        given.pop()
    if len(given) > question.rows:
        raise FieldError(f"{question.rows}行までにしてください。")
    if question.row_labels:
        given += [{} for _ in range(len(question.row_labels) - len(given))]
    return list(given)


def _is_filled(question: Question, row: Mapping[str, Any]) -> bool:
    return any(row.get(column.id) not in (None, "") for column in question.columns)


def _cell(column: TableColumn, raw: Any) -> str | int | float | None:
    if raw is None or raw == "":
        return None
    if column.kind is ColumnKind.NUMBER:
        return _plain_number(raw, 3)
    if column.kind is ColumnKind.CHOICE:
        return _chosen_cell(column, raw)
    text = _typed(FieldKind.LINE, raw, max_length=LONGEST_CELL)
    return str(text) if text else None


def _chosen_cell(column: TableColumn, raw: Any) -> str:
    if raw not in [option.code for option in column.options]:
        raise FieldError("一覧から選んでください。")
    return str(raw)


Check = Callable[[Question, Any], Any]
CHECKS: Mapping[QuestionKind, Check] = {
    QuestionKind.TEXT: _text,
    QuestionKind.CHOICE: _choice,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.TABLE: _table,
    QuestionKind.CONSENT: _consent,
}


def as_typed(raw: Any, depth: int = 2) -> Any:
    """What was typed as bounded JSON, so that a draft can keep an answer that does not fit yet."""
    if raw is None or isinstance(raw, bool | int):
        return raw
    if isinstance(raw, float):
        return raw if math.isfinite(raw) else str(raw)
    if isinstance(raw, list | tuple) and depth:
        return [as_typed(item, depth - 1) for item in raw[:MOST_TYPED_ITEMS]]
    if isinstance(raw, Mapping) and depth:
        pairs = list(raw.items())[:MOST_TYPED_ITEMS]
        return {_safe(str(key)): as_typed(value, depth - 1) for key, value in pairs}
    return _safe(str(raw))


def _safe(text: str) -> str:
    return text[:LONGEST_TYPED].encode("utf-8", "ignore").decode()
