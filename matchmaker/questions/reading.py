"""From JSON to questions; whatever is wrong is told in Japanese, with the question's name. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from matchmaker.core.errors import ProductError
from matchmaker.core.fields import Choice
from matchmaker.core.text import clean_line, clean_text
from matchmaker.core.uploads import ATTACHMENT
from matchmaker.questions.kinds import (
    LARGEST_NUMBER,
    LONGEST_HELP,
    LONGEST_ID,
    LONGEST_LABEL,
    LONGEST_LINE,
    LONGEST_OPTION,
    LONGEST_TEXT,
    LONGEST_UNIT,
    MOST_COLUMNS,
    MOST_DECIMALS,
    MOST_FILES,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    MOST_ROWS,
    OTHER,
    ColumnKind,
    Condition,
    Question,
    QuestionKind,
    TableColumn,
)

ID = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_ID - 1}}}")
"""No hyphen: forms join ids and parts of a field with it."""

FEWEST_OPTIONS = 2
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a questionnaire.

    Args:
        place: which question, from 0; None for the questionnaire as a whole.
        field: which part of the question (``label``, ``options``, ``when`` …).
        message: Japanese, without the question's name.
    """

    place: int | None
    field: str
    message: str


class InvalidQuestionnaire(ProductError):
    """The questions do not fit together; the message names the first faulty question.

    Args:
        problems: everything that is wrong, for an editor that tells each at its place.
        names: what the questions are called in messages.
    """

    def __init__(self, problems: Sequence[Problem], names: Sequence[str]) -> None:
        first = problems[0]
        where = "" if first.place is None else f"{names[first.place]}："
        super().__init__(f"{where}{first.message}", "questions")
        self.problems = tuple(problems)


@dataclass(slots=True)
class Reader:
    """Takes the parts of one question out of JSON and notes what does not fit."""

    data: Mapping[str, Any]
    place: int | None
    problems: list[Problem] = field(default_factory=list)

    def fault(self, part: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.place, part, message))

    def text(self, part: str, longest: int, *, lines: bool = False) -> str:
        """A text; missing means empty."""
        raw = self.data.get(part, "")
        if not isinstance(raw, str):
            self.fault(part, "文字で入れてください。")
            return ""
        text = clean_text(raw) if lines else clean_line(raw)
        if len(text) > longest:
            self.fault(part, f"{longest:,}文字以内で入れてください（いま{len(text):,}文字です）。")
        return text

    def flag(self, part: str) -> bool:
        """Yes or no; missing means no."""
        raw = self.data.get(part, False)
        if not isinstance(raw, bool):
            self.fault(part, "「はい」か「いいえ」で入れてください。")
        return raw is True

    def whole(self, part: str, low: int, high: int, usual: int) -> int:
        """A whole number within bounds; missing means ``usual``."""
        raw = self.data.get(part, usual)
        if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
            self.fault(part, f"{low:,}から{high:,}までの数を入れてください。")
            return usual
        return raw

    def number(self, part: str) -> float | None:
        """Any number that answers may have; missing means none."""
        raw = self.data.get(part)
        if raw is None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
            self.fault(part, "数字で入れてください。")
            return None
        if abs(raw) > LARGEST_NUMBER:
            self.fault(part, f"{LARGEST_NUMBER:,}以下の数を入れてください。")
        return raw

    def word(self, part: str, kind: type[Word], usual: Word | None = None) -> Word | None:
        """One of a few words."""
        raw = self.data.get(part, usual)
        if not isinstance(raw, str) or raw not in [word.value for word in kind]:
            self.fault(part, "種類を選んでください。")
            return usual
        return kind(raw)

    def words(self, part: str) -> list[str]:
        """A list of texts; missing means none."""
        raw = self.data.get(part, [])
        if not isinstance(raw, list | tuple) or not all(isinstance(word, str) for word in raw):
            self.fault(part, "文字の一覧で入れてください。")
            return []
        return [clean_line(word) for word in raw]

    def records(self, part: str) -> list[Mapping[str, Any]]:
        """A list of records; missing means none."""
        raw = self.data.get(part, [])
        if not isinstance(raw, list | tuple) or not all(isinstance(r, Mapping) for r in raw):
            self.fault(part, "一覧で入れてください。")
            return []
        return list(raw)


