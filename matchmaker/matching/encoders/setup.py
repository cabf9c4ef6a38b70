"""Hooks changes of the encoder into the application."""

from __future__ import annotations

from flask import Flask

from matchmaker.matching.encoders.cli import encoder_commands
from matchmaker.matching.encoders.views import blueprint


def init_app(app: Flask) -> None:
    """Register the pages and the commands."""
    app.register_blueprint(blueprint)
    app.cli.add_command(encoder_commands)
