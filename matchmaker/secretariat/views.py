"""The secretariat's overview and its review of what was submitted."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.forms import ConfirmForm
from matchmaker.core.paging import page_number
from matchmaker.posts import service
from matchmaker.posts.domain import Move, PostKind, PostState
from matchmaker.posts.presentation import Presenter
from matchmaker.posts.types import PostType
from matchmaker.posts.web.loading import load
from matchmaker.secretariat import policy, queries
from matchmaker.secretariat.forms import ReturnForm

blueprint = Blueprint("secretariat", __name__, url_prefix="/secretariat")
KINDS = {"needs": PostKind.NEED, "offerings": PostKind.OFFERING}
Answer = str | tuple[str, int] | Response


@blueprint.get("")
def index() -> str:
    """What waits, and the ways to all the secretariat's lists."""
    authorize(policy.can_open_secretariat(current_actor()))
    now = clock.now()
    return render_template(
        "secretariat/index.html",
        now=now,
        overview=queries.overview(now),
        queue=queries.waiting_posts(None, 1, queries.MOST_IN_OVERVIEW),
        organizations=queries.newest_organizations(now),
        mails=queries.failed_mails(),
        kind_paths=kind_paths(),
    )


@blueprint.get("/reviews")
def reviews() -> str:
    """Submitted needs and offerings, longest waiting first."""
    authorize(policy.can_review(current_actor()))
    kind = KINDS.get(request.args.get("kind", ""))
    return render_template(
        "secretariat/reviews.html",
        now=clock.now(),
        page=queries.waiting_posts(kind, page_number(request.args.get("page"))),
        chosen=kind,
        counts={k: queries.waiting_posts(k, 1, 1).total for k in PostKind},
        kind_paths=kind_paths(),
    )


@blueprint.get("/reviews/<any(needs, offerings):kind>/<uuid:post_id>")
def review(kind: str, post_id: uuid.UUID) -> str:
    """One submitted post with all it says, and the two answers to it."""
    actor = authorize(policy.can_review(current_actor()))
    post_type = queries.POST_TYPES[KINDS[kind]]
    return review_page(kind, post_type, load(post_type, post_id), actor, ReturnForm())


@blueprint.post("/reviews/<any(needs, offerings):kind>/<uuid:post_id>/publications")
def publish(kind: str, post_id: uuid.UUID) -> Response:
    """Let a submitted post be seen."""
    actor = authorize(policy.can_review(current_actor()))
    post_type = queries.POST_TYPES[KINDS[kind]]
    post = load(post_type, post_id)
    service.move(post_type, post, Move.PUBLISH, actor, clock.now())
    flash(f"「{post.title}」を公開しました。", "success")
    return redirect(url_for("secretariat.reviews"))


@blueprint.post("/reviews/<any(needs, offerings):kind>/<uuid:post_id>/returns")
def return_post(kind: str, post_id: uuid.UUID) -> Answer:
    """Give a post back with the reason."""
    actor = authorize(policy.can_review(current_actor()))
    post_type, form = queries.POST_TYPES[KINDS[kind]], ReturnForm()
    post = load(post_type, post_id)
    if not form.validate_on_submit():
        return review_page(kind, post_type, post, actor, form), 422
    reason = form.reason.data or ""
    service.move(post_type, post, Move.RETURN, actor, clock.now(), reason=reason)
    flash(f"「{post.title}」を差し戻しました。理由は投稿した団体に伝わります。", "success")
    return redirect(url_for("secretariat.reviews"))


def review_page(kind: str, post_type: PostType, post: Any, actor: Actor, form: ReturnForm) -> str:
    """The page on which a post is read and answered."""
    return render_template(
        "secretariat/review.html",
        kind=kind,
        post_type=post_type,
        post=post,
        sections=Presenter(post_type, actor).sections(post),
        may_decide=post.state is PostState.SUBMITTED,
        form=form,
        confirm=ConfirmForm(),
        now=clock.now(),
    )


def kind_paths() -> dict[PostKind, str]:
    """How the kinds are called in addresses."""
    return {kind: path for path, kind in KINDS.items()}