def read_questions(data: Any) -> tuple[Question, ...]:
    """All questions, checked one by one and together.

    Raises:
        InvalidQuestionnaire: with everything that is wrong.
    """
    if not isinstance(data, list | tuple) or not all(isinstance(d, Mapping) for d in data):
        raise InvalidQuestionnaire([Problem(None, "questions", "質問の一覧がありません。")], [])
    if len(data) > MOST_QUESTIONS:
        message = f"質問は{MOST_QUESTIONS}個までです。"
        raise InvalidQuestionnaire([Problem(None, "questions", message)], [])
    problems: list[Problem] = []
    questions = [_question(Reader(d, place, problems)) for place, d in enumerate(data)]
    _check_ids(questions, problems)
    _check_conditions(questions, problems)
    if problems:
        problems.sort(key=lambda problem: -1 if problem.place is None else problem.place)
        raise InvalidQuestionnaire(problems, question_names(questions))
    return tuple(questions)


def question_names(questions: Sequence[Question]) -> list[str]:
    """What messages call the questions: ``質問2「面積」``."""
    return [
        f"質問{number}「{question.label}」" if question.label else f"質問{number}"
        for number, question in enumerate(questions, start=1)
    ]


def _question(reader: Reader) -> Question:
    question_id = _read_id(reader)
    kind = reader.word("kind", QuestionKind) or QuestionKind.TEXT
    label = reader.text("label", LONGEST_LABEL)
    if not label:
        reader.fault("label", "質問の文を入れてください。")
    return Question(
        id=question_id,
        kind=kind,
        label=label,
        help=reader.text("help", LONGEST_HELP, lines=True),
        required=reader.flag("required"),
        condition=_condition(reader),
        **DETAILS[kind](reader),
    )


def _read_id(reader: Reader, part: str = "id") -> str:
    text = reader.text(part, LONGEST_ID)
    if not ID.fullmatch(text):
        reader.fault(part, "識別名は、英小文字で始め、英小文字・数字・_ で書いてください。")
    return text


def _condition(reader: Reader) -> Condition | None:
    raw = reader.data.get("when")
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        reader.fault("when", "表示する条件を読み取れません。")
        return None
    inner = Reader(raw, reader.place)
    condition = Condition(inner.text("question", LONGEST_ID), tuple(inner.words("options")))
    if inner.problems or not condition.option_ids:
        reader.fault("when", "表示する条件には、前の質問の選択肢を選んでください。")
    return condition


def _text_details(reader: Reader) -> dict[str, Any]:
    multiline = reader.flag("multiline")
    usual = LONGEST_LINE if not multiline else 1000
    return {
        "multiline": multiline,
        "max_length": reader.whole("max_length", 1, LONGEST_TEXT, usual),
    }


def _choice_details(reader: Reader) -> dict[str, Any]:
    options = _options(reader, "options")
    several, other = reader.flag("several"), reader.flag("other")
    offered = len(options) + other
    if offered < FEWEST_OPTIONS:
        reader.fault("options", "選択肢を2つ以上入れてください。")
    most = reader.whole("most", 0, MOST_OPTIONS + 1, 0)
    if most and not several:
        reader.fault("most", "選べる数は、いくつも選べる質問だけに決められます。")
    return {"options": options, "several": several, "other": other, "most": most}


def _options(reader: Reader, part: str) -> tuple[Choice, ...]:
    records = reader.records(part)
    if len(records) > MOST_OPTIONS:
        reader.fault(part, f"選択肢は{MOST_OPTIONS}個までです。")
        return ()
    inner = [Reader(record, reader.place) for record in records]
    options = [Choice(_read_id(r), r.text("label", LONGEST_OPTION)) for r in inner]
    for problem in (problem for r in inner for problem in r.problems):
        reader.fault(part, f"選択肢：{problem.message}")
    if any(not option.label for option in options):
        reader.fault(part, "名前のない選択肢があります。")
    if _repeated([o.code for o in options]) or _repeated([o.label for o in options]):
        reader.fault(part, "同じ選択肢が2つあります。")
    if OTHER in [option.code for option in options]:
        reader.fault(part, "「その他」は、選択肢に書かずに印で選んでください。")
    return tuple(options)


