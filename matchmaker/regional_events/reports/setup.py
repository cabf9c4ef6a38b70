"""Hooks what comes after an event into the application."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, url_for

from config import Settings
from matchmaker.regional_events.planning.domain import Phase, phase_of
from matchmaker.regional_events.planning.extensions import (
    EventSection,
    StaffLink,
    View,
    add_event_section,
    add_staff_links,
)
from matchmaker.regional_events.planning.policy import can_plan
from matchmaker.regional_events.registrations.extensions import add_ticket_links
from matchmaker.regional_events.reports import (
    desk_views,
    guest_views,
    mailing_views,
    overview_views,
    photo_views,
    service,
    survey,
    views,
)
from matchmaker.regional_events.reports.domain import ReportState
from matchmaker.surveys.registry import register_subject

VIEWS = (views, photo_views, mailing_views, desk_views)
"""Modules with pages; they share one blueprint."""

OVER = (Phase.HELD, Phase.ARCHIVED)


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages, the parts of an event's page, and how events are asked about."""
    for blueprint in dict.fromkeys(module.blueprint for module in VIEWS):
        app.register_blueprint(blueprint)
    app.register_blueprint(overview_views.blueprint)
    app.register_blueprint(guest_views.blueprint)
    register_subject(survey.SUBJECT_KIND, survey.SUBJECT)
    add_event_section(app, section_of)
    add_staff_links(app, links_of)
    add_ticket_links(app, guest_views.ticket_links_of)


def section_of(view: View) -> EventSection | None:
    """The published report on the page of its event."""
    report = service.find_report(view.event.id)
    if report is None or report.state is not ReportState.PUBLISHED:
        return None
    version = service.latest_version(report)
    context = {"report_text": version.summary if version else ""}
    return EventSection("event_reports/_section.html", context, "開催報告", "report", 20)


def links_of(view: View) -> Sequence[StaffLink]:
    """The pages of the staff; those after the event from its end on."""
    if not can_plan(view.actor, view.standing):
        return ()
    event_id = view.event.id
    always = (
        StaffLink(
            "集計",
            url_for("event_reports.statistics", event_id=event_id),
            "申し込みの推移と内訳",
            70,
        ),
        StaffLink("費用", url_for("event_reports.edit_costs", event_id=event_id), place=71),
        StaffLink(
            "参加者の情報の削除", url_for("event_reports.guest_data", event_id=event_id), place=90
        ),
    )
    if phase_of(view.event, view.now) not in OVER:
        return always
    return (*always, *_links_after(view))


def _links_after(view: View) -> Sequence[StaffLink]:
    event = view.event
    found = service.find_report(event.id)
    asked = (
        StaffLink("アンケート", url_for("surveys.show", survey_id=event.survey_id), "", 72)
        if event.survey_id
        else StaffLink(
            "アンケートを作る", url_for("event_reports.new_survey", event_id=event.id), "", 72
        )
    )
    note = "公開中" if found and found.state is ReportState.PUBLISHED else "下書き" if found else ""
    return (
        asked,
        StaffLink(
            "お礼と録画のメール", url_for("event_reports.mailing_list", event_id=event.id), "", 73
        ),
        StaffLink("開催報告", url_for("event_reports.show", event_id=event.id), note, 74),
    )
