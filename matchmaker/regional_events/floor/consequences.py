"""What follows from questions (named in ``matchmaker/subscriptions.py``)."""

from __future__ import annotations

from matchmaker.core.clock import now
from matchmaker.core.transaction import after_commit
from matchmaker.matching.engine import current_engine
from matchmaker.regional_events.floor.events import QuestionReworded, QuestionSent
from matchmaker.regional_events.floor.likeness import encode_waiting


def encode_soon(event: QuestionSent | QuestionReworded) -> None:
    """Make the question's vector right after the commit when the encoder is at hand; else the
    worker does within minutes."""
    question_id = event.subject_id

    def encode() -> None:
        engine = current_engine()
        if engine.is_warm:
            encode_waiting(engine.encoder, now(), question_id)

    after_commit(encode)
