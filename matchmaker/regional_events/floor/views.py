"""Pages of the audience: join, ask, support, answer shows of hands, read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.access import authorize, public
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.paging import page_number
from matchmaker.core.settings import current_settings
from matchmaker.core.text import whole_number
from matchmaker.regional_events.floor import polls, queries, service
from matchmaker.regional_events.floor.domain import (
    TEXT_LENGTH,
    Order,
    PollState,
    QuestionKind,
    QuestionSource,
    QuestionState,
)
from matchmaker.regional_events.floor.forms import AskForm
from matchmaker.regional_events.floor.keys import Pass, is_room_code, new_guest, write_pass
from matchmaker.regional_events.floor.loading import (
    COOKIE,
    OpenFloor,
    fingerprint,
    load_floor,
    open_floor,
)
from matchmaker.regional_events.floor.poll_results import PollResult, polls_of
from matchmaker.regional_events.floor.service import AskOptions
from matchmaker.regional_events.floor.voices import voice_of
from matchmaker.regional_events.registrations.links import KEPT_FOR, LinkPurpose, read_token

Answer = str | Response | tuple[str, int]
INVALID = 422
UNCHANGED = ("", 204)
WRONG_CODE = (
    "このコードは、いまは使えません。会場の画面や配信に出ている、新しいコードを入れてください。"
)
NOT_NOW = "いまは、コードでは参加できません。参加できるのは、イベントの当日です。"
TICKET_GONE = (
    "この参加票では、質問を送れません。参加が取り消されたか、新しいリンクがメールで送られています。"
)
SENT = "送りました。進行担当が確認してから、公開されます。"

blueprint = Blueprint(
    "floor_questions", __name__, url_prefix="/regional-events/<uuid:event_id>/floor"
)


@blueprint.get("")
def index(event_id: uuid.UUID) -> Answer:
    """What others ask, shows of hands, what became of one's own; the form to ask."""
    opened = load_floor(event_id)
    authorize(opened.reads or opened.knows_event, hidden=True)
    if not opened.reads:
        return join_page(opened)
    return floor_page(opened, ask_form(opened, AskForm(stashed_values(request.path))))


@blueprint.get("/updates")
def updates(event_id: uuid.UUID) -> Answer:
    """The list anew, when it is another one than ``seen``."""
    opened = load_floor(event_id)
    authorize(opened.reads, hidden=not opened.knows_event)
    context = list_context(opened)
    if context["seen"] == request.args.get("seen"):
        return UNCHANGED
    return render_template("floor_questions/_list.html", **context)


@blueprint.get("/entrances")
@public
def enter(event_id: uuid.UUID) -> Answer:
    """Let somebody in who read the code of the room, or ask for the code."""
    opened = load_floor(event_id)
    if opened.voice is not None:
        return redirect(url_for("floor_questions.index", event_id=event_id))
    code = request.args.get("code", "")
    if not code:
        return join_page(opened)
    if not opened.admits_guests:
        return join_page(opened, NOT_NOW), INVALID
    if not is_room_code(code, event_id, opened.floor.join_version, opened.now):
        return join_page(opened, WRONG_CODE), INVALID
    return admitted(opened, new_guest())


@blueprint.get("/tickets/<string:token>")
@public
def enter_by_ticket(event_id: uuid.UUID, token: str) -> Answer:
    """Let somebody in who comes from their own page of the registration."""
    attendee_id, version = read_token(LinkPurpose.TICKET, token)
    opened = load_floor(event_id)
    shown = Pass(attendee_id=attendee_id, version=version)
    if opened.voice is None and not is_taking_part(opened, shown):
        return join_page(opened, TICKET_GONE), INVALID
    return admitted(opened, shown)


def is_taking_part(opened: OpenFloor, shown: Pass) -> bool:
    """Whether the ticket is that of somebody who comes, or waits, to this event."""
    return voice_of(opened.event.id, opened.actor, opened.standing, shown) is not None


def admitted(opened: OpenFloor, shown: Pass) -> Response:
    """On to the questions, with a cookie that is good for this event only."""
    target = url_for("floor_questions.index", event_id=opened.event.id)
    response = make_response(redirect(target))
    left = max(opened.event.ends_at - opened.now, timedelta(0))
    response.set_cookie(
        COOKIE,
        write_pass(opened.event.id, shown),
        max_age=int((left + KEPT_FOR).total_seconds()),
        path=target,
        secure=current_settings().is_production,
        httponly=True,
        samesite="Lax",
    )
    return response


@blueprint.post("/questions")
def create(event_id: uuid.UUID) -> Answer:
    """Send a question or an opinion."""
    opened, voice = open_floor(event_id)
    form = ask_form(opened, AskForm())
    if form.is_trapped:
        return back(event_id, SENT)
    if not form.validate_on_submit():
        return floor_page(opened, form), INVALID
    try:
        kind, source = chosen(form)
        service.ask(
            opened.event, form.text.data or "", kind, source, voice, opened.now, options_of(form)
        )
    except ProductError as error:
        form.add_error(error.field, error.message)
        return floor_page(opened, form), error.status
    return back(event_id, SENT)


