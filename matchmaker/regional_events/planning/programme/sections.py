"""What the page of an event shows of its programme, its speakers and its materials."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from matchmaker.regional_events.planning.extensions import EventSection, StaffLink, View
from matchmaker.regional_events.planning.policy import can_plan
from matchmaker.regional_events.planning.programme import queries
from matchmaker.regional_events.planning.programme.models import EventMaterial, ProgrammeSession
from matchmaker.regional_events.planning.programme.presentation import (
    days_of,
    is_shown,
    shown_materials,
)

PROGRAMME_PLACE, SPEAKERS_PLACE, MATERIALS_PLACE = 20, 22, 60
LINK_PLACE = 10


def programme_section(view: View) -> EventSection | None:
    """The sessions with their times; people without consent are not named."""
    sessions = queries.programme_of(view.event.id)
    if not sessions:
        return None
    return EventSection(
        "event_programme/_section.html",
        {"days": days_of(view.event, sessions)},
        "プログラム",
        "programme",
        PROGRAMME_PLACE,
    )


def speakers_section(view: View) -> EventSection | None:
    """Those who agreed to be shown, with biography and portrait."""
    shown = [each for each in queries.speakers_of(view.event.id) if is_shown(each)]
    if not shown:
        return None
    context = {"speakers": shown, "event_id": view.event.id}
    return EventSection(
        "event_speakers/_section.html", context, "登壇者", "speakers", SPEAKERS_PLACE
    )


def materials_section(view: View) -> EventSection | None:
    """What the person may open now."""
    materials = queries.materials_of(view.event.id, view.actor, view.standing, view.now)
    if not materials:
        return None
    sessions = queries.programme_of(view.event.id)
    shown = shown_materials(materials, sessions, view.now)
    context = {"materials": shown, "event_id": view.event.id}
    return EventSection(
        "event_materials/_section.html", context, "資料と録画", "materials", MATERIALS_PLACE
    )


def staff_links(view: View) -> Sequence[StaffLink]:
    """The planner's pages with what there is."""
    if not can_plan(view.actor, view.standing):
        return ()
    event_id = view.event.id
    people = queries.speakers_of(event_id)
    waiting = sum(1 for each in people if each.consent_at is None)
    told = f"{len(people)}人" + (f"（掲載の確認前が{waiting}人）" if waiting else "")
    sessions = queries.count_of(ProgrammeSession, event_id)
    materials = queries.count_of(EventMaterial, event_id)
    return (
        StaffLink("プログラム", _url("event_programme", view), _count(sessions), LINK_PLACE),
        StaffLink("登壇者", _url("event_speakers", view), told, LINK_PLACE),
        StaffLink("資料と録画", _url("event_materials", view), _count(materials), LINK_PLACE),
    )


def _url(blueprint: str, view: View) -> str:
    return url_for(f"{blueprint}.index", event_id=view.event.id)


def _count(number: int) -> str:
    return f"{number}件" if number else "まだありません"
