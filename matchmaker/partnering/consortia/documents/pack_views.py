"""A workbook that came back: what it changes, what contradicts, merging it or putting it aside."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.downloads import download_stored
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.text import whole_number
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia.documents import policy, queries, service
from matchmaker.partnering.consortia.documents.comparing import OUTCOME_WORDS, Change, Outcome
from matchmaker.partnering.consortia.documents.domain import PACK_LABELS, PackState
from matchmaker.partnering.consortia.documents.forms import MergeForm, field_name, merge_form
from matchmaker.partnering.consortia.documents.models import ReturnedPack
from matchmaker.partnering.consortia.documents.packing import (
    PackReview,
    Wording,
    review_pack,
    wording_of,
)
from matchmaker.partnering.consortia.models import Consortium

blueprint = Blueprint(
    "returned_packs", __name__, url_prefix="/consortia/<uuid:consortium_id>/documents/packs"
)
INVALID, CONFLICT = 422, 409
Answer = str | tuple[str, int] | Redirect


@dataclass(frozen=True, slots=True)
class OpenPack:
    """A workbook that the person may decide on."""

    consortium: Consortium
    pack: ReturnedPack
    review: PackReview | None
    words: Wording

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """What the person has to choose."""
        return self.review.content.conflicts if self.review else ()

    def form(self) -> MergeForm:
        """The form of the choices."""
        return merge_form(
            self.conflicts, {each.key: self.words.label(each.key) for each in self.conflicts}
        )


def _open(consortium_id: uuid.UUID, pack_id: uuid.UUID) -> OpenPack:
    consortium = consortia.get(consortium_id)
    authorize(policy.can_make(current_actor(), consortium), hidden=True)
    pack = queries.pack_of(consortium_id, pack_id)
    is_waiting = pack.state is PackState.WAITING
    review = review_pack(consortium, pack) if is_waiting else None
    return OpenPack(consortium, pack, review, wording_of(consortium))


@blueprint.get("/<uuid:pack_id>")
def show(consortium_id: uuid.UUID, pack_id: uuid.UUID) -> str:
    """The workbook beside the version it was written from and the present one."""
    opened = _open(consortium_id, pack_id)
    return _page(opened, opened.form())


@blueprint.post("/<uuid:pack_id>/merges")
def merge(consortium_id: uuid.UUID, pack_id: uuid.UUID) -> Answer:
    """Merge it as a new version, as the person chose."""
    opened = _open(consortium_id, pack_id)
    actor = authorize(policy.can_bring_back(current_actor(), opened.consortium))
    form, review = opened.form(), opened.review
    if review is None:
        raise Conflict("このExcelは、もう取り込むかどうかが決まっています。")
    if not form.validate_on_submit():
        return _page(opened, form), INVALID
    if not form.is_settled(opened.conflicts, has_faults=bool(review.reading.faults)):
        return _page(opened, form), INVALID
    number = whole_number(form.present_number.data) or 0
    try:
        version = service.merge_pack(
            opened.consortium, opened.pack, review, form.choices(opened.conflicts), number, actor,
            clock.now(),
        )  # fmt: skip
    except ProductError as error:
        form.add_error(None, error.message)
        return _page(opened, form), error.status
    flash(f"Excelを取り込みました。いまは第{version}版です。", "success")
    return redirect(url_for("consortium_documents.index", consortium_id=consortium_id))


@blueprint.post("/<uuid:pack_id>/deletions")
def discard(consortium_id: uuid.UUID, pack_id: uuid.UUID) -> Answer:
    """Put it aside."""
    consortium = consortia.get(consortium_id)
    authorize(policy.can_make(current_actor(), consortium), hidden=True)
    actor = authorize(policy.can_bring_back(current_actor(), consortium))
    pack = queries.pack_of(consortium_id, pack_id)
    service.discard_pack(pack, actor, clock.now())
    flash(f"「{pack.file_name}」を取り込まないことにしました。", "success")
    return redirect(url_for("consortium_documents.index", consortium_id=consortium_id))


@blueprint.get("/<uuid:pack_id>/file")
def file(consortium_id: uuid.UUID, pack_id: uuid.UUID) -> Response:
    """The workbook as it came back."""
    consortium = consortia.get(consortium_id)
    authorize(policy.can_make(current_actor(), consortium), hidden=True)
    pack = queries.pack_of(consortium_id, pack_id)
    if pack.file is None:
        raise NotFound("このExcelは、もう残っていません。")
    return download_stored(pack.file)


def _page(opened: OpenPack, form: MergeForm) -> str:
    """The comparison; the form names the version that it was made with."""
    form.present_number.data = str(opened.consortium.revision)
    actor = current_actor()
    return render_template(
        "returned_packs/show.html",
        consortium=opened.consortium,
        pack=opened.pack,
        review=opened.review,
        words=opened.words,
        form=form,
        field_name=field_name,
        outcomes=OUTCOME_WORDS,
        conflict=Outcome.CONFLICT,
        pack_labels=PACK_LABELS,
        may_decide=policy.can_bring_back(actor, opened.consortium),
        with_roles=policy.can_change_roles(actor, opened.consortium),
    )
