"""Hooks events, registrations and the day itself into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.regional_events.floor import setup as floor
from matchmaker.regional_events.planning import setup as planning
from matchmaker.regional_events.reception import setup as reception
from matchmaker.regional_events.registrations import setup as registrations
from matchmaker.regional_events.reports import setup as reports
from matchmaker.regional_events.tables import setup as tables


def init_app(app: Flask, settings: Settings) -> None:
    """Let each part hook itself in, earlier ones first."""
    planning.init_app(app, settings)
    registrations.init_app(app, settings)
    reception.init_app(app, settings)
    floor.init_app(app, settings)
    tables.init_app(app, settings)
    reports.init_app(app, settings)
