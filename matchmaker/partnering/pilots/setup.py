"""Hooks pilots into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.partnering.pilots import queries  # noqa: F401  the tables must be known


def init_app(_app: Flask, _settings: Settings) -> None:
    """Register what this part brings."""
