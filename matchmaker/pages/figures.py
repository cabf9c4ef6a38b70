"""The home page's figures, counted at most once a minute in each process."""

from __future__ import annotations

import threading
import time
from typing import cast

from flask import Flask, current_app

from matchmaker.pages.queries import LiveFigures, live_figures

KEY = "matchmaker.figures"
KEPT_SECONDS = 60.0


class KeptFigures:
    """The last count and when it was made. May be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._figures: LiveFigures | None = None
        self._counted_at = 0.0

    def get(self) -> LiveFigures:
        """Figures that are at most a minute old."""
        with self._lock:
            is_old = time.monotonic() - self._counted_at > KEPT_SECONDS
            if self._figures is None or is_old:
                self._figures = live_figures()
                self._counted_at = time.monotonic()
            return self._figures

    def forget(self) -> None:
        """Count anew next time."""
        with self._lock:
            self._figures = None


def kept_figures() -> LiveFigures:
    """The figures of the running application."""
    return cast(KeptFigures, current_app.extensions[KEY]).get()


def init_app(app: Flask) -> None:
    """Keep one count for each application."""
    app.extensions[KEY] = KeptFigures()
