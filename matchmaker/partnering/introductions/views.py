"""Pages of introductions: one's lists, expressing interest, one introduction and its moves."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock, form_stash
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import new_id
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.forms import ConfirmForm
from matchmaker.core.paging import page_number
from matchmaker.matching.engine import current_engine
from matchmaker.matching.service import pair_explained
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations.queries import organizations_by_id
from matchmaker.partnering.introductions import meetings, policy, queries, service
from matchmaker.partnering.introductions.domain import (
    DEFAULT_DAYS,
    STANDING_STATES,
    Interest,
    IntroductionMove,
    Side,
    Source,
)
from matchmaker.partnering.introductions.forms import InterestForm, MoveForm, source_of
from matchmaker.partnering.introductions.matches.queries import of_introduction
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.introductions.presentation import View, timeline_of
from matchmaker.partnering.introductions.queries import Box, Group, IntroductionFilter
from matchmaker.posts import queries as post_queries
from matchmaker.posts.policy import can_view as can_view_post
from matchmaker.posts.presentation import Presenter
from matchmaker.posts.web.loading import load

blueprint = Blueprint("introductions", __name__, url_prefix="/introductions")
Answer = str | tuple[str, int] | Response
INVALID, CONFLICT, NOT_FOUND = 422, 409, 404
TO_BOARD = "事務局の人には、すべての団体の紹介をまとめた画面があります。その画面を開きました。"
SENT = "関心を伝えました。返事が届くと、メールでお知らせします。"


@blueprint.get("")
def index() -> Answer:
    """The introductions of one's organisations; what waits for an answer comes first."""
    actor, now = authorize(policy.can_list(current_actor())), clock.now()
    if not actor.roles:
        flash(TO_BOARD, "info")
        return redirect(url_for("introduction_board.index"))
    wanted = filter_of(request.args)
    own, writes = list(actor.roles), queries.written_for(actor)
    number = page_number(request.args.get("page"))
    page = queries.for_organization(own, wanted, writes, now, number)
    return render_template(
        "introductions/index.html",
        page=page,
        views=[View(each, actor, now) for each in page.items],
        wanted=wanted,
        counts=queries.group_counts(own, wanted.box, writes, now),
        organizations=organizations_by_id(own),
        suggestions=meetings.suggestions_for(actor, now),
        may_write=bool(writes),
    )


def filter_of(values: Any) -> IntroductionFilter:
    """The filter that a query string means; what is not known does not narrow."""
    box, group = values.get("box", ""), values.get("group", "")
    return IntroductionFilter(
        Box(box) if box in list(Box) else Box.ALL,
        Group(group) if group in list(Group) else None,
        id_of(values.get("organization", "")),
        id_of(values.get("post", "")),
    )


