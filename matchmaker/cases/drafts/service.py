"""Commands on drafts of cases. They flush and record events; the caller commits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from matchmaker.cases.domain import EARLIEST_YEAR, LATEST_YEAR, CaseData, Confidence, NeedBasis
from matchmaker.cases.drafts.domain import (
    DRAFT_STATES,
    MOST_MATERIALS,
    NAME_LENGTH,
    QUANTITY_LENGTH,
    REASON_LENGTH,
    TEXT_LENGTH,
    THEME_LENGTH,
    TITLE_LENGTH,
    URL_LENGTH,
    WRITABLE,
    DraftContent,
    DraftMove,
    DraftState,
)
from matchmaker.cases.drafts.events import CaseDraftMoved, CaseDraftSaved
from matchmaker.cases.drafts.models import CaseDraft
from matchmaker.cases.models import CaseStudy
from matchmaker.cases.service import save_case
from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.text import clean_line, clean_text
from matchmaker.organizations.queries import municipality_with
from matchmaker.posts.vocabularies import material_names
from matchmaker.posts.vocabulary import CIRCULATION_METHODS

CHANGED_MEANWHILE = "ほかの人が先に変えました。いまの内容を確かめて、もう一度保存してください。"
UNKNOWN_TOWN = "この市区町村が見つかりません。名前かコードを確かめてください。"
LINES = {
    "title": TITLE_LENGTH, "business": NAME_LENGTH, "theme": THEME_LENGTH,
    "material_note": NAME_LENGTH, "quantity": QUANTITY_LENGTH, "source_url": URL_LENGTH,
}  # fmt: skip
TEXTS = {"need": TEXT_LENGTH, "offering": TEXT_LENGTH, "note": TEXT_LENGTH}
NEEDED = {
    "title": "題名",
    "need": "困りごと",
    "business": "事業者",
    "offering": "事業者ができたこと",
    "source_url": "出典のアドレス",
}
"""What a case in the library cannot do without."""


def begin_draft(content: DraftContent, actor: Actor, now: datetime) -> CaseDraft:
    """A new draft with what is known already; texts that are too long are cut.

    Args:
        content: prefilled fields; they are to be read and mended by people.
    """
    draft = CaseDraft(id=new_id(), state=DraftState.DRAFT, created_at=now, updated_at=now)
    _fill(draft, _cut(content))
    db.session.add(draft)
    db.session.flush()
    record(CaseDraftSaved(actor=actor, now=now, subject_id=draft.id))
    return draft


def _cut(content: DraftContent) -> DraftContent:
    cut: dict[str, Any] = {
        name: clean_line(getattr(content, name))[:most] for name, most in LINES.items()
    }
    cut |= {name: clean_text(getattr(content, name))[:most] for name, most in TEXTS.items()}
    return replace(content, **cut)


def save_draft(
    draft: CaseDraft, content: DraftContent, actor: Actor, now: datetime, *, expected_revision: int
) -> None:
    """Change a draft that is not with the secretariat; the secretariat changes a submitted one too.

    Raises:
        Conflict: somebody else changed it meanwhile, or it cannot be changed now.
        ProductError: a field does not fit.
    """
    db.session.refresh(draft, with_for_update=True)
    own = draft.state is DraftState.SUBMITTED and actor.is_secretariat
    if draft.state not in WRITABLE and not own:
        raise Conflict(f"「{DRAFT_STATES.labels[draft.state]}」の下書きは変えられません。")
    if draft.revision != expected_revision:
        raise Conflict(CHANGED_MEANWHILE)
    _fill(draft, _checked(content))
    draft.revision += 1
    draft.updated_at = now
    db.session.flush()
    record(CaseDraftSaved(actor=actor, now=now, subject_id=draft.id))


def _fill(draft: CaseDraft, content: DraftContent) -> None:
    for name in (*LINES, *TEXTS, "municipality_code", "year"):
        setattr(draft, name, getattr(content, name))
    draft.materials, draft.methods = list(content.materials), list(content.methods)


def _checked(content: DraftContent) -> DraftContent:
    """The content made regular.

    Raises:
        ProductError: a field does not fit.
    """
    cleaned: dict[str, Any] = {name: clean_line(getattr(content, name)) for name in LINES}
    cleaned |= {name: clean_text(getattr(content, name)) for name in TEXTS}
    for name, most in {**LINES, **TEXTS}.items():
        if len(cleaned[name]) > most:
            raise ProductError(f"{most:,}文字以内で入れてください。", name)
    if municipality_with(content.municipality_code) is None:
        raise ProductError(UNKNOWN_TOWN, "municipality")
    if content.year is not None and not EARLIEST_YEAR <= content.year <= LATEST_YEAR:
        raise ProductError("始まった年を、2027のように入れてください。", "year")
    url = urlsplit(cleaned["source_url"])
    if cleaned["source_url"] and (url.scheme not in ("http", "https") or not url.netloc):
        raise ProductError("https:// で始まるアドレスを入れてください。", "source_url")
    return replace(content, **(cleaned | _known_codes(content)))


def _known_codes(content: DraftContent) -> dict[str, Any]:
    materials, methods = material_names(), {choice.code for choice in CIRCULATION_METHODS}
    return {
        "materials": tuple(c for c in content.materials if c in materials)[:MOST_MATERIALS],
        "methods": tuple(c for c in content.methods if c in methods),
    }


def move_draft(draft: CaseDraft, move: DraftMove, reason: str, actor: Actor, now: datetime) -> None:
    """Submit, return, publish a draft, or take the published case back.

    Raises:
        IllegalMove: the state does not allow it.
        ProductError: the reason or a needed field is missing.
    """
    db.session.refresh(draft, with_for_update=True)
    reason = clean_line(reason)[:REASON_LENGTH]
    before, after = draft.state, DRAFT_STATES.check(draft.state, move, reason)
    if move in (DraftMove.SUBMIT, DraftMove.PUBLISH):
        _refuse_incomplete(draft)
    if move is DraftMove.PUBLISH:
        draft.case_id = save_case(case_data(draft), actor, now).id
    if move is DraftMove.WITHDRAW and draft.case_id is not None:
        case = db.session.get(CaseStudy, draft.case_id)
        draft.case_id = None
        db.session.flush()
        db.session.delete(case)
    draft.state, draft.state_reason = after, reason
    draft.revision += 1
    draft.updated_at = now
    db.session.flush()
    record(
        CaseDraftMoved(
            actor=actor, now=now, subject_id=draft.id, reason=reason, before=before.value,
            after=after.value,
        )
    )  # fmt: skip


def _refuse_incomplete(draft: CaseDraft) -> None:
    missing = [label for name, label in NEEDED.items() if not getattr(draft, name)]
    if missing:
        raise ProductError(f"確認を頼む前に、{'、'.join(missing)}を書いて保存してください。")


def case_data(draft: CaseDraft) -> CaseData:
    """The draft as a case of the library. Those who wrote it were there: the pairing is sure.

    Raises:
        ProductError: its town is none.
    """
    town = municipality_with(draft.municipality_code)
    if town is None:
        raise ProductError(UNKNOWN_TOWN, "municipality")
    return CaseData(
        key=f"pilot-{draft.id.hex}",
        title=draft.title,
        municipality=town.name,
        prefecture=town.prefecture,
        municipality_code=draft.municipality_code,
        need=draft.need,
        business=draft.business,
        offering=draft.offering,
        source_url=draft.source_url,
        confidence=Confidence.HIGH,
        need_basis=NeedBasis.STATED,
        theme=draft.theme,
        material_note=draft.material_note,
        quantity=draft.quantity,
        year=draft.year,
        note=draft.note,
        materials=tuple(draft.materials),
        methods=tuple(draft.methods),
    )
