"""What happens to minutes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesEvent(DomainEvent):
    """Something happened to the minutes (``subject_id``) of a meeting."""

    meeting_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesBegun(MinutesEvent):
    """Somebody began to write."""

    tag: ClassVar[str] = "meetings:minutes:begun"


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesWritten(MinutesEvent):
    """Somebody wrote; saves shortly after one another count once, the versions hold each."""

    tag: ClassVar[str] = "meetings:minutes:written"


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesSettingsChanged(MinutesEvent):
    """The kind or the later readers were set."""

    tag: ClassVar[str] = "meetings:minutes:settings-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakersAsked(MinutesEvent):
    """Speakers were asked to check the text."""

    tag: ClassVar[str] = "meetings:minutes:check-asked"
    user_ids: tuple[uuid.UUID, ...]
    is_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesChecked(MinutesEvent):
    """A speaker approved the text or asked for a change."""

    tag: ClassVar[str] = "meetings:minutes:checked"
    approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesReworked(MinutesEvent):
    """The minutes went back from the check to a draft."""

    tag: ClassVar[str] = "meetings:minutes:reworked"


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesPublished(MinutesEvent):
    """The minutes were published, perhaps after a correction."""

    tag: ClassVar[str] = "meetings:minutes:published"
    group_id: uuid.UUID
    is_correction: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesCorrectionBegun(MinutesEvent):
    """Published minutes are being corrected; the published text stays until then."""

    tag: ClassVar[str] = "meetings:minutes:correction-begun"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsTaken(MinutesEvent):
    """Decisions or tasks were taken from the minutes."""

    tag: ClassVar[str] = "meetings:minutes:findings-taken"
