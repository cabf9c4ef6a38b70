"""The form in which a questionnaire is answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, overload

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, StringField, TextAreaField

from matchmaker.core.cleaning import FieldError
from matchmaker.core.forms import DateTripleField, ProductForm
from matchmaker.core.uploads import CheckedFile, RefusedFile
from matchmaker.questions.checking import check_table
from matchmaker.questions.domain import CheckedAnswers, Question, QuestionKind, Questionnaire
from matchmaker.questions.fields import (
    ChoiceQuestionField,
    FilesQuestionField,
    TableQuestionField,
)
from matchmaker.questions.files import check_file

PREFIX = "q-"
PARTS_OF_DAY = re.compile(r"[-年月日]")


class AnswersForm(ProductForm):
    """A form with one field for each question, made by :func:`answers_form`.

    ``arriving`` has the files that came along and were taken, by question id, after :meth:`clean`.
    """

    questionnaire = Questionnaire()
    prefix = PREFIX
    arriving: Mapping[str, list[CheckedFile]] = {}

    def field_of(self, question: Question) -> Any:
        """The form field of a question."""
        return self[f"{self.prefix}{question.id}"]

    def question_fields(self) -> list[tuple[Question, Any]]:
        """Each question with its field, in order."""
        return [(question, self.field_of(question)) for question in self.questionnaire.questions]

    @property
    def has_files(self) -> bool:
        """Whether any question asks for files, so that the form has to be multipart."""
        return any(q.kind is QuestionKind.FILE for q in self.questionnaire.questions)

    def raw_values(self) -> dict[str, Any]:
        """What was typed, by question id."""
        return {question.id: raw_value(field) for question, field in self.question_fields()}

    def clean(self, *, complete: bool) -> CheckedAnswers:
        """Check what was typed; messages are attached to the fields they belong to.

        Args:
            complete: whether required questions have to be answered.
        """
        refused = self._take_files()
        coming = {question_id: len(files) for question_id, files in self.arriving.items()}
        checked = self.questionnaire.check(self.raw_values(), complete, coming)
        asked = {question.id for question in self.questionnaire.shown(self.raw_values())}
        checked.errors.update({k: v for k, v in refused.items() if k in asked})
        for question, field in self.question_fields():
            if question.id in checked.errors:
                field.errors = checked.errors[question.id].split("\n")
                _mark_cells(question, field)
        return checked

    def _take_files(self) -> dict[str, str]:
        """Check the files that came; the messages of those refused, by question id."""
        arriving: dict[str, list[CheckedFile]] = {}
        refused: dict[str, list[str]] = {}
        for question, field in self.question_fields():
            for upload in field.data if isinstance(field, FilesQuestionField) else ():
                try:
                    file = check_file(question, upload.filename, upload.read())
                except RefusedFile as error:
                    refused.setdefault(question.id, []).append(error.message)
                else:
                    arriving.setdefault(question.id, []).append(file)
        self.arriving = arriving
        return {question_id: "\n".join(messages) for question_id, messages in refused.items()}


AnyForm = TypeVar("AnyForm", bound=AnswersForm)


def raw_value(field: Any) -> Any:
    """What was typed into one field, as the check of answers takes it."""
    return field.raw_value() if hasattr(field, "raw_value") else field.data


def _mark_cells(question: Question, field: Any) -> None:
    if not isinstance(field, TableQuestionField):
        return
    try:
        field.faults = check_table(question, field.data).faults
    except FieldError:
        field.faults = {}


@overload
def answers_form(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any] | None = None,
    prefix: str = PREFIX,
    *,
    formdata: MultiDict[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> AnswersForm:
    """A form with nothing but the questions."""


@overload
def answers_form(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any] | None = None,
    prefix: str = PREFIX,
    *,
    base: type[AnyForm],
    formdata: MultiDict[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> AnyForm:
    """A form with further fields of the feature."""


def answers_form(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any] | None = None,
    prefix: str = PREFIX,
    *,
    base: type[AnswersForm] = AnswersForm,
    formdata: MultiDict[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> AnswersForm:
    """A form for a questionnaire, filled with stored answers or with what was just sent.

    Args:
        questionnaire: what is asked.
        answers: as stored; a draft's answers that do not fit are shown as they were typed.
        prefix: what the names of the inputs begin with.
        base: a form class with further fields of the feature.
        formdata: what was typed, when it comes from elsewhere than the request (a stash).
        data: values of the further fields.
    """
    members: dict[str, Any] = {
        f"{prefix}{question.id}": INPUTS[question.kind](question, _options(question, prefix))
        for question in questionnaire.questions
    }
    members.update(questionnaire=questionnaire, prefix=prefix)
    given = {f"{prefix}{key}": _as_typed(value) for key, value in (answers or {}).items()}
    kind = type("QuestionnaireForm", (base,), members)
    extra = {"formdata": formdata} if formdata is not None else {}
    form: AnswersForm = kind(data={**(data or {}), **given}, **extra)
    return form


def _as_typed(value: Any) -> Any:
    """A number as people type it (no exponent, no ``.0``)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return str(int(value)) if float(value).is_integer() else f"{value:f}".rstrip("0")


