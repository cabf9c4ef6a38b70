"""What happens to posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent
from matchmaker.posts.domain import Move, PostKind, PostState


@dataclass(frozen=True, slots=True, kw_only=True)
class PostEvent(DomainEvent):
    """Something happened to a need or an offering."""

    kind: PostKind
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSaved(PostEvent):
    """The content was created or changed."""

    tag: ClassVar[str] = "posts:post:saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostMoved(PostEvent):
    """The post went from one state to another."""

    tag: ClassVar[str] = "posts:post:moved"
    move: Move
    before: PostState
    after: PostState


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDeleted(PostEvent):
    """A post was removed (a draft that was thrown away, an import that was undone)."""

    tag: ClassVar[str] = "posts:post:deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostExpiring(PostEvent):
    """A published post will expire in two weeks."""

    tag: ClassVar[str] = "posts:post:expiring"
