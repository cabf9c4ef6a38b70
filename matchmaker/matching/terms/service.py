"""Commands on the vocabulary. They flush and record events; they never commit.

Every command names the revision of the concept that the person saw, so that two tabs cannot
overwrite each other. Nothing is ever removed: words are switched off, with a reason, and on again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from embeddings.reading.thesaurus import ConceptKind
from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, IllegalMove, NotFound, ProductError
from matchmaker.core.text import fold
from matchmaker.matching.terms import queries
from matchmaker.matching.terms.domain import (
    LABEL_LENGTH,
    MOST_TERMS,
    REASON_LENGTH,
    SOURCE_LENGTH,
    ConceptView,
    EntryState,
    Side,
    TermView,
    checked_line,
    checked_term,
    concept_id,
)
from matchmaker.matching.terms.events import (
    ConceptAdded,
    ConceptSwitched,
    TermAdded,
    TermSwitched,
    VocabularyChanged,
)
from matchmaker.matching.terms.models import VocabularyConcept, VocabularyTerm

CHANGED_MEANWHILE = (
    "ほかの人がこのことばを先に変えました。いまの内容を確かめて、もう一度操作してください。"
)


@dataclass(frozen=True, slots=True)
class NewTerm:
    """A word to be added.

    Attributes:
        text: the word.
        side: who uses it.
        source: where it comes from.
    """

    text: str
    side: Side
    source: str


@dataclass(frozen=True, slots=True)
class NewConcept:
    """A concept to be added.

    Attributes:
        value: the entry of the product's own list that its words stand for; empty for none.
        terms: its words, at least one.
    """

    kind: ConceptKind
    label: str
    value: str
    source: str
    terms: Sequence[NewTerm]


def add_concept(wanted: NewConcept, actor: Actor, now: datetime) -> ConceptView:
    """Add a concept with its first words.

    Raises:
        ProductError: something is missing or too long.
        Conflict: there is a concept of that name, or another concept has one of the words.
    """
    label = checked_line(wanted.label, LABEL_LENGTH, "label", "名前")
    source = checked_line(wanted.source, SOURCE_LENGTH, "source", "出典")
    concepts = queries.all_concepts()
    if any(c.kind is wanted.kind and fold(c.label) == fold(label) for c in concepts):
        raise Conflict("同じ種類に、この名前がすでにあります。", "label")
    if not wanted.terms:
        raise ProductError("ことばを1つ以上入れてください。", "town")
    if len(wanted.terms) > MOST_TERMS:
        raise ProductError(f"ことばは1つの意味に{MOST_TERMS}個までです。", "town")
    code = f"own-{new_id().hex}"
    _stored_concept(code, wanted.kind, label, wanted.value, source, actor, now, shipped=False)
    for term in wanted.terms:
        _insert_term(code, term, concepts, actor, now)
    db.session.flush()
    details = {"label": label, "terms": [term.text for term in wanted.terms]}
    record(_event(ConceptAdded, code, actor, now, source, details))
    return found(code)


def add_term(
    code: str,
    term: NewTerm,
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int,
    take_over: bool = False,
) -> ConceptView:
    """Add a word to a concept.

    Args:
        code: the concept.
        term: the word.
        expected_revision: the revision of the concept that the person saw.
        take_over: switch the word off in the concept that has it now, since only one can have it.

    Raises:
        NotFound: there is no such concept.
        ProductError: the word or its source is not right.
        Conflict: somebody else changed the concept, or another concept has the word.
    """
    concept = found(code)
    if concept.term(term.text) is not None:
        raise Conflict("このことばは、すでにここにあります。", "text")
    if len(concept.terms) >= MOST_TERMS:
        raise ProductError(f"ことばは1つの意味に{MOST_TERMS}個までです。", "text")
    others = queries.concepts_with_word(term.text, queries.all_concepts())
    if take_over:
        for other in others:
            reason = f"「{concept.label}」で使うため"
            switch(
                other.code, term.text, EntryState.OFF, reason, actor, now,
                expected_revision=other.revision,
            )  # fmt: skip
    row = _touched(concept, expected_revision, actor, now)
    _insert_term(row.code, term, queries.all_concepts(), actor, now)
    db.session.flush()
    details = {"term": term.text, "side": term.side.value}
    record(_event(TermAdded, code, actor, now, term.source, details))
    return found(code)


def switch(
    code: str,
    word: str | None,
    state: EntryState,
    reason: str,
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int,
) -> ConceptView:
    """Switch a word of a concept, or the concept with all its words, off or on again.

    Args:
        word: None for the whole concept.
        state: what it shall be.

    Raises:
        NotFound: there is no such concept or word.
        ProductError: the reason is missing.
        Conflict: somebody else changed the concept, or another concept has the word now.
        IllegalMove: it is in that state already.
    """
    reason = checked_line(reason, REASON_LENGTH, "reason", "理由")
    concept = found(code)
    term = None if word is None else _word_of(concept, word)
    if (term or concept).state is state:
        raise IllegalMove("このことばは、すでにその状態です。" if term else "すでにその状態です。")
    if term and state is EntryState.ACTIVE:
        refuse_taken(term.text, concept, queries.all_concepts())
    row = _touched(concept, expected_revision, actor, now)
    _mark(_row_of(row, term) if term else row, state, reason, actor, now)
    db.session.flush()
    kind = TermSwitched if term else ConceptSwitched
    subject = {"term": term.text} if term else {"label": concept.label}
    record(_event(kind, code, actor, now, reason, {**subject, "state": state.value}))
    return found(code)


def refuse_taken(text: str, concept: ConceptView | None, concepts: Sequence[ConceptView]) -> None:
    """Refuse a word that another concept has in use: only one of the two would ever be found.

    Raises:
        Conflict: there is such a concept.
    """
    code = concept.code if concept else ""
    for other in queries.concepts_with_word(text, concepts):
        if other.code != code:
            raise Conflict(
                f"「{text}」は「{other.label}」（{other.kind_label}）で使われています。"
                "同じことばを2つの意味で読むことはできません。",
                "text",
            )


def _insert_term(
    code: str, term: NewTerm, concepts: Sequence[ConceptView], actor: Actor, now: datetime
) -> None:
    text = checked_term(term.text)
    source = checked_line(term.source, SOURCE_LENGTH, "source", "出典")
    own = next((concept for concept in concepts if concept.code == code), None)
    refuse_taken(text, own, concepts)
    row = insert(VocabularyTerm).values(
        id=new_id(), concept_code=code, text=text, folded=fold(text), side=term.side,
        source=source, is_shipped=False, state=EntryState.ACTIVE, reason="",
        changed_at=now, changed_by_id=actor.user_id,
    )  # fmt: skip
    if insert_or_skip(db.session(), row, ["concept_code", "folded"]) == 0:
        raise Conflict("同じことばが2回あります。", "text")


def _touched(
    concept: ConceptView, expected_revision: int, actor: Actor, now: datetime
) -> VocabularyConcept:
    """The concept's row, locked, with the next revision; made where it was only shipped."""
    _stored_concept(
        concept.code, concept.kind, concept.label, concept.value, concept.source, actor, now,
        shipped=concept.is_shipped, revision=0,
    )  # fmt: skip
    query = select(VocabularyConcept).where(VocabularyConcept.code == concept.code)
    row = db.session.scalars(
        query.with_for_update().execution_options(populate_existing=True)
    ).one()
    if row.revision != expected_revision:
        raise Conflict(CHANGED_MEANWHILE)
    row.revision += 1
    row.changed_at, row.changed_by_id = now, actor.user_id
    return row


