"""Hooks support programmes into the application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from config import Settings
from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.partnering.consortia.extensions import ConsortiumSection, add_consortium_section
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.consortia.programmes import fit_views, views
from matchmaker.partnering.consortia.programmes.conditions import Verdict
from matchmaker.partnering.consortia.programmes.fitting import fits_of

SECTION = "consortium_programmes/_section.html"


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages and the part of a consortium's page."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(fit_views.blueprint)
    add_consortium_section(app, ConsortiumSection(SECTION, _section))


def _section(consortium: Consortium, _actor: Actor) -> Mapping[str, Any] | None:
    """How many programmes fit as far as is known; nothing when the list is empty."""
    verdicts = [each.verdict for each in fits_of(consortium, clock.today(clock.now()))]
    if not verdicts:
        return None
    return {
        "consortium_id": consortium.id,
        "ready": verdicts.count(Verdict.MET),
        "open": verdicts.count(Verdict.UNKNOWN),
    }
