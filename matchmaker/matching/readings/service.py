"""Reads the best partners of posts that were saved or changed, in the worker.

What is left to do follows from the tables themselves: a listed entry whose partners were looked for
at an earlier number, or by another reader. So a process that dies loses at most the pairs it was
just reading, nothing has to be asked for after a change of the reader, and pages have no part in
it. Reading takes place outside of any write transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import and_, case, delete, func, insert, or_, select, update

from embeddings.facts import NeedFacts, OfferingFacts
from embeddings.pairwise.reader import PairReader, TextPair, pair_text
from embeddings.store import TwoSidedIndex
from matchmaker.core.db import db
from matchmaker.core.dialect import insert_or_skip, reading_only
from matchmaker.matching.engine import MatchingEngine
from matchmaker.matching.facts import from_json
from matchmaker.matching.models import IndexEntry
from matchmaker.matching.readings.current import ReaderOfProcess
from matchmaker.matching.readings.models import PairReading, PartnersRead
from matchmaker.posts.domain import PostKind

PARTNERS = 50
CHUNK = 10
"""Pairs read between two commits: what a process that dies has to do again."""
MOST_ATTEMPTS = 5
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A post whose partners are to be read, as its entry was when it was found."""

    post_id: uuid.UUID
    kind: PostKind
    seq: int
    is_listed: bool


@dataclass(frozen=True, slots=True)
class _Unread:
    """A pair without a reading of its present texts."""

    need: IndexEntry
    offering: IndexEntry

    def texts(self) -> TextPair:
        return _text(self.need), _text(self.offering)


def read_waiting(
    reader: ReaderOfProcess, engine: MatchingEngine, now: datetime, *, limit: int
) -> int:
    """Read the partners of the posts that wait longest; commits by itself.

    Args:
        limit: at most so many posts.

    Returns:
        How many posts were done, those that failed included.
    """
    if not reader.model_id:
        return 0
    newest = newest_entry()
    if newest == reader.read_up_to:
        return 0
    posts = waiting_posts(reader.model_id, limit)
    db.session.rollback()
    loaded = reader.loaded() if posts else None
    if not posts:
        reader.read_up_to = newest
    if loaded is None:
        return 0
    for post in posts:
        _read_or_note(loaded, engine, post, now)
    return len(posts)


def newest_entry() -> int:
    """The number of the newest index entry; 0 without any. Read from an index, in no time."""
    with reading_only():
        return db.session.scalar(select(func.max(IndexEntry.seq))) or 0


def waiting_posts(model_id: str, limit: int) -> list[Waiting]:
    """Posts whose partners were not read since they changed, those that changed first first."""
    mark = PartnersRead
    is_behind = or_(mark.seq < IndexEntry.seq, mark.model_id != model_id)
    query = (
        select(IndexEntry.post_id, IndexEntry.kind, IndexEntry.seq, IndexEntry.is_listed)
        .outerjoin(mark, mark.post_id == IndexEntry.post_id)
        .where(
            or_(
                and_(IndexEntry.is_listed, mark.post_id.is_(None)),
                is_behind,
                and_(mark.attempts > 0, mark.attempts < MOST_ATTEMPTS),
            )
        )
        .order_by(IndexEntry.seq)
        .limit(limit)
    )
    with reading_only():
        rows = db.session.execute(query).all()
    return [Waiting(id_, PostKind(kind), seq, listed) for id_, kind, seq, listed in rows]


def _read_or_note(reader: PairReader, engine: MatchingEngine, post: Waiting, now: datetime) -> None:
    try:
        read_partners(reader, engine, post, now)
    except Exception:
        db.session.rollback()
        log.exception("pair_reading_failed", post_id=str(post.post_id))
        _mark(post, reader.model_id, now, failed=True)
        db.session.commit()


def read_partners(reader: PairReader, engine: MatchingEngine, post: Waiting, now: datetime) -> int:
    """Read a post with its best partners, where texts or reader changed; commits by itself.

    Returns:
        How many pairs were read.
    """
    with reading_only():
        unread = _unread(engine.index(), post, reader.model_id) if post.is_listed else []
        db.session.expunge_all()
        db.session.rollback()
    for start in range(0, len(unread), CHUNK):
        chunk = unread[start : start + CHUNK]
        scores = reader.read([pair.texts() for pair in chunk])
        for pair, score in zip(chunk, scores.tolist(), strict=True):
            _store(pair, reader.model_id, score, now)
        db.session.commit()
    _drop_outdated(post, reader.model_id)
    _mark(post, reader.model_id, now)
    db.session.commit()
    return len(unread)


