"""Commands on the documents of a consortium: approval drafts, workbooks that came back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.spreadsheets.cells import UnreadableTable
from matchmaker.core.storage import remove_stored, store
from matchmaker.core.uploads import MEBIBYTE, Purpose, RefusedFile, check_upload
from matchmaker.partnering.consortia import partners, saving
from matchmaker.partnering.consortia.content import ConsortiumContent
from matchmaker.partnering.consortia.documents import queries
from matchmaker.partnering.consortia.documents.approval_fields import boxes_in
from matchmaker.partnering.consortia.documents.comparing import Comparison, Side, resolved
from matchmaker.partnering.consortia.documents.domain import MOST_WAITING, PackState
from matchmaker.partnering.consortia.documents.events import (
    ApprovalDrafted,
    PackDecided,
    PackReturned,
)
from matchmaker.partnering.consortia.documents.models import (
    ApprovalDraft,
    ApprovalStyle,
    ReturnedPack,
)
from matchmaker.partnering.consortia.documents.pack_layout import ROLES_PREFIX
from matchmaker.partnering.consortia.documents.packing import (
    PackReview,
    read_content,
    review_content,
)
from matchmaker.partnering.consortia.documents.policy import can_change_roles
from matchmaker.partnering.consortia.domain import PartnerRole
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.consortia.queries import partner_of

FIELD = "file"
PACK_FILE = Purpose(frozenset({"xlsx"}), 15 * MEBIBYTE, "Excel（.xlsx）")
MOVED_ON = "確かめているあいだに、座組の内容が新しくなりました。いまの内容と比べ直しました。"


def save_approval(
    consortium: Consortium, values: Mapping[str, Any], actor: Actor, now: datetime
) -> ApprovalDraft:
    """Keep what a person wrote for an approval document, and how the next one looks.

    Args:
        values: of ``approval_fields``, checked.

    Raises:
        NotFound: nobody is signed in.
    """
    if actor.user_id is None:
        raise NotFound
    _save_style(actor.user_id, values, now)
    draft = queries.draft_of(consortium.id, actor.user_id)
    if draft is None:
        draft = ApprovalDraft(consortium_id=consortium.id, user_id=actor.user_id)
        db.session.add(draft)
    for name in ("organization_name", "drafter", "drafted_on", "subject", "request", "costs",
                 "attachments"):  # fmt: skip
        setattr(draft, name, values[name] or "")
    draft.updated_at = now
    db.session.flush()
    record(ApprovalDrafted(actor=actor, now=now, subject_id=consortium.id))
    return draft


def _save_style(user_id: uuid.UUID, values: Mapping[str, Any], now: datetime) -> None:
    style = queries.style_of(user_id)
    if style is None:
        style = ApprovalStyle(user_id=user_id)
        db.session.add(style)
    style.boxes, style.department = list(boxes_in(values)), values["department"] or ""
    style.updated_at = now


def take_pack(
    consortium: Consortium, file_name: str, content: bytes, actor: Actor, now: datetime
) -> ReturnedPack:
    """Take a workbook that came back and keep it until somebody decides.

    Raises:
        RefusedFile: it is no workbook of this consortium, or it brings nothing.
        ProductError: too many wait for a decision already.
    """
    if queries.count_waiting(consortium.id) >= MOST_WAITING:
        raise ProductError(
            f"確認待ちのExcelが{MOST_WAITING}つあります。先に取り込むか、取り込まないことを"
            "決めてください。",
            FIELD,
        )
    upload = check_upload(file_name, content, PACK_FILE, FIELD)
    review = _review(consortium, upload.name, upload.content)
    with_roles = can_change_roles(actor, consortium)
    if not review.is_useful(with_roles=with_roles) and not review.reading.faults:
        raise RefusedFile(f"「{upload.name}」{_why_useless(review)}", FIELD)
    pack = ReturnedPack(
        consortium_id=consortium.id, file_id=store(upload, actor, now).id, file_name=upload.name,
        state=PackState.WAITING, base_number=review.base.number, user_id=actor.user_id,
        user_name=actor.name, created_at=now,
    )  # fmt: skip
    db.session.add(pack)
    db.session.flush()
    record(
        PackReturned(
            actor=actor, now=now, subject_id=consortium.id, pack_id=pack.id,
            base_number=pack.base_number, details={"file": pack.file_name},
        )
    )  # fmt: skip
    return pack


def _why_useless(review: PackReview) -> str:
    if review.roles.is_useful:
        return "で変わったのは役割だけです。役割を変えられるのは、代表の団体です。"
    return "には、座組のいまの内容から変わったところがありません。"


def _review(consortium: Consortium, name: str, content: bytes) -> PackReview:
    try:
        return review_content(consortium, read_content(consortium, content))
    except UnreadableTable as error:
        raise RefusedFile(f"「{name}」{error}", FIELD) from None
    except NotFound:
        raise RefusedFile(
            f"「{name}」のもとになった版が見つかりません。書き出し直してください。", FIELD
        ) from None


def merge_pack(
    consortium: Consortium,
    pack: ReturnedPack,
    review: PackReview,
    choices: Mapping[str, Side],
    present_number: int,
    actor: Actor,
    now: datetime,
) -> int:
    """Merge a workbook as a new version of the content, and change the roles it changes.

    Args:
        review: of the workbook beside the present version.
        choices: side by key for each conflict of the content.
        present_number: version that the person compared with.

    Returns:
        The number of the version that is stored now.

    Raises:
        Conflict: it was decided already, or the content changed meanwhile.
        ProductError: what was merged contradicts itself.
    """
    _check_waiting(pack)
    if present_number != consortium.revision:
        raise Conflict(MOVED_ON)
    changed = {**consortium.content, **resolved(review.content, choices)}
    stored = {key: value for key, value in changed.items() if value not in (None, "", [])}
    note = f"Excel「{pack.file_name}」を取り込んだ"
    outcome = saving.save(
        consortium, ConsortiumContent.from_stored(stored), present_number, actor, now, note=note
    )
    if can_change_roles(actor, consortium):
        _change_roles(consortium, review.roles, actor, now)
    pack.state, pack.merged_number = PackState.MERGED, outcome.number
    _note_decision(pack, actor, now)
    return outcome.number


def _change_roles(consortium: Consortium, roles: Comparison, actor: Actor, now: datetime) -> None:
    for key, codes in resolved(roles, {}).items():
        partner = partner_of(consortium, uuid.UUID(key.removeprefix(ROLES_PREFIX)))
        partners.change_roles(consortium, partner, [PartnerRole(c) for c in codes], actor, now)


def discard_pack(pack: ReturnedPack, actor: Actor, now: datetime) -> None:
    """Put a workbook aside; its file goes.

    Raises:
        Conflict: it was decided already.
    """
    _check_waiting(pack)
    stored, pack.file_id = pack.file, None
    pack.state = PackState.DISCARDED
    _note_decision(pack, actor, now)
    if stored is not None:
        remove_stored(stored)


def _check_waiting(pack: ReturnedPack) -> None:
    if pack.state is not PackState.WAITING:
        raise Conflict("このExcelは、もう取り込むかどうかが決まっています。")


def _note_decision(pack: ReturnedPack, actor: Actor, now: datetime) -> None:
    pack.decided_at = now
    db.session.flush()
    record(
        PackDecided(
            actor=actor, now=now, subject_id=pack.consortium_id, pack_id=pack.id,
            number=pack.merged_number, details={"file": pack.file_name, "state": pack.state.value},
        )
    )  # fmt: skip
