"""Hooks this part into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.accounts.rate_limits import limit_posts
from matchmaker.regional_events.planning.extensions import (
    add_event_section,
    add_move_check,
    add_participation_reader,
    add_registered_events,
    add_staff_links,
)
from matchmaker.regional_events.planning.tracks.guard import set_seat_guard, set_seat_reader
from matchmaker.regional_events.registrations import (
    event_rules,
    sections,
    views_desk,
    views_entry,
    views_lines,
    views_own,
    views_tickets,
)
from matchmaker.regional_events.registrations.cli import event_commands
from matchmaker.regional_events.registrations.imports import views as views_imports

PAGE_RATE = "60 per minute; 600 per hour"
"""Registrations of visitors from one address, behind which a whole town hall may sit."""

MAIL_RATE = "10 per hour"
"""Registrations with one mail address, whoever sends them."""

TICKET_RATE = "120 per minute"


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages, what they add to the page of an event, and the limits of rates."""
    modules = (views_entry, views_tickets, views_desk, views_lines, views_own, views_imports)
    for module in modules:
        app.register_blueprint(module.blueprint)
    app.cli.add_command(event_commands)
    add_event_section(app, sections.seats_section)
    add_staff_links(app, sections.staff_links)
    add_participation_reader(sections.participation)
    add_registered_events(event_rules.registered_events)
    add_move_check(event_rules.refuse_withdrawal)
    set_seat_guard(sections.page_asking_whom_to_move)
    set_seat_reader(sections.seats_taken)
    create = "event_registrations.create"
    limit_posts(app, create, PAGE_RATE, visitors_only=True)
    limit_posts(app, create, MAIL_RATE, views_entry.mail_of_form, visitors_only=True)
    limit_posts(app, "event_tickets.confirmed", TICKET_RATE)
