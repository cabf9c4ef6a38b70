"""Writing and changing posts."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock, form_stash
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.cleaning import CleanedRecord
from matchmaker.core.errors import Conflict
from matchmaker.core.forms import RecordForm, form_values, record_form
from matchmaker.core.settings import current_settings
from matchmaker.core.text import whole_number
from matchmaker.organizations import queries as organization_queries
from matchmaker.posts import drafts, policy, service
from matchmaker.posts.content import content_of
from matchmaker.posts.domain import EDITABLE_STATES, PostState, validity_error
from matchmaker.posts.extensions import editor_parts, tell_saved
from matchmaker.posts.types import PostType
from matchmaker.posts.vocabularies import DatabaseVocabularies
from matchmaker.posts.web.loading import load

INVALID = 422
CONFLICT = 409
SUBMITTABLE = frozenset({PostState.DRAFT, PostState.RETURNED})
Answer = Response | tuple[str, int] | str


def register_editing_routes(blueprint: Blueprint, post_type: PostType) -> None:
    """``/needs/new`` and ``/needs/<id>/edit``."""

    @blueprint.get("/new")
    def new() -> str:
        """An empty form, or one that was begun before."""
        actor = authorize(may_begin(current_actor()))
        form = make_form(post_type, actor)(data=form_values(starting_values(post_type, actor)))
        form.form_key.data = drafts.key_for_new(post_type, request.args.get("form"))
        copy = restore_typed(form, actor)
        return page(post_type, form, None, actor, copy)

    @blueprint.post("/new")
    def create() -> Answer:
        """Save a new post as a draft, and hand it in when asked to."""
        actor = authorize(may_begin(current_actor()))
        form = make_form(post_type, actor)()
        organization_id = chosen_organization(actor)
        authorize(policy.can_create(actor, organization_id))
        cleaned = check(form, complete=wants_submit())
        if cleaned is None:
            return page(post_type, form, None, actor), INVALID
        now = clock.now()
        post = service.create(post_type, organization_id, cleaned.values, actor, now)
        return finish(post_type, post, form, actor)

    @blueprint.get("/<uuid:post_id>/edit")
    def edit(post_id: uuid.UUID) -> str:
        """The form of an existing post."""
        post = load(post_type, post_id)
        actor = authorize(policy.can_edit(current_actor(), post), hidden=True)
        form = make_form(post_type, actor)(data=form_values(content_of(post_type, post)))
        form.form_key.data = drafts.key_for_post(post_type, post.id)
        form.revision.data = str(post.revision)
        copy = restore_typed(form, actor)
        return page(post_type, form, post, actor, copy)

    @blueprint.post("/<uuid:post_id>/edit")
    def update(post_id: uuid.UUID) -> Answer:
        """Save a change, and hand the post in when asked to."""
        post = load(post_type, post_id)
        actor = authorize(policy.can_edit(current_actor(), post), hidden=True)
        form = make_form(post_type, actor)()
        cleaned = check(form, complete=wants_submit() or post.state not in SUBMITTABLE)
        if cleaned is None:
            return page(post_type, form, post, actor), INVALID
        try:
            service.save(
                post_type, post, cleaned.values, actor, clock.now(),
                expected_revision=revision_of(form),
            )  # fmt: skip
        except Conflict as conflict:
            form.add_error(None, conflict.message)
            form.revision.data = str(post.revision)
            return page(post_type, form, post, actor), CONFLICT
        return finish(post_type, post, form, actor)


def restore_typed(form: RecordForm, actor: Actor) -> Any:
    """Bring back what was typed before: sent after the session had ended, or kept while typing."""
    stashed = form_stash.stashed_values(request.path)
    if stashed is None:
        return drafts.fill_from_copy(form, actor, form.form_key.data or "")
    drafts.refill(form, stashed)
    form.form_key.data = stashed.get("form_key") or form.form_key.data
    return None


def may_begin(actor: Actor) -> bool:
    """Whether the person writes for any organisation."""
    return actor.is_secretariat or any(actor.writes_for(o) for o in actor.roles)


def make_form(post_type: PostType, actor: Actor) -> type[RecordForm]:
    """The form class of this kind of post with today's vocabularies."""
    usual = starting_values(post_type, actor)
    return record_form(post_type.table, DatabaseVocabularies(), post_type.rules, usual)


