"""The service whose process dies in the middle of a release, as by ``kill -9``, once."""

from __future__ import annotations

import os
import signal
from itertools import count
from pathlib import Path

from matchmaker.core.domain_events import DomainEvent, subscribe_all
from matchmaker.working_groups.reviews.events import DecisionReleased
from tests.working_groups.proposals.open_service import app

LAST_BEFORE_DEATH = 2
BOMB = Path(os.environ["INSTANCE_DIR"]) / "bomb"
_seen = count(1)


def _die(event: DomainEvent) -> None:
    is_due = isinstance(event, DecisionReleased) and next(_seen) == LAST_BEFORE_DEATH
    if is_due and BOMB.exists():
        BOMB.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


subscribe_all(_die)
__all__ = ["app"]
