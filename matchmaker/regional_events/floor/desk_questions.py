"""Questions that somebody asks aloud: a moderator writes them down, and they are shown at once."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from sqlalchemy import select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_text
from matchmaker.regional_events.floor.domain import (
    QuestionKind,
    QuestionSource,
    QuestionState,
    problem_with,
)
from matchmaker.regional_events.floor.events import QuestionSent
from matchmaker.regional_events.floor.models import FloorQuestion
from matchmaker.regional_events.floor.service import check_session, ensure_floor, next_number
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
    known = db.session.scalar(
        select(FloorQuestion).where(
            FloorQuestion.event_id == event.id, FloorQuestion.submission_key == key
        )
    )
    if known is not None:
        return known
    cleaned = clean_text(text)
    if problem := problem_with(cleaned):
        raise ProductError(problem, "text")
    check_session(event.id, session_id)
    question = FloorQuestion(
        event_id=event.id,
        session_id=session_id,
        number=next_number(event.id),
        kind=kind,
        source=QuestionSource.DESK,
        original_text=cleaned,
        text=cleaned,
        state=QuestionState.ACCEPTED,
        submission_key=key,
        created_at=now,
        updated_at=now,
    )
    db.session.add(question)
    db.session.flush()
    details = {"number": question.number, "source": QuestionSource.DESK.value}
    record(
        QuestionSent(
            actor=actor, now=now, subject_id=question.id, event_id=event.id, details=details
        )
    )
    return question
