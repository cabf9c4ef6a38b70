"""Pages of questions to posts: the list with the form, and the page where one is answered."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.db import new_id
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.paging import page_number
from matchmaker.partnering.introductions.post_questions import policy, queries, service
from matchmaker.partnering.introductions.post_questions.domain import (
    QUESTION_STATES,
    STATE_LABELS,
    QuestionMove,
    QuestionState,
)
from matchmaker.partnering.introductions.post_questions.forms import AnswerForm, AskForm
from matchmaker.partnering.introductions.post_questions.models import PostQuestion
from matchmaker.partnering.introductions.post_questions.service import Words
from matchmaker.posts import policy as post_policy
from matchmaker.posts import queries as post_queries
from matchmaker.posts.domain import PostKind
from matchmaker.posts.registry import post_type_of
from matchmaker.posts.types import PostType

INVALID, CONFLICT, NOT_FOUND = 422, 409, 404
Answer = Response | str | tuple[str, int]
blueprint = Blueprint("post_questions", __name__)
KINDS = {"needs": PostKind.NEED, "offerings": PostKind.OFFERING}
PLACE = "/<any(needs, offerings):kind>/<uuid:post_id>/questions"
TONES = {
    QuestionState.ASKED: "wait",
    QuestionState.ANSWERED: "draft",
    QuestionState.PUBLISHED: "open",
    QuestionState.REFUSED: "closed",
    QuestionState.TAKEN_DOWN: "closed",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A post with who looks at its questions."""

    kind: str
    post_type: PostType
    post: Any
    actor: Actor

    @property
    def url(self) -> str:
        """The questions of the post."""
        return url_for("post_questions.index", kind=self.kind, post_id=self.post.id)

    def asker(self, question: PostQuestion) -> str:
        """Who asked, as far as this reader may know; for the asker, that it was them."""
        if self.actor.user_id is not None and question.asker_id == self.actor.user_id:
            return "あなたの質問"
        if not policy.can_see_asker(self.actor, self.post, question):
            return ""
        organization = question.asker_organization.name if question.asker_organization else ""
        name = f"{question.asker.name}さん" if question.asker else "（退会した人）"
        hidden = "" if question.is_named else "（投稿した団体には伝えていません）"
        return f"{organization} {name}{hidden}".strip()

    def reads_original(self, question: PostQuestion) -> bool:
        """Whether the words as they were asked are shown, not those made public."""
        is_own = self.actor.is_signed_in and question.asker_id == self.actor.user_id
        return is_own or policy.reads_all(self.actor, self.post)


def opened(kind: str, post_id: uuid.UUID) -> Place:
    """The post, for those who may read it."""
    post_type = post_type_of(KINDS[kind])
    post = post_queries.get(post_type, post_id)
    if post is None:
        raise NotFound
    actor = authorize(post_policy.can_view(current_actor(), post), hidden=True)
    return Place(kind, post_type, post, actor)


@blueprint.get(PLACE)
def index(kind: str, post_id: uuid.UUID) -> Answer:
    """Questions and answers that the person may read, and the form for asking."""
    try:
        place = opened(kind, post_id)
    except NotFound:
        return unsent_page(kind, AskForm(stashed_values(request.path)))
    return list_page(place, AskForm(stashed_values(request.path), key=new_id().hex))


