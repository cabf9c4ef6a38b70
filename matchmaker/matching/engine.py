"""The engine of one process: encoder, index and rules, always in step with the database.

Each process reads the entries whose ``seq`` it has not seen before it ranks, so that a post is
found (or gone) everywhere with the next request after it was saved. One small query tells whether
another encoder, another version of the ranking or another vocabulary serves by now. Rules are
exchanged at once; for another encoder the index is built aside while the old one goes on serving.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog
from flask import Flask, current_app, has_app_context
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from config import ROOT, Settings
from embeddings.encoder import Encoder, EncoderUnavailable, SentenceTransformerEncoder
from embeddings.geography import Geography, load_geography
from embeddings.indexes.shelf import IN_MEMORY_UP_TO
from embeddings.ranking import Rules
from embeddings.store import TwoSidedIndex
from matchmaker.core.db import db
from matchmaker.core.dialect import is_reading_only, reading_only
from matchmaker.matching.domain import RunState, VersionState
from matchmaker.matching.following import FollowedIndex
from matchmaker.matching.live import NO_ENCODER, live_encoder, serving_model
from matchmaker.matching.models import EmbeddingRun, IndexEntry, RankingVersion
from matchmaker.matching.terms.models import VocabularyConcept
from matchmaker.matching.terms.queries import current_thesaurus, shipped_thesaurus
from matchmaker.posts.domain import PostKind

ENGINE_KEY: Final = "matchmaker.matching"
GEOGRAPHY: Final = ROOT / "seeds" / "reference" / "prefecture_adjacency.yaml"
_LOOK_EVERY_S: Final = 1.0
_TRY_AGAIN_S: Final = 600.0
_TO_BE_ASKED: Final = "?"
_STEP: Final = "matchmaker.matching.step"
"""Where a session keeps the transaction in which it looked at the index last, and which index."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells that something else serves now: all values change with each change.

    Attributes:
        version: number of the live version of the ranking; None for the shipped one.
        run: the model of the change that went live last; None while there was none.
        thesaurus: sum of revisions and last change of the vocabulary, as its own stamp.
    """

    version: int | None = None
    run: str | None = None
    thesaurus: tuple[int, datetime | None] = (0, None)


class MatchingEngine:
    """Encoder, index and rules of one process. Every method may be called from several threads.

    Args:
        settings: which model, where it lies, how many threads, where saved indexes lie.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.RLock()
        self._encoder: Encoder | None = None
        self._encoder_tried = False
        self._model = ""
        self._followed: FollowedIndex | None = None
        self._signs = Signs()
        self._looked_at = 0.0
        self._building: threading.Thread | None = None
        self._not_before = 0.0
        self._rules: Rules | None = None
        self._saved_seq = 0
        self.failure = ""
        self.rules_failure = ""

    @property
    def encoder(self) -> Encoder | None:
        """The encoder that serves, loaded at first use; None when it cannot be had (then words
        decide)."""
        with self._lock:
            if not self._encoder_tried:
                with no_transaction_left():
                    self._model = self._wanted_model()
                self._encoder = self._load_encoder(self._model)
                self._encoder_tried = True
            elif has_app_context() and time.monotonic() - self._looked_at > _LOOK_EVERY_S:
                self._follow_if_there_is_a_database()
            return self._encoder

    @property
    def is_warm(self) -> bool:
        """Whether the encoder was loaded, or tried in vain."""
        return self._encoder_tried

    @property
    def words_only(self) -> bool:
        """Whether ranking goes by words alone because there is no encoder."""
        return self.encoder is None

    def index(self) -> TwoSidedIndex:
        """The index, in step with the database as the present transaction sees it.

        A page asks several times. A transaction that writes nothing is looked at once: what others
        commit meanwhile is for the next one.
        """
        with self._lock:
            followed = self._followed
            if followed is None or not self._is_in_step(followed):
                self._follow()
                followed = self._followed or self._begin()
                followed.catch_up()
                self._note_step(followed)
            return followed.index

    def rules(self) -> Rules:
        """How pairs are ranked now; as shipped where there is no database to ask."""
        with self._lock:
            self._follow_if_there_is_a_database()
            return self._rules or Rules(
                geography=geography(GEOGRAPHY), thesaurus=shipped_thesaurus()
            )

    def public_ids(self, kind: PostKind) -> Collection[str] | None:
        """Ids that everybody may see; None when that is all of them."""
        self.index()
        with self._lock:
            followed = self._followed
            if followed is None or not followed.hidden[kind]:
                return None
            return followed.side(kind).all_except(followed.hidden[kind])

    def save(self) -> list[Path]:
        """Write large sides to files, from which a process starts without reading every post.

        Returns:
            The files written; none while the sides are small or hardly anything has changed.

        Raises:
            OSError: they cannot be written; it is tried again the next time.
        """
        self.index()
        with self._lock:
            followed = self._followed
            if followed is None:
                return []
            changed = followed.last_seq - self._saved_seq
            size = len(followed.index.needs) + len(followed.index.offerings)
            if followed.is_saved(self._folder()) and changed < size / 50:
                return []
            written = followed.save(self._folder())
            self._saved_seq = followed.last_seq
            return written

    def wait(self) -> None:
        """Wait until an index that is built aside serves."""
        thread = self._building
        if thread is not None:
            thread.join()

    def _is_in_step(self, followed: FollowedIndex) -> bool:
        session = db.session()
        transaction, other = session.info.get(_STEP, (None, None))
        is_same = transaction is not None and transaction is session.get_transaction()
        return is_reading_only() and is_same and other is followed

    def _note_step(self, followed: FollowedIndex) -> None:
        session = db.session()
        session.info[_STEP] = (session.get_transaction(), followed)

    def _follow(self) -> None:
        """Look what serves now and take it up."""
        self._looked_at = time.monotonic()
        signs = _signs()
        if self._rules is None or replace(signs, run=None) != replace(self._signs, run=None):
            self._rules = self._read_rules()
            if self._followed is not None:
                self._followed.index.follow(self._rules)
        is_other = self._encoder_tried and signs.run != self._signs.run
        if is_other and not self._change_encoder():
            # Another index is being built, or could not be a while ago: look again later.
            signs = replace(signs, run=self._signs.run)
        self._signs = signs

    def _follow_if_there_is_a_database(self) -> None:
        try:
            with no_transaction_left():
                self._follow()
        except DBAPIError:
            # Commands that only measure run without tables.
            log.debug("nothing_to_follow")

    def _read_rules(self) -> Rules:
        serving = serving_model()
        self.rules_failure = serving.failure
        return Rules(
            geography=geography(GEOGRAPHY), model=serving.model, thesaurus=current_thesaurus()
        )

    def _begin(self) -> FollowedIndex:
        followed = FollowedIndex(self.encoder, self._rules or self._read_rules())
        if followed.load(self._folder()):
            self._saved_seq = followed.last_seq
        self._followed = followed
        return followed

    def _folder(self) -> Path:
        return self._settings.instance_dir / "index"

    def _wanted_model(self) -> str:
        if not has_app_context():
            return self._settings.embedding_model
        try:
            return live_encoder(self._settings)
        except DBAPIError:
            # A database without tables: commands that only measure need none.
            db.session.rollback()
            return self._settings.embedding_model

    def _load_encoder(self, model: str) -> Encoder | None:
        if model == NO_ENCODER:
            self.failure = "設定で止めています"
            return None
        started = time.perf_counter()
        try:
            encoder = SentenceTransformerEncoder(
                model,
                models_folder=self._settings.resolved_model_dir(),
                threads=self._settings.encoder_threads,
            )
        except EncoderUnavailable as error:
            self.failure = "モデルを読み込めません"
            log.exception("encoder_unavailable", error=str(error))
            return None
        log.info("encoder_loaded", seconds=round(time.perf_counter() - started, 1))
        return encoder

    def _change_encoder(self) -> bool:
        """Begin to build the index of another encoder, if one is wanted; False to be asked again.

        The old one serves until the new one is complete; vectors are stored by model, so that
        nothing is encoded here.
        """
        model = self._wanted_model()
        if model == self._model:
            return True
        is_building = self._building is not None and self._building.is_alive()
        if is_building or time.monotonic() < self._not_before:
            return False
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        self._building = threading.Thread(
            target=self._build_aside, args=(app, model), name="new-index", daemon=True
        )
        self._building.start()
        return True

    def _build_aside(self, app: Flask, model: str) -> None:
        with app.app_context(), reading_only():
            try:
                self._swap_to(model)
            except Exception:
                log.exception("new_index_failed", model=model)
                self._try_later()
            finally:
                db.session.remove()

    def _swap_to(self, model: str) -> None:
        encoder = self._load_encoder(model)
        if encoder is None and model != NO_ENCODER:
            self._try_later()
            return
        followed = FollowedIndex(encoder, self._rules or self._read_rules())
        if not followed.load(self._folder()):
            followed.catch_up()
        with self._lock:
            followed.index.follow(self._rules or self._read_rules())
            self._model, self._encoder, self._followed = model, encoder, followed
            self._saved_seq, self.failure = 0, "" if encoder else self.failure
        log.info("encoder_changed", model=model)

    def _try_later(self) -> None:
        with self._lock:
            self._not_before = time.monotonic() + _TRY_AGAIN_S
            self._signs = replace(self._signs, run=_TO_BE_ASKED)


