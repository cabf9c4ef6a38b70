"""Hooks the loading of seed files into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.seeding.commands import demo_accounts_command, seed_command


def init_app(app: Flask, _settings: Settings) -> None:
    """Add the commands."""
    app.cli.add_command(seed_command)
    app.cli.add_command(demo_accounts_command)
