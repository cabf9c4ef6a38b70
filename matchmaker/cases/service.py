"""Commands on documented cases. They flush and record events; the caller commits."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from embeddings.words import content_words
from matchmaker.cases import queries
from matchmaker.cases.domain import CaseData
from matchmaker.cases.events import CaseSaved
from matchmaker.cases.models import CaseStudy, CaseTag
from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.posts.vocabularies import material_names
from matchmaker.posts.vocabulary import CIRCULATION_METHODS

TAG_FIELDS = ("materials", "methods")


def save_case(data: CaseData, actor: Actor, now: datetime) -> CaseStudy:
    """Add a case, or bring the one with the same key into line; nothing happens when all is equal.

    Args:
        data: the case; its key decides whether it is new.
        actor: who does it.
        now: the present moment.
    """
    columns, case = _columns(data), queries.case_with_key(data.key)
    if case is None:
        case = CaseStudy(id=new_id(), key=data.key, created_at=now, tags=[])
    changed = _write(case, columns, data)
    if changed:
        case.updated_at = now
        db.session.add(case)
        db.session.flush()
        record(CaseSaved(actor=actor, now=now, subject_id=case.id, details={"fields": changed}))
    return case


def _write(case: CaseStudy, columns: dict[str, Any], data: CaseData) -> list[str]:
    """Write what differs and give the names of the changed fields."""
    changed = [name for name, value in columns.items() if getattr(case, name) != value]
    for name in changed:
        setattr(case, name, columns[name])
    changed += [facet for facet, codes in data.tags().items() if _write_tags(case, facet, codes)]
    return changed


def _write_tags(case: CaseStudy, facet: str, codes: tuple[str, ...]) -> bool:
    present = [tag for tag in case.tags if tag.facet == facet]
    if tuple(tag.code for tag in present) == codes:
        return False
    for tag in present:
        case.tags.remove(tag)
    db.session.flush()
    case.tags += [CaseTag(facet=facet, code=code, position=n) for n, code in enumerate(codes)]
    return True


def _columns(data: CaseData) -> dict[str, Any]:
    columns = {k: v for k, v in asdict(data).items() if k not in (*TAG_FIELDS, "key")}
    columns["confidence"] = data.confidence.value
    columns["need_basis"] = data.need_basis.value
    columns["search_text"] = searchable(data)
    return columns


def searchable(data: CaseData) -> str:
    """Words of a case in their normalised form, each once, between spaces."""
    names = material_names() if data.materials else {}
    methods = {choice.code: choice.label for choice in CIRCULATION_METHODS}
    parts = [
        data.title, data.municipality, data.prefecture, data.need, data.business, data.offering,
        data.theme, data.material_note, data.quantity, data.note,
        *(names.get(code, code) for code in data.materials),
        *(methods.get(code, code) for code in data.methods),
    ]  # fmt: skip
    words = dict.fromkeys(content_words("\n".join(parts)))
    return f" {' '.join(words)} "
