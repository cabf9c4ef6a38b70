"""What is done after a meeting (``subject_id``)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingLinked(DomainEvent):
    """The address of the recording was set, changed or taken away."""

    tag: ClassVar[str] = "meetings:recording:linked"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingSurveyCreated(DomainEvent):
    """Those who attended are asked what they think."""

    tag: ClassVar[str] = "meetings:survey:created"
    survey_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesMissing(DomainEvent):
    """Days have passed since the meeting and its minutes are not published."""

    tag: ClassVar[str] = "meetings:minutes:missing"
    days: int
