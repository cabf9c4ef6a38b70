"""Hooks the pair reader into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.matching.readings.current import READER_KEY, ReaderOfProcess


def init_app(app: Flask, settings: Settings) -> None:
    """Name the reader of the settings; nothing is loaded yet."""
    app.extensions[READER_KEY] = ReaderOfProcess(settings)
