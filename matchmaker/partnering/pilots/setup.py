"""Hooks pilots into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.notifications.registry import register_check
from matchmaker.partnering.consortia.extensions import (
    ConsortiumSection,
    add_consortium_section,
    add_cost_source,
)
from matchmaker.partnering.pilots import (
    case_views,
    export_views,
    plan_views,
    public_views,
    queries,
    report_views,
    views,
)
from matchmaker.partnering.pilots.consequences import SUBJECT
from matchmaker.partnering.pilots.costs import costs_of_consortium
from matchmaker.partnering.pilots.sections import of_consortium, of_group
from matchmaker.working_groups.groups.sections import add_group_section

VIEWS = (views, plan_views, report_views, case_views, export_views)
"""Modules with pages; they share one blueprint."""


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages, the part of a group's page, and who may get mail."""
    for blueprint in dict.fromkeys(module.blueprint for module in VIEWS):
        app.register_blueprint(blueprint)
    app.register_blueprint(public_views.blueprint)
    add_group_section(app, of_group)
    add_consortium_section(app, ConsortiumSection("pilots/_consortium_section.html", of_consortium))
    add_cost_source(app, costs_of_consortium)
    register_check(SUBJECT, queries.may_receive)
