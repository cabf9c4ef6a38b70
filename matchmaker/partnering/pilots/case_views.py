"""The draft of the case of an ended pilot: written by its partners, checked by the secretariat."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for

from matchmaker.cases.drafts import service
from matchmaker.cases.drafts.domain import (
    DRAFT_STATES,
    SECRETARIAT_MOVES,
    WRITABLE,
    DraftMove,
    DraftState,
)
from matchmaker.cases.drafts.models import CaseDraft
from matchmaker.cases.drafts.queries import get as get_draft
from matchmaker.core.access import authorize
from matchmaker.core.actor import Actor
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.text import whole_number
from matchmaker.partnering.pilots import policy
from matchmaker.partnering.pilots.forms import CaseDraftForm, MoveForm
from matchmaker.partnering.pilots.loading import OpenPilot, open_pilot, opened, renew, tell
from matchmaker.partnering.pilots.views import INVALID, Answer, blueprint
from matchmaker.posts.vocabularies import material_names

__all__ = ["blueprint"]

TEXT_FIELDS = ("StringField", "TextAreaField")
DONE = {
    DraftMove.SUBMIT: "事務局に確認を頼みました。",
    DraftMove.RETURN: "下書きを差し戻しました。",
    DraftMove.PUBLISH: "事例を公開しました。",
    DraftMove.WITHDRAW: "事例の公開を取り消しました。",
}


def _open(pilot_id: uuid.UUID) -> tuple[OpenPilot, CaseDraft]:
    place = open_pilot(pilot_id)
    authorize(policy.can_write_case(place.actor, place.partners))
    if place.pilot.case_draft_id is None:
        raise NotFound
    return place, get_draft(place.pilot.case_draft_id)


@blueprint.get("/pilots/<uuid:pilot_id>/case-draft")
def edit_case(pilot_id: uuid.UUID) -> str:
    """The draft, filled from the pilot."""
    place, draft = _open(pilot_id)
    form = opened(CaseDraftForm)
    if not form.revision.data:
        form.fill(draft)
    return _page(place, draft, form, MoveForm(formdata=None))


def _page(place: OpenPilot, draft: CaseDraft, form: CaseDraftForm, move_form: MoveForm) -> str:
    form.materials.choices = list(material_names().items())
    writable = draft.state in WRITABLE or (
        draft.state is DraftState.SUBMITTED and place.actor.is_secretariat
    )
    return render_template(
        "pilots/case_draft.html",
        pilot=place.pilot,
        draft=draft,
        form=form,
        move_form=move_form,
        states=DRAFT_STATES,
        moves=[m for m in DRAFT_STATES.possible(draft.state) if _may_move(place.actor, m)],
        writable=writable,
        not_saved=_texts(form) if form.form_errors and not writable else [],
    )


def _texts(form: CaseDraftForm) -> list[tuple[str, str]]:
    """What was typed into a form whose fields the draft in its new state lacks."""
    return [
        (field.label.text, field.data) for field in form if field.type in TEXT_FIELDS and field.data
    ]


def _may_move(actor: Actor, move: DraftMove) -> bool:
    return actor.is_secretariat or move not in SECRETARIAT_MOVES


@blueprint.post("/pilots/<uuid:pilot_id>/case-draft")
def save_case_draft(pilot_id: uuid.UUID) -> Answer:
    """Keep the draft."""
    place, draft = _open(pilot_id)
    form = CaseDraftForm()
    if not form.validate_on_submit():
        return _page(place, draft, form, MoveForm(formdata=None)), INVALID
    try:
        service.save_draft(
            draft, form.content(), place.actor, place.now,
            expected_revision=whole_number(form.revision.data) or 0,
        )  # fmt: skip
    except ProductError as error:
        tell(form, error)
        # The command read the draft anew, without its town.
        draft = get_draft(draft.id)
        renew(form, draft.revision, error)
        return _page(place, draft, form, MoveForm(formdata=None)), error.status
    flash("事例の下書きを保存しました。", "success")
    return redirect(url_for("pilots.edit_case", pilot_id=pilot_id))


@blueprint.post("/pilots/<uuid:pilot_id>/case-draft/moves")
def move_case_draft(pilot_id: uuid.UUID) -> Answer:
    """Ask the secretariat to check it; the secretariat returns or publishes it."""
    place, draft = _open(pilot_id)
    form = MoveForm()
    if form.move.data not in set(DraftMove):
        raise NotFound
    move = DraftMove(form.move.data)
    authorize(_may_move(place.actor, move))
    try:
        service.move_draft(draft, move, form.reason.data or "", place.actor, place.now)
    except ProductError as error:
        tell(form, error)
        shown = CaseDraftForm(formdata=None)
        # The command read the draft anew, without its town.
        draft = get_draft(draft.id)
        shown.fill(draft)
        return _page(place, draft, shown, form), error.status
    flash(DONE[move], "success")
    return redirect(url_for("pilots.edit_case", pilot_id=pilot_id))
