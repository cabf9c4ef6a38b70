"""Putting suggestions aside, and what becomes of that when a draft is saved.

These are notes beside a form, like the working copy itself, so they are no events of their own.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert

from matchmaker.core.db import db
from matchmaker.core.dialect import insert_or_skip
from matchmaker.matching.writing import queries
from matchmaker.matching.writing.models import DismissedSuggestion

KEPT_FOR = timedelta(days=180)


def dismiss(form_key: str, suggestion: str, now: datetime) -> None:
    """Do not suggest this again in this draft; beyond 200 nothing more is kept."""
    if len(queries.dismissed(form_key)) >= queries.MOST_DISMISSED:
        return
    row = insert(DismissedSuggestion).values(form_key=form_key, suggestion=suggestion, at=now)
    insert_or_skip(db.session(), row, ["form_key", "suggestion"])


def restore(form_key: str) -> None:
    """Suggest again whatever was put aside in this draft."""
    db.session.execute(delete(DismissedSuggestion).where(DismissedSuggestion.form_key == form_key))


def follow(old_key: str, new_key: str, now: datetime) -> None:
    """Keep what was put aside when the form of a new post becomes that of a stored one."""
    if old_key == new_key:
        return
    for suggestion in sorted(queries.dismissed(old_key)):
        dismiss(new_key, suggestion, now)
    restore(old_key)


def drop_old(now: datetime) -> int:
    """Forget what was put aside half a year ago; gives how many. Commits by itself."""
    result = db.session.execute(
        delete(DismissedSuggestion).where(DismissedSuggestion.at < now - KEPT_FOR)
    )
    db.session.commit()
    return int(result.rowcount)  # type: ignore[attr-defined]
