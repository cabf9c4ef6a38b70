"""Hooks reviews and decisions into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.notifications.registry import register_check
from matchmaker.working_groups.calls.sections import add_call_section
from matchmaker.working_groups.groups.sections import add_group_section
from matchmaker.working_groups.proposals.extensions import (
    ProposalSection,
    add_proposal_section,
    set_reviewer_gate,
)
from matchmaker.working_groups.reviews import (
    decision_views,
    group_beginning,
    jobs,
    page_sections,
    ranking_views,
    views,
)


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages, and join the pages of calls and proposals."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(ranking_views.blueprint)
    app.register_blueprint(decision_views.blueprint)
    set_reviewer_gate(app, page_sections.admits)
    add_group_section(app, group_beginning.beginning_section)
    register_check(jobs.REMINDER_KIND, jobs.still_has_to_do)
    add_call_section(app, page_sections.review_links)
    add_proposal_section(
        app, ProposalSection("decisions/_section.html", page_sections.decision_section)
    )