@contextmanager
def no_transaction_left() -> Iterator[None]:
    """Read in here; where no transaction was under way, none is afterwards.

    Work that asks for the encoder and then computes for seconds would else hold the write lock.
    """
    session = db.session() if has_app_context() else None
    if session is None or session.in_transaction():
        yield
        return
    with reading_only():
        try:
            yield
        finally:
            session.rollback()


def _signs() -> Signs:
    """Read the signs in one query."""
    version = select(RankingVersion.number).where(RankingVersion.state == VersionState.LIVE)
    run = select(EmbeddingRun.model_id).where(EmbeddingRun.state == RunState.LIVE)
    row = db.session.execute(
        select(
            version.scalar_subquery(),
            run.scalar_subquery(),
            func.sum(VocabularyConcept.revision),
            func.max(VocabularyConcept.changed_at),
        )
    ).one()
    return Signs(version=row[0], run=row[1], thesaurus=(int(row[2] or 0), row[3]))


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


def save_index(_now: datetime) -> int:
    """Write what is large to files, as work of the worker; returns how many were written.

    Counted first, so that a worker of a small service does not load an index for nothing.
    """
    listed = select(func.count()).where(IndexEntry.is_listed).group_by(IndexEntry.kind)
    with reading_only():
        largest = max(db.session.scalars(listed).all(), default=0)
        if largest <= IN_MEMORY_UP_TO:
            return 0
        return len(current_engine().save())


def current_engine() -> MatchingEngine:
    """The engine of the running application."""
    return engine_of(current_app._get_current_object())  # type: ignore[attr-defined]
