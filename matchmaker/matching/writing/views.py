"""Help while a post is written: reading its text, adding what is suggested, seeing it as others do.

A text is read with POST, so that it stands in no address and no log of addresses. Without scripts
the button keeps the working copy and shows the editor again with the panel filled.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import VISITOR, Actor, OrganizationRole
from matchmaker.core.errors import NotFound
from matchmaker.core.fields import FieldKind
from matchmaker.core.forms import RecordForm, form_values
from matchmaker.matching.engine import current_engine
from matchmaker.matching.writing import service
from matchmaker.matching.writing.drafted import drafted
from matchmaker.matching.writing.panel import Panel, panel_of
from matchmaker.matching.writing.suggestions import LARGEST_KEY, Changes
from matchmaker.organizations import queries as organization_queries
from matchmaker.posts import drafts, policy
from matchmaker.posts.content import content_of
from matchmaker.posts.presentation import Presenter
from matchmaker.posts.types import PostType
from matchmaker.posts.vocabularies import DatabaseVocabularies
from matchmaker.posts.web.editing import make_form, may_begin, writable_organizations
from matchmaker.posts.web.loading import load

ORDERS = ("apply", "dismiss", "restore", "ask")
PART_HEADER = "X-Part"
ANOTHER_MEMBER = Actor(
    user_id=uuid.UUID(int=1),
    name="ほかの会員",
    roles={uuid.UUID(int=1): OrganizationRole.READER},
)
READERS = {"members": ANOTHER_MEMBER, "public": VISITOR}
"""People of no real organisation, as whom a preview is drawn."""


def editor_panel(
    post_type: PostType, form: RecordForm, post: Any, actor: Actor
) -> Mapping[str, Any] | None:
    """The panel beside the editor when its page is drawn."""
    engine = current_engine() if request.args.get("question") else None
    organization = organization_for(post, actor)
    if organization is None:
        return None
    panel = panel_of(
        post_type, form.form_key.data or "", form.raw_values(), organization, post, engine
    )
    return {"panel": panel}


def organization_for(post: Any, actor: Actor) -> Any:
    """In whose name is written: the post's organisation, the one chosen, else the first."""
    if post is not None:
        return post.organization
    wanted = request.form.get("organization_id", "")
    own = writable_organizations(actor)
    return next((o for o in own if str(o.id) == wanted), own[0] if own else None)


def writing_blueprint(post_type: PostType) -> Blueprint:
    """``/needs/text-readings`` and ``/needs/previews``, and the same for offerings."""
    blueprint = Blueprint(
        f"{post_type.kind}_writing", __name__, url_prefix=f"/{post_type.blueprint}"
    )

    @blueprint.post("/text-readings")
    def read() -> Response | str:
        """Read what is typed; carry out one order on the way (add, put aside, ask)."""
        form, post, actor = sent_form(post_type)
        key = form.form_key.data or ""
        take_orders(key)
        organization = organization_for(post, actor)
        if organization is None:
            raise NotFound
        if request.headers.get(PART_HEADER):
            engine = current_engine() if request.form.get("ask") else None
            panel = panel_of(post_type, key, form.raw_values(), organization, post, engine)
            return render_template("writing_aids/_panel.html", panel=panel)
        panel = panel_of(post_type, key, form.raw_values(), organization, post)
        keep_with_changes(panel, actor)
        question = 1 if request.form.get("ask") else None
        return redirect(editor_address(post_type, key, question) + "#writing-aids")

    @blueprint.post("/previews")
    def begin_preview() -> Response:
        """Keep what is typed and go to its preview."""
        form, _post, actor = sent_form(post_type)
        key = form.form_key.data or ""
        drafts.keep(actor, key, without_orders(request.form), clock.now())
        return redirect(url_for(f"{blueprint.name}.preview", form=key))

    @blueprint.get("/previews")
    def preview() -> str:
        """What is typed, as others will read it."""
        key, reader = request.args.get("form", ""), request.args.get("as", "")
        post, actor = authorized(post_type, key)
        return preview_page(post_type, key, post, actor, reader if reader in READERS else "members")

    return blueprint