def _stored_concept(
    code: str,
    kind: ConceptKind,
    label: str,
    value: str,
    source: str,
    actor: Actor,
    now: datetime,
    *,
    shipped: bool,
    revision: int = 1,
) -> None:
    row = insert(VocabularyConcept).values(
        code=code, kind=kind.value, label=label, value=value, source=source[:SOURCE_LENGTH],
        is_shipped=shipped, revision=revision, state=EntryState.ACTIVE, reason="",
        changed_at=now, changed_by_id=actor.user_id,
    )  # fmt: skip
    insert_or_skip(db.session(), row, ["code"])


def _row_of(concept: VocabularyConcept, term: TermView) -> VocabularyTerm:
    """The row of a word, made where it was only shipped."""
    row = db.session.scalar(
        select(VocabularyTerm).where(
            VocabularyTerm.concept_code == concept.code, VocabularyTerm.folded == fold(term.text)
        )
    )
    if row is None:
        row = VocabularyTerm(
            id=new_id(), concept_code=concept.code, text=term.text, folded=fold(term.text),
            side=term.side, source=term.source[:SOURCE_LENGTH], is_shipped=True,
        )  # fmt: skip
        db.session.add(row)
    return row


def _mark(
    row: VocabularyConcept | VocabularyTerm,
    state: EntryState,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    row.state, row.reason = state, reason
    row.changed_at, row.changed_by_id = now, actor.user_id


def _word_of(concept: ConceptView, text: str) -> TermView:
    term = concept.term(text)
    if term is None:
        raise NotFound("このことばは見つかりません。")
    return term


def found(code: str) -> ConceptView:
    """A concept with all its words.

    Raises:
        NotFound: there is none of that code.
    """
    concept = queries.concept_with(code)
    if concept is None:
        raise NotFound("お探しのことばは見つかりません。")
    return concept


def _event(
    kind: type[VocabularyChanged],
    code: str,
    actor: Actor,
    now: datetime,
    reason: str,
    details: dict[str, Any],
) -> VocabularyChanged:
    return kind(
        actor=actor, now=now, subject_id=concept_id(code), reason=reason,
        details={"code": code, **details}, code=code,
    )  # fmt: skip
