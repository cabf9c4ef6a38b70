"""Hooks this part into the application."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Flask, url_for

from config import Settings
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.extensions import (
    Participation,
    StaffLink,
    View,
    add_participation_reader,
    add_staff_links,
)
from matchmaker.regional_events.planning.policy import can_receive
from matchmaker.regional_events.reception import (
    badge_views,
    device_views,
    online_views,
    scanner_views,
    walk_in_views,
)
from matchmaker.regional_events.reception.domain import Door, door_of
from matchmaker.regional_events.reception.online import may_say_present
from matchmaker.regional_events.reception.queries import has_attended, presence_of
from matchmaker.regional_events.registrations.extensions import (
    Ticket,
    TicketLink,
    add_ticket_links,
)


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages of this part."""
    app.register_blueprint(scanner_views.blueprint)
    app.register_blueprint(device_views.blueprint)
    app.register_blueprint(walk_in_views.blueprint)
    app.register_blueprint(badge_views.blueprint)
    app.register_blueprint(online_views.blueprint)
    add_participation_reader(_participation)
    add_staff_links(app, _links)
    add_ticket_links(app, _ticket_links)


def _participation(event_id: uuid.UUID, user_id: uuid.UUID) -> Participation:
    return Participation(has_attended=has_attended(event_id, user_id))


def _ticket_links(ticket: Ticket) -> Sequence[TicketLink]:
    """「参加しました」, on the day, for those with a seat online."""
    track = ticket.attendee.track
    if track is None or track.kind is not TrackKind.ONLINE:
        return ()
    if not may_say_present(ticket.event, ticket.now):
        return ()
    url = url_for("online_attendances.show", token=ticket.token)
    return (TicketLink("オンラインで参加したことを伝える", url, "出席として記録します。", 10),)


def _links(view: View) -> Sequence[StaffLink]:
    """受付, with the counts once the day has come."""
    event = view.event
    if not can_receive(view.actor, view.standing):
        return ()
    presence = presence_of(event.id)
    door = door_of(event.state, event.starts_at, event.ends_at, view.now)
    note = f"確定{presence.expected}人"
    if door not in (Door.EARLY, Door.OFF):
        note = f"{note}のうち{presence.present}人を受け付けました"
    url = url_for("event_reception.index", event_id=event.id)
    return (StaffLink("受付", url, note, place=30),)
