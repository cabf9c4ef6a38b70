"""Hooks the matching tables into the application."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, url_for

from config import Settings
from matchmaker.matching.ledger.extensions import add_evidence_source
from matchmaker.regional_events.planning.domain import EventState
from matchmaker.regional_events.planning.extensions import (
    EventSection,
    StaffLink,
    View,
    add_event_section,
    add_staff_links,
)
from matchmaker.regional_events.registrations.extensions import (
    Ticket,
    TicketLink,
    add_ticket_links,
)
from matchmaker.regional_events.tables import guest_views, policy, queries, version_views, views
from matchmaker.regional_events.tables.evidence import MEETINGS

SECTION_PLACE, LINK_PLACE = 60, 50


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages, the link of the staff and the part of an event's page."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(version_views.blueprint)
    app.register_blueprint(guest_views.signed_in)
    app.register_blueprint(guest_views.by_link)
    add_staff_links(app, _links)
    add_event_section(app, _section)
    add_ticket_links(app, _ticket_links)
    add_evidence_source(app, MEETINGS)


def _links(view: View) -> Sequence[StaffLink]:
    """The way to the desk, for those who make the plan."""
    if not policy.can_arrange(view.actor, view.standing):
        return []
    plan = queries.find_plan(view.event.id)
    note = f"参加{queries.count_taking_part(plan.id)}人" if plan else "まだ設定していません"
    url = url_for("event_tables.index", event_id=view.event.id)
    return [StaffLink("テーブルでの対話（配席）", url, note, LINK_PLACE)]


def _ticket_links(ticket: Ticket) -> Sequence[TicketLink]:
    """The way to one's own page by the link of the mail, for those with a place on site."""
    plan = queries.find_plan(ticket.event.id)
    if plan is None or queries.attendee_by_id(ticket.attendee.id) is None:
        return []
    if ticket.event.state is not EventState.PUBLISHED:
        return []
    url = url_for("event_table_tickets.show", token=ticket.token)
    note = "だれとどのテーブルで話すかを見て、希望と結果を伝えられます。"
    return [TicketLink("テーブルでの対話", url, note, SECTION_PLACE)]


def _section(view: View) -> EventSection | None:
    """The way to one's own page, for those with a place on site."""
    plan = queries.find_plan(view.event.id)
    is_on = view.event.state is EventState.PUBLISHED and plan is not None
    attendee = queries.own_attendee(view.event.id, view.actor.user_id) if is_on else None
    if plan is None or attendee is None:
        return None
    guest = queries.guest_of(plan.id, attendee.id)
    context = {
        "url": url_for("own_event_tables.show", event_id=view.event.id),
        "guest": guest,
        "may_answer": policy.can_answer_now(plan, attendee, view.now),
        "is_released": queries.version_in_force(plan.id) is not None,
    }
    return EventSection(
        "event_tables/_section.html", context, "テーブルでの対話", "event-tables", SECTION_PLACE
    )
