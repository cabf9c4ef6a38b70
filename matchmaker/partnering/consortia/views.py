"""Pages of consortia: the lists, beginning one, one consortium, agreeing, ending."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.paging import page_number
from matchmaker.core.text import clean_line, clean_text, whole_number
from matchmaker.matching.engine import current_engine
from matchmaker.partnering.consortia import (
    candidates,
    content_views,
    joining_views,
    partner_views,
    policy,
    presentation,
    queries,
    service,
)
from matchmaker.partnering.consortia.blueprint import (
    INVALID,
    blueprint,
    open_consortium,
    open_to_change,
)
from matchmaker.partnering.consortia.domain import (
    CONSORTIUM_STATES,
    LIVE_STATES,
    ROLE_LABELS,
    ConsortiumMove,
    ConsortiumState,
    missing_roles,
)
from matchmaker.partnering.consortia.forms import (
    CORRECTION_CHOICES,
    CorrectionForm,
    FoundForm,
    ReasonForm,
)
from matchmaker.partnering.consortia.origins import Beginning, beginning_of

__all__ = ["blueprint", "content_views", "joining_views", "partner_views"]

LONGEST_QUERY = 60
Answer = Response | tuple[str, int] | str


@blueprint.get("")
def index() -> str:
    """One's own consortia; the secretariat sees all."""
    actor = authorize(policy.can_list(current_actor()))
    shows_all = policy.can_list_all(actor) and request.args.get("scope") != "own"
    wanted = _wanted()
    read = queries.all_page if shows_all else None
    number = page_number(request.args.get("page"))
    page = read(wanted, number) if read else queries.own_page(actor, wanted, number)
    return render_template(
        "consortia/index.html",
        page=page,
        rows=[presentation.row_of(each, actor) for each in page.items],
        wanted=wanted,
        states=CONSORTIUM_STATES.labels,
        shows_all=shows_all,
        may_see_all=policy.can_list_all(actor),
    )


def _wanted() -> queries.Wanted:
    words = clean_line(request.args.get("q", ""))[:LONGEST_QUERY]
    code = request.args.get("state", "")
    known = {state.value for state in ConsortiumState}
    return queries.Wanted(ConsortiumState(code) if code in known else None, words)


@blueprint.get("/new")
def new() -> Answer:
    """In whose name a match or a coalition becomes a consortium."""
    beginning, actor = _beginning(request.args)
    standing = queries.live_from(beginning.match_id, beginning.coalition_id)
    if standing is not None:
        return redirect(url_for(".show", consortium_id=standing.id))
    form = FoundForm(stashed_values(request.path), data={"name": beginning.content.name})
    return _found_page(beginning, form, actor)


@blueprint.post("")
def create() -> Answer:
    """Begin, and go on to its page."""
    beginning, actor = _beginning(request.form)
    form = FoundForm()
    if not form.validate_on_submit():
        return _found_page(beginning, form, actor), INVALID
    chosen = _id(form.organization_id.data) or _only_organization(beginning, actor)
    name = clean_line(form.name.data or "")
    try:
        consortium = service.found(beginning, chosen, name, actor, clock.now())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _found_page(beginning, form, actor), error.status
    flash("座組を始めました。相手の団体に、参加の案内を送りました。", "success")
    return redirect(url_for(".show", consortium_id=consortium.id))


def _beginning(values: Any) -> tuple[Beginning, Actor]:
    """What the address or the form names, for those who write for a side of it."""
    actor = authorize(policy.can_list(current_actor()))
    beginning = beginning_of(_id(values.get("match")), _id(values.get("coalition")))
    authorize(bool(beginning.own_organizations(actor)), hidden=True)
    return beginning, actor


def _only_organization(beginning: Beginning, actor: Actor) -> uuid.UUID:
    own = beginning.own_organizations(actor)
    return own[0].id if len(own) == 1 else uuid.UUID(int=0)


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _found_page(beginning: Beginning, form: FoundForm, actor: Actor) -> str:
    own = beginning.own_organizations(actor)
    form.organization_id.choices = [(str(each.id), each.name) for each in own]
    return render_template(
        "consortia/new.html",
        beginning=beginning,
        form=form,
        rows=presentation.first_partners(beginning),
        content=presentation.content_rows(beginning.content),
    )


@blueprint.get("/<uuid:consortium_id>")
def show(consortium_id: uuid.UUID) -> str:
    """One consortium: who, what, what is missing, what waits for whom."""
    opened = open_consortium(consortium_id)
    return render_template("consortia/show.html", **presentation.page_of(opened))


