"""Who reviews the proposals of a call. Who leaves keeps a row with the reason."""

from __future__ import annotations

from datetime import datetime

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import people_with_global_role
from matchmaker.core.actor import Actor, GlobalRole
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.working_groups.calls import queries
from matchmaker.working_groups.calls.content import checked_reason
from matchmaker.working_groups.calls.domain import CallState
from matchmaker.working_groups.calls.events import ReviewerAdded, ReviewerLeft
from matchmaker.working_groups.calls.models import Call, CallReviewer

ENDED = frozenset({CallState.DECIDED, CallState.CANCELLED})


def add_reviewer(
    call: Call, user: User, actor: Actor, now: datetime, *, mail: bool = True
) -> CallReviewer:
    """Let a person review the proposals of a call; one who left comes back on the same row.

    Args:
        call: the call.
        user: the person.
        actor: who does it.
        now: the present moment.
        mail: whether the person is told (not so when the demo is loaded).

    Raises:
        IllegalMove: the call has ended.
        ProductError: the person is no reviewer, or reviews already (field ``user_id``).
    """
    if call.state in ENDED:
        raise IllegalMove("終わった公募に、審査員は加えられません。")
    if user.id not in {each.id for each in people_with_global_role(GlobalRole.REVIEWER)}:
        raise ProductError("この方には、有識者の役割がありません。", "user_id")
    reviewer = queries.reviewer_with(call.id, user.id)
    if reviewer is not None and reviewer.left_at is None:
        raise ProductError("この方は、すでに審査員です。", "user_id")
    if reviewer is None:
        reviewer = CallReviewer(id=new_id(), call_id=call.id, user_id=user.id)
        db.session.add(reviewer)
    reviewer.added_at, reviewer.left_at, reviewer.left_reason = now, None, ""
    db.session.flush()
    details = {"name": user.name, "mail": mail}
    record(
        ReviewerAdded(actor=actor, now=now, subject_id=call.id, details=details, user_id=user.id)
    )
    return reviewer


def release_reviewer(reviewer: CallReviewer, reason: str, actor: Actor, now: datetime) -> None:
    """Let a reviewer go; what the person has not finished is released (see ``ReviewerLeft``).

    Raises:
        Conflict: the person has left already.
        ProductError: there is no reason (field ``reason``).
    """
    if reviewer.left_at is not None:
        raise Conflict("この方は、すでに審査員から外れています。")
    reason = checked_reason(reason)
    if not reason:
        raise ProductError("理由を入れてください。", "reason")
    reviewer.left_at, reviewer.left_reason = now, reason
    db.session.flush()
    record(
        ReviewerLeft(
            actor=actor, now=now, subject_id=reviewer.call_id, reason=reason,
            user_id=reviewer.user_id,
        )
    )  # fmt: skip
