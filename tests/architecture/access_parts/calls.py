"""Who may open the pages of calls.

``call_id`` is an open call that everybody sees, ``draft_call_id`` a draft.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from matchmaker.accounts.queries import user_of
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.questions.domain import Questionnaire
from matchmaker.working_groups.calls import service, steps
from matchmaker.working_groups.calls.asking import ask_question
from matchmaker.working_groups.calls.content import CallData, CriterionData
from matchmaker.working_groups.calls.domain import CallKind, CallMove
from matchmaker.working_groups.calls.reviewers import add_reviewer
from tests.architecture.access_rules import (
    EDITOR,
    REVIEWER,
    SECRETARIAT,
    Row,
    Things,
    everyone,
    get,
    hidden_except,
    only,
    post,
    signed_in,
)

PAGES = (
    "calls.desk",
    "calls.edit",
    "calls.criteria",
    "calls.question_form",
    "calls.reviewer_list",
    "calls.questions",
    "calls.preview",
    "calls.extend",
    "calls.outcome",
)


def rows() -> Iterator[Row]:
    """All routes of calls."""
    yield get("calls.index", everyone())
    yield get("calls.show", everyone())
    yield get("calls.calendar", everyone())
    yield get("calls.show", hidden_except(SECRETARIAT), call_id="draft_call_id")
    yield get("calls.calendar", hidden_except(SECRETARIAT), call_id="draft_call_id")
    yield get("calls.ask", signed_in())
    yield post("calls.ask", signed_in(422))
    yield get("calls.ask", hidden_except(SECRETARIAT), call_id="draft_call_id")
    yield get("calls.new", only(SECRETARIAT))
    yield post("calls.create", only(SECRETARIAT, status=422))
    yield from desk()
    yield from parts()


def desk() -> Iterator[Row]:
    """The secretariat's desk; of drafts nobody else may know."""
    for page in PAGES:
        yield get(page, only(SECRETARIAT))
        yield get(page, hidden_except(SECRETARIAT), call_id="draft_call_id")
    refused = only(SECRETARIAT, status=422)
    yield post("calls.update", refused)
    yield post("calls.extend", refused)
    yield post("calls.outcome", only(SECRETARIAT, status=302))
    yield post("calls.copy", only(SECRETARIAT, status=302))
    for step in ("publish", "unpublish", "cancel", "decide"):
        yield get("calls.move", only(SECRETARIAT), step=step)
        yield get("calls.move", hidden_except(SECRETARIAT), call_id="draft_call_id", step=step)
    yield post("calls.move", refused, step="cancel")
    yield post(
        "calls.move", hidden_except(SECRETARIAT, status=422), call_id="draft_call_id", step="cancel"
    )


def parts() -> Iterator[Row]:
    """Criteria, questions, reviewers."""
    yield post("calls.save_criteria", only(SECRETARIAT, status=422))
    yield post("calls.save_question_form", only(SECRETARIAT, status=302))
    yield post("calls.add_reviewer", only(SECRETARIAT, status=422))
    reviewer: dict[str, Any] = {"reviewer_id": "call_reviewer_id"}
    yield get("calls.release_reviewer", only(SECRETARIAT), **reviewer)
    yield post("calls.release_reviewer", only(SECRETARIAT, status=422), **reviewer)
    question: dict[str, Any] = {"question_id": "call_question_id"}
    yield get("calls.question", only(SECRETARIAT), **question)
    dismissal = {"move": "dismiss"}
    yield post("calls.answer", only(SECRETARIAT, status=422), dismissal, **question)


ROWS: tuple[Row, ...] = tuple(rows())


def add_things(world: Things) -> None:
    """An open call with a reviewer and a question, and a draft."""
    now = clock.now()
    data = CallData(
        kind=CallKind.SUB_WG,
        title="サブWGの公募",
        body="募る内容",
        opens_at=now,
        closes_at=now + timedelta(days=30),
        parent_group_id=world.ids["group_id"],
    )
    draft = service.create_call(data, SYSTEM, now)
    call = service.create_call(data, SYSTEM, now)
    service.save_criteria(call, [CriterionData("実現の見通し")], SYSTEM, now)
    questions = [{"id": "purpose", "kind": "text", "label": "目的"}]
    service.save_questions(call, Questionnaire.from_data(questions), SYSTEM, now)
    steps.move_call(call, CallMove.PUBLISH, "", SYSTEM, now)
    reviewer = add_reviewer(call, user_of(world.ids[f"{REVIEWER}_id"]), SYSTEM, now)
    asker = Actor(user_id=world.ids[f"{EDITOR}_id"], name=EDITOR)
    question = ask_question(call, "だれでも答えられますか。", asker, now)
    world.ids.update(
        call_id=call.id,
        draft_call_id=draft.id,
        call_reviewer_id=reviewer.id,
        call_question_id=question.id,
    )
