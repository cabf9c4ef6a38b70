"""Hooks working groups, meetings, calls, proposals and reviews into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.working_groups.calls import setup as calls
from matchmaker.working_groups.groups import setup as groups
from matchmaker.working_groups.meetings import setup as meetings
from matchmaker.working_groups.proposals import setup as proposals
from matchmaker.working_groups.reviews import setup as reviews


def init_app(app: Flask, settings: Settings) -> None:
    """Let each part hook itself in, earlier ones first."""
    groups.init_app(app, settings)
    meetings.init_app(app, settings)
    calls.init_app(app, settings)
    proposals.init_app(app, settings)
    reviews.init_app(app, settings)
