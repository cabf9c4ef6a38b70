"""Who may open the pages of surveys: here the editor took part, the representative organises."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.core.uploads import CheckedFile
from matchmaker.questions.files import Subject, files_of
from matchmaker.surveys.registry import SurveySubject, register_subject
from matchmaker.surveys.service import ANSWER, answer_survey, create_survey
from tests.architecture.access_rules import (
    EDITOR,
    REPRESENTATIVE,
    Row,
    Things,
    get,
    hidden_except,
    post,
)

KIND = "tests:access"
GATHERING = "00000000-0000-0000-0000-00000000a11e"
QUESTIONS: list[dict[str, Any]] = [
    {"id": "opinion", "kind": "text", "label": "ご意見", "required": True},
    {"id": "paper", "kind": "file", "label": "資料"},
]
ORGANIZER = hidden_except(REPRESENTATIVE)

ROWS: tuple[Row, ...] = (
    get("surveys.show", hidden_except(EDITOR, REPRESENTATIVE)),
    post("surveys.answer", {**hidden_except(EDITOR, status=302), REPRESENTATIVE: 403},
         {"q-opinion": "よかったです", "revision": "1"}),
    post("surveys.answer", {**hidden_except(EDITOR, status=422), REPRESENTATIVE: 403}),
    get("surveys.results", ORGANIZER),
    get("surveys.export", ORGANIZER),
    get("surveys.file", ORGANIZER, file_id="survey_file_id"),
    get("surveys.new", ORGANIZER, subject_kind=KIND, subject_id=GATHERING),
    post("surveys.create", hidden_except(REPRESENTATIVE, status=422), subject_kind=KIND,
         subject_id=GATHERING),
    get("surveys.edit", ORGANIZER),
    post("surveys.update", hidden_except(REPRESENTATIVE, status=422)),
    post("surveys.remove", hidden_except(REPRESENTATIVE, status=302),
         survey_id="unanswered_survey_id"),
    post("surveys.remove", hidden_except(REPRESENTATIVE, status=409)),
)  # fmt: skip


def add_things(world: Things) -> None:
    """Add a survey that somebody answered with a file, and one that nobody answered."""
    people = {name: world.ids[f"{name}_id"] for name in (EDITOR, REPRESENTATIVE)}
    register_subject(
        KIND,
        SurveySubject(
            participants=lambda _id: (),
            can_answer=lambda actor, _id: actor.user_id == people[EDITOR],
            can_read_results=lambda actor, _id: actor.user_id == people[REPRESENTATIVE],
            label=lambda _id: "集まり",
            url=lambda _id: "/",
        ),
    )
    now = clock.now()
    surveys = [
        create_survey(KIND, uuid.UUID(GATHERING), "集まりのあとで", QUESTIONS,
                      now - timedelta(days=1), now + timedelta(days=7), SYSTEM, now)
        for _ in range(2)
    ]  # fmt: skip
    paper = CheckedFile("資料.txt", "text/plain", "資料".encode())
    somebody = Actor(user_id=world.ids["user_id"], name="読む人")
    answer = answer_survey(
        surveys[0], {"opinion": "よかった"}, somebody, now, arriving={"paper": [paper]}
    )
    (kept,) = files_of(Subject(ANSWER, answer.id))
    world.ids.update(
        survey_id=surveys[0].id, unanswered_survey_id=surveys[1].id, survey_file_id=kept.id
    )
