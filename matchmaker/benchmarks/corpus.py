"""Fills a throw-away database with many posts made of the sentences of the demo content.

Rows are written in bulk, past the services: this is for measuring pages, not for use.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sqlalchemy import delete, func, insert, select

from config import ROOT
from embeddings.posts import PostVectors
from embeddings.text import post_passages, sentence_spans, text_hash
from embeddings.words import content_words
from matchmaker.core.db import db, new_id
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.matching.facts import from_json
from matchmaker.matching.indexing import entry_version
from matchmaker.matching.models import IndexEntry, IndexRequest, PostVector
from matchmaker.matching.terms.queries import current_thesaurus
from matchmaker.needs.models import Need, NeedTag
from matchmaker.offerings.models import Offering, OfferingTag
from matchmaker.posts.domain import PostKind, PostState
from matchmaker.posts.vocabulary import CIRCULATION_METHODS, OFFERING_KINDS

SENTENCES_A_POST = 6
CHUNK = 1000
SEED = 20260401


@dataclass(frozen=True, slots=True)
class Side:
    """Where the rows of one kind go and where their sentences come from."""

    kind: PostKind
    model: type[Any]
    tag_model: type[Any]
    folder: Path
    text_field: str
    material_facet: str


DEMO = ROOT / "seeds" / "demo"
NEEDS = Side(PostKind.NEED, Need, NeedTag, DEMO / "needs", "problem", "materials")
OFFERINGS = Side(
    PostKind.OFFERING, Offering, OfferingTag, DEMO / "offerings", "description", "input_materials"
)


def sentences(folder: Path) -> list[str]:
    """All sentences of the demo posts in ``folder``."""
    found: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        for post in yaml.safe_load(path.read_text(encoding="utf-8")):
            text = str(post.get("problem") or post.get("description") or "")
            found += [text[start:end].strip() for start, end in sentence_spans(text)]
    return [sentence for sentence in found if sentence]


def fill(
    side: Side,
    count: int,
    *,
    organizations: Sequence[uuid.UUID],
    materials: Sequence[tuple[str, str]],
    model_id: str,
    dimension: int,
    now: datetime,
) -> list[uuid.UUID]:
    """Write ``count`` published posts with tags, index entries and (random) vectors.

    Args:
        materials: code and name of each material.
        model_id: the model the vectors pass for; empty for none.

    Returns:
        The ids of the posts.
    """
    chance = random.Random(f"{SEED}{side.kind}")  # noqa: S311 - repeatable, not secret
    known = sentences(side.folder)
    version = entry_version(current_thesaurus())
    ids: list[uuid.UUID] = []
    for start in range(0, count, CHUNK):
        drafts = [
            _Draft(side, chance, known, organizations, materials, now)
            for _ in range(min(CHUNK, count - start))
        ]
        db.session.execute(insert(side.model), [d.row for d in drafts])
        db.session.execute(insert(side.tag_model), [t for d in drafts for t in d.tags()])
        entries, vectors = zip(
            *(_entry(d, start + i + 1, model_id, dimension) for i, d in enumerate(drafts)),
            strict=True,
        )
        numbers = _numbers(drafts, now)
        rows = [
            {**entry, "seq": number, "text_version": version}
            for number, entry in zip(numbers, entries, strict=True)
        ]
        db.session.execute(insert(IndexEntry), rows)
        if model_id:
            db.session.execute(insert(PostVector), list(vectors))
        db.session.commit()
        ids += [d.row["id"] for d in drafts]
    return ids


def _numbers(drafts: Sequence[_Draft], now: datetime) -> range:
    """Numbers for the entries of posts, from the counter that goes on with later entries."""
    rows = [
        {"kind": d.side.kind, "post_id": d.row["id"], "requested_at": now, "attempts": 0}
        for d in drafts
    ]
    db.session.execute(insert(IndexRequest), rows)
    last = db.session.scalar(select(func.max(IndexRequest.seq))) or 0
    drawn = range(last - len(rows) + 1, last + 1)
    db.session.execute(delete(IndexRequest).where(IndexRequest.seq >= drawn.start))
    return drawn


class _Draft:
    """One made-up post."""

    def __init__(
        self,
        side: Side,
        chance: random.Random,
        known: Sequence[str],
        organizations: Sequence[uuid.UUID],
        materials: Sequence[tuple[str, str]],
        now: datetime,
    ) -> None:
        self.side = side
        self.material = chance.choice(materials)
        self.method = chance.choice(CIRCULATION_METHODS)
        self.chance = chance
        text = "".join(chance.sample(known, SENTENCES_A_POST))
        shown = now - timedelta(minutes=chance.randrange(500_000))
        self.row: dict[str, Any] = {
            "id": new_id(),
            "organization_id": chance.choice(organizations),
            "title": f"{self.material[1]}：{chance.choice(known)}"[:80],
            side.text_field: text,
            "visibility": "public",
            "prefecture": chance.choice(PREFECTURES),
            "latitude": 31 + 13 * chance.random(),
            "longitude": 130 + 12 * chance.random(),
            "state": PostState.PUBLISHED,
            "revision": 1,
            "search_text": f" {' '.join(dict.fromkeys(content_words(text)))} ",
            "created_at": shown,
            "updated_at": shown,
            "published_at": shown,
            "valid_until": (now + timedelta(days=chance.randrange(30, 365))).date(),
            **_amounts(side.kind, chance),
        }

    def tags(self) -> Iterator[dict[str, Any]]:
        """Rows of the tags."""
        pairs = [
            (self.side.material_facet, self.material[0]),
            ("circulation_methods", self.method.code),
        ]
        if self.side.kind is PostKind.OFFERING:
            pairs.append(("service_area", self.chance.choice(("全国", *PREFECTURES))))
        for facet, code in pairs:
            yield {"post_id": self.row["id"], "facet": facet, "code": code, "position": 0}

    def facts(self) -> dict[str, Any]:
        """What the ranking knows, as JSON."""
        row = self.row
        common = {
            "id": str(row["id"]),
            "title": row["title"],
            "description": row[self.side.text_field],
            "prefecture": row["prefecture"],
            "latitude": row["latitude"],
            "longitude": row["longitude"],
            "materials": [self.material[1]],
            "circulation_methods": [self.method.label],
        }
        if self.side.kind is PostKind.NEED:
            amount = float(row["quantity_low_tonnes_per_year"])
            return {**common, "quantity_low": amount, "quantity_high": amount}
        return {
            **common,
            "kind": row["kind"],
            "service_area": ["全国"],
            "capacity": float(row["capacity_tonnes_per_year"]),
        }


def _amounts(kind: PostKind, chance: random.Random) -> dict[str, Any]:
    tonnes = Decimal(chance.randrange(1, 5000))
    if kind is PostKind.NEED:
        return {
            "quantity_min": tonnes,
            "quantity_unit": "t",
            "quantity_period": "yearly",
            "quantity_low_tonnes_per_year": tonnes,
            "quantity_high_tonnes_per_year": tonnes,
        }
    return {
        "kind": chance.choice(OFFERING_KINDS).code,
        "capacity_tonnes_per_year": tonnes,
    }


def _entry(
    draft: _Draft, number: int, model_id: str, dimension: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    data = draft.facts()
    facts = from_json(draft.side.kind, data)
    hash_ = text_hash(facts)
    entry = {
        "post_id": draft.row["id"],
        "kind": draft.side.kind.value,
        "is_listed": True,
        "visibility": "public",
        "text_hash": hash_,
        "facts": data,
        "words": draft.row["search_text"].strip(),
    }
    vector = {
        "model_id": model_id,
        "text_hash": hash_,
        "dimension": dimension,
        "packed": _random_vectors(number, len(post_passages(facts)), dimension).to_bytes(),
        "created_at": draft.row["created_at"],
    }
    return entry, vector


def _random_vectors(number: int, passages: int, dimension: int) -> PostVectors:
    chance = np.random.default_rng(SEED + number)
    rows = chance.standard_normal((passages + 1, max(dimension, 1))).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return PostVectors(whole=rows[0], passages=rows[1:].astype(np.float16))
