"""Background work of the floor, called by the worker."""

from __future__ import annotations

from datetime import datetime

from matchmaker.matching.engine import current_engine
from matchmaker.regional_events.floor.likeness import encode_waiting


def encode_questions(now: datetime) -> int:
    """Make the vectors that open questions lack; gives their number."""
    return encode_waiting(current_engine().encoder, now)
