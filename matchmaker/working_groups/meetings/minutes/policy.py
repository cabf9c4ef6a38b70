"""Who may read, write and publish minutes. Pure predicates."""

from __future__ import annotations

from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.groups.policy import (
    Standing,
    Subject,
    can_run_group,
    can_see,
    can_write_in_group,
)
from matchmaker.working_groups.meetings.domain import MeetingState, MinutesState


class MinutesSubject(Protocol):
    """What the rules need to know of minutes."""

    @property
    def state(self) -> MinutesState:
        """Where they stand."""

    @property
    def visibility(self) -> Visibility:
        """Who may read them once they are published."""

    @property
    def published_revision(self) -> int | None:
        """Number of the text that was published last."""


def can_write(
    actor: Actor, group: Subject, standing: Standing, meeting_state: MeetingState
) -> bool:
    """Those who work in the group write; not on a cancelled meeting or in a closed group."""
    if meeting_state is MeetingState.CANCELLED:
        return False
    return can_write_in_group(actor, group, standing)


def can_run(actor: Actor, standing: Standing, meeting_state: MeetingState) -> bool:
    """The organisers ask the speakers, publish and correct."""
    return meeting_state is not MeetingState.CANCELLED and can_run_group(actor, standing)


def can_read_draft(actor: Actor, standing: Standing, *, is_asked: bool = False) -> bool:
    """The text that is being written: those who work in the group, and speakers asked to check it.

    Observers wait for the published text.
    """
    return actor.is_secretariat or standing.works or is_asked


def can_read_published(actor: Actor, minutes: MinutesSubject, standing: Standing) -> bool:
    """The text that was published last, by the visibility of the minutes."""
    if minutes.published_revision is None:
        return False
    return can_see(actor, minutes.visibility, standing)


def can_read(
    actor: Actor, minutes: MinutesSubject, standing: Standing, *, is_asked: bool = False
) -> bool:
    """Whether the person may open the page of the minutes at all."""
    return can_read_draft(actor, standing, is_asked=is_asked) or can_read_published(
        actor, minutes, standing
    )
