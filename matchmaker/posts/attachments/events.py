"""What happens to the files of a post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.posts.events import PostEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentAdded(PostEvent):
    """A file was attached; ``details`` names it."""

    tag: ClassVar[str] = "posts:attachment:added"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRemoved(PostEvent):
    """A file was taken away; ``details`` names it."""

    tag: ClassVar[str] = "posts:attachment:removed"
