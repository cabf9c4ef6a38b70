"""Hooks what needs and offerings share into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.posts.web import template_words


def init_app(app: Flask, settings: Settings) -> None:
    """Give templates their words."""
    template_words.init_app(app)
