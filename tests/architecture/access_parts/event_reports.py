"""Who may open the pages after an event.

The event is public and over; its report is published. Another one has a draft of a report. By the
links of tickets everybody comes in who has one; forged ones open nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations.links import ticket_token
from matchmaker.regional_events.registrations.queries import get_registration
from matchmaker.regional_events.reports.domain import ReportMove
from matchmaker.regional_events.reports.photos import PhotoWords, add_photo
from matchmaker.regional_events.reports.service import ReportData, move_report, save_report
from matchmaker.regional_events.reports.survey import survey_event
from tests.architecture.access_rules import (
    SECRETARIAT,
    VISITOR,
    Row,
    Statuses,
    Things,
    everyone,
    get,
    only,
    post,
)
from tests.regional_events.builders import make_event, make_registration, make_track
from tests.regional_events.reports.pictures import picture

TOLD: dict[str, Any] = {"event_id": "told_event_id"}
DRAFT: dict[str, Any] = {"event_id": "report_draft_event_id"}
PHOTO: dict[str, Any] = {**TOLD, "photo_id": "event_photo_id"}
MAIL: dict[str, Any] = {**TOLD, "kind": "thanks"}
TICKET: dict[str, Any] = {"token": "told_ticket"}
FORGED: dict[str, Any] = {"token": "forged"}
STAFF = only(SECRETARIAT)
HIDDEN: Statuses = {**only(SECRETARIAT, others=404), VISITOR: 401}


def _staff(status: int) -> Statuses:
    return only(SECRETARIAT, status=status)


def _rows() -> Iterator[Row]:
    for page in ("show", "print_form"):
        yield get(f"event_reports.{page}", everyone(), **TOLD)
        yield get(f"event_reports.{page}", HIDDEN, **DRAFT)
    for page in (
        "edit", "versions", "photo_list", "mailing_list", "new_survey", "edit_costs",
        "guest_data", "statistics", "export_statistics",
    ):  # fmt: skip
        yield get(f"event_reports.{page}", STAFF, **TOLD)
    yield post("event_reports.update", _staff(422), **TOLD)
    yield post("event_reports.move", _staff(404), **TOLD)
    yield get("event_reports.photo", everyone(), **PHOTO)
    yield post("event_reports.add_photo", _staff(422), **TOLD)
    yield get("event_reports.edit_photo", STAFF, **PHOTO)
    yield post("event_reports.update_photo", _staff(422), **PHOTO)
    yield post("event_reports.remove_photo", _staff(302), **PHOTO)
    yield get("event_reports.new_mailing", STAFF, **MAIL)
    yield post("event_reports.preview_mailing", _staff(422), **MAIL)
    yield post("event_reports.send_mailing", _staff(422), **MAIL)
    yield post("event_reports.create_survey", _staff(422), **TOLD)
    yield post("event_reports.update_costs", _staff(302), **TOLD)
    yield post("event_reports.forget_guest", _staff(422), **TOLD)
    for page in ("index", "export", "export_parts"):
        yield get(f"event_overview.{page}", STAFF)
    yield from _tickets()


def _tickets() -> Iterator[Row]:
    for page in ("index", "survey"):
        yield get(f"event_ticket_materials.{page}", everyone(), **TICKET)
        yield get(f"event_ticket_materials.{page}", everyone(404), **FORGED)
    yield post("event_ticket_materials.answer", everyone(422), **TICKET)
    nothing = {**TICKET, "material_id": "event_photo_id"}
    yield get("event_ticket_materials.download", everyone(404), **nothing)


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """Two events that ended yesterday: one with a published report, one with a draft."""
    now = clock.now()
    event = make_event(now, name="報告のある催し")
    registration = make_registration(event, make_track(event))
    other = make_event(now, name="報告が下書きの催し")
    for each in (event, other):
        each.starts_at, each.ends_at = now - timedelta(days=1, hours=3), now - timedelta(days=1)
    db.session.flush()
    report = save_report(event, ReportData("概要"), SYSTEM, now)
    words = PhotoWords("話す人", "受付で確かめた")
    photo = add_photo(event, "a.jpg", picture(), words, SYSTEM, now)
    move_report(event, report, ReportMove.PUBLISH, "", SYSTEM, now)
    save_report(other, ReportData("概要"), SYSTEM, now)
    survey = survey_event(get_event(event.id), "感想", None, True, SYSTEM, now)
    survey.opens_at = now - timedelta(minutes=1)
    world.ids.update(
        told_event_id=event.id,
        report_draft_event_id=other.id,
        event_photo_id=photo.id,
        told_ticket=ticket_token(get_registration(registration.id).attendees[0]),
    )
