"""The pair reader of one process: loaded by the worker at its first use, never by a page."""

from __future__ import annotations

import threading

import structlog
from flask import Flask, current_app

from config import Settings
from embeddings.encoder import BUNDLED_MODEL
from embeddings.pairwise.adapted import AdaptedPairReader
from embeddings.pairwise.choice import load_pair_reader, reader_id
from embeddings.pairwise.reader import PairReader, PairReaderUnavailable

READER_KEY = "matchmaker.matching.readings"
log = structlog.get_logger()


class ReaderOfProcess:
    """Knows the reader that the settings name. Every method may be called from several threads.

    Attributes:
        model_id: the reader's name; empty when the settings want none. Asking for it loads nothing.
        read_up_to: number of the newest index entry when last nothing was left to read.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._reader: PairReader | None = None
        self._tried = False
        self.model_id = reader_id(settings.pair_reader)
        self.read_up_to = -1

    @property
    def is_loaded(self) -> bool:
        """Whether the reader was loaded, or tried in vain."""
        return self._tried

    def loaded(self) -> PairReader | None:
        """The reader; None when there is none or it cannot be loaded."""
        with self._lock:
            if not self._tried and self.model_id:
                self._reader = self._load()
            self._tried = True
            return self._reader

    def to_measure(self) -> PairReader | None:
        """A reader to time: that of the settings, else the bundled encoder without training."""
        if self.model_id or self._settings.embedding_model != BUNDLED_MODEL:
            return self.loaded()
        try:
            return AdaptedPairReader(
                None,
                self._settings.resolved_model_dir(),
                threads=self._settings.encoder_threads,
            )
        except PairReaderUnavailable as error:
            log.exception("pair_reader_unavailable", error=str(error))
            return None

    def use(self, reader: PairReader) -> None:
        """Read with another reader than that of the settings."""
        with self._lock:
            self._reader, self._tried = reader, True
            self.model_id, self.read_up_to = reader.model_id, -1

    def _load(self) -> PairReader | None:
        try:
            return load_pair_reader(
                self._settings.pair_reader,
                models_folder=self._settings.resolved_model_dir(),
                threads=self._settings.encoder_threads,
            )
        except PairReaderUnavailable as error:
            # Rankings go without; the operator finds the reason here.
            log.exception("pair_reader_unavailable", error=str(error))
            return None


def reader_of(app: Flask) -> ReaderOfProcess:
    """The reader of an application."""
    reader: ReaderOfProcess = app.extensions[READER_KEY]
    return reader


def current_reader() -> ReaderOfProcess:
    """The reader of the running application."""
    return reader_of(current_app._get_current_object())  # type: ignore[attr-defined]
