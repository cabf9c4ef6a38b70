"""What happens to pilots. The subject is the pilot."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotPlanned(DomainEvent):
    """A pilot was planned by a consortium."""

    tag: ClassVar[str] = "pilots:pilot:planned"
    consortium_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotChanged(DomainEvent):
    """Its plan, milestones, budget or indicators were changed."""

    tag: ClassVar[str] = "pilots:pilot:changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotMoved(DomainEvent):
    """It went from one state to another (values of the states)."""

    tag: ClassVar[str] = "pilots:pilot:moved"
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorReported(DomainEvent):
    """Results of indicators were handed in with a report."""

    tag: ClassVar[str] = "pilots:report:handed-in"
    report_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotReportDue(DomainEvent):
    """A report is due soon or late: its writers are reminded."""

    tag: ClassVar[str] = "pilots:report:due"
    report_id: uuid.UUID
    is_late: bool
