"""What happens to the matching tables of an event. The subject is always the event."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class TablesPlanned(DomainEvent):
    """The staff opened the matching tables or changed their settings."""

    tag: ClassVar[str] = "tables:plan:changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableGuestAnswered(DomainEvent):
    """Somebody said whether they take part; wishes and refusals are not in the record."""

    tag: ClassVar[str] = "tables:guest:answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class TablesAssigned(DomainEvent):
    """A version of the plan was asked for, swapped or brought back."""

    tag: ClassVar[str] = "tables:version:made"


@dataclass(frozen=True, slots=True, kw_only=True)
class TablesReleased(DomainEvent):
    """A version came into force: those whose timetable changed are told.

    Args:
        version_id: the version.
        before_id: the version in force before, if there was one.
    """

    tag: ClassVar[str] = "tables:version:released"
    version_id: uuid.UUID
    before_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRecorded(DomainEvent):
    """Somebody said what came of a meeting; what they said is not in the record.

    Args:
        outcome_id: what was said.
    """

    tag: ClassVar[str] = "tables:outcome:recorded"
    outcome_id: uuid.UUID | None = None
