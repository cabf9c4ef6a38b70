"""Hooks this part into the application."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, url_for

from config import Settings
from matchmaker.regional_events.planning import invitation_views, people_views, views
from matchmaker.regional_events.planning.domain import Audience
from matchmaker.regional_events.planning.extensions import StaffLink, View, add_staff_links
from matchmaker.regional_events.planning.policy import can_plan
from matchmaker.regional_events.planning.programme import setup as programme
from matchmaker.regional_events.planning.questions import setup as questions
from matchmaker.regional_events.planning.tracks import setup as tracks


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages of this part."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(people_views.blueprint)
    app.register_blueprint(invitation_views.blueprint)
    programme.init_app(app, settings)
    tracks.init_app(app, settings)
    questions.init_app(app, settings)
    add_staff_links(app, people_links)


def people_links(view: View) -> Sequence[StaffLink]:
    """Who works for the event, and who is invited, for those who run it."""
    if not can_plan(view.actor, view.standing):
        return ()
    event_id = view.event.id
    staff = StaffLink("スタッフ", url_for("event_people.index", event_id=event_id), place=16)
    if view.event.audience is not Audience.INVITED:
        return (staff,)
    url = url_for("event_people.invitees", event_id=event_id)
    return (staff, StaffLink("招待する方", url, place=15))
