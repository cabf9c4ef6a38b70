"""The index of one process: loaded once, then kept in step by what changed in the database.

Each process reads the entries whose ``seq`` it has not seen before it ranks, so that a post is
found (or gone) everywhere with the next request after it was saved.
"""

from __future__ import annotations

import threading
import time
import uuid
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import and_, select

from config import ROOT, Settings
from embeddings.encoder import Encoder, EncoderUnavailable, SentenceTransformerEncoder
from embeddings.geography import Geography, load_geography
from embeddings.posts import IndexedPost, PostVectors
from embeddings.ranking import Rules
from embeddings.store import RankingIndex, TwoSidedIndex
from embeddings.text import post_passages
from matchmaker.core.db import db
from matchmaker.matching.facts import from_json
from matchmaker.matching.models import IndexEntry, PostVector
from matchmaker.posts.domain import PostKind

ENGINE_KEY = "matchmaker.matching"
GEOGRAPHY = ROOT / "seeds" / "reference" / "prefecture_adjacency.yaml"
OVERLAP = 200
"""Sequence numbers read again each time: on PostgreSQL a lower one may be committed later."""
CHUNK = 2000
NO_ENCODER = "none"
log = structlog.get_logger()


class MatchingEngine:
    """Encoder and index of one process. Every method may be called from several threads.

    Args:
        settings: which model, where it lies, how many threads.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.RLock()
        self._encoder: Encoder | None = None
        self._encoder_tried = False
        self._index: TwoSidedIndex | None = None
        self._seen: dict[uuid.UUID, int] = {}
        self._last_seq = 0
        self._restricted: dict[PostKind, set[str]] = {kind: set() for kind in PostKind}
        self.failure = ""

    @property
    def encoder(self) -> Encoder | None:
        """The encoder, loaded at first use; None when it cannot be had (then words decide)."""
        with self._lock:
            if not self._encoder_tried:
                self._encoder = self._load_encoder()
                self._encoder_tried = True
            return self._encoder

    @property
    def is_warm(self) -> bool:
        """Whether the encoder was loaded, or tried in vain."""
        return self._encoder_tried

    def _load_encoder(self) -> Encoder | None:
        if self._settings.embedding_model == NO_ENCODER:
            self.failure = "設定で止めています"
            return None
        started = time.perf_counter()
        try:
            encoder = SentenceTransformerEncoder(
                self._settings.embedding_model,
                models_folder=self._settings.resolved_model_dir(),
                threads=self._settings.encoder_threads,
            )
        except EncoderUnavailable as error:
            self.failure = "モデルを読み込めません"
            log.exception("encoder_unavailable", error=str(error))
            return None
        log.info("encoder_loaded", seconds=round(time.perf_counter() - started, 1))
        return encoder

    @property
    def words_only(self) -> bool:
        """Whether ranking goes by words alone because there is no encoder."""
        return self.encoder is None

    def index(self) -> TwoSidedIndex:
        """The index, in step with the database as the present transaction sees it."""
        with self._lock:
            if self._index is None:
                rules = Rules(geography=geography(GEOGRAPHY))
                self._index = TwoSidedIndex(self.encoder, rules=rules)
            self._sync(self._index)
            return self._index

    def _sync(self, index: TwoSidedIndex) -> None:
        for chunk in self._changed():
            for kind, side in ((PostKind.NEED, index.needs), (PostKind.OFFERING, index.offerings)):
                rows = [row for row in chunk if row[0].kind == kind.value]
                if rows:
                    self._apply(kind, side, rows)
            for entry, _packed in chunk:
                self._seen[entry.post_id] = entry.seq
                self._last_seq = max(self._last_seq, entry.seq)

    def _changed(self) -> list[list[tuple[IndexEntry, bytes | None]]]:
        """Entries not yet seen, with their vectors, in chunks."""
        rows = db.session.execute(
            select(IndexEntry.post_id, IndexEntry.seq)
            .where(IndexEntry.seq > max(0, self._last_seq - OVERLAP))
            .order_by(IndexEntry.seq)
        ).all()
        fresh = [post_id for post_id, seq in rows if self._seen.get(post_id) != seq]
        return [self._load(fresh[i : i + CHUNK]) for i in range(0, len(fresh), CHUNK)]

    def _load(self, post_ids: list[uuid.UUID]) -> list[tuple[IndexEntry, bytes | None]]:
        model_id = self._encoder.model_id if self._encoder else ""
        query = (
            select(IndexEntry, PostVector.packed)
            .outerjoin(
                PostVector,
                and_(
                    PostVector.text_hash == IndexEntry.text_hash,
                    PostVector.model_id == model_id,
                ),
            )
            .where(IndexEntry.post_id.in_(post_ids))
            .order_by(IndexEntry.seq)
            .execution_options(populate_existing=True)
        )
        return [(entry, packed) for entry, packed in db.session.execute(query)]

    def _apply(
        self, kind: PostKind, side: RankingIndex[Any], rows: list[tuple[IndexEntry, bytes | None]]
    ) -> None:
        side.remove([str(entry.post_id) for entry, _ in rows if not entry.is_listed])
        side.upsert([self._indexed(kind, e, packed) for e, packed in rows if e.is_listed])
        for entry, _packed in rows:
            hidden = entry.is_listed and entry.visibility != "public"
            (self._restricted[kind].add if hidden else self._restricted[kind].discard)(
                str(entry.post_id)
            )

    def _indexed(self, kind: PostKind, entry: IndexEntry, packed: bytes | None) -> IndexedPost[Any]:
        facts = from_json(kind, entry.facts)
        passages = post_passages(facts)
        vectors = None
        if packed is not None and self._encoder is not None:
            vectors = PostVectors.from_bytes(packed, self._encoder.dimension)
            if len(vectors.passages) != len(passages):
                vectors = None
        return IndexedPost(facts, tuple(entry.words.split()), passages, vectors)

    def public_ids(self, kind: PostKind) -> set[str] | None:
        """Ids that everybody may see; None when that is all of them."""
        index = self.index()
        side: RankingIndex[Any] = index.needs if kind is PostKind.NEED else index.offerings
        with self._lock:
            restricted = set(self._restricted[kind])
        return side.ids() - restricted if restricted else None


_geographies: dict[Path, Geography] = {}


def geography(path: Path) -> Geography:
    """The map of prefectures, read once."""
    if path not in _geographies:
        _geographies[path] = load_geography(path)
    return _geographies[path]


def engine_of(app: Flask) -> MatchingEngine:
    """The engine of an application."""
    engine: MatchingEngine = app.extensions[ENGINE_KEY]
    return engine


def current_engine() -> MatchingEngine:
    """The engine of the running application."""
    return engine_of(current_app._get_current_object())  # type: ignore[attr-defined]
