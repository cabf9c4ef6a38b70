"""Asking participants by mail when a survey begins, and reminding those without an answer once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.surveys import queries
from matchmaker.surveys.domain import reminder_due_at
from matchmaker.surveys.events import AnswersWanted
from matchmaker.surveys.models import Survey


def ask_for_answers(now: datetime) -> int:
    """Announce surveys that have begun and remind of those that end soon.

    Returns:
        How many surveys mail was written for.
    """
    announced = _each(queries.surveys_to_announce(now), now, is_reminder=False)
    ending = [
        survey
        for survey in queries.surveys_to_remind(now)
        if reminder_due_at(survey.opens_at, survey.closes_at) <= now
    ]
    return announced + _each(ending, now, is_reminder=True)


def _each(surveys: Sequence[Survey], now: datetime, *, is_reminder: bool) -> int:
    """One transaction for each survey, so that a stopped run goes on where it was."""
    for survey in surveys:
        if is_reminder:
            survey.reminded_at = now
        else:
            survey.announced_at = now
        event = AnswersWanted(actor=SYSTEM, now=now, subject_id=survey.id, is_reminder=is_reminder)
        record(event)
        db.session.commit()
    return len(surveys)