def sent_form(post_type: PostType) -> tuple[RecordForm, Any, Actor]:
    """The editor's form as it was sent, the post it changes, and who writes."""
    post, actor = authorized(post_type, request.form.get("form_key", ""))
    return make_form(post_type, actor)(), post, actor


def authorized(post_type: PostType, form_key: str) -> tuple[Any, Actor]:
    """The post that a form changes (None for a new one) and the person, who may write it.

    Raises:
        NotFound: the key is none of this kind of post, or the post is not the person's to write.
    """
    actor = current_actor()
    if not drafts.KEY.match(form_key) or not form_key.startswith(f"{post_type.kind}:"):
        authorize(may_begin(actor))
        raise NotFound("この書きかけは見つかりません。")
    rest = form_key.removeprefix(f"{post_type.kind}:")
    if rest.startswith("new:"):
        return None, authorize(may_begin(actor))
    try:
        post = load(post_type, uuid.UUID(rest))
    except ValueError:
        raise NotFound("この書きかけは見つかりません。") from None
    return post, authorize(policy.can_edit(actor, post), hidden=True)


def take_orders(form_key: str) -> None:
    """Put a suggestion aside, or bring all of them back."""
    if wanted := request.form.get("dismiss", ""):
        service.dismiss(form_key, wanted[:LARGEST_KEY], clock.now())
    if request.form.get("restore"):
        service.restore(form_key)


def keep_with_changes(panel: Panel, actor: Actor) -> None:
    """Keep the working copy, with the suggestion in it that was pressed."""
    typed = without_orders(request.form)
    pressed = panel.suggestion(request.form.get("apply", ""))
    if pressed is not None:
        apply_changes(panel.post_type, typed, pressed.changes)
    drafts.keep(actor, panel.form_key, typed, clock.now())


def without_orders(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """What belongs to the form itself."""
    typed: MultiDict[str, str] = MultiDict()
    for name in sent:
        if name not in ORDERS:
            typed.setlist(name, sent.getlist(name))
    return typed


def apply_changes(post_type: PostType, typed: MultiDict[str, str], changes: Changes) -> None:
    """Write the values of a suggestion into what is typed: codes are added, others replaced."""
    for name, value in changes.items():
        if post_type.table.by_name[name].kind is FieldKind.CHOICES:
            typed.setlist(name, list(dict.fromkeys([*typed.getlist(name), *value])))
        else:
            typed[name] = str(value)


def editor_address(post_type: PostType, form_key: str, question: int | None = None) -> str:
    """Where the form with this key is filled in."""
    rest = form_key.removeprefix(f"{post_type.kind}:")
    if rest.startswith("new:"):
        token = rest.removeprefix("new:")
        return url_for(f"{post_type.blueprint}.new", form=token, question=question)
    return url_for(f"{post_type.blueprint}.edit", post_id=rest, question=question)


def preview_page(post_type: PostType, key: str, post: Any, actor: Actor, reader: str) -> str:
    """The draft as a card and as a page, as somebody else sees it."""
    stored = form_values(content_of(post_type, post)) if post is not None else {}
    form = make_form(post_type, actor)(formdata=None, data=stored)
    copy = drafts.fill_from_copy(form, actor, key)
    if copy is None and post is None:
        raise NotFound("書きかけが見つかりません。もう一度、書く画面から開いてください。")
    organization = chosen_in(copy, post, actor)
    draft = drafted(post_type, form.raw_values(), organization, DatabaseVocabularies(), post)
    viewer = READERS[reader]
    return render_template(
        "writing_aids/preview.html",
        post_type=post_type,
        post=draft.post,
        presenter=Presenter(post_type, viewer),
        reader=reader,
        hidden=draft.post.visibility == "members" and not viewer.is_member,
        form_key=key,
        back=editor_address(post_type, key),
        is_saved=copy is None,
    )


def chosen_in(copy: Any, post: Any, actor: Actor) -> Any:
    """The organisation of a working copy, of a post, or the person's first."""
    if post is not None:
        return post.organization
    own = writable_organizations(actor)
    wanted = [str(value) for value in (copy.payload.get("organization_id") or [])]
    chosen = next((o for o in own if str(o.id) in wanted), own[0] if own else None)
    if chosen is None:
        raise NotFound
    return organization_queries.organization_of(chosen.id)
