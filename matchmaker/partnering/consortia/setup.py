"""Hooks consortia into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.notifications.registry import register_check
from matchmaker.partnering.consortia import queries, sections, views
from matchmaker.partnering.consortia.documents import setup as documents
from matchmaker.partnering.consortia.events import SUBJECT_KIND
from matchmaker.partnering.consortia.programmes import setup as programmes
from matchmaker.working_groups.groups.sections import add_group_section
from matchmaker.working_groups.proposals.extensions import ProposalSection, add_proposal_section


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages, and let proposals and groups show the consortium behind them."""
    app.register_blueprint(views.blueprint)
    section = ProposalSection("consortia/_proposal_section.html", sections.of_proposal)
    add_proposal_section(app, section)
    add_group_section(app, sections.of_group)
    register_check(SUBJECT_KIND, queries.still_receives)
    documents.init_app(app, settings)
    programmes.init_app(app, settings)
