"""Hooks consortia into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.notifications.registry import register_check
from matchmaker.partnering.consortia import queries
from matchmaker.partnering.consortia.events import SUBJECT_KIND


def init_app(_app: Flask, _settings: Settings) -> None:
    """Register what this part brings."""
    register_check(SUBJECT_KIND, queries.still_receives)
