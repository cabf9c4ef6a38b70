"""Commands that lead a call through its life. They flush and record events."""

from __future__ import annotations

from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.domain_events import record
from matchmaker.core.errors import IllegalMove, ProductError
from matchmaker.core.text import clean_text
from matchmaker.working_groups.calls.content import (
    BODY_LENGTH,
    checked_reason,
    extension_problems,
    publishing_problems,
    refuse,
)
from matchmaker.working_groups.calls.domain import CALL_STATES, CallMove, Phase
from matchmaker.working_groups.calls.events import CallCancelled, CallExtended, CallMoved
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.queries import kind_of_parent
from matchmaker.working_groups.calls.saving import keep, refuse_old_revision, touch
from matchmaker.working_groups.calls.service import data_of


def move_call(call: Call, move: CallMove, reason: str, actor: Actor, now: datetime) -> None:
    """Publish a call, take it back, cancel it, or tell that its results are out.

    Args:
        call: the call with its criteria.
        move: the step.
        reason: words for it; needed for taking back and for cancelling.
        actor: who does it.
        now: the present moment.

    Raises:
        IllegalMove: the step is not possible now.
        InvalidCall: something is missing for publishing; with messages by field.
        ProductError: the reason is missing or too long.
    """
    reason = checked_reason(reason)
    target = CALL_STATES.check(call.state, move, reason)
    _refuse_move(call, move, now)
    call.state, call.state_reason = target, reason
    if move is CallMove.PUBLISH:
        call.published_at = call.published_at or now
    if move is CallMove.DECIDE:
        call.decisions_released_at = call.decisions_released_at or now
    touch(call, now)
    event = CallCancelled if move is CallMove.CANCEL else CallMoved
    details = {"move": move.value, "name": call.title}
    record(
        event(
            actor=actor, now=now, subject_id=call.id, reason=reason, details=details,
            move=move, title=call.title,
        )
    )  # fmt: skip


def _refuse_move(call: Call, move: CallMove, now: datetime) -> None:
    if move is CallMove.PUBLISH:
        parent_kind = kind_of_parent(call.parent_group_id)
        refuse(publishing_problems(data_of(call), call.criteria, parent_kind, now))
    if move is CallMove.UNPUBLISH and call.frozen_at is not None:
        raise IllegalMove("提案が書かれ始めた公募は、下書きに戻せません。")
    if move is CallMove.DECIDE and call.phase(now) is not Phase.CLOSED:
        raise IllegalMove("受付が終わるまで、結果は公表できません。")


def extend_call(
    call: Call, closes_at: datetime | None, reason: str, actor: Actor, now: datetime
) -> None:
    """Move the deadline of a published call to a later moment; it is shown with the reason.

    Raises:
        IllegalMove: the deadline is over, or the call is not public.
        InvalidCall: the new deadline is not later; with messages by field.
        ProductError: there is no reason.
    """
    if call.phase(now) not in (Phase.UPCOMING, Phase.OPEN):
        raise IllegalMove(
            "受付が終わったあとは、公募の締切を延ばせません。提案ごとに期限を延ばしてください。"
        )
    reason = checked_reason(reason)
    if not reason:
        raise ProductError("理由を入れてください。", "reason")
    before = call.deadline
    refuse(extension_problems(before, call.reviews_due_at, closes_at, now))
    assert closes_at is not None  # noqa: S101 - told above
    call.first_closes_at = call.first_closes_at or before
    call.closes_at, call.extension_reason, call.closing_told_days = closes_at, reason, None
    touch(call, now)
    details = {"before": before.isoformat(), "after": closes_at.isoformat()}
    record(
        CallExtended(
            actor=actor, now=now, subject_id=call.id, reason=reason, details=details,
            title=call.title, closes_at=closes_at,
        )
    )  # fmt: skip


def write_outcome(
    call: Call, outcome: str, actor: Actor, now: datetime, expected_revision: int | None = None
) -> None:
    """Write what became of a call; it is shown once the results are out.

    Raises:
        Conflict: somebody else saved the call in between.
        InvalidCall: the text is too long.
    """
    refuse_old_revision(call, expected_revision)
    outcome = clean_text(outcome)
    if len(outcome) > BODY_LENGTH:
        refuse({"outcome": f"{BODY_LENGTH:,}文字以内で入れてください。"})
    if outcome != call.outcome:
        call.outcome = outcome
        keep(call, actor, now, ["outcome"])
