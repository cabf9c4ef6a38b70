"""The page of a proposal, its files, and its versions."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize
from matchmaker.core.downloads import download_stored
from matchmaker.core.errors import NotFound
from matchmaker.core.forms import ConfirmForm
from matchmaker.core.paging import page_number
from matchmaker.core.text import whole_number
from matchmaker.questions.files import files_of, get_file
from matchmaker.questions.presentation import answer_text, shown_answers
from matchmaker.working_groups.proposals import policy, queries, service
from matchmaker.working_groups.proposals.domain import (
    HANDED_IN_STATES,
    PROPOSAL_STATES,
    TITLE_KEY,
    ProposalMove,
    ProposalText,
)
from matchmaker.working_groups.proposals.extensions import proposal_sections
from matchmaker.working_groups.proposals.forms import ReasonForm
from matchmaker.working_groups.proposals.models import ProposalRevision
from matchmaker.working_groups.proposals.web.blueprint import blueprint
from matchmaker.working_groups.proposals.web.loading import (
    Loaded,
    load,
    load_for_author,
    load_to_see,
    time_left_of,
)
from matchmaker.working_groups.proposals.web.writing import editors, label_of


@blueprint.get("/proposals/<uuid:proposal_id>")
def show(proposal_id: uuid.UUID) -> str:
    """What the person may know of the proposal, and what can be done next."""
    found = load_to_see(proposal_id)
    return render_template("proposals/show.html", **_shown(found))


@blueprint.get("/proposals/<uuid:proposal_id>/files/<uuid:file_id>")
def file(proposal_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """A file that was given as an answer, for whoever reads the text."""
    found = load(proposal_id)
    authorize(found.may_read, hidden=True)
    given = get_file(service.files_subject(proposal_id), file_id)
    if given is None:
        raise NotFound("お探しのファイルは見つかりません。取り除かれた可能性があります。")
    return download_stored(given.file)


@blueprint.get("/proposals/<uuid:proposal_id>/versions")
def versions(proposal_id: uuid.UUID) -> str:
    """All versions, and two of them side by side."""
    found = load(proposal_id)
    proposal = found.proposal
    allowed = policy.can_read_versions(found.actor, proposal, found.standing)
    authorize(allowed, hidden=True)
    after = whole_number(request.args.get("after")) or proposal.revision
    before = whole_number(request.args.get("before")) or max(1, after - 1)
    return render_template(
        "proposals/versions.html",
        proposal=proposal,
        page=queries.revisions_page(proposal_id, page_number(request.args.get("page"))),
        before=before,
        after=after,
        changes=_changes(found, before, after),
        may_restore=policy.can_write(found.actor, proposal, found.standing),
        form=ConfirmForm(),
    )


@blueprint.post("/proposals/<uuid:proposal_id>/versions/<int:number>/restorations")
def restore(proposal_id: uuid.UUID, number: int) -> Response:
    """Write an earlier version again as the newest."""
    found = load_for_author(proposal_id)
    service.restore_revision(found.proposal, number, found.actor, clock.now())
    flash(f"第{number}版の内容に戻しました。", "success")
    return redirect(url_for("proposals.edit", proposal_id=proposal_id))


def _shown(found: Loaded) -> dict[str, Any]:
    proposal, actor, standing = found.proposal, found.actor, found.standing
    text = _text_for(found)
    files = {str(f.id): f for f in files_of(service.files_subject(proposal.id))}
    return {
        "proposal": proposal,
        "found": found,
        "labels": PROPOSAL_STATES.labels,
        "left": time_left_of(proposal),
        "text": text,
        "answers": shown_answers(found.questionnaire, text.answers, files) if text else [],
        "missing": service.missing_in(proposal) if standing.is_author else {},
        "moves": _moves(found),
        "may_write": policy.can_write(actor, proposal, standing),
        "may_manage": policy.can_manage_people(actor, proposal, standing),
        "may_compare": policy.can_read_versions(actor, proposal, standing),
        "editors": editors(found, clock.now()) if standing.is_author else [],
        "sources": queries.merged_sources(proposal.id),
        "coordinations": queries.coordinations_of(proposal.id) if _is_concerned(found) else [],
        "sections": proposal_sections(proposal, actor),
        "form": ReasonForm(),
    }


def _is_concerned(found: Loaded) -> bool:
    return found.actor.is_secretariat or found.standing.is_author


def _text_for(found: Loaded) -> ProposalText | None:
    """The text: as it is written for those inside, as it was handed in for all others."""
    proposal = found.proposal
    if not found.may_read:
        return None
    if policy.can_read_versions(found.actor, proposal, found.standing):
        return service.text_of(proposal)
    handed_in = queries.submitted_text(proposal)
    if handed_in is None or proposal.state not in HANDED_IN_STATES:
        return service.text_of(proposal)
    return ProposalText(handed_in.title, handed_in.answers)


def _moves(found: Loaded) -> list[ProposalMove]:
    """Steps of the authors that are possible now."""
    own = (ProposalMove.SUBMIT, ProposalMove.REVISE, ProposalMove.WITHDRAW)
    return [
        move
        for move in PROPOSAL_STATES.possible(found.proposal.state)
        if move in own and policy.can_move(found.actor, found.proposal, found.standing, move)
    ]


def _changes(found: Loaded, before: int, after: int) -> list[tuple[str, str, str]]:
    """Questions in which two versions differ: label, words before, words after."""
    first = _words(found, queries.revision_of(found.proposal.id, before))
    second = _words(found, queries.revision_of(found.proposal.id, after))
    keys = [TITLE_KEY, *(question.id for question in found.questionnaire.questions)]
    return [
        (label_of(found, key), first.get(key, ""), second.get(key, ""))
        for key in keys
        if first.get(key, "") != second.get(key, "")
    ]


def _words(found: Loaded, revision: ProposalRevision) -> dict[str, str]:
    files = {str(f.id): f for f in files_of(service.files_subject(found.proposal.id))}
    words = {
        question.id: answer_text(question, revision.answers.get(question.id), files)
        for question in found.questionnaire.questions
    }
    return {**words, TITLE_KEY: revision.title}
