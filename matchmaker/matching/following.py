"""An index that follows the entries in the database, with its posts fetched from there."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import Row, Select, and_, select

from embeddings.encoder import Encoder
from embeddings.indexes.saved import IndexMismatch
from embeddings.posts import IndexedPost, PostVectors, index_post
from embeddings.ranking import Rules
from embeddings.store import RankingIndex, TwoSidedIndex
from matchmaker.core.db import db
from matchmaker.matching.facts import from_json
from matchmaker.matching.models import IndexEntry, PostVector
from matchmaker.posts.domain import PostKind

OVERLAP: Final = 200
"""Sequence numbers read again each time: on PostgreSQL a lower one may be committed later."""
CHUNK: Final = 2000
log = structlog.get_logger()


class StoredPosts:
    """Fetches listed posts of one kind from their entries, in one query.

    Args:
        kind: needs or offerings.
        encoder: whose vectors they carry; None for none.
    """

    def __init__(self, kind: PostKind, encoder: Encoder | None) -> None:
        self._kind, self._encoder = kind, encoder

    def get_many(self, ids: Sequence[str]) -> dict[str, IndexedPost[Any]]:
        """The posts of some ids."""
        query = entries_with_vectors(self._encoder).where(
            IndexEntry.post_id.in_([uuid.UUID(id) for id in ids]),
            IndexEntry.kind == self._kind.value,
            IndexEntry.is_listed,
        )
        rows = db.session.execute(query)
        return {str(row.post_id): indexed(row, self._encoder) for row in rows}


def entries_with_vectors(encoder: Encoder | None) -> Select[Any]:
    """Everything of entries that ranking needs, with the vectors of a model."""
    model_id = encoder.model_id if encoder else ""
    return select(
        IndexEntry.post_id, IndexEntry.kind, IndexEntry.seq, IndexEntry.is_listed,
        IndexEntry.visibility, IndexEntry.facts, IndexEntry.words, PostVector.packed,
    ).outerjoin(
        PostVector,
        and_(PostVector.text_hash == IndexEntry.text_hash, PostVector.model_id == model_id),
    )  # fmt: skip


def indexed(row: Row[Any], encoder: Encoder | None) -> IndexedPost[Any]:
    """A post from a row of :func:`entries_with_vectors`, its stored words used."""
    facts = from_json(PostKind(row.kind), row.facts)
    vectors = None
    if row.packed is not None and encoder is not None:
        vectors = PostVectors.from_bytes(row.packed, encoder.dimension)
    return index_post(facts, vectors, row.words.split())


class FollowedIndex:
    """One index and how far it has followed the database.

    Not safe to be called from several threads at once, but the index itself is.

    Args:
        encoder: whose vectors are read; None to rank by words alone.
        rules: how to rank.

    Attributes:
        index: the index.
        hidden: listed posts that not everybody may see, by kind.
        last_seq: the largest number of an entry that was read.
    """

    def __init__(self, encoder: Encoder | None, rules: Rules) -> None:
        self.encoder = encoder
        self.index = TwoSidedIndex(
            encoder,
            rules=rules,
            needs_source=StoredPosts(PostKind.NEED, encoder),
            offerings_source=StoredPosts(PostKind.OFFERING, encoder),
        )
        self.hidden: dict[PostKind, set[str]] = {kind: set() for kind in PostKind}
        self.last_seq = 0
        self._seen: dict[uuid.UUID, int] = {}

    def side(self, kind: PostKind) -> RankingIndex[Any]:
        """Needs or offerings."""
        return self.index.needs if kind is PostKind.NEED else self.index.offerings

    def catch_up(self) -> int:
        """Read what changed since, as the present transaction sees it; returns how many."""
        changed = self._changed()
        for start in range(0, len(changed), CHUNK):
            self._read(changed[start : start + CHUNK])
        if len(self._seen) > 10 * OVERLAP:
            oldest = self.last_seq - OVERLAP
            self._seen = {id: seq for id, seq in self._seen.items() if seq > oldest}
        return len(changed)

    def load(self, folder: Path) -> bool:
        """Take up saved indexes of those sides that have one and bring them into agreement with the
        database, entry by entry.

        Returns:
            Whether there was any. One that does not fit is left aside and told in the log.
        """
        loaded = [kind for kind in PostKind if self._load_side(kind, folder)]
        if loaded:
            self._reconcile()
        return bool(loaded)

    def save(self, folder: Path) -> list[Path]:
        """Write the sides that are too large to be kept in memory; other models' files go."""
        written = []
        for kind in PostKind:
            side, path = self.side(kind), self._path(kind, folder)
            if side.is_in_memory:
                continue
            side.save(path, {"kind": kind.value})
            written.append(path)
            for other in folder.glob(f"{kind.value}-*.index"):
                if other != path:
                    other.unlink(missing_ok=True)
        return written

    def is_saved(self, folder: Path) -> bool:
        """Whether every side that should be in a file is in one."""
        return all(
            self.side(kind).is_in_memory or self._path(kind, folder).exists() for kind in PostKind
        )

    def _path(self, kind: PostKind, folder: Path) -> Path:
        model_id = self.encoder.model_id if self.encoder else ""
        digest = hashlib.sha256(model_id.encode()).hexdigest()[:12]
        return folder / f"{kind.value}-{digest}.index"

    def _load_side(self, kind: PostKind, folder: Path) -> bool:
        path = self._path(kind, folder)
        try:
            if not path.exists():
                return False
            self.side(kind).load(path, {"kind": kind.value})
        except (IndexMismatch, OSError) as error:
            log.warning("saved_index_refused", kind=kind.value, reason=str(error))
            return False
        return True

    def _reconcile(self) -> None:
        """Compare every entry with what was loaded; read those that differ."""
        stamps = {kind: self.side(kind).stamps() for kind in PostKind}
        differing: list[uuid.UUID] = []
        for row in self._all_entries():
            kind = PostKind(row.kind)
            stamp = stamps[kind].pop(str(row.post_id), None)
            if stamp != (row.seq if row.is_listed else None):
                differing.append(row.post_id)
            self._note(kind, row)
        for kind, left in stamps.items():
            self.side(kind).remove(list(left))
        for start in range(0, len(differing), CHUNK):
            self._read(differing[start : start + CHUNK])

    def _all_entries(self) -> Iterator[Row[Any]]:
        query = select(
            IndexEntry.post_id, IndexEntry.kind, IndexEntry.seq, IndexEntry.is_listed,
            IndexEntry.visibility,
        ).order_by(IndexEntry.seq)  # fmt: skip
        yield from db.session.execute(query.execution_options(yield_per=CHUNK))

    def _changed(self) -> list[uuid.UUID]:
        rows = db.session.execute(
            select(IndexEntry.post_id, IndexEntry.seq)
            .where(IndexEntry.seq > max(0, self.last_seq - OVERLAP))
            .order_by(IndexEntry.seq)
        )
        return [post_id for post_id, seq in rows if self._seen.get(post_id) != seq]

    def _read(self, post_ids: Sequence[uuid.UUID]) -> None:
        query = entries_with_vectors(self.encoder).where(IndexEntry.post_id.in_(post_ids))
        rows = db.session.execute(query.order_by(IndexEntry.seq)).all()
        for kind in PostKind:
            self._apply(kind, [row for row in rows if row.kind == kind.value])

    def _apply(self, kind: PostKind, rows: Sequence[Row[Any]]) -> None:
        if not rows:
            return
        side = self.side(kind)
        side.remove([str(row.post_id) for row in rows if not row.is_listed])
        listed = [row for row in rows if row.is_listed]
        stamps = {str(row.post_id): row.seq for row in listed}
        side.upsert([indexed(row, self.encoder) for row in listed], stamps)
        for row in rows:
            self._note(kind, row)

    def _note(self, kind: PostKind, row: Row[Any]) -> None:
        """Remember that an entry was read, and whether it is hidden."""
        self.last_seq = max(self.last_seq, row.seq)
        if row.seq > self.last_seq - OVERLAP:
            self._seen[row.post_id] = row.seq
        hidden = row.is_listed and row.visibility != "public"
        (self.hidden[kind].add if hidden else self.hidden[kind].discard)(str(row.post_id))
