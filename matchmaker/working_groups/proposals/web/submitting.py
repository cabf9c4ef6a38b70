"""Handing in, taking back, writing anew, and more time for one proposal."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize
from matchmaker.core.errors import ProductError
from matchmaker.core.forms import ConfirmForm, ProductForm
from matchmaker.core.text import clean_text
from matchmaker.questions.files import files_of
from matchmaker.questions.presentation import shown_answers
from matchmaker.working_groups.proposals import policy, service
from matchmaker.working_groups.proposals.domain import (
    PROPOSAL_STATES,
    ProposalMove,
    ProposalState,
)
from matchmaker.working_groups.proposals.forms import ExtensionForm, ReasonForm
from matchmaker.working_groups.proposals.web.blueprint import blueprint
from matchmaker.working_groups.proposals.web.loading import (
    Loaded,
    load,
    load_to_see,
    time_left_of,
)

INVALID = 422
Answer = Response | tuple[str, int] | str


@blueprint.get("/proposals/<uuid:proposal_id>/submission")
def submission(proposal_id: uuid.UUID) -> Answer:
    """All answers once more, what is missing, and the time left."""
    found = _load_for(proposal_id, ProposalMove.SUBMIT)
    if found.proposal.state is ProposalState.SUBMITTED:
        return redirect(url_for("proposals.show", proposal_id=proposal_id))
    return _submission_page(found, ConfirmForm())


@blueprint.post("/proposals/<uuid:proposal_id>/submission")
def submit(proposal_id: uuid.UUID) -> Answer:
    """Hand in; a second press finds it handed in already."""
    found = _load_for(proposal_id, ProposalMove.SUBMIT)
    if found.proposal.state is not ProposalState.SUBMITTED:
        form = ConfirmForm()
        form.validate_on_submit()
        try:
            service.submit(found.proposal, found.actor, clock.now())
        except ProductError as error:
            form.add_error(error.field, error.message)
            return _submission_page(found, form), error.status
    number = found.proposal.number
    flash(f"提出しました。受付番号は{number}です。控えをメールで送ります。", "success")
    return redirect(url_for("proposals.show", proposal_id=proposal_id))


@blueprint.post("/proposals/<uuid:proposal_id>/withdrawals")
def withdraw(proposal_id: uuid.UUID) -> Answer:
    """Take the proposal back, with a reason."""
    found = _load_for(proposal_id, ProposalMove.WITHDRAW)
    form = ReasonForm()
    return _step(
        found, form, "取り下げる", "提案を取り下げました。",
        lambda now: service.withdraw(found.proposal, form.given(), found.actor, now),
    )  # fmt: skip


@blueprint.post("/proposals/<uuid:proposal_id>/revisions")
def revise(proposal_id: uuid.UUID) -> Answer:
    """Bring the proposal back into writing."""
    found = _load_for(proposal_id, ProposalMove.REVISE)
    try:
        service.revise(found.proposal, found.actor, clock.now())
    except ProductError as error:
        flash(error.message, "error")
        return redirect(url_for("proposals.show", proposal_id=proposal_id))
    flash("書き直せるようになりました。締切までに、もう一度提出してください。", "success")
    return redirect(url_for("proposals.edit", proposal_id=proposal_id))


@blueprint.get("/proposals/<uuid:proposal_id>/extension")
def extension(proposal_id: uuid.UUID) -> str:
    """More time for this proposal alone."""
    found = load_to_see(proposal_id)
    authorize(policy.can_extend(found.actor), hidden=True)
    form = ExtensionForm(data={"until": found.proposal.extended_until})
    return _extension_page(found, form)


@blueprint.post("/proposals/<uuid:proposal_id>/extension")
def extend(proposal_id: uuid.UUID) -> Answer:
    """Record the extension; all authors are told."""
    found = load(proposal_id)
    authorize(policy.can_extend(found.actor), hidden=True)
    form = ExtensionForm()
    is_valid = form.validate_on_submit()
    if not is_valid or form.until.data is None:
        if is_valid:
            form.add_error("until", "新しい締切を入れてください。")
        return _extension_page(found, form), INVALID
    try:
        service.extend(
            found.proposal, form.until.data, clean_text(form.reason.data or ""),
            found.actor, clock.now(),
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _extension_page(found, form), error.status
    flash("締切を延ばしました。提案を書いている人全員にメールで知らせます。", "success")
    return redirect(url_for("proposals.show", proposal_id=proposal_id))


def _load_for(proposal_id: uuid.UUID, move: ProposalMove) -> Loaded:
    found = load(proposal_id)
    allowed = policy.can_move(found.actor, found.proposal, found.standing, move)
    authorize(allowed, hidden=True)
    return found


def _submission_page(found: Loaded, form: ProductForm) -> str:
    proposal = found.proposal
    files = {str(f.id): f for f in files_of(service.files_subject(proposal.id))}
    return render_template(
        "proposals/submission.html",
        proposal=proposal,
        form=form,
        left=time_left_of(proposal),
        missing=service.missing_in(proposal),
        answers=shown_answers(found.questionnaire, proposal.answers, files),
        questionnaire=found.questionnaire,
        labels=PROPOSAL_STATES.labels,
    )


def _extension_page(found: Loaded, form: ExtensionForm) -> str:
    proposal = found.proposal
    return render_template(
        "proposals/extension.html", proposal=proposal, form=form, left=time_left_of(proposal)
    )


def reason_page(found: Loaded, form: ReasonForm, label: str) -> str:
    """The form of a step again, with what has to be mended."""
    return render_template(
        "proposals/reason.html", proposal=found.proposal, form=form, label=label,
        action=request.path,
    )  # fmt: skip


def _step(
    found: Loaded, form: ReasonForm, label: str, done: str, command: Callable[[datetime], None]
) -> Answer:
    try:
        command(clock.now())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return reason_page(found, form, label), error.status
    flash(done, "success")
    return redirect(url_for("proposals.show", proposal_id=found.proposal.id))