@blueprint.post(PLACE)
def ask(kind: str, post_id: uuid.UUID) -> Answer:
    """Ask something."""
    form = AskForm()
    try:
        place = opened(kind, post_id)
    except NotFound:
        return unsent_page(kind, form)
    if not policy.can_ask(place.actor, place.post):
        if not policy.could_ask(place.actor, place.post):
            authorize(False)
        # It was closed while the person wrote: what was typed is handed back.
        form.add_error(None, service.NOT_OPEN)
        return list_page(place, form), INVALID
    if not form.validate_on_submit():
        return list_page(place, form), INVALID
    try:
        service.ask(
            place.post_type, place.post, form.text.data or "", is_named=bool(form.is_named.data),
            key=form.key.data or "", actor=place.actor, now=clock.now(),
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        return list_page(place, form), INVALID
    flash("質問を送りました。回答があると、メールで知らせます。", "success")
    return redirect(place.url)


@blueprint.get(f"{PLACE}/<uuid:question_id>")
def show(kind: str, post_id: uuid.UUID, question_id: uuid.UUID) -> str:
    """One question, to be answered or taken down."""
    place, question = handled(kind, post_id, question_id)
    form = AnswerForm(
        stashed_values(request.path),
        published_text=question.published_text or question.text,
        answer=question.answer,
        revision=str(question.revision),
    )
    return question_page(place, question, form)


@blueprint.post(f"{PLACE}/<uuid:question_id>")
def move(kind: str, post_id: uuid.UUID, question_id: uuid.UUID) -> Answer:
    """Answer, publish, refuse or take down."""
    place, question = handled(kind, post_id, question_id)
    step, form = wanted_move(), AnswerForm()
    authorize(policy.can_move(place.actor, place.post, step))
    if not form.validate_on_submit():
        return question_page(place, question, form), INVALID
    words = Words(form.answer.data or "", form.published_text.data or "", form.reason.data or "")
    try:
        service.move(question, step, words, form.expected, place.actor, clock.now())
    except ProductError as error:
        form.add_error(error.field, error.message)
        if not isinstance(error, Conflict):
            return question_page(place, question, form), INVALID
        # Who is told reads the present state; after a mistake the form stays as old as it is.
        form.revision.data = str(question.revision)
        return question_page(place, question, form), CONFLICT
    flash(f"「{QUESTION_STATES.moves[step].label}」を行いました。", "success")
    return redirect(place.url)


def handled(kind: str, post_id: uuid.UUID, question_id: uuid.UUID) -> tuple[Place, PostQuestion]:
    """One question, for those who answer it or take it down."""
    place = opened(kind, post_id)
    authorize(policy.can_answer(place.actor, place.post), hidden=True)
    question = queries.question_of_post(place.post_type.kind, post_id, question_id)
    authorize(policy.can_read(place.actor, place.post, question), hidden=True)
    return place, question


def wanted_move() -> QuestionMove:
    """The step whose button was pressed.

    Raises:
        NotFound: there is no such step.
    """
    word = request.form.get("move", "")
    if word not in list(QuestionMove):
        raise NotFound("そのような操作はありません。")
    return QuestionMove(word)


def list_page(place: Place, form: AskForm) -> str:
    """Questions to a post as a page."""
    number = page_number(request.args.get("page"))
    return render_template(
        "post_questions/index.html",
        place=place,
        post=place.post,
        post_type=place.post_type,
        form=form,
        page=queries.readable_page(place.post_type.kind, place.post, place.actor, number),
        may_ask=policy.can_ask(place.actor, place.post),
        may_answer=policy.can_answer(place.actor, place.post),
        labels=STATE_LABELS,
        tones=TONES,
    )


def unsent_page(kind: str, form: AskForm) -> Answer:
    """A question whose post was hidden while the person wrote: what was typed is handed back.

    It is the same page for a post that was never there, so that it tells nothing.

    Raises:
        NotFound: nothing was typed.
    """
    if not form.text.data:
        raise NotFound
    page = render_template(
        "post_questions/unsent.html", form=form, post_type=post_type_of(KINDS[kind])
    )
    return page, NOT_FOUND


def texts_without_field(form: AnswerForm, moves: Collection[QuestionMove]) -> list[tuple[str, str]]:
    """Labels and texts that were typed into fields which the question in its new state lacks."""
    missing = []
    if QuestionMove.PUBLISH not in moves:
        missing += [form.answer, form.published_text]
    if not {QuestionMove.REFUSE, QuestionMove.TAKE_DOWN} & set(moves):
        missing.append(form.reason)
    return [(field.label.text, field.data) for field in missing if field.data]


def question_page(place: Place, question: PostQuestion, form: AnswerForm) -> str:
    """One question as a page."""
    moves = policy.offered_moves(place.actor, place.post, question)
    return render_template(
        "post_questions/show.html",
        place=place,
        post=place.post,
        post_type=place.post_type,
        question=question,
        form=form,
        moves=moves,
        not_saved=texts_without_field(form, moves) if form.errors else [],
        labels=STATE_LABELS,
        tones=TONES,
    )
