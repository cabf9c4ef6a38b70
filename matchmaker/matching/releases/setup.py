"""Hooks the versions of the ranking into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.matching.ledger.extensions import set_second_ranking
from matchmaker.matching.releases.cli import ranking_commands
from matchmaker.matching.releases.comparing import shadow_best
from matchmaker.matching.releases.views import blueprint, reliability_blueprint


def init_app(app: Flask, _settings: Settings) -> None:
    """Register pages and commands; let the ledger ask where the versions differ."""
    app.register_blueprint(blueprint)
    app.register_blueprint(reliability_blueprint)
    app.cli.add_command(ranking_commands)
    set_second_ranking(app, shadow_best)
