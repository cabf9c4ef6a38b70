"""What happens to versions of the ranking; ``details["number"]`` names the version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionTrained(DomainEvent):
    """A new version was fitted and measured; ``details["objections"]`` says what is against it."""

    tag: ClassVar[str] = "releases:version:trained"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChecked(DomainEvent):
    """A version was measured again, beside the one that is live now."""

    tag: ClassVar[str] = "releases:version:checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPromoted(DomainEvent):
    """A version is used from now on; ``details["despite"]`` lists the objections set aside."""

    tag: ClassVar[str] = "releases:version:promoted"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRolledBack(DomainEvent):
    """An earlier version is used again."""

    tag: ClassVar[str] = "releases:version:rolled-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionShadowed(DomainEvent):
    """A version is compared with the live one day by day."""

    tag: ClassVar[str] = "releases:version:shadowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionUnshadowed(DomainEvent):
    """A version is no longer compared day by day."""

    tag: ClassVar[str] = "releases:version:unshadowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRefused(DomainEvent):
    """A version was put aside by a person."""

    tag: ClassVar[str] = "releases:version:refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequested(DomainEvent):
    """The worker was asked for a training or a measurement."""

    tag: ClassVar[str] = "releases:run:requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFailed(DomainEvent):
    """What the worker was asked for could not be done."""

    tag: ClassVar[str] = "releases:run:failed"
