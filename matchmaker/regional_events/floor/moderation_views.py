"""The moderators' desk: sort, reword, answer, order, project, merge, switches."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.paging import page_number
from matchmaker.core.text import whole_number
from matchmaker.matching.engine import current_engine
from matchmaker.regional_events.floor import merging, moderation, queries
from matchmaker.regional_events.floor.domain import (
    QUESTION_STATES,
    Order,
    QuestionMove,
    QuestionState,
    QueueMove,
)
from matchmaker.regional_events.floor.forms import DeskQuestionForm
from matchmaker.regional_events.floor.likeness import suggestions
from matchmaker.regional_events.floor.loading import OpenFloor, fingerprint, open_desk
from matchmaker.regional_events.floor.models import FloorQuestion
from matchmaker.regional_events.floor.poll_results import get_poll
from matchmaker.regional_events.floor.views import UNCHANGED, Answer, session_of

READY_REASONS = (
    "ほかの質問と同じ内容のため",
    "今日のテーマから外れるため",
    "個人や団体を特定する内容のため",
    "時間の都合のため",
)
TABS = (
    QuestionState.NEW,
    QuestionState.ACCEPTED,
    QuestionState.ANSWERED,
    QuestionState.REJECTED,
    QuestionState.MERGED,
    QuestionState.WITHDRAWN,
)
DONE = {
    QuestionMove.ACCEPT: "公開しました。",
    QuestionMove.REJECT: "見送りました。",
    QuestionMove.UNDO: "確認待ちに戻しました。",
    QuestionMove.ANSWER: "回答済みにしました。",
    QuestionMove.REOPEN: "公開中に戻しました。",
}
MERGED = "ひとつにまとめました。文と票は、どちらも残っています。"

blueprint = Blueprint(
    "floor_moderation",
    __name__,
    url_prefix="/regional-events/<uuid:event_id>/floor/moderation",
)


@blueprint.get("")
def index(event_id: uuid.UUID) -> str:
    """All questions by state, what is projected, what comes next."""
    return render_template("floor_moderation/index.html", **board_context(open_desk(event_id)))


@blueprint.get("/updates")
def updates(event_id: uuid.UUID) -> Answer:
    """The board anew, when it is another one than ``seen``."""
    context = board_context(open_desk(event_id))
    if context["seen"] == request.args.get("seen"):
        return UNCHANGED
    return render_template("floor_moderation/_board.html", **context)


def board_context(opened: OpenFloor) -> dict[str, Any]:
    """What the board shows."""
    event_id, word = opened.event.id, request.args.get("state", "")
    state = QuestionState(word) if word in list(QuestionState) else QuestionState.NEW
    usual = Order.TIME if state is QuestionState.NEW else Order.VOTES
    word = request.args.get("order", "")
    order = Order(word) if word in list(Order) else usual
    number = page_number(request.args.get("page"))
    page = queries.questions_page(event_id, [state], order, number)
    projection = queries.projection_of(opened.floor)
    counts = queries.state_counts(event_id)
    return {
        "opened": opened,
        "event": opened.event,
        "state": state,
        "order": order,
        "page": page,
        "counts": counts,
        "shown_states": [each for each in TABS if counts.get(each) or each in TABS[:4]],
        "projection": projection,
        "seen": fingerprint(
            [
                *((each.question.id, each.question.revision, each.votes) for each in page.items),
                sorted(counts.items()),
                projection.question
                and (projection.question.question.id, projection.question.votes),
                projection.poll and (projection.poll.poll.id, *projection.poll.counts),
                [(each.question.id, each.votes) for each in projection.upcoming],
            ]
        ),
    }


def carry_out(
    event_id: uuid.UUID, command: Callable[[OpenFloor], None], done: str, target: str = ""
) -> Response:
    """One command of a button, then back; whoever was too late is told why nothing happened."""
    opened = open_desk(event_id)
    try:
        command(opened)
        flash(done, "success")
    except Conflict as error:
        flash(error.message, "error")
    return redirect(target or board_url(event_id))


def board_url(event_id: uuid.UUID) -> str:
    """The board as the moderator had it before."""
    state, order = request.form.get("state", ""), request.form.get("order", "")
    return url_for(
        "floor_moderation.index",
        event_id=event_id,
        state=state if state in list(QuestionState) else None,
        order=order if order in list(Order) else None,
    )


def sent_revision(name: str = "revision") -> int:
    """The revision that the page had; nothing sensible never fits."""
    return whole_number(request.form.get(name)) or 0


@blueprint.get("/questions/<uuid:question_id>")
def show(event_id: uuid.UUID, question_id: uuid.UUID) -> str:
    """One question: its texts, what is merged into it, all that can be done with it."""
    opened = open_desk(event_id)
    question = queries.get_question(event_id, question_id)
    form = DeskQuestionForm(
        data={
            "text": question.text,
            "answer": question.answer,
            "revision": str(question.revision),
        }
    )
    return question_page(opened, question, form)


def question_page(opened: OpenFloor, question: FloorQuestion, form: DeskQuestionForm) -> str:
    """The page of one question."""
    leading_id = question.leading_id
    return render_template(
        "floor_moderation/question.html",
        opened=opened,
        event=opened.event,
        row=queries.shown(opened.event.id, [question])[0],
        leading=queries.get_question(opened.event.id, leading_id) if leading_id else None,
        form=form,
        moves=QUESTION_STATES.possible(question.state),
        reasons=READY_REASONS,
    )


@blueprint.post("/questions/<uuid:question_id>/moves")
def move(event_id: uuid.UUID, question_id: uuid.UUID) -> Answer:
    """Accept, reject, answer, or take one of these back."""
    opened, wanted = open_desk(event_id), wanted_move()
    question, form = queries.get_question(event_id, question_id), DeskQuestionForm()
    words = sent_answer(question) if wanted is QuestionMove.ANSWER else ready_reason(form)
    try:
        moderation.move_question(
            question, wanted, sent_revision(), opened.actor, opened.now, words=words
        )
    except Conflict as error:
        if request.form.get("from") == "question":
            return overtaken(opened, question, form, error)
        flash(error.message, "error")
    except ProductError as error:
        return refused(opened, question, form, error)
    else:
        flash(f"{question.number}番：{DONE[wanted]}", "success")
    return redirect(board_url(event_id))


def wanted_move() -> QuestionMove:
    """The step whose button was pressed.

    Raises:
        NotFound: there is no such step for moderators.
    """
    word = request.form.get("move", "")
    if word not in {each.value for each in DONE}:
        raise NotFound
    return QuestionMove(word)


def sent_answer(question: FloorQuestion) -> str:
    """The answer typed; buttons that carry none leave an earlier one as it is."""
    return request.form.get("answer", question.answer)


def ready_reason(form: DeskQuestionForm) -> str:
    """The reason typed, or that of the button pressed."""
    return form.reason.data or request.form.get("ready_reason", "")


def refused(
    opened: OpenFloor, question: FloorQuestion, form: DeskQuestionForm, error: ProductError
) -> Answer:
    """The page again with what was typed, and what is wrong with it."""
    form.add_error(error.field, error.message)
    return question_page(opened, question, form), error.status


def overtaken(
    opened: OpenFloor, question: FloorQuestion, form: DeskQuestionForm, error: Conflict
) -> Answer:
    """The page again as it stands now, with what was typed; sending it once more counts."""
    form.revision.data = str(question.revision)
    return refused(opened, question, form, error)


@blueprint.post("/questions/<uuid:question_id>/wordings")
def reword(event_id: uuid.UUID, question_id: uuid.UUID) -> Answer:
    """Smooth the wording that is shown."""
    opened, form = open_desk(event_id), DeskQuestionForm()
    question = queries.get_question(event_id, question_id)
    try:
        text = form.text.data or ""
        moderation.reword(question, text, sent_revision(), opened.actor, opened.now)
    except Conflict as error:
        return overtaken(opened, question, form, error)
    except ProductError as error:
        return refused(opened, question, form, error)
    flash("文を直しました。送られたときの文も残っています。", "success")
    return redirect(url_for("floor_moderation.show", event_id=event_id, question_id=question_id))


@blueprint.post("/questions/<uuid:question_id>/queue-moves")
def queue(event_id: uuid.UUID, question_id: uuid.UUID) -> Response:
    """Put it among those that come up next, move it, or take it out."""
    word = request.form.get("move", "")
    if word not in list(QueueMove):
        raise NotFound

    def change(opened: OpenFloor) -> None:
        question = queries.get_question(event_id, question_id)
        moderation.change_queue(question, QueueMove(word), opened.actor, opened.now)

    return carry_out(event_id, change, "次に答える質問を変えました。")


@blueprint.post("/questions/<uuid:question_id>/separations")
def separate(event_id: uuid.UUID, question_id: uuid.UUID) -> Response:
    """Take a merge back."""

    def split(opened: OpenFloor) -> None:
        question = queries.get_question(event_id, question_id)
        merging.separate(question, opened.actor, opened.now)

    return carry_out(event_id, split, "まとめるのをやめて、元に戻しました。")


@blueprint.get("/merges")
def merges(event_id: uuid.UUID) -> str:
    """Questions that may mean the same; any two can be chosen by number as well."""
    opened, engine = open_desk(event_id), current_engine()
    model = engine.encoder.model_id if engine.is_warm and engine.encoder else ""
    return render_template(
        "floor_moderation/merges.html",
        opened=opened,
        event=opened.event,
        found=suggestions(event_id, model),
        votes=queries.vote_counts(event_id),
        open_questions=queries.questions_to_compare(event_id),
    )


@blueprint.post("/merges")
def merge(event_id: uuid.UUID) -> Response:
    """Let one question stand for another one."""

    def join(opened: OpenFloor) -> None:
        leading, other = sent_question(event_id, "leading"), sent_question(event_id, "other")
        revisions = (
            sent_revision("leading_revision") or leading.revision,
            sent_revision("other_revision") or other.revision,
        )
        merging.merge(leading, other, revisions, opened.actor, opened.now)

    target = url_for("floor_moderation.merges", event_id=event_id)
    return carry_out(
        event_id, join, "ひとつにまとめました。文と票は、どちらも残っています。", target
    )


def sent_question(event_id: uuid.UUID, name: str) -> FloorQuestion:
    """The question that a field of the form names.

    Raises:
        NotFound: the event has no such question.
    """
    question_id = session_of(request.form.get(name))
    if question_id is None:
        raise NotFound
    return queries.get_question(event_id, question_id)


@blueprint.post("/projections")
def project(event_id: uuid.UUID) -> Response:
    """Show a question or a show of hands in the hall, or clear the screen."""

    def show_it(opened: OpenFloor) -> None:
        if request.form.get("question"):
            question = sent_question(event_id, "question")
            moderation.project_question(question, opened.actor, opened.now)
        elif request.form.get("poll"):
            poll = get_poll(event_id, session_of(request.form.get("poll")) or uuid.UUID(int=0))
            moderation.project_poll(poll, opened.actor, opened.now)
        else:
            moderation.project_nothing(opened.event, opened.actor, opened.now)

    to_polls = request.form.get("back") == "polls"
    target = url_for("floor_polls.index", event_id=event_id) if to_polls else ""
    return carry_out(event_id, show_it, "会場の画面を変えました。", target)
