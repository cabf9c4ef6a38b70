"""What happens after an event. ``subject_id`` is always the event; names are in no ``details``."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent
from matchmaker.regional_events.reports.domain import MailingKind, ReportMove


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSaved(DomainEvent):
    """The words of a report were written or changed."""

    tag: ClassVar[str] = "event_reports:report:saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMoved(DomainEvent):
    """A report was published or taken back."""

    tag: ClassVar[str] = "event_reports:report:moved"
    move: ReportMove


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCorrected(DomainEvent):
    """A published report was corrected; ``details["number"]`` is its new version."""

    tag: ClassVar[str] = "event_reports:report:corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoAdded(DomainEvent):
    """A picture was added."""

    tag: ClassVar[str] = "event_reports:photo:added"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoChanged(DomainEvent):
    """The words to a picture were changed."""

    tag: ClassVar[str] = "event_reports:photo:changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRemoved(DomainEvent):
    """A picture was taken away."""

    tag: ClassVar[str] = "event_reports:photo:removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostsChanged(DomainEvent):
    """The costs of an event were written."""

    tag: ClassVar[str] = "event_reports:costs:changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMailingSent(DomainEvent):
    """The staff had a mail sent to those who came, or did not.

    Args:
        mailing_id: what was written.
        kind: to whom.
    """

    tag: ClassVar[str] = "event_reports:mailing:sent"
    mailing_id: uuid.UUID
    kind: MailingKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSurveyCreated(DomainEvent):
    """A survey to those who were there was made."""

    tag: ClassVar[str] = "event_reports:survey:created"
    survey_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestDeletionNear(DomainEvent):
    """The data of an event's guests is deleted within a week."""

    tag: ClassVar[str] = "event_reports:guests:deletion-near"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestsDeleted(DomainEvent):
    """The data of an event's guests was deleted; ``details["people"]`` says of how many."""

    tag: ClassVar[str] = "event_reports:guests:deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestForgotten(DomainEvent):
    """The data of one registration was deleted at a guest's wish."""

    tag: ClassVar[str] = "event_reports:guest:forgotten"