def chosen(form: AskForm) -> tuple[QuestionKind, QuestionSource]:
    """Kind and source; anything that is none of ours counts as the usual one."""
    is_opinion = form.kind.data == QuestionKind.OPINION.value
    is_online = form.source.data == QuestionSource.ONLINE.value
    return (
        QuestionKind.OPINION if is_opinion else QuestionKind.QUESTION,
        QuestionSource.ONLINE if is_online else QuestionSource.ROOM,
    )


def options_of(form: AskForm) -> AskOptions:
    """What goes along with the question."""
    return AskOptions(
        session_id=session_of(form.session.data),
        shows_name=bool(form.shows_name.data),
        name=form.name.data or "",
        submission_key=form.submission_key.data or "",
    )


def session_of(word: str | None) -> uuid.UUID | None:
    """The session chosen; the whole event when none was, an unknown id for rubbish."""
    if not word:
        return None
    try:
        return uuid.UUID(word)
    except ValueError:
        return uuid.UUID(int=0)


@blueprint.post("/questions/<uuid:question_id>/votes")
def vote(event_id: uuid.UUID, question_id: uuid.UUID) -> Answer:
    """Support a question, or take that back."""
    opened, voice = open_floor(event_id)
    question = queries.get_question(event_id, question_id)
    try:
        wanted = request.form.get("wanted") == "1"
        service.vote(opened.event, question, voice, opened.now, wanted=wanted)
    except Conflict as error:
        return settled(opened, "", error.message)
    return settled(opened, f"question-{question.leading_id or question.id}")


@blueprint.post("/questions/<uuid:question_id>/withdrawals")
def withdraw(event_id: uuid.UUID, question_id: uuid.UUID) -> Answer:
    """Take back one's own question."""
    opened, voice = open_floor(event_id)
    question = queries.get_question(event_id, question_id)
    try:
        service.withdraw(question, voice, opened.now)
    except Conflict as error:
        return settled(opened, "own", error.message)
    return back(event_id, "質問を取り下げました。")


@blueprint.post("/polls/<uuid:poll_id>/answers")
def answer(event_id: uuid.UUID, poll_id: uuid.UUID) -> Answer:
    """Answer a show of hands."""
    opened, voice = open_floor(event_id)
    try:
        choice = whole_number(request.form.get("choice"))
        polls.answer_poll(opened.event, poll_id, choice, voice, opened.now)
    except (Conflict, ProductError) as error:
        if error.status not in {Conflict.status, INVALID}:
            raise
        return settled(opened, f"poll-{poll_id}", error.message)
    return settled(opened, f"poll-{poll_id}")


def settled(opened: OpenFloor, anchor: str, problem: str = "") -> Answer:
    """The list anew for a script, else the page again at the place that was pressed."""
    if "HX-Request" in request.headers:
        return render_template("floor_questions/_list.html", **list_context(opened, problem))
    if problem:
        flash(problem, "error")
    target = url_for(
        "floor_questions.index",
        event_id=opened.event.id,
        order=request.args.get("order"),
        _anchor=anchor or None,
    )
    return redirect(target)


def back(event_id: uuid.UUID, message: str) -> Response:
    """To one's own questions, with a message."""
    flash(message, "success")
    return redirect(url_for("floor_questions.index", event_id=event_id, _anchor="own"))


def ask_form(opened: OpenFloor, form: AskForm) -> AskForm:
    """The form with what can be chosen."""
    form.offer(queries.sessions_with_questions(opened.event.id))
    return form


def join_page(opened: OpenFloor, problem: str = "") -> str:
    """Asks for the code of the room; names the event only to those who may know of it."""
    return render_template(
        "floor_questions/join.html",
        event=opened.event,
        knows_event=opened.knows_event,
        is_open=opened.admits_guests,
        problem=problem,
    )


def floor_page(opened: OpenFloor, form: AskForm) -> str:
    """The page of the audience."""
    return render_template(
        "floor_questions/index.html",
        form=form,
        own=queries.own_questions(opened.event.id, opened.key),
        answered=queries.answered_questions(opened.event.id),
        text_length=TEXT_LENGTH,
        **list_context(opened),
    )


def list_context(opened: OpenFloor, problem: str = "") -> dict[str, Any]:
    """What the part of the page needs that is asked for again and again."""
    order = Order.TIME if request.args.get("order") == Order.TIME.value else Order.VOTES
    number = page_number(request.args.get("page"))
    event_id = opened.event.id
    states = [QuestionState.ACCEPTED]
    page = queries.questions_page(event_id, states, order, number, voter_key=opened.key)
    hands = polls_of(event_id, (PollState.OPEN, PollState.CLOSED), opened.key)
    own = queries.own_questions(event_id, opened.key)
    return {
        "opened": opened,
        "event": opened.event,
        "page": page,
        "order": order,
        "hands": hands,
        "problem": problem,
        "seen": fingerprint([*_marks(page.items), *_poll_marks(hands), *_own_marks(own), problem]),
    }


def _marks(rows: Sequence[queries.Shown]) -> list[object]:
    return [(row.question.id, row.question.revision, row.votes, row.is_voted) for row in rows]


def _poll_marks(hands: Sequence[PollResult]) -> list[object]:
    return [(hand.poll.id, hand.poll.revision, hand.choice, *hand.counts) for hand in hands]


def _own_marks(own: Sequence[Any]) -> list[object]:
    return [(question.id, question.revision, state) for question, state in own]
