"""Lays what people changed over the shipped vocabulary. Pure, but for the rows it is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from embeddings.reading.thesaurus import Concept, ConceptKind, Thesaurus
from matchmaker.core.text import fold
from matchmaker.matching.terms.domain import ConceptView, EntryState, Side, TermView
from matchmaker.matching.terms.models import VocabularyConcept, VocabularyTerm

KNOWN_KINDS = frozenset(ConceptKind)


def merged(
    shipped: Thesaurus,
    concepts: Iterable[VocabularyConcept],
    terms: Iterable[VocabularyTerm],
) -> list[ConceptView]:
    """All concepts with all their words, shipped ones first, those switched off too.

    A shipped concept that an upgrade took away stays only where people added words to it.

    Args:
        shipped: the vocabulary that came with the service.
        concepts, terms: what people changed.
    """
    rows = {row.code: row for row in concepts}
    words: dict[str, list[VocabularyTerm]] = {}
    for term in terms:
        words.setdefault(term.concept_code, []).append(term)
    views = [_shipped(c, rows.get(c.code), words.get(c.code, ())) for c in shipped.concepts]
    own = sorted(
        (row for code, row in rows.items() if code not in shipped.by_code),
        key=lambda row: (row.kind, row.label),
    )
    views += [_own(row, words.get(row.code, ())) for row in own if _has_words(row, words)]
    return views


def thesaurus_of(views: Iterable[ConceptView]) -> Thesaurus:
    """What reading uses: concepts and words that are not switched off."""
    return Thesaurus(_concept(view) for view in views if view.is_active)


def _has_words(row: VocabularyConcept, words: Mapping[str, Sequence[VocabularyTerm]]) -> bool:
    known = row.kind in KNOWN_KINDS
    return known and (not row.is_shipped or any(not t.is_shipped for t in words.get(row.code, ())))


def _shipped(
    concept: Concept, row: VocabularyConcept | None, changes: Sequence[VocabularyTerm]
) -> ConceptView:
    off = {term.folded: term for term in changes if term.is_shipped}
    terms = [_shipped_term(concept, text, off.get(fold(text))) for text in concept.terms]
    present = {fold(text) for text in concept.terms}
    # A word that people added before it was shipped is the shipped one from now on.
    added = [_added(t) for t in changes if not t.is_shipped and t.folded not in present]
    return ConceptView(
        code=concept.code,
        kind=concept.kind,
        label=concept.label,
        value=concept.value,
        source=concept.source,
        is_shipped=True,
        state=row.state if row else EntryState.ACTIVE,
        reason=row.reason if row else "",
        revision=row.revision if row else 0,
        terms=(*terms, *added),
        base=concept,
    )


def _shipped_term(concept: Concept, text: str, change: VocabularyTerm | None) -> TermView:
    in_town, in_company = text in concept.town_terms, text in concept.company_terms
    side = Side.BOTH if in_town and in_company else Side.TOWN if in_town else Side.COMPANY
    state = change.state if change else EntryState.ACTIVE
    return TermView(text, side, concept.source, True, state, change.reason if change else "")


def _own(row: VocabularyConcept, terms: Sequence[VocabularyTerm]) -> ConceptView:
    kind = ConceptKind(row.kind)
    base = Concept(code=row.code, kind=kind, label=row.label, value=row.value, source=row.source)
    return ConceptView(
        code=row.code,
        kind=kind,
        label=row.label,
        value=row.value,
        source=row.source,
        is_shipped=False,
        state=row.state,
        reason=row.reason,
        revision=row.revision,
        terms=tuple(_added(term) for term in terms if not term.is_shipped),
        base=base,
    )


def _added(term: VocabularyTerm) -> TermView:
    return TermView(term.text, term.side, term.source, False, term.state, term.reason)


def _concept(view: ConceptView) -> Concept:
    town, company = tuple(view.town_words), tuple(view.company_words)
    return replace(view.base, town_terms=town, company_terms=company)
