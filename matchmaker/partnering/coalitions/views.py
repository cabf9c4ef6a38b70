"""Pages of coalitions: the list, one coalition, answers, more towns, giving it up."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.paging import page_number
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.partnering.coalitions import policy, presentation, queries, service
from matchmaker.partnering.coalitions.consequences import facts
from matchmaker.partnering.coalitions.domain import (
    COALITION_LABELS,
    CoalitionState,
    MemberSide,
    MemberState,
)
from matchmaker.partnering.coalitions.forms import AnswerForm, CloseForm
from matchmaker.partnering.coalitions.gathering import Wish
from matchmaker.partnering.coalitions.models import Coalition, CoalitionMember
from matchmaker.posts import queries as posts

INVALID = 422
Answer = str | Redirect | tuple[str, int]
blueprint = Blueprint("coalitions", __name__, url_prefix="/coalitions")


@blueprint.get("")
def index() -> str:
    """Coalitions that concern the person's organisations; all of them for the secretariat."""
    actor = authorize(policy.can_list(current_actor()))
    page = queries.page_for(presentation.concerns(actor), page_number(request.args.get("page")))
    may_send = policy.can_send_letters(actor)
    return render_template(
        "coalitions/index.html",
        page=page,
        labels=COALITION_LABELS,
        standings={each.id: presentation.standings(each) for each in page.items},
        letters=queries.letters_to_send() if may_send else (),
        may_keep_rates=policy.can_keep_rates(actor),
    )


def open_coalition(coalition_id: uuid.UUID) -> Coalition:
    """The coalition for those whom it concerns.

    Raises:
        NotFound: there is none, or the person may not know of it.
    """
    coalition = queries.get(coalition_id)
    authorize(policy.can_view(current_actor(), coalition), hidden=True)
    return coalition


@blueprint.get("/<uuid:coalition_id>")
def show(coalition_id: uuid.UUID) -> str:
    """One coalition: how far it is, who said what, whom to ask besides."""
    coalition = open_coalition(coalition_id)
    actor = current_actor()
    wish = wish_for(coalition)
    may_lead = policy.can_lead(actor, coalition)
    return render_template(
        "coalitions/show.html",
        coalition=coalition,
        business=next(m for m in coalition.members if m.side is MemberSide.BUSINESS),
        standing=presentation.standings(coalition),
        members=presentation.shown_members(coalition, actor),
        places=presentation.coalition_places(coalition, wish.offering),
        repair=_repair(coalition, wish) if may_lead else None,
        may_lead=may_lead,
        may_found=policy.can_found(actor, coalition),
        may_send_letters=policy.can_send_letters(actor),
    )


def wish_for(coalition: Coalition) -> Wish:
    """The search that a coalition came from, read anew."""
    offering = posts.get(OFFERING, coalition.offering_id)
    need = posts.get(NEED, coalition.need_id) if coalition.need_id else None
    return presentation.wish_of(coalition, need, offering)


def _repair(coalition: Coalition, wish: Wish) -> presentation.Repair | None:
    has_refusal = any(m.state is MemberState.OUT for m in coalition.members)
    if not has_refusal or coalition.state is not CoalitionState.FORMING:
        return None
    try:
        found = presentation.repair_of(coalition, wish)
    except ProductError:
        return None
    return found if found.rows or not found.is_possible else None


@blueprint.get("/<uuid:coalition_id>/members/<uuid:member_id>")
def edit_answer(coalition_id: uuid.UUID, member_id: uuid.UUID) -> Answer:
    """The answer of one member."""
    coalition, member = _open_to_answer(coalition_id, member_id)
    return _answer_page(AnswerForm(stashed_values(request.path)), coalition, member)


@blueprint.post("/<uuid:coalition_id>/members/<uuid:member_id>")
def answer(coalition_id: uuid.UUID, member_id: uuid.UUID) -> Answer:
    """Say yes or no for a town or the business."""
    coalition, member = _open_to_answer(coalition_id, member_id)
    form = AnswerForm()
    move = form.given()
    if move is None:
        return _answer_page(form, coalition, member)
    try:
        service.answer(
            coalition_id, member_id, move, form.reason.data or "", current_actor(), clock.now()
        )
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _answer_page(form, coalition, member)
    flash("返事を記録しました。", "success")
    return redirect(url_for(".show", coalition_id=coalition_id))


