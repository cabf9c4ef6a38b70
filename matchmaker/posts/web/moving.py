"""Leading a post through its life: hand in, withdraw, pause, close, reopen; delete a draft."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.cleaning import clean_record
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.settings import current_settings
from matchmaker.posts import drafts, policy, service
from matchmaker.posts.content import content_of
from matchmaker.posts.domain import POST_STATES, Move, PostState
from matchmaker.posts.types import PostType
from matchmaker.posts.vocabularies import DatabaseVocabularies
from matchmaker.posts.web.loading import load

LONGEST_REASON = 1000


def register_moving_routes(blueprint: Blueprint, post_type: PostType) -> None:
    """``POST /needs/<id>/moves`` and ``POST /needs/<id>/deletions``."""

    @blueprint.post("/<uuid:post_id>/moves")
    def move(post_id: uuid.UUID) -> Response:
        """One step; a refusal is told on the page of the post."""
        post = load(post_type, post_id)
        step = move_named(request.form.get("move", ""))
        actor = authorize(policy.can_move(current_actor(), post, step), hidden=True)
        here = redirect(url_for(f"{post_type.blueprint}.show", post_id=post.id))
        try:
            make_move(post_type, post, step, actor)
        except ProductError as error:
            flash(error.message, "error")
            return here
        flash(f"「{POST_STATES.moves[step].label}」を行いました。", "success")
        return here

    @blueprint.post("/<uuid:post_id>/deletions")
    def delete(post_id: uuid.UUID) -> Response:
        """Throw a draft away."""
        post = load(post_type, post_id)
        actor = authorize(policy.can_edit(current_actor(), post), hidden=True)
        if post.state is not PostState.DRAFT:
            raise ProductError("削除できるのは下書きだけです。公開したものは終了してください。")
        drafts.forget(actor, drafts.key_for_post(post_type, post.id))
        service.delete(post_type, post, actor, clock.now())
        flash("下書きを削除しました。", "success")
        return redirect(url_for(f"{post_type.blueprint}.index", mine=1))


def move_named(text: str) -> Move:
    """The move of that name.

    Raises:
        NotFound: there is none.
    """
    if text not in {move.value for move in Move}:
        raise NotFound("そのような操作はありません。")
    return Move(text)


def make_move(post_type: PostType, post: object, step: Move, actor: object) -> None:
    """Make one step with what the person filled in for it."""
    reason = request.form.get("reason", "")[:LONGEST_REASON]
    if step is Move.SUBMIT:
        require_complete(post_type, post)
        trusted = current_settings().auto_publish_trusted
        service.submit(post_type, post, actor, clock.now(), publish_trusted=trusted)  # type: ignore[arg-type]
        return
    closing = service.Closing(
        request.form.get("close_reason", ""), request.form.get("solved_with", "")[:200]
    )
    service.move(post_type, post, step, actor, clock.now(), reason=reason, closing=closing)  # type: ignore[arg-type]


def require_complete(post_type: PostType, post: object) -> None:
    """Refuse to hand in a draft that lacks a required field.

    Raises:
        ProductError: naming the fields.
    """
    cleaned = clean_record(
        post_type.table, content_of(post_type, post), DatabaseVocabularies(), complete=True
    )
    if cleaned.errors:
        names = "、".join(post_type.table.by_name[n].label for n in cleaned.errors)
        raise ProductError(f"まだ入っていない項目があります：{names}。編集して入れてください。")
