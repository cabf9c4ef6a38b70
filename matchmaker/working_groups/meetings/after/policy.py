"""Who sees the recording of a meeting. Pure predicates."""

from __future__ import annotations

from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.groups.policy import Standing, can_see


class Recorded(Protocol):
    """What the rules need to know of a meeting."""

    @property
    def recording_url(self) -> str:
        """Address of the recording, or nothing."""

    @property
    def recording_visibility(self) -> Visibility:
        """Who is shown the address."""


def can_see_recording(actor: Actor, meeting: Recorded, standing: Standing) -> bool:
    """Whether there is a recording whose address the person is shown."""
    return bool(meeting.recording_url) and can_see(actor, meeting.recording_visibility, standing)
