"""What a question is: its kinds, bounds and the condition under which it is asked. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from matchmaker.core.fields import Choice
from matchmaker.core.uploads import ATTACHMENT

MOST_QUESTIONS = 60
MOST_OPTIONS = 60
MOST_COLUMNS = 8
MOST_ROWS = 50
MOST_FILES = 10
MOST_DECIMALS = 3
LONGEST_ID = 40
LONGEST_LABEL = 200
LONGEST_HELP = 1000
LONGEST_OPTION = 200
LONGEST_UNIT = 20
LONGEST_TEXT = 10_000
LONGEST_LINE = 200
LONGEST_OTHER = 200
LONGEST_CELL = 500
LARGEST_NUMBER = 999_999_999_999
"""With three decimals these are fifteen digits, which a JSON number keeps exactly."""

OTHER = "other"
"""Id of 「その他」, and what the words typed for it follow in the answer: ``other:…``."""

OTHER_LABEL = "その他"


SUFFIX_GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "pdf": ("PDF", ("pdf",)),
    "xlsx": ("Excel", ("xlsx",)),
    "docx": ("Word", ("docx",)),
    "pptx": ("PowerPoint", ("pptx",)),
    "picture": ("写真・図", ("jpg", "jpeg", "png", "webp")),
    "text": ("CSV・テキスト", ("csv", "txt")),
}
"""What kinds of files are called: key, label, endings."""


class QuestionKind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    FILE = "file"
    TABLE = "table"
    CONSENT = "consent"


class ColumnKind(StrEnum):
    """What the cells of a column of a table hold."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"


KIND_LABELS: Mapping[QuestionKind, str] = {
    QuestionKind.TEXT: "文章",
    QuestionKind.CHOICE: "選択",
    QuestionKind.NUMBER: "数",
    QuestionKind.DATE: "日付",
    QuestionKind.FILE: "ファイル",
    QuestionKind.TABLE: "表",
    QuestionKind.CONSENT: "確認",
}
COLUMN_LABELS: Mapping[ColumnKind, str] = {
    ColumnKind.TEXT: "文章",
    ColumnKind.NUMBER: "数",
    ColumnKind.CHOICE: "選択",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """Asks a question only when an earlier choice has one of some options.

    Args:
        question_id: the earlier question.
        option_ids: any one of these is enough; ``other`` stands for 「その他」.
    """

    question_id: str
    option_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table question.

    Args:
        id: key of the cell in each row.
        label: heading.
        kind: what the cells hold.
        unit: unit of numbers.
        options: what may be chosen.
    """

    id: str
    label: str
    kind: ColumnKind = ColumnKind.TEXT
    unit: str = ""
    options: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Args:
        id: short and stable; answers are stored under it.
        kind: how it is answered.
        label: the question itself, in Japanese.
        help: a sentence below it.
        required: whether it has to be answered (when it is asked at all).
        condition: when it is asked; None means always.
        multiline: TEXT: several lines.
        max_length: TEXT: longest text in characters.
        options: CHOICE: what may be chosen.
        several: CHOICE: whether more than one may be chosen.
        most: CHOICE: how many may be chosen; 0 means any number.
        other: CHOICE: whether 「その他」 with own words is offered.
        unit: NUMBER: unit.
        minimum: NUMBER: smallest number.
        maximum: NUMBER: largest number.
        decimals: NUMBER: how many decimals, 0 to 3.
        most_files: FILE: how many files.
        suffixes: FILE: endings taken; empty means all that attachments may have.
        columns: TABLE: its columns.
        most_rows: TABLE: how many rows.
        row_labels: TABLE: names of fixed rows; empty means that rows are added freely.
    """

    id: str
    kind: QuestionKind
    label: str
    help: str = ""
    required: bool = False
    condition: Condition | None = None
    multiline: bool = False
    max_length: int = LONGEST_LINE
    options: tuple[Choice, ...] = ()
    several: bool = False
    most: int = 0
    other: bool = False
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    decimals: int = 0
    most_files: int = 1
    suffixes: tuple[str, ...] = ()
    columns: tuple[TableColumn, ...] = ()
    most_rows: int = 10
    row_labels: tuple[str, ...] = ()

    @property
    def option_ids(self) -> tuple[str, ...]:
        """Ids that may be chosen, ``other`` included when it is offered."""
        known = tuple(option.code for option in self.options)
        return (*known, OTHER) if self.other else known

    @property
    def rows(self) -> int:
        """How many rows a table may have."""
        return len(self.row_labels) or self.most_rows

    @property
    def taken_suffixes(self) -> frozenset[str]:
        """Endings of files that are taken."""
        return frozenset(self.suffixes) or ATTACHMENT.suffixes

    def option_label(self, chosen: str) -> str:
        """What people read for an entry of an answer: an option's label, or the own words."""
        if chosen == OTHER:
            return OTHER_LABEL
        if chosen.startswith(f"{OTHER}:"):
            return f"{OTHER_LABEL}（{chosen.partition(':')[2]}）"
        return next((o.label for o in self.options if o.code == chosen), chosen)
