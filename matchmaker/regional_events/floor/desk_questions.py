"""Questions that somebody asks aloud: a moderator writes them down, and they are shown at once."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.regional_events.floor.domain import (
    QuestionKind,
    QuestionSource,
    QuestionState,
)
from matchmaker.regional_events.floor.events import QuestionSent
from matchmaker.regional_events.floor.models import FloorQuestion
from matchmaker.regional_events.floor.service import (
    already_sent,
    check_session,
    cleaned,
    ensure_floor,
    next_number,
)
from matchmaker.regional_events.floor.whole import whole
from matchmaker.regional_events.planning.models import RegionalEvent

MOST_KEY = 64


@whole
def write_down(
    event: RegionalEvent,
    text: str,
    kind: QuestionKind,
    session_id: uuid.UUID | None,
    actor: Actor,
    now: datetime,
    submission_key: str = "",
) -> FloorQuestion:
    """Note a question from a microphone, accepted from the beginning and without a name.

    Args:
        submission_key: from the form, so that a double click writes it once.

    Raises:
        ProductError: nothing or too much was typed, or the session takes none.
    """
    ensure_floor(event.id)
    key = submission_key[:MOST_KEY] or secrets.token_urlsafe(24)
    known = already_sent(event.id, key)
    if known is not None:
        return known
    text = cleaned(text)
    check_session(event.id, session_id)
    question = _accepted(event.id, text, now, key)
    question.kind, question.session_id = kind, session_id
    db.session.add(question)
    db.session.flush()
    details = {"number": question.number, "source": QuestionSource.DESK.value}
    record(
        QuestionSent(
            actor=actor, now=now, subject_id=question.id, event_id=event.id, details=details
        )
    )
    return question


def _accepted(event_id: uuid.UUID, text: str, now: datetime, key: str) -> FloorQuestion:
    return FloorQuestion(
        event_id=event_id,
        number=next_number(event_id),
        source=QuestionSource.DESK,
        original_text=text,
        text=text,
        state=QuestionState.ACCEPTED,
        submission_key=key,
        created_at=now,
        updated_at=now,
    )
