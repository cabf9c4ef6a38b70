"""What a post says, as one short mark: other words or conditions give another one.

Made from the facts of the ranking, so that the marks of many posts are had without loading them. It
does not follow the version of the composed text, nor what was read out of a text: both may change
without anybody having rewritten the post.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.matching.facts import FactsReader, to_json
from matchmaker.matching.models import IndexEntry
from matchmaker.posts.domain import PostKind

MEANT = (
    "title", "description", "further", "prefecture", "materials", "outputs", "waste_class",
    "circulation_methods", "process_stages", "licences", "kind", "sought_kinds", "quantity_low",
    "quantity_high", "one_off", "partner_scope", "capacity", "minimum_lot", "service_area",
)  # fmt: skip
"""Texts and conditions that a judgement is about; the free capacity changes too often."""
CHUNK = 500


def mark_of(facts: Mapping[str, Any]) -> str:
    """SHA-256 over what a post says, from its facts as JSON."""
    said = {name: facts[name] for name in MEANT if facts.get(name)}
    content = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode("utf-8", errors="replace")).hexdigest()


class MarkReader:
    """Reads the marks of loaded posts as they stand now; materials are named once."""

    def __init__(self) -> None:
        self._facts = FactsReader()

    def of(self, kind: PostKind, post: Any) -> str:
        """The mark of a post with its tags and organisation."""
        return mark_of(json.loads(json.dumps(to_json(self._facts.read(kind, post)), default=str)))


def stored_marks(post_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Marks by post, as the index knows the posts; those without an entry are left out."""
    found: dict[uuid.UUID, str] = {}
    for chunk in _chunks(sorted(set(post_ids))):
        query = select(IndexEntry.post_id, IndexEntry.facts).where(IndexEntry.post_id.in_(chunk))
        found.update((post_id, mark_of(facts)) for post_id, facts in db.session.execute(query))
    return found


def _chunks(ids: list[uuid.UUID]) -> Iterator[list[uuid.UUID]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