def id_of(text: str) -> uuid.UUID | None:
    """An id out of an address; None for whatever is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@blueprint.get("/new")
def new() -> Answer:
    """The form that expresses interest in a pair."""
    actor, need, offering = _pair(request.args)
    standing = queries.standing_of_pair(need.id, offering.id)
    if standing is not None and View(standing, actor, clock.now()).state in STANDING_STATES:
        authorize(policy.can_view(actor, standing), hidden=True)
        flash(service.already_words(standing, _own_id(actor, standing)), "info")
        return redirect(url_for("introductions.show", introduction_id=standing.id))
    stashed = form_stash.stashed_values(request.path)
    form = InterestForm(formdata=stashed, data=_first_values(need, offering, actor))
    return _form_page(form, need, offering, actor)


@blueprint.post("")
def create() -> Answer:
    """Express interest; pressed twice, it is sent once."""
    form = InterestForm()
    try:
        actor, need, offering = _pair(
            {"need": form.need_id.data, "offering": form.offering_id.data}
        )
    except ProductError as error:
        if not (form.note.data or form.wish.data):
            raise
        # A post was closed or hidden while the person wrote: what was typed is handed back.
        return _unsent_page(form, error)
    return _sent(form, actor, need, offering)


def _unsent_page(form: InterestForm, error: ProductError) -> Answer:
    is_gone = isinstance(error, NotFound)
    message = "この投稿は、いまは公開されていません。" if is_gone else error.message
    page = render_template("introductions/unsent.html", form=form, message=message)
    return page, NOT_FOUND if is_gone else INVALID


def _sent(form: InterestForm, actor: Actor, need: Any, offering: Any) -> Answer:
    if form.validate_on_submit():
        try:
            interest = form.interest(need.id, offering.id)
            made = service.send(interest, actor, clock.now())
        except service.AlreadyStanding as standing:
            return _to_standing(standing, actor)
        except ProductError as error:
            form.add_error(error.field, error.message)
        else:
            flash(SENT, "success")
            return redirect(url_for("introductions.show", introduction_id=made.id))
    return _form_page(form, need, offering, actor), INVALID


@blueprint.post("/from-meetings/<uuid:outcome_id>")
def create_from_meeting(outcome_id: uuid.UUID) -> Response:
    """Express interest after a meeting at an event, with one press."""
    authorize(current_actor().is_signed_in)
    voice = meetings.suggestion(outcome_id, current_actor())
    actor = authorize(current_actor().writes_for(voice.organization_id), hidden=True)
    if not ConfirmForm().validate_on_submit():
        return redirect(url_for("introductions.index"))
    try:
        made = service.send(meetings.interest_of(voice), actor, clock.now())
    except service.AlreadyStanding as standing:
        return _to_standing(standing, actor)
    except ProductError as error:
        flash(error.message, "error")
        return redirect(url_for("introductions.index"))
    flash(SENT, "success")
    return redirect(url_for("introductions.show", introduction_id=made.id))


@blueprint.get("/<uuid:introduction_id>")
def show(introduction_id: uuid.UUID) -> str:
    """One introduction: both posts, why they fit, what was said, and what can be done."""
    introduction = queries.get(introduction_id)
    actor = authorize(policy.can_view(current_actor(), introduction), hidden=True)
    return _page(introduction, actor)


@blueprint.post("/<uuid:introduction_id>/moves")
def move(introduction_id: uuid.UUID) -> Answer:
    """Accept, decline, ask back, reply, withdraw, open again."""
    introduction = queries.get(introduction_id)
    actor = authorize(policy.can_view(current_actor(), introduction), hidden=True)
    wanted = _wanted_move()
    authorize(policy.can_move(actor, introduction, wanted))
    form = MoveForm(wanted)
    if not form.validate_on_submit():
        return _page(introduction, actor, form), INVALID
    try:
        service.move(introduction, wanted, form.answer(), actor, clock.now())
    except Conflict as conflict:
        form.add_error(conflict.field, conflict.message)
        introduction = queries.read_again(introduction)
        # Who is told reads the present state; after a mistake the form stays as old as it is.
        form.revision.data = str(introduction.revision)
        return _page(introduction, actor, form), CONFLICT
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(queries.read_again(introduction), actor, form), INVALID
    flash(DONE_WORDS[wanted], "success")
    return redirect(url_for("introductions.show", introduction_id=introduction_id))


DONE_WORDS = {
    IntroductionMove.ACCEPT: "成立しました。おたがいの連絡先が見えるようになりました。",
    IntroductionMove.DECLINE: "見送りの返事を送りました。",
    IntroductionMove.ASK_BACK: "質問を送りました。答えが届くと、メールでお知らせします。",
    IntroductionMove.REPLY: "質問への答えを送りました。",
    IntroductionMove.WITHDRAW: "取り下げました。",
    IntroductionMove.REOPEN: "もう一度ひらきました。新しい期限まで返事を待ちます。",
}


def _wanted_move() -> IntroductionMove:
    """The move whose button was pressed.

    Raises:
        NotFound: there is none of that name on this page.
    """
    word = request.form.get("move", "")
    if word not in [each.value for each in DONE_WORDS]:
        raise NotFound
    return IntroductionMove(word)


def _pair(values: Any) -> tuple[Actor, Any, Any]:
    """Both posts, for somebody who may express interest in the pair.

    Raises:
        NotFound: there is no such pair, or the person may not know of it.
        ProductError: no introduction can be made of it.
    """
    need_id, offering_id = id_of(values.get("need") or ""), id_of(values.get("offering") or "")
    authorize(current_actor().is_signed_in)
    if need_id is None or offering_id is None:
        raise NotFound
    need, offering = load(NEED, need_id), load(OFFERING, offering_id)
    for post in (need, offering):
        authorize(can_view_post(current_actor(), post), hidden=True)
    service.open_posts(Interest(need_id, offering_id))
    return authorize(policy.can_send(current_actor(), need, offering)), need, offering


def _own_id(actor: Actor, standing: Introduction) -> uuid.UUID:
    sides = (standing.sender_organization_id, standing.receiver_organization_id)
    return next((each for each in sides if actor.writes_for(each)), sides[0])


def _to_standing(standing: service.AlreadyStanding, actor: Actor) -> Response:
    flash(standing.message, "info")
    return redirect(url_for("introductions.show", introduction_id=standing.introduction_id))


def _first_values(need: Any, offering: Any, actor: Actor) -> dict[str, Any]:
    side = policy.own_side(actor, need, offering)
    source = source_of(request.args.get("source")) if side else Source.SECRETARIAT
    return {
        "need_id": str(need.id),
        "offering_id": str(offering.id),
        "source": source.value,
        "submission_key": new_id().hex,
        "from_side": side.value if side else None,
        "answer_due_on": today(clock.now()) + timedelta(days=DEFAULT_DAYS),
    }


def _form_page(form: InterestForm, need: Any, offering: Any, actor: Actor) -> str:
    side = policy.own_side(actor, need, offering)
    is_town = side is not Side.BUSINESS
    other_type, other = (OFFERING, offering) if is_town else (NEED, need)
    return render_template(
        "introductions/new.html",
        form=form,
        need=need,
        offering=offering,
        side=side,
        other=other,
        sides=_sides(need, offering, actor),
        card=pair_explained(
            current_engine(), NEED if is_town else OFFERING, need if is_town else offering,
            other, actor,
        ),
        reaches_somebody=queries.has_writing_people(other.organization_id),
        other_type=other_type,
    )  # fmt: skip


def _sides(need: Any, offering: Any, actor: Actor) -> list[tuple[Any, Any, Presenter]]:
    """Each post with its kind and what turns it into text for this reader."""
    return [
        (NEED, need, Presenter(NEED, actor)),
        (OFFERING, offering, Presenter(OFFERING, actor)),
    ]


def _page(introduction: Introduction, actor: Actor, sent: MoveForm | None = None) -> str:
    now = clock.now()
    view = View(introduction, actor, now)
    need = post_queries.get(NEED, introduction.need_id)
    offering = post_queries.get(OFFERING, introduction.offering_id)
    own_type, own, other = (
        (OFFERING, offering, need) if view.side is Side.BUSINESS else (NEED, need, offering)
    )
    moves = policy.offered_moves(actor, introduction, view.state)
    return render_template(
        "introductions/show.html",
        view=view,
        introduction=introduction,
        sides=_sides(need, offering, actor),
        card=pair_explained(current_engine(), own_type, own, other, actor),
        messages=queries.messages_of(introduction.id),
        timeline_items=timeline_of(queries.steps_of(introduction.id)),
        forms={each: _form_of(each, introduction, sent) for each in moves},
        match=of_introduction(introduction.id),
        form=sent,
        now=now,
    )


def _form_of(
    wanted: IntroductionMove, introduction: Introduction, sent: MoveForm | None
) -> MoveForm:
    """An empty form for a move, or the one that was just sent."""
    if sent is not None and sent.move is wanted:
        return sent
    day = today(clock.now()) + timedelta(days=DEFAULT_DAYS)
    return MoveForm(
        wanted,
        formdata=None,
        data={"answer_due_on": day, "revision": str(introduction.revision)},
    )
