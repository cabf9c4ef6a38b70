"""The writing page: several people write at once, nothing is overwritten."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matchmaker.core import clock, form_stash
from matchmaker.core.clock import JST
from matchmaker.core.errors import ProductError
from matchmaker.core.merging import Conflict, merge_text
from matchmaker.core.text import clean_line
from matchmaker.questions.domain import CheckedAnswers, QuestionKind
from matchmaker.questions.files import files_of
from matchmaker.questions.forms import answers_form
from matchmaker.questions.presentation import answer_text
from matchmaker.working_groups.proposals import policy, service
from matchmaker.working_groups.proposals.domain import TITLE_KEY, ProposalText
from matchmaker.working_groups.proposals.forms import STORED_ONLY, ProposalForm
from matchmaker.working_groups.proposals.service import SaveOutcome
from matchmaker.working_groups.proposals.web.blueprint import blueprint
from matchmaker.working_groups.proposals.web.loading import (
    Loaded,
    load_for_author,
    time_left_of,
)

INVALID, CONFLICT = 422, 409
PRESENT_FOR = timedelta(seconds=35)
"""So long after the last sign of life somebody counts as writing."""

TITLE_LABEL = "提案の件名"
Answer = Response | tuple[Response, int] | tuple[str, int] | str


@blueprint.get("/proposals/<uuid:proposal_id>/edit")
def edit(proposal_id: uuid.UUID) -> Answer:
    """The form with what is stored, or with what was typed before the session ended."""
    found = load_for_author(proposal_id)
    proposal = found.proposal
    if not policy.can_write(found.actor, proposal, found.standing):
        flash("この提案は、いまは書きかえられません。状態を確かめてください。", "info")
        return redirect(url_for("proposals.show", proposal_id=proposal.id))
    stashed = form_stash.stashed_values(request.path)
    form = _form(found, service.text_of(proposal), proposal.revision, stashed)
    return _page(found, form)


@blueprint.post("/proposals/<uuid:proposal_id>/edit")
def update(proposal_id: uuid.UUID) -> Answer:
    """Save by hand; what contradicts others' words is shown side by side."""
    found = load_for_author(proposal_id)
    form = _posted_form(found)
    is_valid, checked = form.validate_on_submit(), form.clean(complete=False)
    if not is_valid or checked.errors:
        return _page(found, form), INVALID
    try:
        outcome = _save(found, form, checked.values, is_autosave=False)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(found, form), error.status
    if not outcome.is_clean:
        return _conflict_page(found, form, outcome), CONFLICT
    return _after_saving(found, outcome)


@blueprint.post("/proposals/<uuid:proposal_id>/autosaves")
def autosave(proposal_id: uuid.UUID) -> Answer:
    """Save while writing; the script takes over what others changed."""
    found = load_for_author(proposal_id)
    form = _posted_form(found)
    if not form.validate_on_submit():
        return jsonify(errors=form.errors), INVALID
    checked = form.clean(complete=False)
    typed = {**checked.values, **checked.typed}
    outcome = _save(found, form, typed, is_autosave=True)
    return jsonify(_autosave_answer(found, _mine(found, form, typed), outcome, checked))


@blueprint.post("/proposals/<uuid:proposal_id>/presence")
def presence(proposal_id: uuid.UUID) -> Answer:
    """Say where one is writing, and hear where the others are."""
    found = load_for_author(proposal_id)
    now = clock.now()
    question = clean_line(request.form.get("question", ""))[:40]
    service.note_editing(found.proposal, found.actor.user_id, question, now)
    left = time_left_of(found.proposal)
    return jsonify(
        editors=editors(found, now),
        revision=found.proposal.revision,
        deadline=left.deadline.isoformat(),
        now=left.now.isoformat(),
    )


def _form(
    found: Loaded,
    text: ProposalText,
    revision: int,
    formdata: MultiDict[str, Any] | None = None,
) -> ProposalForm:
    return answers_form(
        found.questionnaire, text.answers, base=ProposalForm, formdata=formdata,
        data={"title": text.title, "revision": str(revision)},
    )  # fmt: skip


def _posted_form(found: Loaded) -> ProposalForm:
    """The form as it was sent, on the text its writer started from."""
    first = ProposalForm()
    base = service.base_text(found.proposal, first.base_number(), first.older_bases())
    return _form(found, base, first.base_number())


def _mine(found: Loaded, form: ProposalForm, answers: Mapping[str, Any]) -> ProposalText:
    """What was written; questions that are not asked (any more) keep their answers."""
    base = service.base_text(found.proposal, form.base_number(), form.older_bases())
    asked = {each.id for each in found.questionnaire.shown(form.raw_values())}
    kept = {key: value for key, value in base.answers.items() if key not in asked}
    return ProposalText(clean_line(form.title.data or ""), {**kept, **answers})


