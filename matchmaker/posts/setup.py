"""Hooks what needs and offerings share into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.posts.attachments import setup as attachments
from matchmaker.posts.web import template_words


def init_app(app: Flask, settings: Settings) -> None:
    """Give templates their words, and hook in the files of posts."""
    template_words.init_app(app)
    attachments.init_app(app, settings)
