"""The part of a page in which the secretariat writes a questionnaire; works without scripts.

A feature lets its form inherit :class:`EditorForm`, calls :meth:`EditorForm.show` when the page is
opened, and on sending first :meth:`EditorForm.rearrange` (a button of the editor was pressed: show
the page again, save nothing), then :meth:`EditorForm.edited`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from matchmaker.core.forms import ProductForm
from matchmaker.core.text import whole_number
from matchmaker.questions.domain import InvalidQuestionnaire, QuestionKind, Questionnaire
from matchmaker.questions.entries import (
    entry_data,
    entry_values,
    new_entry,
    offered_conditions,
    with_known_options,
)
from matchmaker.questions.kinds import (
    COLUMN_LABELS,
    KIND_LABELS,
    MOST_COLUMNS,
    MOST_QUESTIONS,
    SUFFIX_GROUPS,
)
from matchmaker.questions.reading import Problem

ACTION, NEW_KIND = "question-action", "question-new-kind"
TOO_MANY = f"質問は{MOST_QUESTIONS}個までです。"
NUMERIC = {"inputmode": "numeric"}


class ColumnEntry(Form):
    """One column of a table question."""

    id = HiddenField()
    option_ids = HiddenField()
    label = StringField("列の名前")
    kind = SelectField(
        "入れるもの",
        choices=[(kind.value, label) for kind, label in COLUMN_LABELS.items()],
        validate_choice=False,
    )
    unit = StringField("単位（数のとき）")
    options = StringField("選択肢（「、」で区切る）")


class QuestionEntry(Form):
    """One question; which fields are drawn depends on its kind."""

    id = HiddenField()
    kind = HiddenField()
    option_ids = HiddenField()
    label = StringField("質問の文", render_kw={"data-required": "true"})
    help = TextAreaField(
        "説明", description="答え方や例を、1文か2文で書きます。なくてもかまいません。"
    )
    required = BooleanField("必須にする")
    when = SelectMultipleField("この質問を出すとき", validate_choice=False)
    multiline = BooleanField("何行も書けるようにする")
    max_length = StringField("最大の文字数", render_kw=NUMERIC)
    options = TextAreaField(
        "選択肢", description="1行に1つずつ書きます。", render_kw={"data-required": "true"}
    )
    several = BooleanField("いくつも選べるようにする")
    other = BooleanField("「その他」を加える（内容も書いてもらう）")
    most = StringField("選べる数", description="空けると、いくつでも選べます。", render_kw=NUMERIC)
    unit = StringField("単位")
    minimum = StringField("最小")
    maximum = StringField("最大")
    decimals = StringField("小数のけた数", description="0から3まで。", render_kw=NUMERIC)
    most_files = StringField("ファイルの数", description="1個から10個まで。", render_kw=NUMERIC)
    suffixes = SelectMultipleField(
        "受け取るファイル",
        choices=[(name, label) for name, (label, _endings) in SUFFIX_GROUPS.items()],
        description="何も選ばないと、どれでも受け取ります。",
        validate_choice=False,
    )
    columns = FieldList(FormField(ColumnEntry), max_entries=MOST_COLUMNS)
    most_rows = StringField("行の数", description="50行まで。", render_kw=NUMERIC)
    row_labels = TextAreaField(
        "行の名前",
        description="行が決まっているときは、1行に1つずつ書きます。空けると、自由に行を足せます。",
    )


class EditorForm(ProductForm):
    """A form that contains the editor of a questionnaire."""

    questions = FieldList(FormField(QuestionEntry), max_entries=MOST_QUESTIONS)

    def show(self, questionnaire: Questionnaire) -> None:
        """Fill the editor with stored questions."""
        self._refill([entry_values(question) for question in questionnaire.questions])

    def rearrange(self) -> bool:
        """Carry out the pressed button of the editor (add, move, remove, refresh).

        Returns:
            Whether one was pressed; then the page is shown again and nothing is saved.
        """
        action, _, place = request.form.get(ACTION, "").partition(":")
        if not action:
            return False
        values = self._typed()
        kind = request.form.get(NEW_KIND, "")
        if action == "add":
            self._add(values, kind)
        elif (number := whole_number(place)) is not None and number < len(values):
            MOVES.get(action, _keep)(values, number)
        self._refill(values)
        return True

    def refresh(self) -> None:
        """Make typed questions complete again after the form was filled from kept values."""
        self._refill(self._typed())

    def edited(self) -> Questionnaire | None:
        """The questionnaire as typed; None when something has to be mended (told at its place)."""
        values = self._typed()
        self._refill(values)
        data = [entry_data(value) for value in values]
        try:
            return Questionnaire.from_data(data)
        except InvalidQuestionnaire as invalid:
            self._tell(invalid.problems)
            return None

    def _typed(self) -> list[dict[str, Any]]:
        return [dict(entry.data) for entry in self.questions]

    def _add(self, values: list[dict[str, Any]], kind: str) -> None:
        if len(values) >= MOST_QUESTIONS:
            self.form_errors.append(TOO_MANY)
        elif kind in [known.value for known in QuestionKind]:
            values.append(new_entry(QuestionKind(kind)))

    def _refill(self, values: Sequence[Mapping[str, Any]]) -> None:
        """Put values into the entries; conditions offer the options of earlier questions."""
        data = [entry_data(value) for value in values]
        filled = [with_known_options(v, known) for v, known in zip(values, data, strict=True)]
        self.questions.process(None, filled)
        for place, entry in enumerate(self.questions):
            entry.form.when.choices = offered_conditions(data[:place])

    def _tell(self, problems: Sequence[Problem]) -> None:
        told: list[str] = []
        for problem in problems:
            told.append(problem.message)
            if problem.place is None:
                self.form_errors.append(problem.message)
                continue
            entry = self.questions[problem.place].form
            field = _field_of(entry, problem.field)
            field.errors = [*field.errors, problem.message]
        self.questions.errors = told


def _field_of(entry: Any, part: str) -> Any:
    """The field a message belongs to; for the table of columns the name of the first one."""
    if part == "columns":
        return entry.columns[0].form.label
    return entry._fields.get(part) if part not in {"id", "kind"} else entry.label


def _up(values: list[dict[str, Any]], place: int) -> None:
    if place > 0:
        values[place - 1], values[place] = values[place], values[place - 1]


def _down(values: list[dict[str, Any]], place: int) -> None:
    if place + 1 < len(values):
        _up(values, place + 1)


def _remove(values: list[dict[str, Any]], place: int) -> None:
    del values[place]


def _keep(_values: list[dict[str, Any]], _place: int) -> None:
    """Only show the page again: new options can then be used in conditions."""


MOVES = {"up": _up, "down": _down, "remove": _remove}
KINDS = tuple((kind.value, label) for kind, label in KIND_LABELS.items())
