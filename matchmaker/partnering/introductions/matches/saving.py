"""What all commands on matches share: compare-and-set, entries of the thread, the event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict
from matchmaker.partnering.introductions.matches.domain import MATCH_LABELS, MatchState
from matchmaker.partnering.introductions.matches.events import MatchChanged
from matchmaker.partnering.introductions.matches.models import Match, MatchMessage
from matchmaker.partnering.introductions.matches.policy import side_of

CHANGED_MEANWHILE = (
    "ほかの人が先に変更しました。入力した内容は残っています。"
    "新しい内容と見くらべてから、もう一度保存してください。"
)


def set_if(row: Any, expected: int, values: dict[str, Any], message: str) -> None:
    """Change a row as long as its revision is the expected one; the revision grows.

    Args:
        row: a loaded row with ``id`` and ``revision``.
        expected: the revision that the person read.
        values: new values by column.
        message: what is told when somebody else was faster.

    Raises:
        Conflict: another revision stands; nothing was changed.
    """
    model = type(row)
    statement = (
        update(model)
        .where(model.id == row.id, model.revision == expected)
        .values(**values, revision=expected + 1)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(message)
    db.session.refresh(row, attribute_names=[*values, "revision"])


def refuse_unless_talking(match: Match) -> None:
    """Refuse to change a page that is kept for the record only.

    Raises:
        Conflict: the talks ended, or the match was undone.
    """
    if match.state is not MatchState.TALKING:
        label = MATCH_LABELS[match.state]
        raise Conflict(f"この話し合いは「{label}」の状態のため、変えられません。")


def write_entry(
    match: Match, text: str, actor: Actor, now: datetime, *, is_notice: bool, key: str = ""
) -> MatchMessage:
    """Add an entry to the thread (flushed) and move the match to the top of lists.

    Args:
        is_notice: whether the service writes it about something that somebody did.
        key: of the form it came from, so that a second press writes nothing again.
    """
    entry = MatchMessage(
        id=new_id(), match_id=match.id, author_id=actor.user_id, author_name=actor.name,
        side=side_of(actor, match.introduction), is_notice=is_notice, text=text,
        submission_key=key or new_id().hex, at=now,
    )  # fmt: skip
    db.session.add(entry)
    match.updated_at = now
    db.session.flush()
    return entry


def tell_change(
    match: Match, text: str, actor: Actor, now: datetime, *, is_told: bool = True, **details: Any
) -> None:
    """Write what was changed into the thread and record it.

    Args:
        text: what happened, a short Japanese sentence.
        is_told: whether the other side gets a mail about it.
        details: plain values for the audit log.
    """
    entry = write_entry(match, text, actor, now, is_notice=True)
    record_change(match, entry, actor, now, is_told=is_told, **details)


def record_change(
    match: Match,
    entry: MatchMessage,
    actor: Actor,
    now: datetime,
    *,
    is_told: bool = True,
    **details: Any,
) -> None:
    """Record that the shared page changed as ``entry`` says."""
    record(
        MatchChanged(
            actor=actor, now=now, subject_id=match.id, details=details,
            message_id=entry.id, is_told=is_told,
        )
    )  # fmt: skip