def _save(
    found: Loaded, form: ProposalForm, answers: Mapping[str, Any], *, is_autosave: bool
) -> SaveOutcome:
    now = clock.now()
    outcome = service.save(
        found.proposal, _mine(found, form, answers), form.base_number(), found.actor, now,
        bases=form.older_bases(), arriving=form.arriving, is_autosave=is_autosave,
    )  # fmt: skip
    service.note_editing(found.proposal, found.actor.user_id, "", now)
    return outcome


def _after_saving(found: Loaded, outcome: SaveOutcome) -> Response:
    message = "保存しました。"
    if outcome.taken:
        names = "、".join(label_of(found, key) for key in outcome.taken)
        message = f"保存しました。ほかの人が書いた内容も入っています（{names}）。"
    flash(message, "success")
    target = "submission" if request.form.get("action") == "submit" else "edit"
    return redirect(url_for(f"proposals.{target}", proposal_id=found.proposal.id))


def label_of(found: Loaded, key: str) -> str:
    """What a question is called on the page."""
    question = found.questionnaire.get(key)
    return question.label if question else TITLE_LABEL


def _autosave_answer(
    found: Loaded, mine: ProposalText, outcome: SaveOutcome, checked: CheckedAnswers
) -> dict[str, Any]:
    """What the script does next: texts to put into fields, questions that keep their old base."""
    own, stored = mine.merged_form(), outcome.text.merged_form()
    differing = [key for key in {*own, *stored} if own.get(key) != stored.get(key)]
    texts = {key: key for key in differing if key not in outcome.conflicts and _is_text(found, key)}
    return {
        "revision": outcome.revision,
        "saved_at": clock.now().astimezone(JST).strftime("%H:%M"),
        "values": {field_name(key): str(stored.get(key) or "") for key in texts},
        "held": [key for key in differing if key not in texts],
        "names": {field_name(key): key for key in texts},
        "taken": [label_of(found, key) for key in outcome.taken],
        "conflicts": [label_of(found, key) for key in outcome.conflicts],
        "errors": [label_of(found, key) for key in checked.errors],
    }


def _is_text(found: Loaded, key: str) -> bool:
    question = found.questionnaire.get(key)
    return key == TITLE_KEY or (question is not None and question.kind is QuestionKind.TEXT)


def field_name(key: str) -> str:
    """Name of the input of a question."""
    return "title" if key == TITLE_KEY else f"{ProposalForm.prefix}{key}"


def editors(found: Loaded, now: datetime) -> list[dict[str, str]]:
    """Who else is writing at this moment, and where."""
    return [
        {
            "name": each.user.name,
            "organization": each.organization.name,
            "question": label_of(found, each.editing_question) if each.editing_question else "",
        }
        for each in found.proposal.authors
        if each.user_id != found.actor.user_id
        and each.left_at is None
        and each.editing_at is not None
        and now - each.editing_at < PRESENT_FOR
    ]


def _conflict_page(found: Loaded, form: ProposalForm, outcome: SaveOutcome) -> str:
    """The form again on the newest text; where both wrote, both are there to be put in order."""
    values = outcome.text.merged_form()
    for key, conflict in outcome.conflicts.items():
        values[key] = suggestion(conflict)
    merged = ProposalText.from_merged(values)
    renewed = _form(found, merged, outcome.revision, STORED_ONLY)
    had_files = any(form.arriving.values())
    return _page(
        found, renewed,
        conflicts=[_shown_conflict(found, key, each) for key, each in outcome.conflicts.items()],
        had_files=had_files,
    )  # fmt: skip


def suggestion(conflict: Conflict) -> Any:
    """Both texts joined where they differ; of other answers one's own."""
    values = (conflict.base, conflict.mine, conflict.theirs)
    if all(isinstance(value, str | None) for value in values):
        base, mine, theirs = (str(value or "") for value in values)
        return merge_text(base, mine, theirs).text
    return conflict.mine


def _shown_conflict(found: Loaded, key: str, conflict: Conflict) -> dict[str, str]:
    def words(value: Any) -> str:
        question = found.questionnaire.get(key)
        return answer_text(question, value) if question else str(value or "")

    return {
        "label": label_of(found, key),
        "field": field_name(key),
        "mine": words(conflict.mine),
        "theirs": words(conflict.theirs),
        "base": words(conflict.base),
    }


def _page(
    found: Loaded,
    form: ProposalForm,
    conflicts: list[dict[str, str]] | None = None,
    had_files: bool = False,
) -> str:
    proposal = found.proposal
    files = files_of(service.files_subject(proposal.id))
    return render_template(
        "proposals/edit.html",
        proposal=proposal,
        form=form,
        files={str(file.id): file for file in files},
        left=time_left_of(proposal),
        missing=service.missing_in(proposal),
        editors=editors(found, clock.now()),
        conflicts=conflicts or [],
        had_files=had_files,
        may_submit=policy.can_answer_for_lead(found.actor, proposal, found.standing),
        may_manage=policy.can_manage_people(found.actor, proposal, found.standing),
    )
