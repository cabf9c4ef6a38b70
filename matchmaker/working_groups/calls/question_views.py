"""The secretariat's desk of a call: questions that members asked."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for

from matchmaker.core import clock
from matchmaker.core.access import current_actor
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.paging import page_number
from matchmaker.working_groups.calls import queries
from matchmaker.working_groups.calls.asking import AnswerData, move_question
from matchmaker.working_groups.calls.content import InvalidCall
from matchmaker.working_groups.calls.desk_views import managed, revision_of
from matchmaker.working_groups.calls.domain import (
    QUESTION_STATES,
    CallQuestionMove,
    CallQuestionState,
)
from matchmaker.working_groups.calls.forms import AnswerForm
from matchmaker.working_groups.calls.models import Call, CallQuestion
from matchmaker.working_groups.calls.views import CONFLICT, INVALID, Answer, blueprint


@blueprint.get("/<uuid:call_id>/questions")
def questions(call_id: uuid.UUID) -> str:
    """All questions, those that wait first."""
    call = managed(call_id)
    word = request.args.get("state", "")
    state = CallQuestionState(word) if word in list(CallQuestionState) else None
    return render_template(
        "calls/questions.html",
        call=call,
        page=queries.questions_page(call.id, state, page_number(request.args.get("page"))),
        chosen=state,
        labels=QUESTION_STATES.labels,
        now=clock.now(),
    )


@blueprint.get("/<uuid:call_id>/questions/<uuid:question_id>")
def question(call_id: uuid.UUID, question_id: uuid.UUID) -> str:
    """One question with its answer, to be changed."""
    call = managed(call_id)
    found = queries.get_question(call.id, question_id)
    form = AnswerForm(
        data={
            "published_text": found.published_text,
            "answer": found.answer,
            "revision": str(found.revision),
        }
    )
    return question_page(call, found, form)


@blueprint.post("/<uuid:call_id>/questions/<uuid:question_id>")
def answer(call_id: uuid.UUID, question_id: uuid.UUID) -> Answer:
    """Answer, publish, dismiss or take back."""
    call, form = managed(call_id), AnswerForm()
    found, move = queries.get_question(call.id, question_id), wanted_move()
    data = AnswerData(form.published_text.data or "", form.answer.data or "")
    if not form.validate_on_submit():
        return question_page(call, found, form), INVALID
    try:
        reason, revision = form.reason.data or "", revision_of(form)
        move_question(found, move, data, reason, current_actor(), clock.now(), revision)
    except InvalidCall as invalid:
        for name, message in invalid.errors.items():
            form.add_error(name, message)
        return question_page(call, found, form), INVALID
    except ProductError as error:
        form.add_error(error.field, error.message)
        status = CONFLICT if isinstance(error, Conflict) else INVALID
        return question_page(call, found, form), status
    flash(f"「{QUESTION_STATES.moves[move].label}」を行いました。", "success")
    return redirect(url_for("calls.questions", call_id=call.id))


def wanted_move() -> CallQuestionMove:
    """The step whose button was pressed.

    Raises:
        NotFound: there is no such step.
    """
    word = request.form.get("move", CallQuestionMove.ANSWER.value)
    if word not in list(CallQuestionMove):
        raise NotFound
    return CallQuestionMove(word)


def question_page(call: Call, found: CallQuestion, form: AnswerForm) -> str:
    """One question as a page."""
    return render_template(
        "calls/question.html",
        call=call,
        question=found,
        form=form,
        moves=QUESTION_STATES.possible(found.state),
        rules=QUESTION_STATES.moves,
        labels=QUESTION_STATES.labels,
    )
