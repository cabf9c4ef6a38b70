"""The ledger as judged sets: what people said of stored pairs, ready for fitting and measuring."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from embeddings.bench_folder import BenchFolder
from embeddings.facts import NeedFacts, OfferingFacts
from embeddings.learning.judged import JudgedSet
from embeddings.posts import IndexedPost, PostVectors, index_post
from embeddings.reading.reader import with_readings
from matchmaker.core.db import db
from matchmaker.matching.facts import from_json
from matchmaker.matching.ledger import queries as ledger
from matchmaker.matching.ledger.domain import LedgerEntry
from matchmaker.matching.models import IndexEntry, PostVector
from matchmaker.matching.releases.domain import HELD_OUT_EVERY, LEDGER_SET
from matchmaker.matching.releases.workshop import Workshop
from matchmaker.posts.domain import PostKind

NEEDS_IN_A_SET = 50
"""A set's table holds all its pairs, so the ledger is read in parts."""
MOST_WEIGHT = 2.0
"""Many answers to one pair are one pair: together they count at most as two careful judgements."""
GRADES = range(4)
Pair = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What all answers to a pair come to.

    Attributes:
        grade: mean of the grades by weight, rounded down at the half.
        weight: sum of the weights, at most :data:`MOST_WEIGHT`.
    """

    grade: int
    weight: float


def opinions(entries: Iterable[LedgerEntry]) -> dict[Pair, Opinion]:
    """One opinion a pair; entries from which nothing follows are left out."""
    said: dict[Pair, list[tuple[int, float]]] = {}
    for entry in entries:
        if entry.grade is not None and entry.weight > 0:
            pair = entry.need_id, entry.offering_id
            said.setdefault(pair, []).append((entry.grade, entry.weight))
    return {pair: _joined(each) for pair, each in said.items()}


def _joined(said: Sequence[tuple[int, float]]) -> Opinion:
    weight = sum(each for _, each in said)
    mean = sum(grade * each for grade, each in said) / weight
    grade = min(GRADES, key=lambda step: (abs(step - mean), step))
    return Opinion(grade, min(MOST_WEIGHT, weight))


def is_held_out(need_id: uuid.UUID) -> bool:
    """Whether a need is kept out of training; always the same ones, whoever trains."""
    return hashlib.sha256(need_id.bytes).digest()[0] % HELD_OUT_EVERY == 0


def ledger_sets(workshop: Workshop) -> tuple[list[JudgedSet], list[JudgedSet]]:
    """The ledger in parts of at most 50 needs: those to learn from, and those held out.

    Pairs whose posts have no entry in the index are left out; posts that were closed count.
    """
    found = opinions(ledger.entries())
    chosen: tuple[Callable[[uuid.UUID], bool], ...] = (
        lambda need_id: not is_held_out(need_id),
        is_held_out,
    )
    return tuple(  # type: ignore[return-value]
        list(_sets({p: o for p, o in found.items() if wanted(p[0])}, workshop)) for wanted in chosen
    )


def _sets(found: Mapping[Pair, Opinion], workshop: Workshop) -> Iterator[JudgedSet]:
    needs = sorted({need_id for need_id, _ in found})
    for start in range(0, len(needs), NEEDS_IN_A_SET):
        wanted = set(needs[start : start + NEEDS_IN_A_SET])
        part = {pair: opinion for pair, opinion in found.items() if pair[0] in wanted}
        made = _set(f"{LEDGER_SET}-{start // NEEDS_IN_A_SET + 1}", part, workshop)
        if made.needs and made.offerings:
            yield made


def _set(name: str, found: Mapping[Pair, Opinion], workshop: Workshop) -> JudgedSet:
    needs: list[IndexedPost[NeedFacts]] = _posts(PostKind.NEED, {p[0] for p in found}, workshop)
    offerings: list[IndexedPost[OfferingFacts]] = _posts(
        PostKind.OFFERING, {p[1] for p in found}, workshop
    )
    known = {post.facts.id for post in (*needs, *offerings)}
    judgements: dict[str, dict[str, int]] = {}
    weights: dict[tuple[str, str], float] = {}
    for (need_id, offering_id), opinion in sorted(found.items()):
        pair = str(need_id), str(offering_id)
        if known.issuperset(pair):
            judgements.setdefault(pair[0], {})[pair[1]] = opinion.grade
            weights[pair] = opinion.weight
    folder = BenchFolder(
        tuple(post.facts for post in needs), tuple(post.facts for post in offerings), judgements
    )
    return JudgedSet(
        name, folder, tuple(needs), tuple(offerings), weights=weights, is_complete=False
    )


def _posts(kind: PostKind, ids: set[uuid.UUID], workshop: Workshop) -> list[Any]:
    """Posts of the index, by id, with the vectors of the workshop's encoder where there are any."""
    query = (
        select(IndexEntry, PostVector.packed)
        .outerjoin(
            PostVector,
            and_(
                PostVector.text_hash == IndexEntry.text_hash,
                PostVector.model_id == workshop.encoder.model_id,
            ),
        )
        .where(IndexEntry.post_id.in_(ids), IndexEntry.kind == kind.value)
        .order_by(IndexEntry.post_id)
    )
    return [
        _indexed(kind, entry, packed, workshop)
        for entry, packed in db.session.execute(query)
        if entry.facts
    ]


def _indexed(
    kind: PostKind, entry: IndexEntry, packed: bytes | None, workshop: Workshop
) -> IndexedPost[Any]:
    facts = from_json(kind, entry.facts)
    if facts.readings is None:
        facts = with_readings(facts, workshop.rules.thesaurus)
    vectors = PostVectors.from_bytes(packed, workshop.encoder.dimension) if packed else None
    return index_post(facts, vectors, entry.words.split())


def pairs_in(sets: Iterable[JudgedSet]) -> int:
    """How many judged pairs sets hold."""
    return sum(len(grades) for each in sets for grades in each.folder.judgements.values())
