"""Hooks the help for writing into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.matching.writing.models import DismissedSuggestion

TABLES = (DismissedSuggestion,)


def init_app(_app: Flask, _settings: Settings) -> None:
    """Make the tables known."""
