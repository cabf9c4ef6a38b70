"""Hooks introductions into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.partnering.introductions.matches import setup as matches
from matchmaker.partnering.introductions.post_questions import setup as post_questions


def init_app(app: Flask, settings: Settings) -> None:
    """Register what this part brings."""
    matches.init_app(app, settings)
    post_questions.init_app(app, settings)
