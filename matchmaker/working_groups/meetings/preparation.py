"""The organiser's checklist before a meeting: coordination with experts and the rest."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line
from matchmaker.working_groups.meetings import queries
from matchmaker.working_groups.meetings.domain import DEFAULT_STEPS, moved_due_date
from matchmaker.working_groups.meetings.events import PreparationChanged
from matchmaker.working_groups.meetings.models import Meeting, PreparationStep

LABEL_LENGTH = 200
MOST_STEPS = 50


def add_default_steps(meeting: Meeting) -> None:
    """Give a new meeting the usual steps, due as many days before it as usual."""
    day = clock.today(meeting.starts_at)
    for position, step in enumerate(DEFAULT_STEPS, start=1):
        db.session.add(
            PreparationStep(
                meeting_id=meeting.id,
                position=position,
                label=step.label,
                due_on=day - timedelta(days=step.days_before),
            )
        )


def move_steps(meeting: Meeting, old_start: datetime) -> None:
    """Let the steps that are not done move along with the meeting; done ones stay as they are."""
    for step in queries.steps_of(meeting.id):
        if step.done_at is None and step.due_on is not None:
            step.due_on = moved_due_date(step.due_on, old_start, meeting.starts_at)


def add_step(
    meeting: Meeting, label: str, due_on: date | None, actor: Actor, now: datetime
) -> PreparationStep:
    """Add a step of one's own.

    Raises:
        ProductError: it has no words, too many, or the list is full.
    """
    label = clean_line(label)
    steps = queries.steps_of(meeting.id)
    if not label or len(label) > LABEL_LENGTH:
        raise ProductError(f"すること を、{LABEL_LENGTH}文字以内で入れてください。", "label")
    if len(steps) >= MOST_STEPS:
        raise ProductError(f"準備の項目は{MOST_STEPS}個までです。", "label")
    step = PreparationStep(
        meeting_id=meeting.id, position=len(steps) + 1, label=label, due_on=due_on
    )
    db.session.add(step)
    db.session.flush()
    _record(meeting, step, "added", actor, now)
    return step


def mark_step(
    meeting: Meeting, step: PreparationStep, *, done: bool, actor: Actor, now: datetime
) -> None:
    """Tick a step or take the tick away; doing so twice changes nothing."""
    if done == (step.done_at is not None):
        return
    step.done_at = now if done else None
    step.done_by_name = actor.name[:100] if done else ""
    db.session.flush()
    _record(meeting, step, "done" if done else "undone", actor, now)


def remove_step(meeting: Meeting, step: PreparationStep, actor: Actor, now: datetime) -> None:
    """Take a step off the list."""
    db.session.delete(step)
    db.session.flush()
    _record(meeting, step, "removed", actor, now)


def _record(
    meeting: Meeting, step: PreparationStep, action: str, actor: Actor, now: datetime
) -> None:
    details = {"action": action, "step": step.label}
    record(PreparationChanged(actor=actor, now=now, subject_id=meeting.id, details=details))
