"""Earlier versions of a post: list, comparison, bringing one back."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.errors import NotFound
from matchmaker.core.forms import ConfirmForm
from matchmaker.core.paging import page_number
from matchmaker.core.text import whole_number
from matchmaker.posts import policy, queries, service
from matchmaker.posts.content import differences, from_json
from matchmaker.posts.presentation import Presenter
from matchmaker.posts.types import PostType
from matchmaker.posts.web.loading import load


def register_version_routes(blueprint: Blueprint, post_type: PostType) -> None:
    """``/needs/<id>/versions`` and what is below it."""

    @blueprint.get("/<uuid:post_id>/versions")
    def versions(post_id: uuid.UUID) -> str:
        """All versions, and two of them side by side."""
        post = load(post_type, post_id)
        actor = authorize(policy.can_see_history(current_actor(), post), hidden=True)
        newest = queries.last_version_number(post.id)
        after = whole_number(request.args.get("after")) or newest
        before = whole_number(request.args.get("before")) or max(1, after - 1)
        return render_template(
            "posts/versions.html",
            post_type=post_type,
            post=post,
            newest=newest,
            page=queries.versions_page(post.id, page_number(request.args.get("page"))),
            before=before,
            after=after,
            changes=compare(post_type, post.id, before, after),
            presenter=Presenter(post_type, actor),
            may_edit=policy.can_edit(actor, post),
            form=ConfirmForm(),
        )

    @blueprint.post("/<uuid:post_id>/versions/<int:number>/restorations")
    def restore(post_id: uuid.UUID, number: int) -> Response:
        """Write an earlier version again as the newest."""
        post = load(post_type, post_id)
        actor = authorize(policy.can_edit(current_actor(), post), hidden=True)
        service.restore(post_type, post, number, actor, clock.now())
        flash(f"第{number}版の内容に戻しました。", "success")
        return redirect(url_for(f"{post_type.blueprint}.show", post_id=post.id))


def compare(
    post_type: PostType, post_id: uuid.UUID, before: int, after: int
) -> list[tuple[str, object, object, object]]:
    """Fields in which two versions differ: label, spec, value before, value after.

    Raises:
        NotFound: one of them does not exist.
    """
    earlier, later = queries.get_version(post_id, before), queries.get_version(post_id, after)
    if earlier is None or later is None:
        raise NotFound("その版は見つかりません。")
    old = from_json(post_type.table, earlier.content)
    new = from_json(post_type.table, later.content)
    return [
        (d.spec.label, d.spec, d.before, d.after) for d in differences(post_type.table, old, new)
    ]
