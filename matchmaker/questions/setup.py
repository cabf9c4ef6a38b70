"""Hooks questions into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.questions import models as models


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages."""
