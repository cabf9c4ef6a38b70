"""What the floor adds to the page of an event and to the links of its staff."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from matchmaker.regional_events.floor.domain import is_before, is_running
from matchmaker.regional_events.floor.policy import belongs_to_event, can_run_floor
from matchmaker.regional_events.floor.queries import (
    count_new,
    floor_of,
    has_anything_to_read,
)
from matchmaker.regional_events.planning.domain import EventState
from matchmaker.regional_events.planning.extensions import EventSection, StaffLink, View
from matchmaker.regional_events.registrations.domain import LIVE_STATES
from matchmaker.regional_events.registrations.extensions import Ticket, TicketLink

SECTION_PLACE, LINK_PLACE = 45, 40


def floor_section(view: View) -> EventSection | None:
    """The way to ask and vote while that is possible; afterwards to read, for those entitled."""
    event, floor = view.event, floor_of(view.event.id)
    if event.state in {EventState.DRAFT, EventState.CANCELLED}:
        return None
    early, running = is_before(event, view.now), is_running(event, view.now)
    takes = (early and floor.takes_beforehand) or (running and floor.is_asking_open)
    knows = belongs_to_event(view.standing) or view.actor.is_secretariat
    reads = knows and has_anything_to_read(event.id)
    if not takes and not running and not reads:
        return None
    if not takes and not reads and not floor.is_asking_open:
        return None
    context = {"takes": takes, "is_early": early, "is_running": running, "knows": knows}
    return EventSection(
        "floor_questions/_section.html", context, "質問と挙手", "floor", SECTION_PLACE
    )


def ticket_to_floor(ticket: Ticket) -> Sequence[TicketLink]:
    """The way to ask and vote by the link of the mail, while there is something to do or read."""
    event, floor = ticket.event, floor_of(ticket.event.id)
    if ticket.attendee.state not in LIVE_STATES or event.state is not EventState.PUBLISHED:
        return []
    takes = is_before(event, ticket.now) and floor.takes_beforehand
    asks = is_running(event, ticket.now) and floor.is_asking_open
    if not (takes or asks or has_anything_to_read(event.id)):
        return []
    url = url_for("floor_questions.enter_by_ticket", event_id=event.id, token=ticket.token)
    return [TicketLink("質問と挙手", url, "登壇者への質問を送り、ほかの質問に投票できます。", 40)]


def floor_links(view: View) -> Sequence[StaffLink]:
    """The moderators' desk, with the number of questions that wait."""
    if not can_run_floor(view.actor, view.standing):
        return []
    new = count_new(view.event.id)
    note = f"確認待ち{new}件" if new else "新しい質問はありません"
    url = url_for("floor_moderation.index", event_id=view.event.id)
    return [StaffLink("質問の進行", url, note, LINK_PLACE, waits=new > 0)]
