"""Hooks meetings into the application."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Flask

from config import Settings
from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.core.calendar_files import CalendarEntry
from matchmaker.core.settings import current_settings
from matchmaker.notifications.registry import register_check
from matchmaker.working_groups.groups.activity.feeds import register_calendar_source
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.policy import Standing
from matchmaker.working_groups.groups.queries import standing_of
from matchmaker.working_groups.groups.sections import FIRST_PLACE, Section, add_group_section
from matchmaker.working_groups.meetings import (
    agenda_views,
    attendance_views,
    policy,
    presentation,
    queries,
    views,
)
from matchmaker.working_groups.meetings.after import setup as after_setup
from matchmaker.working_groups.meetings.calendar_entries import calendar_entry
from matchmaker.working_groups.meetings.consequences import SUBJECT_KIND

FEED_REACHES_BACK = timedelta(days=365)


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages, the part of a group's page, its calendar and the check before mail."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(agenda_views.blueprint)
    app.register_blueprint(attendance_views.blueprint)
    app.jinja_env.globals["answer_label"] = presentation.answer_label
    after_setup.init_app(app, _settings)
    add_group_section(app, _section)
    register_calendar_source(app, _calendar_entries)
    register_check(SUBJECT_KIND, _may_still_receive)


def _section(group: WorkingGroup, actor: Actor, standing: Standing) -> Section | None:
    """The meetings of a group on its page; nothing when there are none and none may be planned."""
    context = presentation.group_meetings(group, actor, standing, clock.now())
    if not (context["coming"] or context["past"] or context["may_plan"]):
        return None
    return Section("meetings/_section.html", context, "会合", "meetings", FIRST_PLACE)


def _calendar_entries(
    group_ids: Sequence[uuid.UUID], actor: Actor, now: datetime
) -> Sequence[CalendarEntry]:
    """Announced meetings of the groups, as far as the person may read of them."""
    url = current_settings().resolved_public_url()
    since = now - FEED_REACHES_BACK
    meetings = queries.calendar_meetings(group_ids, actor, clock.today(now), since)
    return [calendar_entry(meeting, url) for meeting in meetings]


def _may_still_receive(user_id: uuid.UUID, meeting_id: uuid.UUID) -> bool:
    """Whether a person still takes part in the group, so that a mail with the link may go out."""
    meeting = queries.get_meeting(meeting_id)
    actor = Actor(user_id=user_id)
    standing = standing_of(actor, meeting.group_id, clock.today(clock.now()))
    return policy.is_admitted(actor, standing)
