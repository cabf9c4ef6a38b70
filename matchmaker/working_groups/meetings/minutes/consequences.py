"""Mail that follows from what happens to minutes (named in ``matchmaker/subscriptions.py``).

Each mail carries the text itself, since a desk on a closed network cannot open the link.
"""

from __future__ import annotations

import uuid
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.core.clock import today
from matchmaker.core.formatting import format_date
from matchmaker.notifications.service import mail_people
from matchmaker.working_groups.groups.domain import DigestFrequency
from matchmaker.working_groups.groups.queries import present_members, running_members
from matchmaker.working_groups.meetings.minutes import queries
from matchmaker.working_groups.meetings.minutes.domain import KIND_LABELS
from matchmaker.working_groups.meetings.minutes.events import (
    MinutesChecked,
    MinutesEvent,
    MinutesPublished,
    SpeakersAsked,
)
from matchmaker.working_groups.meetings.models import Meeting, Minutes
from matchmaker.working_groups.meetings.notices import full_title, meeting_when
from matchmaker.working_groups.meetings.queries import get_meeting

SUBJECT_KIND = "meetings:minutes"
MOST_IN_A_MAIL = 10_000
"""Characters of the text that go into a mail; the rest stands on the page."""


def mail_speakers(event: SpeakersAsked) -> None:
    """Ask speakers to check the text, or to check it again after a change."""
    meeting, minutes = _loaded(event)
    context = {**_facts(meeting, minutes), "is_again": event.is_again}
    _mail(queries.users_with(event.user_ids), "minutes-check", event, minutes, context)


def mail_about_check(event: MinutesChecked) -> None:
    """Tell the organisers that a speaker wants a change; approvals are seen on the page."""
    if event.approved:
        return
    meeting, minutes = _loaded(event)
    members = running_members(meeting.group_id, today(event.now))
    context = {**_facts(meeting, minutes), "speaker": event.actor.name, "comment": event.reason}
    _mail({m.user_id: m.user for m in members}.values(), "minutes-change-wanted", event, minutes,
          context)  # fmt: skip


def mail_publication(event: MinutesPublished) -> None:
    """Tell everybody of the group who wants mail about it; the text goes along."""
    meeting, minutes = _loaded(event)
    members = present_members(meeting.group_id, today(event.now))
    told = {m.user_id: m.user for m in members if m.digest is not DigestFrequency.NONE}
    context = {
        **_facts(meeting, minutes),
        "reason": event.reason,
        "is_correction": event.is_correction,
    }
    _mail(told.values(), "minutes-published", event, minutes, context)


def may_still_read(user_id: uuid.UUID, minutes_id: uuid.UUID) -> bool:
    """Whether a waiting mail about minutes may still be sent: to the group and to its speakers."""
    return queries.takes_part(minutes_id, user_id)


def _mail(
    people: Any, template: str, event: MinutesEvent, minutes: Minutes, context: dict[str, Any]
) -> None:
    users: list[User] = [user for user in people if user.id != event.actor.user_id]
    key = f"{template}:{minutes.id}:{minutes.revision}:{event.now.isoformat()}"
    mail_people(users, template, context, key, minutes.id, event.now, subject_kind=SUBJECT_KIND)


def _loaded(event: MinutesEvent) -> tuple[Meeting, Minutes]:
    return get_meeting(event.meeting_id), queries.locked_minutes(event.subject_id)


def _facts(meeting: Meeting, minutes: Minutes) -> dict[str, Any]:
    body = minutes.body
    return {
        "meeting_title": full_title(meeting),
        "group_name": meeting.group.name,
        "when": meeting_when(meeting),
        "kind": KIND_LABELS[minutes.kind],
        "until": format_date(minutes.checks_until) if minutes.checks_until else "",
        "body": body[:MOST_IN_A_MAIL],
        "is_cut": len(body) > MOST_IN_A_MAIL,
        "minutes_path": f"/meetings/{meeting.id}/minutes",
    }
