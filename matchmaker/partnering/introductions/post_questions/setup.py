"""Hooks this part into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.partnering.introductions.post_questions import models  # noqa: F401


def init_app(_app: Flask, _settings: Settings) -> None:
    """Register what this part brings."""
