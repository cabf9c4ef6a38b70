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


def floor_links(view: View) -> Sequence[StaffLink]:
    """The moderators' desk, with the number of questions that wait."""
    if not can_run_floor(view.actor, view.standing):
        return []
    new = count_new(view.event.id)
    note = f"確認待ち{new}件" if new else "新しい質問はありません"
    url = url_for("floor_moderation.index", event_id=view.event.id)
    return [StaffLink("質問の進行", url, note, LINK_PLACE)]
