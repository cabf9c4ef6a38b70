"""Pages of attachments: handing them out, adding and removing them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.downloads import download_stored, show_picture
from matchmaker.core.errors import NotFound
from matchmaker.posts import policy
from matchmaker.posts import queries as post_queries
from matchmaker.posts.attachments import queries, service
from matchmaker.posts.attachments.forms import AttachmentForm
from matchmaker.posts.attachments.models import Attachment
from matchmaker.posts.registry import post_type_of, register_with
from matchmaker.posts.types import PostType

UNPROCESSABLE = 422
MISSING = "お探しのファイルは見つかりません。外された可能性があります。"
blueprint = Blueprint("attachments", __name__, url_prefix="/attachments")


@blueprint.get("/<uuid:attachment_id>")
def show(attachment_id: uuid.UUID) -> Response:
    """The file, as a download."""
    attachment, _post_type, post = load(attachment_id)
    authorize(policy.can_view(current_actor(), post), hidden=True)
    return download_stored(attachment.file)


@blueprint.get("/<uuid:attachment_id>/picture")
def picture(attachment_id: uuid.UUID) -> Response:
    """A picture, for showing within a page."""
    attachment, _post_type, post = load(attachment_id)
    authorize(policy.can_view(current_actor(), post), hidden=True)
    if not attachment.file.is_picture:
        raise NotFound(MISSING)
    return show_picture(attachment.file)


@blueprint.post("/<uuid:attachment_id>/deletions")
def remove(attachment_id: uuid.UUID) -> Answer:
    """Take the file away from its post."""
    attachment, post_type, post = load(attachment_id)
    actor = authorize(policy.can_edit(current_actor(), post), hidden=True)
    name = attachment.file.name
    service.remove(post_type, post, attachment, actor, clock.now())
    flash(f"「{name}」を外しました。", "success")
    return redirect(url_for(f"{post_type.blueprint}.attachments", post_id=post.id))


def load(attachment_id: uuid.UUID) -> tuple[Attachment, PostType, Any]:
    """A file with the post it belongs to.

    Raises:
        NotFound: there is no such file, or its post is gone.
    """
    attachment = queries.get_attachment(attachment_id)
    if attachment is None:
        raise NotFound(MISSING)
    post_type = post_type_of(attachment.post_kind)
    post = post_queries.get(post_type, attachment.post_id)
    if post is None:
        raise NotFound(MISSING)
    return attachment, post_type, post


def register_attachment_routes(blueprint: Blueprint, post_type: PostType) -> None:
    """``GET`` and ``POST /needs/<id>/attachments``: the files of a post and the form for more."""
    register_with(blueprint, post_type)

    @blueprint.get("/<uuid:post_id>/attachments")
    def attachments(post_id: uuid.UUID) -> str:
        """The files of a post, with the means to add and remove some."""
        post = load_post(post_type, post_id)
        authorize(policy.can_edit(current_actor(), post), hidden=True)
        return page(post_type, post, AttachmentForm())

    @blueprint.post("/<uuid:post_id>/attachments")
    def add_attachments(post_id: uuid.UUID) -> Answer | tuple[str, int]:
        """Attach files."""
        post = load_post(post_type, post_id)
        actor = authorize(policy.can_edit(current_actor(), post), hidden=True)
        form = AttachmentForm()
        added = attach(post_type, post, form, actor)
        if added is None:
            return page(post_type, post, form), UNPROCESSABLE
        flash(f"{added}個のファイルを追加しました。", "success")
        return redirect(url_for(f"{post_type.blueprint}.attachments", post_id=post.id))


def load_post(post_type: PostType, post_id: uuid.UUID) -> Any:
    """The post with its tags.

    Raises:
        NotFound: there is no such post.
    """
    post = post_queries.get(post_type, post_id)
    if post is None:
        raise NotFound
    return post


def attach(post_type: PostType, post: Any, form: AttachmentForm, actor: Actor) -> int | None:
    """Number of files attached; None when something has to be mended (told at its place)."""
    if not form.validate_on_submit():
        return None
    uploads = [
        service.Upload(file.filename, file.read())
        for file in form.files.data or ()
        if file.filename
    ]
    try:
        added = service.add(post_type, post, uploads, form.caption.data or "", actor, clock.now())
    except service.RefusedFiles as refused:
        for message in refused.messages:
            form.add_error(service.FIELD, message)
        return None
    return len(added)


def page(post_type: PostType, post: Any, form: AttachmentForm) -> str:
    """The page of a post's files."""
    return render_template(
        "attachments/edit.html",
        post_type=post_type,
        post=post,
        form=form,
        attachments=queries.attachments_of(post.id),
    )
