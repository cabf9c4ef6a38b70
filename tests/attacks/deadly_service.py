"""The service whose process dies in the middle of a command, as by ``kill -9``, once."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

from matchmaker.core.domain_events import DomainEvent, subscribe_all
from tests.working_groups.proposals.open_service import app

LAST_BEFORE_DEATH = 2
BOMB = Path(os.environ["INSTANCE_DIR"]) / "bomb"
"""Names the kind of event at the second of which the process dies."""

_seen: Counter[str] = Counter()


def _die(event: DomainEvent) -> None:
    kind = type(event).__name__
    if not BOMB.exists() or BOMB.read_text() != kind:
        return
    _seen[kind] += 1
    if _seen[kind] == LAST_BEFORE_DEATH:
        BOMB.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


subscribe_all(_die)
__all__ = ["app"]
