"""What happens in a group's activity."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupActivity(DomainEvent):
    """Something happened in a group.

    Args:
        group_id: the group.
    """

    group_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSaved(GroupActivity):
    """An activity post was begun or changed."""

    tag: ClassVar[str] = "groups:post:saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPublished(GroupActivity):
    """An activity post was published."""

    tag: ClassVar[str] = "groups:post:published"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRetracted(GroupActivity):
    """An activity post was taken back."""

    tag: ClassVar[str] = "groups:post:retracted"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAdded(GroupActivity):
    """A document was added."""

    tag: ClassVar[str] = "groups:document:added"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReplaced(GroupActivity):
    """A document got a new version; ``details["number"]`` says which."""

    tag: ClassVar[str] = "groups:document:replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentChanged(GroupActivity):
    """Its title, who sees it or from when on changed; ``details["fields"]`` names which."""

    tag: ClassVar[str] = "groups:document:changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRemoved(GroupActivity):
    """A document was removed."""

    tag: ClassVar[str] = "groups:document:removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRestored(GroupActivity):
    """A removed document came back."""

    tag: ClassVar[str] = "groups:document:restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSaved(GroupActivity):
    """A task was added or changed."""

    tag: ClassVar[str] = "groups:task:saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMoved(GroupActivity):
    """A task was done, dropped or opened again; ``details["state"]`` says which."""

    tag: ClassVar[str] = "groups:task:moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLogged(GroupActivity):
    """A decision was written into the log; ``details["number"]`` is its number."""

    tag: ClassVar[str] = "groups:decision:logged"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionReplaced(GroupActivity):
    """A decision was replaced by a later one."""

    tag: ClassVar[str] = "groups:decision:replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestChosen(GroupActivity):
    """A person chose how often to get the news of a group."""

    tag: ClassVar[str] = "groups:digest:chosen"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRenewed(DomainEvent):
    """A person made a new secret calendar address; an older one is worthless now."""

    tag: ClassVar[str] = "groups:calendar:renewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarStopped(DomainEvent):
    """A person gave up the secret calendar address."""

    tag: ClassVar[str] = "groups:calendar:stopped"
