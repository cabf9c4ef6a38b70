"""The survey to those who attended a meeting: its usual questions, who takes part, who reads it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.text import clean_line
from matchmaker.questions.kinds import MOST_OPTIONS
from matchmaker.surveys.models import Survey
from matchmaker.surveys.registry import SurveySubject
from matchmaker.surveys.service import create_survey
from matchmaker.working_groups.groups.policy import can_run_group
from matchmaker.working_groups.groups.queries import standing_of
from matchmaker.working_groups.meetings.after.domain import survey_end
from matchmaker.working_groups.meetings.after.events import MeetingSurveyCreated
from matchmaker.working_groups.meetings.check_in.queries import (
    attendance_of,
    attended_ids,
    users_with,
)
from matchmaker.working_groups.meetings.models import Meeting
from matchmaker.working_groups.meetings.notices import full_title
from matchmaker.working_groups.meetings.queries import get_meeting

SUBJECT_KIND = "meetings:meeting"
STARTS_AFTER = timedelta(hours=1)
"""Time to look through the questions before those who attended are asked by mail."""

TITLE_LENGTH = 100
LEVELS = ("とてもよかった", "よかった", "どちらでもない", "あまりよくなかった", "よくなかった")


def usual_questions(agenda: Sequence[str]) -> list[dict[str, Any]]:
    """What is asked after a meeting unless the organiser changes it.

    Args:
        agenda: titles of the items, of which the most useful ones may be chosen.
    """
    levels = [{"id": f"level{n}", "label": label} for n, label in enumerate(LEVELS, start=1)]
    titles = list(dict.fromkeys(title[:200] for title in agenda))[:MOST_OPTIONS]
    items = [{"id": f"item{n}", "label": title} for n, title in enumerate(titles, start=1)]
    useful: dict[str, Any] = {
        "id": "useful", "kind": "choice", "label": "役に立った議題", "several": True,
        "options": items,
    }  # fmt: skip
    return [
        {
            "id": "overall", "kind": "choice", "label": "会合はいかがでしたか", "required": True,
            "options": levels,
        },
        *([useful] if len(items) > 1 else []),
        _words("opinion", "会合の内容についてのご意見"),
        _words("wish", "次の会合で取り上げてほしいこと"),
    ]  # fmt: skip


def _words(question_id: str, label: str) -> dict[str, Any]:
    return {
        "id": question_id, "kind": "text", "label": label, "multiline": True, "max_length": 1000,
    }  # fmt: skip


def survey_meeting(
    meeting: Meeting,
    title: str,
    until: date | None,
    is_anonymous: bool,
    actor: Actor,
    now: datetime,
) -> Survey:
    """Ask those who attended what they think.

    It begins an hour from now, so that the questions may still be changed; mail goes out then.

    Args:
        meeting: with its agenda.
        title: name of the survey.
        until: last day for answers; two weeks from now when left out.

    Raises:
        Conflict: there is a survey already.
        ProductError: nobody was ticked as present, or a field does not fit.
    """
    title = clean_line(title)
    if not title or len(title) > TITLE_LENGTH:
        raise ProductError(f"名前を{TITLE_LENGTH}文字までで入れてください。", "title")
    db.session.refresh(meeting, ["survey_id"], with_for_update=True)
    if meeting.survey_id is not None:
        raise Conflict("この会合のアンケートは、もうあります。")
    if not attended_ids(meeting.id):
        raise ProductError("出席した人がまだ記録されていません。受付の一覧で記録してください。")
    survey = create_survey(
        SUBJECT_KIND, meeting.id, title, usual_questions([item.title for item in meeting.agenda]),
        now + STARTS_AFTER, survey_end(until, now), actor, now, is_anonymous=is_anonymous,
    )  # fmt: skip
    meeting.survey_id, meeting.updated_at = survey.id, now
    db.session.flush()
    record(MeetingSurveyCreated(actor=actor, now=now, subject_id=meeting.id, survey_id=survey.id))
    return survey


def _participants(meeting_id: uuid.UUID) -> Sequence[User]:
    return users_with(attended_ids(meeting_id))


def _took_part(actor: Actor, meeting_id: uuid.UUID) -> bool:
    attendance = attendance_of(meeting_id, actor.user_id)
    return attendance is not None and attendance.attended_at is not None


def _organises(actor: Actor, meeting_id: uuid.UUID) -> bool:
    meeting = get_meeting(meeting_id)
    return can_run_group(actor, standing_of(actor, meeting.group_id, today(clock.now())))


SUBJECT = SurveySubject(
    participants=_participants,
    can_answer=_took_part,
    can_read_results=_organises,
    label=lambda meeting_id: full_title(get_meeting(meeting_id)),
    url=lambda meeting_id: f"/meetings/{meeting_id}",
)
"""How meetings are asked about."""
