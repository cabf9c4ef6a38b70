"""What every change of a call has in common: revision, moment, the event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict
from matchmaker.working_groups.calls.events import CallSaved
from matchmaker.working_groups.calls.models import Call

CHANGED_MEANWHILE = (
    "ほかの人がこの公募を先に変更しました。入力した内容は残っています。"
    "新しい内容と見くらべてから、もう一度保存してください。"
)


def refuse_old_revision(call: Call, expected: int | None) -> None:
    """Refuse to write over what somebody else saved.

    Raises:
        Conflict: the call was changed since the form was opened.
    """
    if expected is not None and expected != call.revision:
        raise Conflict(CHANGED_MEANWHILE)


def keep(
    call: Call, actor: Actor, now: datetime, parts: list[str], fields: Sequence[str] = ()
) -> None:
    """Write a change down; ``parts`` and ``fields`` name it for the audit log."""
    touch(call, now)
    record_saved(call, actor, now, parts, fields)


def touch(call: Call, now: datetime) -> None:
    """Flush a change under a new revision."""
    call.revision, call.updated_at = call.revision + 1, now
    db.session.flush()


def record_saved(
    call: Call, actor: Actor, now: datetime, parts: list[str], fields: Sequence[str] = ()
) -> None:
    """Record that a call was saved."""
    details = {"name": call.title, "parts": parts, "fields": list(fields)}
    record(CallSaved(actor=actor, now=now, subject_id=call.id, details=details))
