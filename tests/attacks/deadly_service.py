"""The service whose process dies in the middle of a command, as by ``kill -9``, once."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

from matchmaker.core.domain_events import DomainEvent, subscribe_all
from tests.working_groups.proposals.open_service import app

BOMB = Path(os.environ["INSTANCE_DIR"]) / "bomb"
"""Names the kind of event at which the process dies, and at the how manieth of them."""

_seen: Counter[str] = Counter()


def _die(event: DomainEvent) -> None:
    kind = type(event).__name__
    wanted, _, number = BOMB.read_text().partition(" ") if BOMB.exists() else ("", "", "")
    if kind != wanted:
        return
    _seen[kind] += 1
    if _seen[kind] == int(number):
        BOMB.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


subscribe_all(_die)
__all__ = ["app"]
