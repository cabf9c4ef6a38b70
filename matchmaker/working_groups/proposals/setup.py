"""Hooks proposals into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.matching.extensions import add_pair_link
from matchmaker.notifications.registry import register_check
from matchmaker.posts.extensions import PostSection, add_post_section
from matchmaker.working_groups.proposals import queries, views
from matchmaker.working_groups.proposals.pair_link import propose_link
from matchmaker.working_groups.proposals.post_section import begin_section
from matchmaker.working_groups.proposals.service import SUBJECT_KIND


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages, and let needs and offerings be where a proposal starts."""
    app.register_blueprint(views.blueprint)
    add_post_section(app, PostSection("proposals/_post_section.html", begin_section))
    add_pair_link(app, propose_link)
    register_check(SUBJECT_KIND, queries.still_receives)
