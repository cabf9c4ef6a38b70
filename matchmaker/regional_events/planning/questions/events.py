"""What happens to the questions of an event; ``subject_id`` is the event."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationQuestionsChanged(DomainEvent):
    """What the registration form asks was changed.

    Args:
        track_id: the track whose own questions they are; None for those of the event.
    """

    tag: ClassVar[str] = "regional-events:questions:changed"
    track_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemesAsked(DomainEvent):
    """People were asked which themes they want."""

    tag: ClassVar[str] = "regional-events:themes:asked"
    survey_id: uuid.UUID