def _unread(index: TwoSidedIndex, post: Waiting, model_id: str) -> list[_Unread]:
    partners = _best_partners(index, post)
    entries = {
        entry.post_id: entry
        for entry in db.session.scalars(
            select(IndexEntry).where(IndexEntry.post_id.in_([post.post_id, *partners]))
        )
    }
    own = entries.get(post.post_id)
    if own is None:
        return []
    others = [entries[id_] for id_ in partners if id_ in entries]
    is_need = post.kind is PostKind.NEED
    pairs = [_Unread(own, other) if is_need else _Unread(other, own) for other in others]
    stored = set(_stored(post, model_id))
    return [pair for pair in pairs if _key(pair.need, pair.offering) not in stored]


def _best_partners(index: TwoSidedIndex, post: Waiting) -> list[uuid.UUID]:
    side: Any = index.needs if post.kind is PostKind.NEED else index.offerings
    own = side.get(str(post.post_id))
    if own is None:
        return []
    rank: Any = index.offerings_for if post.kind is PostKind.NEED else index.needs_for
    return [uuid.UUID(place.id) for place in rank(own, top_k=PARTNERS)]


def _stored(post: Waiting, model_id: str) -> Iterator[tuple[uuid.UUID, uuid.UUID, str, str]]:
    row = PairReading
    query = select(row.need_id, row.offering_id, row.need_hash, row.offering_hash).where(
        _own(post) == post.post_id, row.model_id == model_id
    )
    for found in db.session.execute(query):
        yield found[0], found[1], found[2], found[3]


def _key(need: IndexEntry, offering: IndexEntry) -> tuple[uuid.UUID, uuid.UUID, str, str]:
    return need.post_id, offering.post_id, need.text_hash, offering.text_hash


def _store(pair: _Unread, model_id: str, score: float, now: datetime) -> None:
    """Write a reading; one of the same pair by another process at the same time is replaced."""
    values = {
        "model_id": model_id,
        "need_hash": pair.need.text_hash,
        "offering_hash": pair.offering.text_hash,
        "score": score,
        "at": now,
    }
    ids = {"need_id": pair.need.post_id, "offering_id": pair.offering.post_id}
    row = insert(PairReading).values(**ids, **values)
    if insert_or_skip(db.session(), row, ["need_id", "offering_id"]) == 0:
        db.session.execute(update(PairReading).filter_by(**ids).values(**values))


def _drop_outdated(post: Waiting, model_id: str) -> None:
    """Take away readings of a post that is hidden, of its earlier text and by another reader."""
    row = PairReading
    own_hash = row.need_hash if post.kind is PostKind.NEED else row.offering_hash
    present = select(IndexEntry.text_hash).where(IndexEntry.post_id == post.post_id)
    outdated = or_(row.model_id != model_id, own_hash.not_in(present))
    query = delete(row).where(_own(post) == post.post_id)
    db.session.execute(query.where(outdated) if post.is_listed else query)


def _mark(post: Waiting, model_id: str, now: datetime, *, failed: bool = False) -> None:
    """Note that a post is done (or failed) as of its entry's number; never go back."""
    row = PartnersRead
    values = {"seq": post.seq, "model_id": model_id, "at": now}
    first = insert(row).values(post_id=post.post_id, attempts=int(failed), **values)
    if insert_or_skip(db.session(), first, ["post_id"]):
        return
    # The attempts count from the change on: a changed post gets as many as a new one.
    is_same = and_(row.seq == post.seq, row.model_id == model_id)
    attempts = case((is_same, row.attempts + 1), else_=1) if failed else 0
    query = update(row).where(row.post_id == post.post_id, row.seq <= post.seq)
    db.session.execute(query.values(attempts=attempts, **values))


def _own(post: Waiting) -> Any:
    return PairReading.need_id if post.kind is PostKind.NEED else PairReading.offering_id


def _text(entry: IndexEntry) -> str:
    facts: NeedFacts | OfferingFacts = from_json(PostKind(entry.kind), entry.facts)
    return pair_text(facts)


def waiting_count(model_id: str) -> int:
    """How many posts wait, for the worker's progress."""
    mark = PartnersRead
    query = (
        select(func.count())
        .select_from(IndexEntry)
        .outerjoin(
            mark,
            and_(
                mark.post_id == IndexEntry.post_id,
                mark.model_id == model_id,
                mark.seq >= IndexEntry.seq,
            ),
        )
        .where(IndexEntry.is_listed, mark.post_id.is_(None))
    )
    with reading_only():
        return db.session.scalar(query) or 0
