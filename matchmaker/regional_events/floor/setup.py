"""Hooks this part into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.accounts.rate_limits import limit_posts
from matchmaker.regional_events.floor import (
    desk_views,
    poll_views,
    projection_views,
    views,
)
from matchmaker.regional_events.floor.presentation import floor_words
from matchmaker.regional_events.floor.sections import (
    floor_links,
    floor_section,
    ticket_to_floor,
)
from matchmaker.regional_events.planning.extensions import add_event_section, add_staff_links
from matchmaker.regional_events.registrations.extensions import add_ticket_links

HALL_RATE = "600 per minute"
"""For one address: a whole hall may sit behind the wireless network of the venue. What one person
may send is bounded by the service."""


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages, their words, and what they add to the page of an event."""
    for module in (views, desk_views, poll_views, projection_views):
        app.register_blueprint(module.blueprint)
    for endpoint in ("create", "vote", "withdraw", "answer"):
        limit_posts(app, f"floor_questions.{endpoint}", HALL_RATE)
    app.jinja_env.globals.update(floor_words())
    add_event_section(app, floor_section)
    add_staff_links(app, floor_links)
    add_ticket_links(app, ticket_to_floor)
