"""The decisions log of a group: numbered without gaps, never deleted. Commands flush and record."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.working_groups.groups.activity import queries
from matchmaker.working_groups.groups.activity.domain import (
    NOTE_LENGTH,
    checked_reason,
    checked_text,
)
from matchmaker.working_groups.groups.activity.events import DecisionLogged, DecisionReplaced
from matchmaker.working_groups.groups.models import GroupDecision, WorkingGroup
from matchmaker.working_groups.groups.queries import locked_group


def log_decision(
    group: WorkingGroup,
    text: str,
    decided_on: date,
    actor: Actor,
    now: datetime,
    *,
    meeting_id: uuid.UUID | None = None,
) -> GroupDecision:
    """Write a decision into the log under the next number.

    The group's row is held meanwhile: two people who write at once get two numbers in a row, and
    one who is rolled back leaves no gap.

    Args:
        text: what was decided.
        decided_on: when; not after today.
        meeting_id: the meeting that decided it, if one.

    Raises:
        ProductError: the text is missing or too long, or the day lies in the future.
    """
    text = checked_text(text, "決めたこと", "text", NOTE_LENGTH)
    if decided_on > today(now):
        raise ProductError("決めた日は、今日までの日にしてください。", "decided_on")
    locked_group(group.id)
    decision = GroupDecision(
        group_id=group.id,
        meeting_id=meeting_id,
        number=queries.last_decision_number(group.id) + 1,
        decided_on=decided_on,
        text=text,
        recorded_by_id=actor.user_id,
        recorded_by_name=actor.name,
        created_at=now,
    )
    db.session.add(decision)
    db.session.flush()
    details = {"number": decision.number, "text": text}
    record(
        DecisionLogged(
            actor=actor, now=now, subject_id=decision.id, group_id=group.id, details=details
        )
    )
    return decision


def replace_decision(
    group: WorkingGroup,
    old: GroupDecision,
    text: str,
    decided_on: date,
    reason: str,
    actor: Actor,
    now: datetime,
) -> GroupDecision:
    """Log a new decision in the place of an earlier one, which stays readable.

    Args:
        old: a decision of the group that is in force.
        reason: why it is replaced.

    Raises:
        Conflict: it has been replaced already.
        ProductError: text or reason is missing or too long, or the day lies in the future.
    """
    reason = checked_reason(reason)
    locked_group(group.id)
    old = queries.decision_of(group.id, old.id)
    if old.replaced_by_id is not None:
        raise Conflict("この決定は、すでに新しい決定に置き換えられています。")
    new = log_decision(group, text, decided_on, actor, now)
    old.replaced_by_id, old.replacement_reason = new.id, reason
    db.session.flush()
    details = {"number": old.number, "by": new.number}
    record(
        DecisionReplaced(
            actor=actor, now=now, subject_id=old.id, group_id=group.id, reason=reason,
            details=details,
        )
    )  # fmt: skip
    return new
