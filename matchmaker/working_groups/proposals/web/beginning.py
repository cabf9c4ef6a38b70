"""Beginning a proposal, from nothing, a need, an offering or a pair."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock, form_stash
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line
from matchmaker.matching import service as matching
from matchmaker.matching.engine import current_engine
from matchmaker.matching.indexing import POST_TYPES
from matchmaker.organizations.queries import organizations_by_id
from matchmaker.posts import queries as post_queries
from matchmaker.posts.domain import PostKind
from matchmaker.working_groups.calls import queries as call_queries
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.policy import can_answer, can_view
from matchmaker.working_groups.proposals import origins, policy, service
from matchmaker.working_groups.proposals.domain import Origin
from matchmaker.working_groups.proposals.forms import BeginForm
from matchmaker.working_groups.proposals.pair_link import calls_to_answer
from matchmaker.working_groups.proposals.web.blueprint import blueprint

INVALID = 422
PARTNERS = 5
Answer = Response | tuple[str, int] | str


@blueprint.get("/proposals/new")
def choose() -> Answer:
    """Which call a need, an offering or a pair answers; a single one needs no choice."""
    actor = authorize(policy.can_begin(current_actor()))
    origin = _origin(request.args, actor)
    calls = calls_to_answer(actor, clock.now())
    if len(calls) == 1:
        values = {"need": origin.need_id, "offering": origin.offering_id}
        return redirect(url_for("proposals.new", call_id=calls[0].id, **values))
    return render_template("proposals/choose.html", calls=calls, origin=origin)


@blueprint.get("/calls/<uuid:call_id>/proposals/new")
def new(call_id: uuid.UUID) -> str:
    """For which organisation, and from what."""
    call, actor = _call_to_answer(call_id)
    origin = _origin(request.args, actor)
    stashed = form_stash.stashed_values(request.path)
    form = BeginForm(formdata=stashed, data={"title": origins.suggested_title(origin)})
    return _page(call, form, origin, actor)


@blueprint.post("/calls/<uuid:call_id>/proposals")
def create(call_id: uuid.UUID) -> Answer:
    """Begin, and go on to the writing page."""
    call, actor = _call_to_answer(call_id)
    form = BeginForm()
    origin = _origin(request.form, actor)
    form.organization_id.choices = []
    if not form.validate_on_submit():
        return _page(call, form, origin, actor), INVALID
    try:
        proposal = service.create_proposal(
            call, _organization(form, actor, call), clean_line(form.title.data or ""),
            origin, actor, clock.now(),
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(call, form, origin, actor), error.status
    flash("提案を書き始めました。書いた内容は自動で保存されます。", "success")
    return redirect(url_for("proposals.edit", proposal_id=proposal.id))


def _call_to_answer(call_id: uuid.UUID) -> tuple[Call, Actor]:
    call, actor = call_queries.get_call(call_id), current_actor()
    authorize(can_view(actor, call), hidden=True)
    return call, authorize(policy.can_begin(actor))


def _origin(values: Any, actor: Actor) -> Origin:
    """What the address or the form names; a chosen partner completes the pair."""
    need, offering = _id(values.get("need")), _id(values.get("offering"))
    partner = _id(values.get("partner"))
    if partner is not None and need is None:
        need = partner
    elif partner is not None and offering is None:
        offering = partner
    return origins.origin_of(need, offering, actor)


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _choices(actor: Actor, call: Call) -> list[tuple[str, str]]:
    """Organisations in whose name the person may answer this call."""
    found = organizations_by_id([each for each in actor.roles if actor.writes_for(each)])
    return [
        (str(each.id), each.name)
        for each in sorted(found.values(), key=lambda each: (each.kana, str(each.id)))
        if can_answer(actor, call, each.category)
    ]


def _organization(form: BeginForm, actor: Actor, call: Call) -> uuid.UUID:
    chosen = _id(form.organization_id.data)
    choices = _choices(actor, call)
    if chosen is None and len(choices) == 1:
        return uuid.UUID(choices[0][0])
    if chosen is None:
        raise ProductError("どの団体から提案するかを選んでください。", "organization_id")
    return chosen


def _partners(origin: Origin, actor: Actor) -> list[tuple[str, str]]:
    """Recommended partners where a proposal starts from one side alone."""
    if bool(origin.need_id) == bool(origin.offering_id):
        return []
    kind = PostKind.NEED if origin.need_id else PostKind.OFFERING
    post_type = POST_TYPES[kind]
    post = post_queries.get(post_type, origin.need_id or origin.offering_id)
    found = matching.recommendations_for(current_engine(), post_type, post, actor, PARTNERS)
    return [(str(r.post.id), f"{r.post.title}（{r.post.organization.name}）") for r in found]


def _page(call: Call, form: BeginForm, origin: Origin, actor: Actor) -> str:
    form.organization_id.choices = _choices(actor, call)
    form.partner.choices = [("", "選ばない"), *_partners(origin, actor)]
    form.partner.data = form.partner.data or ""
    form.need.data = str(origin.need_id or "")
    form.offering.data = str(origin.offering_id or "")
    now = clock.now()
    is_open = call.opens_at is not None and call.opens_at <= now
    is_open = is_open and call.closes_at is not None and now < call.closes_at
    return render_template(
        "proposals/new.html", call=call, form=form, origin=origin, is_open=is_open
    )
