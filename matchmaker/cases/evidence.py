"""Documented cases that resemble a recommended pair, for its card.

The library changes rarely: its codes and words are kept in memory with the stamp of its last
change, and a page costs one small statement however many cards it has.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from flask import url_for
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import selectinload, undefer

from matchmaker.cases.models import CaseStudy
from matchmaker.core.db import db
from matchmaker.matching.extensions import MOST_EVIDENCE, Evidence, EvidencePair
from matchmaker.posts.content import tag_values

MOST_CASES = 5_000
MATERIAL, METHOD, WORD = 2.0, 1.0, 4.0
"""What a shared material, a shared method, and all of a post's words in the case would count."""
LEAST_WORDS = 0.1
"""Share of the post's words that a case must hold: a material alone does not make it similar."""
Stamp = tuple[int, datetime | None]


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case as far as cards need it."""

    id: uuid.UUID
    title: str
    detail: str
    source_url: str
    materials: frozenset[str]
    methods: frozenset[str]
    words: frozenset[str]


_lock = threading.Lock()
_known: WeakKeyDictionary[Engine, tuple[Stamp, tuple[KnownCase, ...]]] = WeakKeyDictionary()


def similar_documented_cases(pairs: Sequence[EvidencePair]) -> list[list[Evidence]]:
    """For each pair the cases most like it: same material, same method, same words.

    Args:
        pairs: recommended pairs with their tags loaded.
    """
    cases = _library()
    return [[_told(case) for case in _most_alike(pair, cases)] for pair in pairs]


def _most_alike(pair: EvidencePair, cases: Sequence[KnownCase]) -> list[KnownCase]:
    need, offering = tag_values(pair.need), tag_values(pair.offering)
    materials = set(need.get("materials", [])) & set(offering.get("input_materials", []))
    if not materials:
        return []
    methods = {*need.get("circulation_methods", []), *offering.get("circulation_methods", [])}
    scored = []
    for case in cases:
        shared, words = case.materials & materials, len(case.words & pair.words)
        share = words / len(pair.words) if pair.words else 0.0
        if shared and share >= LEAST_WORDS:
            likeness = MATERIAL * len(shared) + METHOD * len(case.methods & methods) + WORD * share
            scored.append((likeness, case))
    scored.sort(key=lambda entry: (-entry[0], entry[1].id))
    return [case for _, case in scored[:MOST_EVIDENCE]]


def _told(case: KnownCase) -> Evidence:
    address = url_for("cases.show", case_id=case.id)
    return Evidence(case.title, case.detail, address, case.source_url)


def _library() -> tuple[KnownCase, ...]:
    """All cases; read anew only when one was added or changed."""
    row = db.session.execute(select(func.count(), func.max(CaseStudy.updated_at))).one()
    stamp, engine = (int(row[0]), row[1]), db.engine
    with _lock:
        known = _known.get(engine)
    if known is not None and known[0] == stamp:
        return known[1]
    cases = tuple(_read())
    with _lock:
        _known[engine] = (stamp, cases)
    return cases


def _read() -> list[KnownCase]:
    query = (
        select(CaseStudy)
        .options(selectinload(CaseStudy.tags), undefer(CaseStudy.search_text))
        .order_by(CaseStudy.id)
        .limit(MOST_CASES)
    )
    return [
        KnownCase(
            case.id, case.title, f"{case.municipality} × {case.business}", case.source_url,
            frozenset(case.materials), frozenset(case.methods),
            frozenset(case.search_text.split()),
        )
        for case in db.session.scalars(query)
    ]  # fmt: skip
