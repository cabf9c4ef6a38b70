"""Domain events: one ``record(...)`` writes the audit entry and sets off all consequences.

Consequences (mail, index requests, …) are listed in ``matchmaker/subscriptions.py`` and run in the
same transaction, so that a thing and its notice are both there or both not.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from matchmaker.core.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainEvent:
    """Something that happened and that others may want to know.

    Args:
        actor: who did it.
        now: when.
        subject_id: the record it happened to.
        organization_id: the organisation concerned, if one.
        reason: the words given for it, if any.
        details: further plain values for the audit log.
    """

    tag: ClassVar[str] = ""
    """``feature:subject:action``, as in ``needs:need:published``."""

    actor: Actor
    now: datetime
    subject_id: uuid.UUID
    organization_id: uuid.UUID | None = None
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)


Handler = Callable[[Any], None]
_subscriptions: dict[type[DomainEvent], tuple[Handler, ...]] = {}
_first: list[Handler] = []


def subscribe(table: Mapping[type[DomainEvent], tuple[Handler, ...]]) -> None:
    """Replace the table of consequences (called once, by ``create_app``)."""
    _subscriptions.clear()
    _subscriptions.update(table)


def subscribe_all(handler: Handler) -> None:
    """Let ``handler`` see each event before its consequences (the audit log does)."""
    if handler not in _first:
        _first.append(handler)


def record(event: DomainEvent) -> None:
    """Write ``event`` down and run its consequences in the present transaction."""
    for handler in _first:
        handler(event)
    for kind in type(event).__mro__:
        for handler in _subscriptions.get(kind, ()):
            handler(event)
