"""The home page's figures and example, made at most once a minute in each process."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from matchmaker.matching.engine import MatchingEngine
from matchmaker.pages.example import Example, find_example
from matchmaker.pages.queries import LiveFigures, live_figures

KEY = "matchmaker.figures"
KEPT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """What the home page shows to everybody alike."""

    figures: LiveFigures
    example: Example | None


class KeptFacts:
    """The last facts and when they were made. May be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._facts: HomeFacts | None = None
        self._made_at = 0.0

    def get(self, engine: MatchingEngine) -> HomeFacts:
        """Facts that are at most a minute old."""
        with self._lock:
            is_old = time.monotonic() - self._made_at > KEPT_SECONDS
            if self._facts is None or is_old:
                self._facts = HomeFacts(live_figures(), find_example(engine))
                self._made_at = time.monotonic()
            return self._facts

    def forget(self) -> None:
        """Make them anew next time."""
        with self._lock:
            self._facts = None


def home_facts(engine: MatchingEngine) -> HomeFacts:
    """The facts of the running application."""
    return cast(KeptFacts, current_app.extensions[KEY]).get(engine)


def init_app(app: Flask) -> None:
    """Keep the facts for each application."""
    app.extensions[KEY] = KeptFacts()
