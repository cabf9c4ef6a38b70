"""What happens to imports of guests; each registration records its own events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.regional_events.registrations.events import RegistrationEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestImportStarted(RegistrationEvent):
    """A checked list is being registered; ``subject_id`` is the import."""

    tag: ClassVar[str] = "registrations:import:started"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestImportFinished(RegistrationEvent):
    """All good rows were worked on; ``details`` counts them."""

    tag: ClassVar[str] = "registrations:import:finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestImportFailed(RegistrationEvent):
    """The import stopped on its way; those registered by then stay registered."""

    tag: ClassVar[str] = "registrations:import:failed"
