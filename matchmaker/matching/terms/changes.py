"""A change of the vocabulary before it is saved: what stands in its way and what it would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matchmaker.matching.terms import queries
from matchmaker.matching.terms.domain import ConceptView, EntryState, TermView
from matchmaker.matching.terms.effects import Effect, effect_of
from matchmaker.matching.terms.merging import thesaurus_of
from matchmaker.matching.terms.service import NewTerm

MOST_OVERLAPS = 8


@dataclass(frozen=True, slots=True)
class Prospective:
    """What is shown before a change is saved.

    Attributes:
        effect: posts that would be read differently.
        taken: concepts that have one of the words in use now.
        overlaps: words that contain a new one or stand in it.
    """

    effect: Effect
    taken: tuple[ConceptView, ...] = ()
    overlaps: tuple[tuple[str, ConceptView], ...] = ()


def with_terms(concept: ConceptView, terms: Sequence[NewTerm]) -> ConceptView:
    """The concept as it would be with further words."""
    more = [TermView(t.text, t.side, t.source, False, EntryState.ACTIVE) for t in terms]
    return replace(concept, terms=(*concept.terms, *more))


def with_term_switched(concept: ConceptView, text: str, state: EntryState) -> ConceptView:
    """The concept as it would be with one word switched."""
    wanted = concept.term(text)
    terms = tuple(replace(t, state=state) if t is wanted else t for t in concept.terms)
    return replace(concept, terms=terms)


def switched(
    concept: ConceptView, word: str | None, state: EntryState
) -> tuple[ConceptView, list[str]]:
    """The concept as it would be with a word (None: the whole of it) switched, and the words that
    come or go with it."""
    if word is not None:
        return with_term_switched(concept, word, state), [word]
    words = [term.text for term in concept.terms if term.is_active]
    return replace(concept, state=state), words


def prospective(after: ConceptView, words: Sequence[str], *, adds: bool) -> Prospective:
    """What saving would do.

    Args:
        after: the concept as it would be.
        words: the words that come or go.
        adds: whether they come (then other concepts may have them).
    """
    concepts = queries.all_concepts()
    taken: list[ConceptView] = []
    overlaps: list[tuple[str, ConceptView]] = []
    for word in words if adds else ():
        owners = queries.concepts_with_word(word, concepts)
        taken += [owner for owner in owners if owner.code != after.code and owner not in taken]
        overlaps += queries.overlapping_words(word, concepts)
    codes = {owner.code for owner in taken}
    kept = [_without(c, words) if c.code in codes else c for c in concepts]
    known = any(c.code == after.code for c in concepts)
    changed = [after if c.code == after.code else c for c in kept] + ([] if known else [after])
    effect = effect_of(thesaurus_of(concepts), thesaurus_of(changed), words)
    return Prospective(effect, tuple(taken), tuple(overlaps[:MOST_OVERLAPS]))


def _without(concept: ConceptView, words: Sequence[str]) -> ConceptView:
    for word in words:
        concept = with_term_switched(concept, word, EntryState.OFF)
    return concept