def _options(question: Question, prefix: str) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    if question.required:
        attributes["data-required"] = "true"
    if question.kind is QuestionKind.TEXT:
        attributes["data-max-length"] = str(question.max_length)
    if question.kind is QuestionKind.NUMBER:
        attributes.update({"inputmode": "decimal", "data-unit": question.unit})
    if question.condition is not None:
        name, ids = question.condition.question_id, question.condition.option_ids
        attributes["data-only-when"] = f"{prefix}{name}:{' '.join(ids)}"
    return {"label": question.label, "description": _help(question), "render_kw": attributes}


def _help(question: Question) -> str:
    """What stands below a question: its own words, then the bounds people have to know."""
    return " ".join(part for part in (question.help, _bounds(question)) if part)


def _bounds(question: Question) -> str:
    match question.kind:
        case QuestionKind.CHOICE if question.several:
            return f"{question.most}個まで選べます。" if question.most else "いくつでも選べます。"
        case QuestionKind.TABLE if not question.row_labels:
            return f"{question.rows}行まで入れられます。"
        case _:
            return ""


class QuestionDateField(DateTripleField):
    """A day; stored answers have it as text."""

    def process(  # type: ignore[override]
        self,
        formdata: MultiDict[str, str] | None,
        data: Any = None,
        extra_filters: Any = None,
    ) -> None:
        """Take the three inputs, or the stored day."""
        super().process(formdata, None, extra_filters)
        is_sent = formdata is not None and f"{self.name}-year" in formdata
        if not is_sent and isinstance(data, str):
            parts = [part for part in PARTS_OF_DAY.split(data) if part]
            self.parts = (*parts[:3], *[""] * (3 - len(parts)))  # type: ignore[assignment]
            self.data = self._joined()


def _text(question: Question, options: dict[str, Any]) -> Any:
    if question.multiline:
        return TextAreaField(**options)
    return StringField(**options)


Input = Callable[[Question, dict[str, Any]], Any]
INPUTS: Mapping[QuestionKind, Input] = {
    QuestionKind.TEXT: _text,
    QuestionKind.NUMBER: lambda _question, options: StringField(**options),
    QuestionKind.DATE: lambda _question, options: QuestionDateField(**options),
    QuestionKind.CONSENT: lambda _question, options: BooleanField(**options),
    QuestionKind.CHOICE: lambda question, options: ChoiceQuestionField(
        question=question, **options
    ),
    QuestionKind.TABLE: lambda question, options: TableQuestionField(question=question, **options),
    QuestionKind.FILE: lambda question, options: FilesQuestionField(question=question, **options),
}
