"""Hooks surveys into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.notifications.registry import register_check
from matchmaker.surveys import consequences


def init_app(app: Flask, _settings: Settings) -> None:
    """Say who still gets mail about a survey."""
    register_check(consequences.SUBJECT, consequences.is_still_asked)
