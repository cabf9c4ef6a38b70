"""Hooks the documents of consortia into the application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from config import Settings
from matchmaker.core.actor import Actor
from matchmaker.partnering.consortia.documents import pack_views, policy, queries, views
from matchmaker.partnering.consortia.extensions import ConsortiumSection, add_consortium_section
from matchmaker.partnering.consortia.models import Consortium

SECTION = "consortium_documents/_section.html"


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages and the part of a consortium's page."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(pack_views.blueprint)
    add_consortium_section(app, ConsortiumSection(SECTION, _section))


def _section(consortium: Consortium, actor: Actor) -> Mapping[str, Any] | None:
    """The ways to the documents, with how many workbooks wait for a decision."""
    if not policy.can_make(actor, consortium):
        return None
    return {"consortium_id": consortium.id, "waiting": queries.count_waiting(consortium.id)}
