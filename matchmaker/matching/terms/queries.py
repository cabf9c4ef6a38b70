"""The vocabulary as it is used now: what was shipped, with what people changed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select

from config import ROOT
from embeddings.reading.thesaurus import ConceptKind, Thesaurus, load_thesaurus
from matchmaker.core.db import db
from matchmaker.core.paging import PAGE_SIZE, Page
from matchmaker.core.text import fold
from matchmaker.matching.models import IndexRequest
from matchmaker.matching.terms.domain import ConceptView, EntryState
from matchmaker.matching.terms.merging import merged, thesaurus_of
from matchmaker.matching.terms.models import VocabularyConcept, VocabularyTerm

SHIPPED = ROOT / "seeds" / "vocabulary"
Stamp = tuple[int, datetime | None]

_lock = threading.Lock()
_shipped: list[Thesaurus] = []
_current: WeakKeyDictionary[Engine, tuple[Stamp, Thesaurus]] = WeakKeyDictionary()


def shipped_thesaurus() -> Thesaurus:
    """The vocabulary that came with the service, read once a process."""
    with _lock:
        if not _shipped:
            _shipped.append(load_thesaurus(SHIPPED))
        return _shipped[0]


def thesaurus_stamp() -> Stamp:
    """Something that changes with every change people make; one small query.

    The sum of the revisions only grows; the moment tells apart a change that was rolled back and
    another one made after it.
    """
    row = db.session.execute(
        select(func.sum(VocabularyConcept.revision), func.max(VocabularyConcept.changed_at))
    ).one()
    return int(row[0] or 0), row[1]


def current_thesaurus() -> Thesaurus:
    """The vocabulary in use; made anew only when its stamp has changed."""
    stamp, engine = thesaurus_stamp(), db.engine
    with _lock:
        known = _current.get(engine)
    if known is not None and known[0] == stamp:
        return known[1]
    # Without any change the shipped one serves as it is, with its word lists already made.
    made = thesaurus_of(all_concepts()) if stamp[0] else shipped_thesaurus()
    with _lock:
        _current[engine] = (stamp, made)
    return made


def all_concepts() -> list[ConceptView]:
    """Every concept with all its words, those switched off too (some hundreds)."""
    concepts = db.session.scalars(select(VocabularyConcept).order_by(VocabularyConcept.code)).all()
    terms = db.session.scalars(
        select(VocabularyTerm).order_by(VocabularyTerm.concept_code, VocabularyTerm.id)
    ).all()
    return merged(shipped_thesaurus(), concepts, terms)


def concept_with(code: str) -> ConceptView | None:
    """One concept."""
    return next((view for view in all_concepts() if view.code == code), None)


def concepts_page(
    number: int, *, text: str = "", kind: ConceptKind | None = None, state: str = ""
) -> Page[ConceptView]:
    """One page of the concepts that a search finds.

    Args:
        number: of the page, from 1.
        text: what stands in the name or in a word.
        kind: what it is about.
        state: ``changed`` for those in which people changed something, ``off`` for those with
            something switched off.
    """
    found = [
        view
        for view in all_concepts()
        if (kind is None or view.kind is kind) and _has(view, fold(text)) and _is(view, state)
    ]
    last = max(1, -(-len(found) // PAGE_SIZE))
    number = min(number, last)
    start = (number - 1) * PAGE_SIZE
    return Page(found[start : start + PAGE_SIZE], number, PAGE_SIZE, len(found))


def _has(view: ConceptView, wanted: str) -> bool:
    texts = (view.label, view.value, *(term.text for term in view.terms))
    return not wanted or any(wanted in fold(text) for text in texts)


def _is(view: ConceptView, state: str) -> bool:
    if state == "changed":
        return view.revision > 0
    if state == "off":
        return not view.is_active or any(t.state is EntryState.OFF for t in view.terms)
    return True


def concepts_with_word(text: str, concepts: Sequence[ConceptView]) -> list[ConceptView]:
    """Concepts in use that have this very word in use; only the first of them is ever found."""
    return [
        view
        for view in concepts
        if view.is_active and (term := view.term(text)) is not None and term.is_active
    ]


def overlapping_words(text: str, concepts: Sequence[ConceptView]) -> list[tuple[str, ConceptView]]:
    """Words in use that contain this one or stand in it; the longer one wins where both fit."""
    wanted = fold(text)
    return [
        (term.text, view)
        for view in concepts
        if view.is_active
        for term in view.terms
        if term.is_active and (word := fold(term.text)) != wanted
        if wanted in word or word in wanted
    ]


def posts_waiting() -> int:
    """How many posts are still to be read anew."""
    query = select(func.count(func.distinct(IndexRequest.post_id)))
    return db.session.scalar(query) or 0
