"""Hooks meetings into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.working_groups.meetings import models as models


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages."""
