"""What happens while the encoder is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderChangeMoved(DomainEvent):
    """A change of the encoder began, ended, was stopped or went live."""

    tag: ClassVar[str] = "matching:encoder:moved"
