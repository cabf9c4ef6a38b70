"""Pages on the content of a consortium: writing together, versions, comparing."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.access import authorize
from matchmaker.core.errors import ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.forms import ConfirmForm
from matchmaker.core.paging import page_number
from matchmaker.core.text import clean_line, whole_number
from matchmaker.partnering.consortia import policy, presentation, queries, service
from matchmaker.partnering.consortia.blueprint import (
    CONFLICT,
    INVALID,
    Opened,
    blueprint,
    open_consortium,
    open_to_change,
)
from matchmaker.partnering.consortia.content import ConsortiumContent
from matchmaker.partnering.consortia.domain import PRESENT_STATES
from matchmaker.partnering.consortia.forms import ContentForm, content_form
from matchmaker.partnering.consortia.wording import changes_between, key_label
from matchmaker.posts.vocabularies import DatabaseVocabularies, material_names

Answer = Response | tuple[str, int] | str


@blueprint.get("/<uuid:consortium_id>/content")
def edit(consortium_id: uuid.UUID) -> str:
    """The content to write, or what was typed before the session ended."""
    opened = _to_write(open_consortium(consortium_id))
    return _page(opened, _form(opened, stashed_values(request.path)))


@blueprint.post("/<uuid:consortium_id>/content")
def update(consortium_id: uuid.UUID) -> Answer:
    """Save as a new version; what contradicts others' words is shown side by side."""
    opened = _to_write(open_to_change(consortium_id))
    form = _form(opened)
    is_valid, content = form.validate_on_submit(), form.cleaned_content()
    if not is_valid or content is None:
        return _page(opened, form), INVALID
    try:
        outcome = service.save(
            opened.consortium, content, form.base_number(), opened.actor, opened.now,
            note=clean_line(form.note.data or ""),
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(opened, form), error.status
    if not outcome.is_clean:
        return _conflict_page(opened, form, outcome), CONFLICT
    return _after_saving(opened, outcome)


def _to_write(opened: Opened) -> Opened:
    authorize(policy.can_write(opened.actor, opened.consortium))
    return opened


def _form(opened: Opened, stashed: Any = None) -> ContentForm:
    content = queries.content_of(opened.consortium)
    partners = [each for each in opened.consortium.partners if each.state in PRESENT_STATES]
    return content_form(
        DatabaseVocabularies(), partners, content, opened.consortium.revision, stashed
    )


def _after_saving(opened: Opened, outcome: service.SaveOutcome) -> Response:
    saved = f"保存しました（第{outcome.number}版）。"
    message = f"{saved}参加している団体の同意は、あらためて必要です。"
    if outcome.taken:
        names = presentation.partner_names(opened.consortium)
        taken = "、".join(key_label(key, names) for key in outcome.taken)
        message = f"{saved}ほかの人が書いた内容も入っています（{taken}）。"
    flash(message, "success")
    return redirect(url_for(".show", consortium_id=opened.consortium.id))


def _conflict_page(opened: Opened, form: ContentForm, outcome: service.SaveOutcome) -> str:
    """The form again on the newest version; where both wrote, both are there side by side."""
    stored = outcome.content.stored()
    for key, conflict in outcome.conflicts.items():
        stored[key] = presentation.suggested(conflict)
    renewed = content_form(
        DatabaseVocabularies(), form.partners, ConsortiumContent.from_stored(stored),
        outcome.number, is_stored_only=True,
    )  # fmt: skip
    renewed.note.data = form.note.data
    conflicts = presentation.shown_conflicts(opened.consortium, outcome.conflicts)
    return _page(opened, renewed, conflicts)


def _page(opened: Opened, form: ContentForm, conflicts: list[dict[str, str]] | None = None) -> str:
    return render_template(
        "consortia/content.html",
        consortium=opened.consortium,
        form=form,
        conflicts=conflicts or [],
        missing=queries.content_of(opened.consortium).missing(),
    )


@blueprint.get("/<uuid:consortium_id>/versions")
def versions(consortium_id: uuid.UUID) -> str:
    """All versions, and two of them side by side."""
    opened = open_consortium(consortium_id)
    consortium = opened.consortium
    after = whole_number(request.args.get("after")) or consortium.revision
    before = whole_number(request.args.get("before")) or max(1, after - 1)
    return render_template(
        "consortia/versions.html",
        consortium=consortium,
        page=queries.versions_page(consortium_id, page_number(request.args.get("page"))),
        before=before,
        after=after,
        changes=_changes(opened, before, after),
        may_restore=policy.can_write(opened.actor, consortium),
        form=ConfirmForm(),
    )


def _changes(opened: Opened, before: int, after: int) -> list[tuple[str, str, str]]:
    first, second = (
        ConsortiumContent.from_stored(queries.version_of(opened.consortium.id, number).content)
        for number in (before, after)
    )
    names = presentation.partner_names(opened.consortium)
    return changes_between(first, second, names, material_names())


@blueprint.post("/<uuid:consortium_id>/versions/<int:number>/restorations")
def restore(consortium_id: uuid.UUID, number: int) -> Response:
    """Write an earlier version again as the newest."""
    opened = _to_write(open_to_change(consortium_id))
    service.restore(opened.consortium, number, opened.actor, opened.now)
    flash(f"第{number}版の内容に戻しました。", "success")
    return redirect(url_for(".show", consortium_id=consortium_id))
