"""Who may see and do what in a working group. Pure predicates."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.working_groups.groups.domain import (
    RUNNING_ROLES,
    WORKING_ROLES,
    ApplicationKind,
    GroupMove,
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
    if group.state is GroupState.FORMING and not (actor.is_member or standing.belongs):
        return False
    return can_see(actor, group.visibility, standing)


def can_create_group(actor: Actor) -> bool:
    """The secretariat founds groups; adopted proposals do so through it."""
    return actor.is_secretariat


def can_run_group(actor: Actor, standing: Standing) -> bool:
    """Chair, leads and secretariat of the group, and the partnership's secretariat."""
    return actor.is_secretariat or standing.runs


MOVES_OF_SECRETARIAT = frozenset({GroupMove.REOPEN, GroupMove.UNSTART})
"""Steps back, which the secretariat takes."""


def can_move_group(actor: Actor, standing: Standing, move: GroupMove) -> bool:
    """Those who run the group lead it on; steps back are the secretariat's."""
    if move in MOVES_OF_SECRETARIAT:
        return actor.is_secretariat
    return can_run_group(actor, standing)


def can_write_in_group(actor: Actor, group: Subject, standing: Standing) -> bool:
    """Those who work in the group, as long as it is not closed."""
    if group.state is GroupState.CLOSED:
        return False
    return actor.is_secretariat or standing.works


def can_see_people(actor: Actor, standing: Standing) -> bool:
    """Names and contact data of people: the group itself and the secretariat."""
    return actor.is_secretariat or standing.belongs


def can_keep_people(actor: Actor, group: Subject, standing: Standing) -> bool:
    """Whoever runs the group invites, decides and ends, as long as the group is not closed."""
    return group.state is not GroupState.CLOSED and can_run_group(actor, standing)


def can_add_directly(actor: Actor, group: Subject) -> bool:
    """Only the secretariat enters people without asking them."""
    return group.state is not GroupState.CLOSED and actor.is_secretariat


def can_apply(actor: Actor, group: Subject, standing: Standing) -> bool:
    """People of an organisation apply where they may see the group (the group says for what)."""
    if group.state is GroupState.CLOSED or not actor.roles:
        return False
    return can_view_group(actor, group, standing)


class Seat(Protocol):
    """What the rules need to know of a role somebody has in a group."""

    @property
    def user_id(self) -> uuid.UUID:
        """Who has it."""

    @property
    def organization_id(self) -> uuid.UUID | None:
        """For which organisation."""


def can_leave(actor: Actor, seat: Seat) -> bool:
    """Each gives up their own role."""
    return actor.user_id is not None and actor.user_id == seat.user_id


def can_hand_over(actor: Actor, seat: Seat, standing: Standing) -> bool:
    """The person, the organisation's representative, those who run the group, the secretariat."""
    if seat.organization_id is None:
        return False
    return (
        can_leave(actor, seat)
        or actor.represents(seat.organization_id)
        or can_run_group(actor, standing)
    )


class Application(Protocol):
    """What the rules need to know of an application or an invitation."""

    @property
    def user_id(self) -> uuid.UUID:
        """Who would join."""

    @property
    def kind(self) -> ApplicationKind:
        """How."""


def can_decide_application(actor: Actor, application: Application, standing: Standing) -> bool:
    """Applications are decided by those who run the group, invitations by the invited person."""
    if application.kind is ApplicationKind.INVITATION:
        return actor.user_id is not None and actor.user_id == application.user_id
    return can_run_group(actor, standing) and actor.user_id != application.user_id


def can_withdraw_application(actor: Actor, application: Application, standing: Standing) -> bool:
    """Applications are taken back by the person, invitations by those who run the group."""
    if application.kind is ApplicationKind.INVITATION:
        return can_run_group(actor, standing)
    return actor.user_id is not None and actor.user_id == application.user_id


def can_see_final_report(actor: Actor, group: Subject, standing: Standing) -> bool:
    """The report of a closed group by the group's visibility."""
    return group.state is GroupState.CLOSED and can_see(actor, group.visibility, standing)


def can_export_groups(actor: Actor) -> bool:
    """Lists of all groups and of all people are for the secretariat."""
    return actor.is_secretariat
