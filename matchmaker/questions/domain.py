"""A questionnaire as data: what is asked, when, and whether the answers fit. Pure.

Answers are JSON values by question id:

========  =========================================================================
text      ``"…"``
choice    list of option ids, 「その他」 as ``"other:own words"``
number    number
date      ``"2027-04-01"``
file      list of ids of ``AnswerFile``
table     list of rows, each a dict by column id
consent   ``true``
========  =========================================================================

A question without an answer is absent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from matchmaker.core.cleaning import FieldError
from matchmaker.core.errors import Conflict
from matchmaker.questions.checking import as_typed, check_answer, chosen_ids
from matchmaker.questions.kinds import Condition, Question, QuestionKind, TableColumn
from matchmaker.questions.reading import InvalidQuestionnaire, read_questions
from matchmaker.questions.writing import write_question

__all__ = [
    "CheckedAnswers",
    "Condition",
    "InvalidQuestionnaire",
    "Question",
    "QuestionKind",
    "Questionnaire",
    "TableColumn",
    "refuse_change_when_frozen",
]

WANTED: Mapping[QuestionKind, str] = {
    QuestionKind.TEXT: "入れてください。",
    QuestionKind.NUMBER: "数を入れてください。",
    QuestionKind.DATE: "日付を入れてください。",
    QuestionKind.CHOICE: "選んでください。",
    QuestionKind.FILE: "ファイルを付けてください。",
    QuestionKind.TABLE: "表に1行以上入れてください。",
    QuestionKind.CONSENT: "確認して、チェックを入れてください。",
}
FROZEN = (
    "{first}があったため、質問は変えられません。"
    "文字の直しも、答えた人と後から答える人で文が変わるため、できません。"
    "{instead}"
)


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """Answers after checking.

    Args:
        values: answers that fit, as JSON; without those to questions that are not asked.
        errors: messages by question id.
        typed: what was typed for the questions with errors, as bounded JSON. A draft that must
            lose nothing keeps ``{**values, **typed}``.
    """

    values: dict[str, Any]
    errors: dict[str, str]
    typed: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Questions in their order; built by :meth:`from_data`, which checks them."""

    questions: tuple[Question, ...] = ()

    @classmethod
    def from_data(cls, data: Any) -> Questionnaire:
        """A questionnaire from what is stored, seeded or edited.

        Raises:
            InvalidQuestionnaire: with messages in Japanese that name the question.
        """
        return cls(read_questions(data))

    def to_data(self) -> list[dict[str, Any]]:
        """The questionnaire as JSON; ``from_data`` gives back an equal one."""
        return [write_question(question) for question in self.questions]

    def get(self, question_id: str) -> Question | None:
        """The question of that id."""
        return next((q for q in self.questions if q.id == question_id), None)

    def shown(self, answers: Any) -> list[Question]:
        """Questions that are asked, given the answers so far."""
        given = answers if isinstance(answers, Mapping) else {}
        chosen: dict[str, set[str]] = {}
        asked: list[Question] = []
        for question in self.questions:
            if not _is_asked(question.condition, chosen):
                continue
            asked.append(question)
            if question.kind is QuestionKind.CHOICE:
                chosen[question.id] = set(chosen_ids(question, given.get(question.id)))
        return asked

    def check(
        self, answers: Any, complete: bool, arriving: Mapping[str, int] | None = None
    ) -> CheckedAnswers:
        """Check what was typed or stored. Never raises, whatever it is given.

        Args:
            answers: by question id.
            complete: whether required questions have to be answered (not so for a draft).
            arriving: how many files come with this request, by question id.
        """
        given = answers if isinstance(answers, Mapping) else {}
        coming = arriving or {}
        checked = CheckedAnswers({}, {})
        for question in self.shown(given):
            raw, files = given.get(question.id), coming.get(question.id, 0)
            try:
                value = check_answer(question, raw, files)
            except FieldError as error:
                checked.errors[question.id] = str(error)
                checked.typed[question.id] = as_typed(raw)
                continue
            if value is not None:
                checked.values[question.id] = value
            elif complete and question.required and not files:
                checked.errors[question.id] = WANTED[question.kind]
        return checked

    def missing(self, answers: Any) -> dict[str, str]:
        """What stands between these answers and handing them in: messages by question id."""
        return self.check(answers, complete=True).errors


def _is_asked(condition: Condition | None, chosen: Mapping[str, set[str]]) -> bool:
    if condition is None:
        return True
    return not chosen.get(condition.question_id, set()).isdisjoint(condition.option_ids)


def refuse_change_when_frozen(
    frozen_at: datetime | None,
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    *,
    first: str,
    instead: str = "",
) -> None:
    """Refuse another wording of questions that somebody has answered already.

    Saving the same questions again is no change.

    Args:
        frozen_at: since when the questions stay as they are; None while they may be changed.
        before: the stored questions.
        after: the new ones.
        first: what froze them, in Japanese: ``最初の回答``.
        instead: a sentence that says what to do instead.

    Raises:
        Conflict: the questions would change.
    """
    if frozen_at is not None and list(before) != list(after):
        raise Conflict(FROZEN.format(first=first, instead=instead), "questions")
