"""Pages of activity posts: those of a group, and the newest of all groups."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor, public
from matchmaker.core.clock import today
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.paging import page_number
from matchmaker.working_groups.groups.activity import policy, posts, queries
from matchmaker.working_groups.groups.activity.domain import POST_STATES
from matchmaker.working_groups.groups.activity.forms import PostForm, ReasonForm, RevisionForm
from matchmaker.working_groups.groups.activity.loading import (
    CONFLICT,
    INVALID,
    Place,
    load_place,
    opened_form,
)
from matchmaker.working_groups.groups.domain import VISIBILITY_LABELS, Visibility
from matchmaker.working_groups.groups.models import GroupPost
from matchmaker.working_groups.groups.policy import can_view_group

Answer = str | Response | tuple[str, int]
blueprint = Blueprint("group_posts", __name__, url_prefix="/working-groups/<uuid:group_id>/posts")
all_posts = Blueprint("activity_posts", __name__)


@all_posts.get("/activity-posts")
@public
def index() -> str:
    """The newest posts of all groups that the person may read."""
    actor, now = current_actor(), clock.now()
    page = queries.newest_posts(actor, today(now), page_number(request.args.get("page")))
    return render_template(
        "working_groups/activity/all_posts.html", page=page, visibility_labels=VISIBILITY_LABELS
    )


@blueprint.get("", endpoint="index")
def group_index(group_id: uuid.UUID) -> str:
    """The posts of one group."""
    place = load_place(group_id)
    authorize(can_view_group(place.actor, place.group, place.standing), hidden=True)
    number = page_number(request.args.get("page"))
    return render_template(
        "working_groups/activity/posts.html",
        place=place,
        page=queries.posts_page(group_id, place.actor, place.standing, number),
        may_write=policy.can_write_post(place.actor, place.group, place.standing),
        labels=POST_STATES.labels,
        visibility_labels=VISIBILITY_LABELS,
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new(group_id: uuid.UUID) -> Answer:
    """Begin a draft."""
    place = load_place(group_id)
    authorize(policy.can_write_post(place.actor, place.group, place.standing), hidden=True)
    form = opened_form(PostForm)
    form.limit_visibility(place.group.visibility, usual=Visibility.PUBLIC)
    if form.validate_on_submit():
        try:
            post = posts.draft_post(place.group, form.post_data(), place.actor, place.now)
        except ProductError as error:
            form.add_error(error.field, error.message)
        else:
            flash("下書きを保存しました。読みなおしてから公開できます。", "success")
            return redirect(url_for(".show", group_id=group_id, post_id=post.id))
    return _form_page(place, form, None)


@blueprint.get("/<uuid:post_id>")
def show(group_id: uuid.UUID, post_id: uuid.UUID) -> str:
    """One post."""
    place = load_place(group_id)
    post = queries.post_of(group_id, post_id)
    actor, standing = place.actor, place.standing
    authorize(policy.can_view_post(actor, place.group, post, standing), hidden=True)
    return render_template(
        "working_groups/activity/post.html",
        place=place,
        post=post,
        label=POST_STATES.labels[post.state],
        visibility_labels=VISIBILITY_LABELS,
        may_edit=policy.can_edit_post(actor, place.group, post, standing),
        may_publish=policy.can_publish_post(actor, place.group, standing),
        may_retract=policy.can_retract_post(actor, standing),
    )


@blueprint.route("/<uuid:post_id>/edit", methods=["GET", "POST"])
def edit(group_id: uuid.UUID, post_id: uuid.UUID) -> Answer:
    """Change a post."""
    place = load_place(group_id)
    post = queries.post_of(group_id, post_id)
    allowed = policy.can_edit_post(place.actor, place.group, post, place.standing)
    authorize(allowed, hidden=True)
    form = opened_form(PostForm, data=_shown(post))
    form.limit_visibility(place.group.visibility)
    if form.validate_on_submit():
        return _save(place, post, form)
    return _form_page(place, form, post)


def _save(place: Place, post: GroupPost, form: PostForm) -> Answer:
    expected, actor, now = form.expected_revision, place.actor, place.now
    try:
        posts.change_post(post, form.post_data(), actor, now, expected_revision=expected)
    except Conflict as error:
        form.add_error(None, error.message)
        form.revision.data = str(post.revision)
        return _form_page(place, form, post, theirs=post)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _form_page(place, form, post)
    flash("保存しました。", "success")
    return redirect(url_for(".show", group_id=place.group.id, post_id=post.id))


@blueprint.post("/<uuid:post_id>/publications")
def publish(group_id: uuid.UUID, post_id: uuid.UUID) -> Response:
    """Let a draft be read."""
    place = load_place(group_id)
    post = queries.post_of(group_id, post_id)
    authorize(policy.can_publish_post(place.actor, place.group, place.standing), hidden=True)
    expected = RevisionForm().expected_revision
    posts.publish_post(post, place.actor, place.now, expected_revision=expected)
    flash("公開しました。", "success")
    return redirect(url_for(".show", group_id=group_id, post_id=post_id))


@blueprint.route("/<uuid:post_id>/retractions/new", methods=["GET", "POST"])
def retract(group_id: uuid.UUID, post_id: uuid.UUID) -> Answer:
    """Take a published post back."""
    place = load_place(group_id)
    post = queries.post_of(group_id, post_id)
    authorize(policy.can_retract_post(place.actor, place.standing), hidden=True)
    form = opened_form(ReasonForm)
    if form.validate_on_submit():
        try:
            posts.retract_post(post, form.reason.data or "", place.actor, place.now)
        except ProductError as error:
            if error.field is None:
                raise
            form.add_error(error.field, error.message)
        else:
            flash("取り下げました。運営する人だけに見えます。", "success")
            return redirect(url_for(".show", group_id=group_id, post_id=post_id))
    page = render_template(
        "working_groups/activity/retract.html", place=place, post=post, form=form
    )
    return (page, INVALID) if form.is_submitted() else page


def _shown(post: GroupPost) -> dict[str, str]:
    return {
        "title": post.title,
        "body": post.body,
        "visibility": post.visibility.value,
        "revision": str(post.revision),
    }


def _form_page(
    place: Place, form: PostForm, post: GroupPost | None, theirs: GroupPost | None = None
) -> Answer:
    page = render_template(
        "working_groups/activity/post_form.html",
        place=place,
        form=form,
        post=post,
        theirs=theirs,
        visibility_labels=VISIBILITY_LABELS,
    )
    if theirs is not None:
        return page, CONFLICT
    return (page, INVALID) if form.is_submitted() else page
