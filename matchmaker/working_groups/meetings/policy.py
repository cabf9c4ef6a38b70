"""Who may see, join and run a meeting. Pure predicates."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.working_groups.groups.domain import GroupState, Visibility
from matchmaker.working_groups.groups.policy import (
    Standing,
    Subject,
    can_run_group,
    can_see,
    can_view_group,
)
from matchmaker.working_groups.meetings.domain import MeetingState


class MeetingSubject(Protocol):
    """What the rules need to know of a meeting."""

    @property
    def visibility(self) -> Visibility:
        """Who may read of it."""

    @property
    def state(self) -> MeetingState:
        """Where it stands."""

    @property
    def announced_at(self) -> datetime | None:
        """When people were first told of it."""

    @property
    def starts_at(self) -> datetime:
        """Its first moment."""

    @property
    def answers_until(self) -> datetime | None:
        """Until when people answer."""


def can_run(actor: Actor, standing: Standing) -> bool:
    """Whether the person organises the meetings of the group."""
    return can_run_group(actor, standing)


def can_plan(actor: Actor, group: Subject, standing: Standing) -> bool:
    """Whether the person may plan a meeting; a closed group holds none."""
    return group.state is not GroupState.CLOSED and can_run_group(actor, standing)


def is_admitted(actor: Actor, standing: Standing, *, is_proxy: bool = False) -> bool:
    """Whether the person may take part: the group's people, invited proxies, the secretariat."""
    return actor.is_secretariat or standing.belongs or is_proxy


def is_known(meeting: MeetingSubject) -> bool:
    """Whether others than the organisers know of it: it was announced, or is long over."""
    return meeting.announced_at is not None or meeting.state in (
        MeetingState.ANNOUNCED,
        MeetingState.HELD,
    )


def is_announced(meeting: MeetingSubject) -> bool:
    """Whether people are invited to it now."""
    return meeting.state is MeetingState.ANNOUNCED


def can_view(
    actor: Actor,
    meeting: MeetingSubject,
    group: Subject,
    standing: Standing,
    *,
    is_proxy: bool = False,
) -> bool:
    """Whether the person may read of the meeting.

    Before the first notice only the organisers do; then it goes by the visibility of the meeting
    and of its group. Proxies see the meeting they are sent to.
    """
    if can_run_group(actor, standing):
        return True
    if not is_known(meeting):
        return False
    if is_proxy:
        return True
    return can_view_group(actor, group, standing) and can_see(actor, meeting.visibility, standing)


def can_see_link(
    actor: Actor, meeting: MeetingSubject, standing: Standing, *, is_proxy: bool = False
) -> bool:
    """Whether the way into the online meeting is shown.

    Organisers always see it, the others who are admitted from the notice until it is over.
    """
    if can_run_group(actor, standing):
        return True
    admitted = is_admitted(actor, standing, is_proxy=is_proxy)
    return admitted and meeting.state is MeetingState.ANNOUNCED


def can_answer(actor: Actor, meeting: MeetingSubject, standing: Standing) -> bool:
    """Whether the person is asked to come: people of the group, once it was announced."""
    return (
        actor.user_id is not None and standing.belongs and meeting.state is MeetingState.ANNOUNCED
    )


def answers_are_open(meeting: MeetingSubject, now: datetime) -> bool:
    """Whether people may still answer themselves: until the deadline, at the latest the start."""
    until = meeting.answers_until or meeting.starts_at
    return meeting.state is MeetingState.ANNOUNCED and now < min(until, meeting.starts_at)
