"""What happens to the programme; ``subject_id`` is the event unless said otherwise."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent
from matchmaker.regional_events.planning.domain import SpeakerConsent


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeChanged(DomainEvent):
    """A session was added, changed, moved or taken away; ``details["action"]`` says which."""

    tag: ClassVar[str] = "regional-events:programme:changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerChanged(DomainEvent):
    """Somebody was added to the stage, described otherwise or taken away."""

    tag: ClassVar[str] = "regional-events:speaker:changed"
    speaker_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerAsked(DomainEvent):
    """A speaker is asked by mail whether name, biography and portrait may be shown."""

    tag: ClassVar[str] = "regional-events:speaker:asked"
    speaker_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerAnswered(DomainEvent):
    """A speaker agreed, refused or took the agreement back.

    Args:
        before: what was said until now.
        consent: what is said now.
        with_changes: whether the speaker corrected what is shown.
    """

    tag: ClassVar[str] = "regional-events:speaker:answered"
    speaker_id: uuid.UUID
    before: SpeakerConsent
    consent: SpeakerConsent
    with_changes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialChanged(DomainEvent):
    """A material or recording was added, changed, moved or taken away."""

    tag: ClassVar[str] = "regional-events:material:changed"
    material_id: uuid.UUID