def _number_details(reader: Reader) -> dict[str, Any]:
    minimum, maximum = reader.number("minimum"), reader.number("maximum")
    if minimum is not None and maximum is not None and minimum > maximum:
        reader.fault("maximum", "最大は、最小以上の数にしてください。")
    return {
        "unit": reader.text("unit", LONGEST_UNIT),
        "minimum": minimum,
        "maximum": maximum,
        "decimals": reader.whole("decimals", 0, MOST_DECIMALS, 0),
    }


def _file_details(reader: Reader) -> dict[str, Any]:
    suffixes = tuple(dict.fromkeys(reader.words("suffixes")))
    if not ATTACHMENT.suffixes.issuperset(suffixes):
        reader.fault("suffixes", f"使えるファイルは、{ATTACHMENT.wanted}です。")
    return {"most_files": reader.whole("most_files", 1, MOST_FILES, 1), "suffixes": suffixes}


def _table_details(reader: Reader) -> dict[str, Any]:
    columns = tuple(_column(reader, record) for record in reader.records("columns"))
    if not 1 <= len(columns) <= MOST_COLUMNS:
        reader.fault("columns", f"列は1つから{MOST_COLUMNS}つまでにしてください。")
    if _repeated([c.id for c in columns]) or _repeated([c.label for c in columns]):
        reader.fault("columns", "同じ列が2つあります。")
    row_labels = tuple(reader.words("row_labels"))
    if len(row_labels) > MOST_ROWS:
        reader.fault("row_labels", f"行は{MOST_ROWS}行までです。")
    if _repeated(row_labels) or any(not 1 <= len(r) <= LONGEST_OPTION for r in row_labels):
        reader.fault("row_labels", "行の名前は、空けず、同じものを書かないでください。")
    most_rows = reader.whole("most_rows", 1, MOST_ROWS, 10)
    return {"columns": columns, "row_labels": row_labels, "most_rows": most_rows}


def _column(reader: Reader, record: Mapping[str, Any]) -> TableColumn:
    inner = Reader(record, reader.place)
    kind = inner.word("kind", ColumnKind, ColumnKind.TEXT) or ColumnKind.TEXT
    options = _options(inner, "options") if kind is ColumnKind.CHOICE else ()
    label = inner.text("label", LONGEST_LABEL)
    if kind is ColumnKind.CHOICE and len(options) < FEWEST_OPTIONS:
        inner.fault("options", "選択肢を2つ以上入れてください。")
    if not label:
        inner.fault("label", "名前を入れてください。")
    unit = inner.text("unit", LONGEST_UNIT) if kind is ColumnKind.NUMBER else ""
    column = TableColumn(_read_id(inner), label, kind, unit, options)
    for problem in inner.problems:
        reader.fault("columns", f"列「{label}」：{problem.message}")
    return column


def _repeated(words: Sequence[str]) -> bool:
    return len(set(words)) < len(words)


def _no_details(_reader: Reader) -> dict[str, Any]:
    return {}


DETAILS: Mapping[QuestionKind, Callable[[Reader], dict[str, Any]]] = {
    QuestionKind.TEXT: _text_details,
    QuestionKind.CHOICE: _choice_details,
    QuestionKind.NUMBER: _number_details,
    QuestionKind.DATE: _no_details,
    QuestionKind.FILE: _file_details,
    QuestionKind.TABLE: _table_details,
    QuestionKind.CONSENT: _no_details,
}


def _check_ids(questions: Sequence[Question], problems: list[Problem]) -> None:
    seen: set[str] = set()
    for place, question in enumerate(questions):
        if question.id in seen:
            problems.append(Problem(place, "id", "同じ識別名の質問が2つあります。"))
        seen.add(question.id)


def _check_conditions(questions: Sequence[Question], problems: list[Problem]) -> None:
    earlier: dict[str, Question] = {}
    for place, question in enumerate(questions):
        message = _condition_fault(question.condition, earlier)
        if message:
            problems.append(Problem(place, "when", message))
        earlier[question.id] = question


def _condition_fault(condition: Condition | None, earlier: Mapping[str, Question]) -> str:
    if condition is None:
        return ""
    asked = earlier.get(condition.question_id)
    if asked is None:
        return "表示する条件には、この質問より前の質問を選んでください。"
    if asked.kind is not QuestionKind.CHOICE:
        return "表示する条件には、選択の質問を選んでください。"
    if not set(condition.option_ids) <= set(asked.option_ids):
        return "表示する条件の選択肢が、前の質問にありません。"
    return ""
