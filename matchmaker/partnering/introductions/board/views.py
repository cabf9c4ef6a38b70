"""Pages of the board: the list, one introduction, acting for a side, correcting."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.paging import page_number
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.partnering.introductions import corrections, service
from matchmaker.partnering.introductions import queries as introductions
from matchmaker.partnering.introductions.board import policy, queries
from matchmaker.partnering.introductions.board.domain import (
    ACTED_MOVES,
    QUIET_AFTER_MATCH,
    QUIET_BEFORE_ANSWER,
    STAGE_LABELS,
    BoardStage,
)
from matchmaker.partnering.introductions.board.forms import ActingForm, CorrectionForm
from matchmaker.partnering.introductions.board.presentation import Line, organizations_of
from matchmaker.partnering.introductions.board.queries import BoardFilter, BoardRow
from matchmaker.partnering.introductions.domain import (
    LIVE_STATES,
    IntroductionMove,
    IntroductionState,
)
from matchmaker.partnering.introductions.matches.queries import of_introduction
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.introductions.presentation import View, timeline_of

INVALID, CONFLICT = 422, 409
CHANGED = "ほかの人が先に操作しました。いまの内容を確かめてから、もう一度操作してください。"
NO_SIDE = "どちらの団体に代わって操作するかを選んでください。"
WORDS_LENGTH = 100
Answer = str | tuple[str, int] | Response
NOT_OFFERED = "いまの状態では、この操作はできません。いまのようすを確かめてください。"
NOTHING_TO_CORRECT = "いまの状態では、訂正できることがありません。ページを開き直してください。"
blueprint = Blueprint("introduction_board", __name__, url_prefix="/introduction-board")


@blueprint.get("")
def index() -> str:
    """All introductions, stalled ones first."""
    actor, now = authorize(policy.can_see_board(current_actor())), clock.now()
    wanted = filter_of(request.args)
    page = queries.board_page(wanted, page_number(request.args.get("page")), now)
    counts, stalled = queries.stage_counts(now, wanted)
    return render_template(
        "introduction_board/index.html",
        page=page,
        lines=[Line(row, actor, now) for row in page.items],
        wanted=wanted,
        counts=counts,
        stalled=stalled,
        stage_labels=STAGE_LABELS,
        prefectures=PREFECTURES,
        quiet_before=QUIET_BEFORE_ANSWER.days,
        quiet_after=QUIET_AFTER_MATCH.days,
    )


def filter_of(values: Any) -> BoardFilter:
    """The filter that a query string means; what is not known does not narrow."""
    stage, prefecture = values.get("stage", ""), values.get("prefecture", "")
    return BoardFilter(
        BoardStage(stage) if stage in list(BoardStage) else None,
        values.get("stalled") == "yes",
        prefecture if prefecture in PREFECTURES else "",
        values.get("q", "").strip()[:WORDS_LENGTH],
    )


@blueprint.get("/<uuid:introduction_id>")
def show(introduction_id: uuid.UUID) -> str:
    """One introduction with what the secretariat can do."""
    actor = authorize(policy.can_act(current_actor()))
    return _page(introductions.get(introduction_id), actor)


@blueprint.post("/<uuid:introduction_id>/moves")
def move(introduction_id: uuid.UUID) -> Answer:
    """Make a move for a side, or take a match back."""
    actor = authorize(policy.can_act(current_actor()))
    introduction, wanted = introductions.get(introduction_id), _wanted_move()
    form = ActingForm(wanted, organizations_of(introduction))
    if wanted not in policy.offered(View(introduction, actor, clock.now()).state):
        return _refused(introduction_id, actor, form, Conflict(NOT_OFFERED))
    if not form.validate_on_submit():
        return _page(introduction, actor, form), INVALID
    try:
        _act(introduction, form, actor)
    except ProductError as error:
        return _refused(introduction_id, actor, form, error)
    flash("操作しました。どちらの団体にも、メールで知らせます。", "success")
    return redirect(url_for(".show", introduction_id=introduction_id))


def _act(introduction: Introduction, form: ActingForm, actor: Actor) -> None:
    side = policy.acted_side(form.move, introduction.from_side)
    if form.move is IntroductionMove.REOPEN:
        side = form.chosen_side
        if side is None:
            raise ProductError(NO_SIDE, "side")
    is_sender = side is introduction.from_side
    sides = (introduction.sender_organization_id, introduction.receiver_organization_id)
    behalf = None if side is None else sides[0 if is_sender else 1]
    service.move(introduction, form.move, form.answer(), actor, clock.now(), behalf)


def _wanted_move() -> IntroductionMove:
    word = request.form.get("move", "")
    if word not in [each.value for each in ACTED_MOVES]:
        raise NotFound
    return IntroductionMove(word)


@blueprint.post("/<uuid:introduction_id>/corrections")
def correct(introduction_id: uuid.UUID) -> Answer:
    """Change the deadline or the reason code; the state stays."""
    actor = authorize(policy.can_act(current_actor()))
    introduction, form = introductions.get(introduction_id), CorrectionForm()
    if _correction_form(introduction, View(introduction, actor, clock.now()).state, None) is None:
        raise Conflict(NOTHING_TO_CORRECT)
    if form.answer().revision != introduction.revision:
        return _refused(introduction_id, actor, form, Conflict(CHANGED))
    if not form.validate_on_submit():
        return _page(introduction, actor, form), INVALID
    try:
        corrections.correct(introduction, form.answer(), actor, clock.now())
    except ProductError as error:
        return _refused(introduction_id, actor, form, error)
    flash("訂正しました。どちらの団体にも、メールで知らせます。", "success")
    return redirect(url_for(".show", introduction_id=introduction_id))


def _refused(
    introduction_id: uuid.UUID,
    actor: Actor,
    form: ActingForm | CorrectionForm,
    error: ProductError,
) -> Answer:
    """The page with what was typed.

    Who is told that somebody else was first may send it again; after a mistake the form stays as
    old as it is.
    """
    introduction = introductions.get(introduction_id)
    form.add_error(error.field, error.message)
    if not isinstance(error, Conflict):
        return _page(introduction, actor, form), INVALID
    form.revision.data = str(introduction.revision)
    return _page(introduction, actor, form), CONFLICT


def _page(
    introduction: Introduction, actor: Actor, sent: ActingForm | CorrectionForm | None = None
) -> str:
    now, match = clock.now(), of_introduction(introduction.id)
    view = View(introduction, actor, now)
    forms = [_acting_form(each, introduction, sent) for each in policy.offered(view.state)]
    correction = _correction_form(introduction, view.state, sent)
    return render_template(
        "introduction_board/show.html",
        line=Line(BoardRow(introduction, match), actor, now),
        view=view,
        introduction=introduction,
        match=match,
        timeline_items=timeline_of(introductions.steps_of(introduction.id)),
        forms=forms,
        correction=correction,
        form=sent,
        is_form_shown=sent in [*forms, correction],
        acted_side=policy.acted_side,
    )


def _acting_form(
    wanted: IntroductionMove,
    introduction: Introduction,
    sent: ActingForm | CorrectionForm | None,
) -> ActingForm:
    """An empty form for a move, or the one that was just sent."""
    if isinstance(sent, ActingForm) and sent.move is wanted:
        return sent
    values = {"revision": str(introduction.revision)}
    return ActingForm(wanted, organizations_of(introduction), formdata=None, data=values)


def _correction_form(
    introduction: Introduction,
    state: IntroductionState,
    sent: ActingForm | CorrectionForm | None,
) -> CorrectionForm | None:
    """The form for what can be corrected in this state; None where nothing can."""
    if state not in LIVE_STATES | {IntroductionState.DECLINED}:
        return None
    if isinstance(sent, CorrectionForm):
        return sent
    code = introduction.reason_code
    values = {"revision": str(introduction.revision), "reason_code": code.value if code else None}
    return CorrectionForm(formdata=None, data=values)
