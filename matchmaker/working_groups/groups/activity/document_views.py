"""Pages of a group's documents and their versions."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from matchmaker.core.access import authorize
from matchmaker.core.downloads import download_stored
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.paging import page_number
from matchmaker.working_groups.groups.activity import documents, policy, queries
from matchmaker.working_groups.groups.activity.forms import (
    DocumentFactsForm,
    DocumentForm,
    ReasonForm,
    ReplacementForm,
)
from matchmaker.working_groups.groups.activity.loading import (
    CONFLICT,
    INVALID,
    Place,
    load_place,
    opened_form,
    uploaded,
)
from matchmaker.working_groups.groups.activity.readers import may_read
from matchmaker.working_groups.groups.domain import VISIBILITY_LABELS
from matchmaker.working_groups.groups.models import GroupDocument
from matchmaker.working_groups.groups.policy import can_view_group

Answer = str | BaseResponse | tuple[str, int]
blueprint = Blueprint(
    "group_documents", __name__, url_prefix="/working-groups/<uuid:group_id>/documents"
)


@blueprint.get("")
def index(group_id: uuid.UUID) -> str:
    """The documents of a group; those who run it may look at the removed ones."""
    place = load_place(group_id)
    actor, standing = place.actor, place.standing
    authorize(can_view_group(actor, place.group, standing), hidden=True)
    may_manage = policy.can_manage_documents(actor, standing)
    removed = may_manage and request.args.get("show") == "removed"
    query = queries.documents_query(group_id, actor, standing, place.now, removed=removed)
    return render_template(
        "working_groups/activity/documents.html",
        place=place,
        page=queries.documents_page(query, page_number(request.args.get("page"))),
        removed=removed,
        may_manage=may_manage,
        may_add=policy.can_add_document(actor, place.group, standing),
        visibility_labels=VISIBILITY_LABELS,
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new(group_id: uuid.UUID) -> Answer:
    """Add a document."""
    place = load_place(group_id)
    authorize(policy.can_add_document(place.actor, place.group, place.standing), hidden=True)
    form = opened_form(DocumentForm)
    form.limit_visibility(place.group.visibility)
    if form.validate_on_submit():
        try:
            document = _added(place, form)
        except ProductError as error:
            form.add_error(error.field, error.message)
        else:
            flash("資料を加えました。", "success")
            return redirect(_address(document))
    return _page("document_form.html", place, form)


def _added(place: Place, form: DocumentForm) -> GroupDocument:
    return documents.add_document(
        place.group,
        form.title.data or "",
        uploaded(form.file),
        form.chosen_visibility,
        place.actor,
        place.now,
        publish_at=form.publish_at.data,
    )


@blueprint.get("/<uuid:document_id>")
def show(group_id: uuid.UUID, document_id: uuid.UUID) -> str:
    """One document with all its versions side by side."""
    place, document = _load(group_id, document_id)
    authorize(may_read(place, document), hidden=True)
    actor, standing = place.actor, place.standing
    return render_template(
        "working_groups/activity/document.html",
        place=place,
        document=document,
        is_waiting=document.publish_at is not None and document.publish_at > place.now,
        visibility_labels=VISIBILITY_LABELS,
        may_manage=policy.can_manage_documents(actor, standing),
        may_replace=policy.can_replace_document(actor, place.group, document, standing, place.now),
    )


@blueprint.get("/<uuid:document_id>/versions/<int:number>")
def download(group_id: uuid.UUID, document_id: uuid.UUID, number: int) -> Response:
    """The file of one version."""
    place, document = _load(group_id, document_id)
    authorize(may_read(place, document), hidden=True)
    return download_stored(queries.version_of(document, number).file)


@blueprint.route("/<uuid:document_id>/versions/new", methods=["GET", "POST"])
def replace(group_id: uuid.UUID, document_id: uuid.UUID) -> Answer:
    """Give a document a new version."""
    place, document = _load(group_id, document_id)
    actor, group = place.actor, place.group
    allowed = policy.can_replace_document(actor, group, document, place.standing, place.now)
    authorize(allowed, hidden=True)
    form = opened_form(ReplacementForm, data={"revision": str(document.versions[-1].number)})
    if not form.validate_on_submit():
        return _page("document_replace.html", place, form, document)
    try:
        documents.replace_document(
            document, uploaded(form.file), form.note.data or "", actor, place.now,
            expected_number=form.expected_revision,
        )  # fmt: skip
    except Conflict as error:
        form.add_error(None, error.message)
        form.revision.data = str(document.versions[-1].number)
        return _page("document_replace.html", place, form, document, CONFLICT)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page("document_replace.html", place, form, document)
    flash("新しい版に差し替えました。前の版も残っています。", "success")
    return redirect(_address(document))


@blueprint.route("/<uuid:document_id>/edit", methods=["GET", "POST"])
def edit(group_id: uuid.UUID, document_id: uuid.UUID) -> Answer:
    """Change what a document is called, who sees it and from when on."""
    place, document = _load(group_id, document_id)
    authorize(policy.can_manage_documents(place.actor, place.standing), hidden=True)
    form = opened_form(DocumentFactsForm, data=_shown(document))
    form.limit_visibility(place.group.visibility)
    if form.validate_on_submit():
        try:
            documents.change_document(
                document, form.title.data or "", form.chosen_visibility,
                form.publish_at.data, place.actor, place.now,
            )  # fmt: skip
        except ProductError as error:
            form.add_error(error.field, error.message)
        else:
            flash("保存しました。", "success")
            return redirect(_address(document))
    return _page("document_edit.html", place, form, document)


@blueprint.route("/<uuid:document_id>/removals/new", methods=["GET", "POST"])
def remove(group_id: uuid.UUID, document_id: uuid.UUID) -> Answer:
    """Take a document away, with a reason."""
    place, document = _load(group_id, document_id)
    authorize(policy.can_manage_documents(place.actor, place.standing), hidden=True)
    form = opened_form(ReasonForm)
    if form.validate_on_submit():
        try:
            documents.remove_document(document, form.reason.data or "", place.actor, place.now)
        except ProductError as error:
            if error.field is None:
                raise
            form.add_error(error.field, error.message)
        else:
            flash("資料を取り除きました。あとで元に戻せます。", "success")
            return redirect(_address(document))
    return _page("document_remove.html", place, form, document)


@blueprint.post("/<uuid:document_id>/restorations")
def restore(group_id: uuid.UUID, document_id: uuid.UUID) -> BaseResponse:
    """Bring a removed document back."""
    place, document = _load(group_id, document_id)
    authorize(policy.can_manage_documents(place.actor, place.standing), hidden=True)
    documents.restore_document(document, place.actor, place.now)
    flash("資料を元に戻しました。", "success")
    return redirect(_address(document))


def _load(group_id: uuid.UUID, document_id: uuid.UUID) -> tuple[Place, GroupDocument]:
    return load_place(group_id), queries.document_of(group_id, document_id)


def _address(document: GroupDocument) -> str:
    return url_for(".show", group_id=document.group_id, document_id=document.id)


def _shown(document: GroupDocument) -> dict[str, object]:
    return {
        "title": document.title,
        "visibility": document.visibility.value,
        "publish_at": document.publish_at,
    }


def _page(
    template: str,
    place: Place,
    form: DocumentForm | DocumentFactsForm | ReplacementForm | ReasonForm,
    document: GroupDocument | None = None,
    status: int = INVALID,
) -> Answer:
    page = render_template(
        f"working_groups/activity/{template}", place=place, form=form, document=document
    )
    return (page, status) if form.is_submitted() else page
