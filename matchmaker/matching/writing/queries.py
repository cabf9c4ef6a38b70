"""Suggestions that were put aside in a draft."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.matching.writing.models import DismissedSuggestion

MOST_DISMISSED = 200


def dismissed(form_key: str) -> frozenset[str]:
    """Keys of the suggestions put aside in the draft of this form, at most 200."""
    query = (
        select(DismissedSuggestion.suggestion)
        .where(DismissedSuggestion.form_key == form_key)
        .order_by(DismissedSuggestion.suggestion)
        .limit(MOST_DISMISSED)
    )
    return frozenset(db.session.scalars(query))