@blueprint.post("/<uuid:consortium_id>/agreements")
def agree(consortium_id: uuid.UUID) -> Response:
    """Agree to the version that was read, for all partners the person writes for."""
    opened = open_to_change(consortium_id)
    authorize(opened.standing.writes)
    number = whole_number(request.form.get("number")) or 0
    try:
        for partner in opened.own_partners:
            if partner.state == "accepted":
                service.agree(opened.consortium, partner, number, opened.actor, opened.now)
    except Conflict as error:
        flash(error.message, "error")
        return redirect(url_for(".show", consortium_id=consortium_id))
    flash(f"第{number}版の内容に同意しました。", "success")
    return redirect(url_for(".show", consortium_id=consortium_id))


@blueprint.get("/<uuid:consortium_id>/candidates")
def list_candidates(consortium_id: uuid.UUID) -> str:
    """Whom to ask for roles that nobody has taken on."""
    opened = open_consortium(consortium_id)
    missing = missing_roles(opened.consortium.partners)
    chosen = [role for role in missing if role.value == request.args.get("role")]
    found = candidates.candidates_for(
        current_engine(), opened.consortium, chosen or missing, opened.actor
    )
    return render_template(
        "consortia/candidates.html",
        consortium=opened.consortium,
        missing=missing,
        chosen=chosen,
        found=found,
        labels=ROLE_LABELS,
        may_invite=policy.can_manage_partners(opened.actor, opened.consortium),
    )


@blueprint.get("/<uuid:consortium_id>/ending")
def ask_ending(consortium_id: uuid.UUID) -> str:
    """Why it ends."""
    opened = open_consortium(consortium_id)
    authorize(policy.can_lead(opened.actor, opened.consortium))
    return _ending_page(consortium_id, ReasonForm(stashed_values(request.path)))


@blueprint.post("/<uuid:consortium_id>/ending")
def end(consortium_id: uuid.UUID) -> Answer:
    """End it, with a reason."""
    opened = open_to_change(consortium_id)
    authorize(policy.can_lead(opened.actor, opened.consortium))
    form = ReasonForm()
    if not form.validate_on_submit():
        return _ending_page(consortium_id, form), INVALID
    try:
        reason = clean_text(form.reason.data or "")
        service.end(opened.consortium, reason, opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _ending_page(consortium_id, form), error.status
    flash("座組を終了しました。内容と経緯は残ります。", "success")
    return redirect(url_for(".show", consortium_id=consortium_id))


def _ending_page(consortium_id: uuid.UUID, form: ReasonForm) -> str:
    consortium = queries.get(consortium_id)
    is_live = consortium.state in LIVE_STATES
    return render_template(
        "consortia/ending.html", consortium=consortium, form=form, is_live=is_live
    )


@blueprint.get("/<uuid:consortium_id>/correction")
def ask_correction(consortium_id: uuid.UUID) -> str:
    """What the secretariat sets right."""
    opened = open_consortium(consortium_id)
    authorize(policy.can_correct(opened.actor))
    return _correction_page(consortium_id, CorrectionForm(stashed_values(request.path)))


@blueprint.post("/<uuid:consortium_id>/correction")
def correct(consortium_id: uuid.UUID) -> Answer:
    """Set the state right, with a reason."""
    opened = open_to_change(consortium_id)
    authorize(policy.can_correct(opened.actor))
    form = CorrectionForm()
    if not form.validate_on_submit():
        return _correction_page(consortium_id, form), INVALID
    try:
        step = _step(form.move.data)
        reason = clean_text(form.reason.data or "")
        service.correct(opened.consortium, step, reason, opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _correction_page(consortium_id, form), error.status
    flash("座組の状態を直しました。参加している団体にメールで知らせます。", "success")
    return redirect(url_for(".show", consortium_id=consortium_id))


def _step(code: str | None) -> ConsortiumMove:
    known = {step.value for step in ConsortiumMove}
    if code not in known:
        raise ProductError("操作を選んでください。", "move")
    return ConsortiumMove(code)


def _correction_page(consortium_id: uuid.UUID, form: CorrectionForm) -> str:
    consortium = queries.get(consortium_id)
    possible = {step.value for step in CONSORTIUM_STATES.possible(consortium.state)}
    form.move.choices = [each for each in CORRECTION_CHOICES if each[0] in possible]
    label = CONSORTIUM_STATES.labels[consortium.state]
    return render_template(
        "consortia/correction.html", consortium=consortium, form=form, label=label
    )
