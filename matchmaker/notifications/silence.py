"""A stretch of work that tells nobody: while the demo is loaded, no mail is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_silent: ContextVar[bool] = ContextVar("silent", default=False)


@contextmanager
def without_mail() -> Iterator[None]:
    """Let nothing inside put mail into the outbox."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def is_silent() -> bool:
    """Whether no mail is written now."""
    return _silent.get()
