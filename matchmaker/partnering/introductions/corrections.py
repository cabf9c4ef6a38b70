"""Corrections of the secretariat, and reminders: the state of the introduction stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.core.clock import today
from matchmaker.core.domain_events import record
from matchmaker.core.errors import ProductError
from matchmaker.partnering.introductions.changes import (
    Acting,
    change,
    change_where,
    details_of,
    trace,
)
from matchmaker.partnering.introductions.domain import (
    LIVE_STATES,
    MOST_DAYS,
    Answer,
    IntroductionState,
    due_at_end_of,
    state_at,
)
from matchmaker.partnering.introductions.events import IntroductionCorrected, IntroductionNudged
from matchmaker.partnering.introductions.models import Introduction


def correct(
    introduction: Introduction, answer: Answer, actor: Actor, now: datetime
) -> Introduction:
    """Change the deadline of a live introduction, or the reason code of a declined one.

    Args:
        answer: ``answer_due_on`` or ``reason_code``, and always ``reason``.

    Raises:
        Conflict: somebody else changed it in between.
        ProductError: nothing of it fits the state, or no reason was given (field ``reason``).
    """
    if not answer.reason.strip():
        raise ProductError("訂正の理由を入れてください。", "reason")
    values = _corrected(introduction, answer, now)
    before = introduction.state
    change(introduction, {**values, "updated_at": now, "revision": introduction.revision + 1})
    trace(introduction, before, answer, Acting(actor, now))
    record(
        IntroductionCorrected(
            actor=actor, now=now, subject_id=introduction.id, revision=introduction.revision,
            reason=answer.reason, details=details_of(introduction),
        )
    )  # fmt: skip
    return introduction


def _corrected(introduction: Introduction, answer: Answer, now: datetime) -> dict[str, Any]:
    state = state_at(introduction.state, introduction.answer_due_at, now)
    if state in LIVE_STATES and answer.answer_due_on is not None:
        days = (answer.answer_due_on - today(now)).days
        if not 1 <= days <= MOST_DAYS:
            message = f"返事の期限は、あすから{MOST_DAYS}日後までの日にしてください。"
            raise ProductError(message, "answer_due_on")
        due_at = due_at_end_of(answer.answer_due_on)
        return {"answer_due_at": due_at, "nudged_half_at": None, "nudged_due_at": None}
    if state is IntroductionState.DECLINED and answer.reason_code is not None:
        return {"reason_code": answer.reason_code}
    raise ProductError("いまの状態では、この訂正はできません。")


def nudge(introduction: Introduction, now: datetime, *, is_last: bool) -> bool:
    """Remind the side whose answer is awaited, once for each of the two moments of its turn.

    Returns:
        Whether it was reminded now; somebody else may have been first.
    """
    values: dict[str, Any] = {"nudged_half_at": introduction.nudged_half_at or now}
    if is_last:
        values["nudged_due_at"] = now
    column = Introduction.nudged_due_at if is_last else Introduction.nudged_half_at
    if not change_where(introduction, values, column.is_(None)):
        return False
    record(
        IntroductionNudged(
            actor=SYSTEM, now=now, subject_id=introduction.id, is_last=is_last,
            count=introduction.closes, revision=introduction.revision,
        )
    )  # fmt: skip
    return True