def starting_values(post_type: PostType, actor: Actor) -> dict[str, Any]:
    """Values of an empty form: what is usual, and where the organisation is."""
    values = dict(post_type.defaults)
    own = writable_organizations(actor)
    if own:
        values["prefecture"] = own[0].prefecture
    return values


def writable_organizations(actor: Actor) -> list[Any]:
    """Organisations in whose name the person may post."""
    if actor.is_secretariat:
        return list(organization_queries.all_organizations())
    ids = [o for o in actor.roles if actor.writes_for(o)]
    found = organization_queries.organizations_by_id(ids)
    return sorted(found.values(), key=lambda o: (o.kana, str(o.id)))


def chosen_organization(actor: Actor) -> uuid.UUID:
    """The organisation named in the form, else the only one the person writes for."""
    text = request.form.get("organization_id", "")
    try:
        return uuid.UUID(text)
    except ValueError:
        own = [o for o in actor.roles if actor.writes_for(o)]
        return own[0] if own else uuid.UUID(int=0)


def wants_submit() -> bool:
    """Whether the button for handing in was pressed, not the one for keeping a draft."""
    return request.form.get("action") == "submit"


def check(form: RecordForm, *, complete: bool) -> CleanedRecord | None:
    """Cleaned values, or None when something has to be mended (messages are at their places)."""
    is_valid = form.validate_on_submit()
    cleaned = form.clean(complete=complete)
    problem = validity_error(cleaned.values.get("valid_until"), clock.today(clock.now()))  # type: ignore[arg-type]
    if problem and "valid_until" not in cleaned.errors:
        form["valid_until"].errors = [problem]
        return None
    if not cleaned.values.get("title") and "title" not in cleaned.errors:
        form["title"].errors = ["件名を入れてください。下書きにも必要です。"]
        return None
    return cleaned if is_valid and not cleaned.errors else None


def revision_of(form: RecordForm) -> int | None:
    """The revision the form was opened with."""
    return whole_number(form.revision.data)


def finish(post_type: PostType, post: Any, form: RecordForm, actor: Actor) -> Response:
    """Hand in if asked to, forget the working copy, and show the post with its partners."""
    form_key = form.form_key.data or ""
    drafts.forget(actor, form_key)
    tell_saved(post_type, post, form_key)
    if wants_submit() and post.state in SUBMITTABLE:
        service.submit(
            post_type, post, actor, clock.now(),
            publish_trusted=current_settings().auto_publish_trusted,
        )  # fmt: skip
    flash(message_after_saving(post), "success")
    return redirect(url_for(f"{post_type.blueprint}.show", post_id=post.id))


def message_after_saving(post: Any) -> str:
    """What is told after saving, by where the post stands now."""
    return {
        PostState.DRAFT: "下書きを保存しました。まだ公開されていません。",
        PostState.SUBMITTED: "掲載を申し込みました。事務局が確認したあとに公開されます。",
        PostState.PUBLISHED: "保存しました。公開中の内容に反映されています。",
    }.get(post.state, "保存しました。")


def page(post_type: PostType, form: RecordForm, post: Any, actor: Actor, copy: Any = None) -> str:
    """The form as a page."""
    return render_template(
        "posts/form.html",
        post_type=post_type,
        form=form,
        post=post,
        working_copy=copy,
        others=drafts.other_copies(post_type, actor, form.form_key.data or ""),
        organizations=[] if post else writable_organizations(actor),
        chosen_organization=request.form.get("organization_id", ""),
        may_submit=post is None or post.state in SUBMITTABLE,
        editable=post is None or post.state in EDITABLE_STATES,
        parts=editor_parts(post_type, form, post, actor),
    )
