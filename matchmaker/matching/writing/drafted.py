"""What is being typed, as a post that is in no database: for reading, ranking and showing it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from embeddings.facts import PostFacts
from embeddings.reading.reader import with_readings
from matchmaker.core.cleaning import FieldError, Vocabularies, clean
from matchmaker.core.clock import now
from matchmaker.core.fields import FieldKind
from matchmaker.matching.facts import FactsReader
from matchmaker.matching.terms.queries import current_thesaurus
from matchmaker.posts.content import apply_content
from matchmaker.posts.domain import PostState
from matchmaker.posts.types import PostType

TEXTS = (FieldKind.LINE, FieldKind.TEXT)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as far as it can be understood.

    Attributes:
        post: a post that is not stored; its organisation is.
        values: cleaned values by field name; fields with a fault are missing.
        facts: what the ranking would know of it, with what was read in its texts.
    """

    post: Any
    values: Mapping[str, Any]
    facts: PostFacts


def drafted(
    post_type: PostType,
    typed: Mapping[str, Any],
    organization: Any,
    vocabularies: Vocabularies,
    stored: Any = None,
) -> Drafted:
    """Make a post of what is typed.

    Args:
        typed: raw values by field name.
        organization: in whose name it is written.
        vocabularies: vocabularies kept in the database.
        stored: the post that is being changed, None for a new one.
    """
    values = understood_values(post_type, typed, vocabularies)
    post = post_type.model(
        id=stored.id if stored is not None else uuid.UUID(int=0),
        organization_id=organization.id,
        organization=organization,
        state=stored.state if stored is not None else PostState.DRAFT,
        updated_at=now(),
        published_at=stored.published_at if stored is not None else None,
        tags=[],
    )
    apply_content(post_type, post, values)
    facts = with_readings(FactsReader().read(post_type.kind, post), current_thesaurus())
    return Drafted(post, values, facts)


def understood_values(
    post_type: PostType, typed: Mapping[str, Any], vocabularies: Vocabularies
) -> dict[str, Any]:
    """Cleaned values; a text that is too long is cut, any other fault leaves its field out."""
    values: dict[str, Any] = {}
    for spec in post_type.table.fields:
        raw = typed.get(spec.name)
        if spec.kind in TEXTS and isinstance(raw, str):
            raw = raw[: spec.max_length]
        try:
            values[spec.name] = clean(spec, raw, vocabularies)
        except FieldError:
            continue
    return values
