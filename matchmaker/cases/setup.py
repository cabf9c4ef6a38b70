"""Hooks the case library into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.cases import views
from matchmaker.cases.evidence import similar_documented_cases
from matchmaker.cases.post_section import similar_cases_section
from matchmaker.matching.extensions import add_evidence
from matchmaker.posts.extensions import PostSection, add_post_section


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages, and show similar cases on the pages of posts and on cards."""
    app.register_blueprint(views.blueprint)
    add_post_section(app, PostSection("cases/_similar.html", similar_cases_section))
    add_evidence(app, similar_documented_cases)
