"""Pages of the documents of a consortium: approval document, workbook, what came back."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as Redirect

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.assets import EXTENSION_KEY, FOLDER, AssetManifest
from matchmaker.core.downloads import download
from matchmaker.core.errors import ProductError
from matchmaker.core.file_names import clean_file_name
from matchmaker.core.forms import RecordForm
from matchmaker.core.paging import page_number
from matchmaker.core.spreadsheets.writing import XLSX
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia.documents import policy, queries, service
from matchmaker.partnering.consortia.documents.approval_pdf import (
    make_approval_pdf,
    missing_characters,
)
from matchmaker.partnering.consortia.documents.domain import PACK_LABELS
from matchmaker.partnering.consortia.documents.drafting import sheet_of, values_of
from matchmaker.partnering.consortia.documents.forms import PackFileForm, approval_form
from matchmaker.partnering.consortia.documents.line_breaking import metrics_of
from matchmaker.partnering.consortia.documents.pack_writing import write_pack
from matchmaker.partnering.consortia.documents.packing import source_of
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.posts.vocabularies import DatabaseVocabularies

blueprint = Blueprint(
    "consortium_documents", __name__, url_prefix="/consortia/<uuid:consortium_id>/documents"
)
INVALID = 422
PDF = "application/pdf"
Answer = str | tuple[str, int] | Redirect


@blueprint.get("")
def index(consortium_id: uuid.UUID) -> str:
    """All documents: the approval document, the workbook, what came back."""
    return _page(_open(consortium_id), PackFileForm())


@blueprint.get("/approval/edit")
def edit_approval(consortium_id: uuid.UUID) -> str:
    """What a person fills in for an approval document."""
    consortium = _open(consortium_id)
    today = clock.today(clock.now())
    return _approval_page(consortium, approval_form(values_of(consortium, current_actor(), today)))


@blueprint.post("/approval/edit")
def save_approval(consortium_id: uuid.UUID) -> Answer:
    """Keep what was written, and go on to the PDF when asked to."""
    consortium = _open(consortium_id)
    form = approval_form()
    cleaned = form.clean(complete=True) if form.validate_on_submit() else None
    if cleaned is None or cleaned.errors:
        return _approval_page(consortium, form), INVALID
    service.save_approval(consortium, cleaned.values, current_actor(), clock.now())
    if request.form.get("action") != "save":
        return redirect(url_for("consortium_documents.approval", consortium_id=consortium.id))
    flash("起案書に書く内容を保存しました。", "success")
    return redirect(url_for("consortium_documents.index", consortium_id=consortium.id))


@blueprint.get("/approval")
def approval(consortium_id: uuid.UUID) -> Response:
    """The approval document as PDF: the same content gives the same bytes."""
    consortium, actor = _open(consortium_id), current_actor()
    values = values_of(consortium, actor, clock.today(clock.now()))
    draft = queries.draft_of(consortium.id, actor.user_id)
    written = max(draft.updated_at, consortium.updated_at) if draft else consortium.updated_at
    content = make_approval_pdf(sheet_of(consortium, values), font_file(), written)
    return download(content, f"起案書_{_file_stem(consortium)}.pdf", PDF)


@blueprint.get("/pack")
def pack(consortium_id: uuid.UUID) -> Response:
    """The whole content as a workbook for the round trip."""
    consortium = _open(consortium_id)
    address = url_for("consortium_documents.index", consortium_id=consortium.id, _external=True)
    source = source_of(consortium, address, clock.now())
    content = write_pack(source, DatabaseVocabularies())
    return download(content, f"座組_{_file_stem(consortium)}_第{source.number}版.xlsx", XLSX)


@blueprint.post("/packs")
def take_pack(consortium_id: uuid.UUID) -> Answer:
    """Take a workbook that came back; nothing is merged yet."""
    consortium = _open(consortium_id)
    actor = authorize(policy.can_bring_back(current_actor(), consortium))
    form, now = PackFileForm(), clock.now()
    upload = request.files.get("file")
    try:
        if not form.validate_on_submit() or upload is None or not upload.filename:
            raise ProductError("直したExcelを選んでください。", "file")
        taken = service.take_pack(consortium, upload.filename, upload.read(), actor, now)
    except ProductError as error:
        if error.status != INVALID:
            raise
        form.add_error(error.field, error.message)
        return _page(consortium, form), INVALID
    return redirect(url_for("returned_packs.show", consortium_id=consortium.id, pack_id=taken.id))


def _open(consortium_id: uuid.UUID) -> Consortium:
    """The consortium, for those who may take its documents with them."""
    consortium = consortia.get(consortium_id)
    authorize(policy.can_make(current_actor(), consortium), hidden=True)
    return consortium


def _page(consortium: Consortium, form: PackFileForm) -> str:
    actor = current_actor()
    return render_template(
        "consortium_documents/index.html",
        consortium=consortium,
        form=form,
        draft=queries.draft_of(consortium.id, actor.user_id),
        packs=queries.packs_page(consortium.id, page_number(request.args.get("page"))),
        pack_labels=PACK_LABELS,
        may_bring_back=policy.can_bring_back(actor, consortium),
    )


def _approval_page(consortium: Consortium, form: RecordForm) -> str:
    return render_template(
        "consortium_documents/approval.html",
        consortium=consortium,
        form=form,
        missing=_missing(consortium),
    )


def _missing(consortium: Consortium) -> str:
    """Characters of the stored document that the font lacks."""
    values: dict[str, Any] = values_of(consortium, current_actor(), clock.today(clock.now()))
    return missing_characters(sheet_of(consortium, values), metrics_of(font_file()))


def _file_stem(consortium: Consortium) -> str:
    return clean_file_name(consortium.name)[:60]


def font_file() -> Path:
    """The font of printed documents, as the front-end build put it down."""
    manifest: AssetManifest = current_app.extensions[EXTENSION_KEY]
    return Path(current_app.static_folder or "") / FOLDER / manifest.file_name("badge.ttf")
