"""What a change of the vocabulary would do to the posts that are listed now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select

from embeddings.facts import NeedFacts, OfferingFacts, TextPart
from embeddings.reading.reader import read_post
from embeddings.reading.thesaurus import Thesaurus
from embeddings.words import content_words
from matchmaker.core.db import db
from matchmaker.matching.models import IndexEntry
from matchmaker.posts.domain import PostKind

MOST_LOOKED_AT = 400
MOST_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Effect:
    """How many listed posts would be read differently.

    Attributes:
        changed: posts whose readings change.
        is_bounded: whether so many posts hold the words that only the newest were looked at.
        examples: kind, id and title of a few of them.
    """

    changed: int
    is_bounded: bool
    examples: tuple[tuple[PostKind, uuid.UUID, str], ...]


def effect_of(before: Thesaurus, after: Thesaurus, words: Sequence[str]) -> Effect:
    """Read the posts that hold one of the words with both vocabularies, and compare.

    Args:
        before, after: the vocabulary now and as it would be.
        words: the words that come or go.
    """
    entries = _holding(words)
    changed = [entry for entry in entries if _readings(entry, before) != _readings(entry, after)]
    examples = tuple(
        (PostKind(entry.kind), entry.post_id, str(entry.facts.get("title", "")))
        for entry in changed[:MOST_EXAMPLES]
    )
    return Effect(len(changed), len(entries) >= MOST_LOOKED_AT, examples)


def _holding(words: Sequence[str]) -> Sequence[IndexEntry]:
    """Listed posts in which all content words of one of the words occur, newest first."""
    conditions = [
        and_(*(IndexEntry.words.contains(part, autoescape=True) for part in parts))
        for word in words
        if (parts := content_words(word))
    ]
    if not conditions:
        return []
    query = (
        select(IndexEntry)
        .where(IndexEntry.is_listed, or_(*conditions))
        .order_by(IndexEntry.seq.desc())
        .limit(MOST_LOOKED_AT)
    )
    return db.session.scalars(query).all()


def _readings(entry: IndexEntry, thesaurus: Thesaurus) -> set[tuple[str, str]]:
    post = _texts_of(PostKind(entry.kind), entry.facts)
    return {(reading.kind.value, str(reading.value)) for reading in read_post(post, thesaurus)}


def _texts_of(kind: PostKind, facts: dict[str, Any]) -> NeedFacts | OfferingFacts:
    make = NeedFacts if kind is PostKind.NEED else OfferingFacts
    return make(
        id=str(facts.get("id", "")),
        title=str(facts.get("title", "")),
        description=str(facts.get("description", "")),
        further=tuple(TextPart(**part) for part in facts.get("further", ())),
    )
