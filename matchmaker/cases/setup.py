"""Hooks the case library into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.cases import views
from matchmaker.cases.post_section import similar_cases_section
from matchmaker.posts.extensions import PostSection, add_post_section


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages, and show similar cases on the pages of posts."""
    app.register_blueprint(views.blueprint)
    add_post_section(app, PostSection("cases/_similar.html", similar_cases_section))
