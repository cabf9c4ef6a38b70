"""The usual questions fit every agenda: none, one item, equal titles, very many."""

from __future__ import annotations

import pytest

from matchmaker.questions.domain import Questionnaire
from matchmaker.questions.kinds import MOST_OPTIONS
from matchmaker.working_groups.meetings.after.survey import usual_questions


@pytest.mark.parametrize(
    ("agenda", "options"),
    [
        ([], None),
        (["報告"], None),
        (["報告", "報告"], None),
        (["報告", "協議", "報告"], 2),
        ([f"議題{n}" for n in range(99)], MOST_OPTIONS),
    ],
)
def test_the_usual_questions_fit_the_agenda(agenda: list[str], options: int | None) -> None:
    questions = Questionnaire.from_data(usual_questions(agenda)).to_data()
    found = [len(each["options"]) for each in questions if each["id"] == "useful"]
    assert found == ([] if options is None else [options])
