"""Who may see and do what in a working group. Pure predicates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.working_groups.groups.domain import (
    RUNNING_ROLES,
    WORKING_ROLES,
    GroupRole,
    GroupState,
    Visibility,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """The present roles of a person in one group (see ``queries.standing_of``)."""

    roles: frozenset[GroupRole] = frozenset()

    @property
    def belongs(self) -> bool:
        """Whether the person takes part, observers included."""
        return bool(self.roles)

    @property
    def works(self) -> bool:
        """Whether the person writes in the group."""
        return bool(self.roles & WORKING_ROLES)

    @property
    def runs(self) -> bool:
        """Whether the person runs the group."""
        return bool(self.roles & RUNNING_ROLES)


OUTSIDE = Standing()


class Subject(Protocol):
    """What the rules need to know of a group."""

    @property
    def visibility(self) -> Visibility:
        """Who may read it."""

    @property
    def state(self) -> GroupState:
        """Where it stands."""


def can_see(actor: Actor, visibility: Visibility, standing: Standing) -> bool:
    """Whether something of the given visibility is shown to the person."""
    if actor.is_secretariat or standing.belongs:
        return True
    if visibility is Visibility.PUBLIC:
        return True
    return visibility is Visibility.MEMBERS and actor.is_member


def can_view_group(actor: Actor, group: Subject, standing: Standing) -> bool:
    """Groups by their visibility; one that is still forming is for members at the most."""
    if group.state is GroupState.FORMING and not actor.is_member:
        return False
    return can_see(actor, group.visibility, standing)


def can_create_group(actor: Actor) -> bool:
    """The secretariat founds groups; adopted proposals do so through it."""
    return actor.is_secretariat


def can_run_group(actor: Actor, standing: Standing) -> bool:
    """Chair, leads and secretariat of the group, and the partnership's secretariat."""
    return actor.is_secretariat or standing.runs


def can_write_in_group(actor: Actor, group: Subject, standing: Standing) -> bool:
    """Those who work in the group, as long as it is not closed."""
    if group.state is GroupState.CLOSED:
        return False
    return actor.is_secretariat or standing.works
