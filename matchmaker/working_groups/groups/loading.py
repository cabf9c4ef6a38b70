"""Loads a group for a page and asks whether the person may see it at all."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.working_groups.groups import policy, queries
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.policy import Standing


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """A group that the person of this request may see.

    Args:
        group: with its parent.
        actor: who asks.
        standing: the person's present roles in the group.
        now: the moment of the request.
    """

    group: WorkingGroup
    actor: Actor
    standing: Standing
    now: datetime

    @property
    def today(self) -> date:
        """The day in Japan."""
        return clock.today(self.now)

    @property
    def runs(self) -> bool:
        """Whether the person runs the group."""
        return policy.can_run_group(self.actor, self.standing)


def open_group(group_id: uuid.UUID) -> OpenGroup:
    """The group with what is known of the person who asks.

    Raises:
        NotFound: there is none, or the person may not know of it.
        Unauthorized: nobody is signed in and the group is not public.
    """
    now = clock.now()
    group = queries.get_group(group_id)
    actor = current_actor()
    standing = queries.standing_of(actor, group.id, clock.today(now))
    authorize(policy.can_view_group(actor, group, standing), hidden=True)
    return OpenGroup(group, actor, standing, now)


def open_to_run(group_id: uuid.UUID) -> OpenGroup:
    """The group for those who run it.

    Raises:
        NotFound: there is none, or the person may not know of it.
        NotAllowed: the person does not run it.
    """
    opened = open_group(group_id)
    authorize(opened.runs)
    return opened
