"""Meetings on a person's own page: minutes to check and invitations to answer."""

from __future__ import annotations

from datetime import datetime

from flask import url_for

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.pages.dashboard import Waiting
from matchmaker.pages.dashboard_terms import moment_words, until_day, until_moment
from matchmaker.working_groups.meetings.minutes.queries import minutes_to_check
from matchmaker.working_groups.meetings.models import Meeting
from matchmaker.working_groups.meetings.queries import meetings_to_answer


def waiting_of_meetings(actor: Actor, now: datetime) -> list[Waiting]:
    """Minutes that the person presented something in and checks now, then meetings to answer."""
    if actor.user_id is None:
        return []
    checks = [
        Waiting(
            f"議事録の確認：{_name(minutes.meeting)}",
            url_for("minutes.show", meeting_id=minutes.meeting_id),
            "あなたの発言や報告が正しいかを読み、返事をしてください。",
            until_day(minutes.checks_until, now),
        )
        for minutes in minutes_to_check(actor.user_id)
    ]
    return [*checks, *_invitations(actor, now)]


def _invitations(actor: Actor, now: datetime) -> list[Waiting]:
    return [
        Waiting(
            f"会合の出欠を答える：{_name(meeting)}",
            url_for("meetings.show", meeting_id=meeting.id),
            f"会合は{moment_words(meeting.starts_at)}からです。",
            until_moment(meeting.answers_until or meeting.starts_at, now),
        )
        for meeting in meetings_to_answer(actor, now, today(now))
    ]


def _name(meeting: Meeting) -> str:
    return f"{meeting.group.name}　{meeting.title}"