def _open_to_answer(
    coalition_id: uuid.UUID, member_id: uuid.UUID
) -> tuple[Coalition, CoalitionMember]:
    coalition = open_coalition(coalition_id)
    member = service.member_with(coalition, member_id)
    authorize(policy.can_answer(current_actor(), coalition, member))
    return coalition, member


def _answer_page(form: AnswerForm, coalition: Coalition, member: CoalitionMember) -> Answer:
    form.offer(member.state)
    page = render_template(
        "coalitions/answer.html", form=form, coalition=coalition, member=member,
        standing=presentation.standings(coalition),
    )  # fmt: skip
    return (page, INVALID) if form.errors or form.form_errors else page


@blueprint.post("/<uuid:coalition_id>/members/<uuid:member_id>/question")
def ask_again(coalition_id: uuid.UUID, member_id: uuid.UUID) -> Redirect:
    """Ask somebody again who had said no."""
    authorize(policy.can_lead(current_actor(), open_coalition(coalition_id)))
    service.ask_again(coalition_id, member_id, current_actor(), clock.now())
    flash("もう一度声をかけました。", "success")
    return redirect(url_for(".show", coalition_id=coalition_id))


@blueprint.post("/<uuid:coalition_id>/members")
def ask_more(coalition_id: uuid.UUID) -> Redirect:
    """Ask further towns."""
    coalition = open_coalition(coalition_id)
    actor = authorize(policy.can_lead(current_actor(), coalition))
    keys = [key for key in request.form.get("keys", "").split(",") if key]
    service.ask_more(coalition_id, keys, wish_for(coalition), actor, clock.now())
    flash("声をかけました。返事があるとメールが届きます。", "success")
    return redirect(url_for(".show", coalition_id=coalition_id))


@blueprint.get("/<uuid:coalition_id>/close")
def edit_close(coalition_id: uuid.UUID) -> Answer:
    """Give a coalition up."""
    coalition = open_coalition(coalition_id)
    authorize(policy.can_lead(current_actor(), coalition))
    return _close_page(CloseForm(stashed_values(request.path)), coalition)


@blueprint.post("/<uuid:coalition_id>/close")
def close(coalition_id: uuid.UUID) -> Answer:
    """Give a coalition up, with a reason."""
    coalition = open_coalition(coalition_id)
    actor = authorize(policy.can_lead(current_actor(), coalition))
    form = CloseForm()
    if not form.validate_on_submit():
        return _close_page(form, coalition)
    try:
        service.close(coalition_id, form.reason.data or "", actor, clock.now())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _close_page(form, coalition)
    flash("連合をとりやめました。声をかけた団体にメールで知らせます。", "success")
    return redirect(url_for(".show", coalition_id=coalition_id))


def _close_page(form: CloseForm, coalition: Coalition) -> Answer:
    page = render_template("coalitions/close.html", form=form, coalition=coalition)
    return (page, INVALID) if form.errors or form.form_errors else page


@blueprint.get("/<uuid:coalition_id>/members/<uuid:member_id>/letter")
def letter(coalition_id: uuid.UUID, member_id: uuid.UUID) -> str:
    """The letter to a town outside the partnership."""
    authorize(policy.can_send_letters(current_actor()))
    coalition = open_coalition(coalition_id)
    member = service.member_with(coalition, member_id)
    if member.organization_id is not None:
        raise NotFound
    return render_template(
        "coalitions/letter.html",
        coalition=coalition,
        member=member,
        facts=facts(coalition),
        tonnes=presentation.tonnes_text(member.tonnes),
        rate=queries.rate_of(coalition.material_code),
        now=clock.now(),
    )


@blueprint.post("/<uuid:coalition_id>/members/<uuid:member_id>/letter")
def send_letter(coalition_id: uuid.UUID, member_id: uuid.UUID) -> Redirect:
    """Note that the letter went out."""
    actor = authorize(policy.can_send_letters(current_actor()))
    service.letter_sent(coalition_id, member_id, actor, clock.now())
    flash("手紙を送ったことを記録しました。", "success")
    return redirect(url_for(".show", coalition_id=coalition_id))
