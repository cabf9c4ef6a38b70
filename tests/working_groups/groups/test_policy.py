"""Who may see and do what: the whole table of visibility, state, role and standing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from itertools import product

import pytest

from matchmaker.core.actor import VISITOR, Actor, GlobalRole, OrganizationRole
from matchmaker.working_groups.groups import policy
from matchmaker.working_groups.groups.domain import (
    ApplicationKind,
    GroupMove,
    GroupRole,
    GroupState,
    Visibility,
)
from matchmaker.working_groups.groups.policy import OUTSIDE, Standing

ME, OTHER, MINE, THEIRS = (uuid.UUID(int=n) for n in range(1, 5))
STRANGER = Actor(ME)
MEMBER = Actor(ME, roles={MINE: OrganizationRole.EDITOR})
REPRESENTATIVE = Actor(ME, roles={MINE: OrganizationRole.REPRESENTATIVE})
EXPERT = Actor(ME, global_roles=frozenset({GlobalRole.REVIEWER}))
OFFICE = Actor(ME, global_roles=frozenset({GlobalRole.SECRETARIAT}))


@dataclass(frozen=True)
class Group:
    """A group as the rules see it."""

    visibility: Visibility = Visibility.PUBLIC
    state: GroupState = GroupState.ACTIVE


@dataclass(frozen=True)
class Seat:
    """A role, an application or an invitation as the rules see it."""

    user_id: uuid.UUID = ME
    organization_id: uuid.UUID | None = MINE
    kind: ApplicationKind = ApplicationKind.APPLICATION


def standing(*roles: GroupRole) -> Standing:
    return Standing(frozenset(roles))


@pytest.mark.parametrize(("visibility", "state"), [*product(Visibility, GroupState)])
def test_who_sees_a_group(visibility: Visibility, state: GroupState) -> None:
    group = Group(visibility, state)
    is_public = visibility is Visibility.PUBLIC and state is not GroupState.FORMING
    for_members = visibility is not Visibility.GROUP
    assert policy.can_view_group(VISITOR, group, OUTSIDE) is is_public
    assert policy.can_view_group(STRANGER, group, OUTSIDE) is is_public
    for person in (MEMBER, EXPERT):
        assert policy.can_view_group(person, group, OUTSIDE) is for_members
    assert policy.can_view_group(OFFICE, group, OUTSIDE)
    for role in GroupRole:
        assert policy.can_view_group(STRANGER, group, standing(role))


@pytest.mark.parametrize("role", GroupRole)
def test_what_a_role_allows(role: GroupRole) -> None:
    runs = role in {GroupRole.CHAIR, GroupRole.LEAD, GroupRole.SECRETARIAT}
    own, group, closed = standing(role), Group(), Group(state=GroupState.CLOSED)
    assert policy.can_run_group(MEMBER, own) is runs
    assert policy.can_keep_people(MEMBER, group, own) is runs
    assert policy.can_keep_people(MEMBER, closed, own) is False
    assert policy.can_write_in_group(MEMBER, group, own) is (role is not GroupRole.OBSERVER)
    assert policy.can_write_in_group(MEMBER, closed, own) is False
    assert policy.can_see_people(MEMBER, own)
    assert policy.can_add_directly(MEMBER, group) is False
    assert policy.can_export_groups(MEMBER) is False


@pytest.mark.parametrize("move", GroupMove)
def test_those_who_run_a_group_lead_it_on_and_only_the_secretariat_back(move: GroupMove) -> None:
    is_back = move in {GroupMove.REOPEN, GroupMove.UNSTART}
    assert policy.can_move_group(MEMBER, standing(GroupRole.CHAIR), move) is not is_back
    assert policy.can_move_group(MEMBER, standing(GroupRole.MEMBER), move) is False
    assert policy.can_move_group(OFFICE, OUTSIDE, move)


def test_outside_nobody_but_the_secretariat_sees_people() -> None:
    assert not policy.can_see_people(MEMBER, OUTSIDE)
    assert policy.can_see_people(OFFICE, OUTSIDE)


@pytest.mark.parametrize(
    ("actor", "group", "allowed"),
    [
        (VISITOR, Group(), False),
        (STRANGER, Group(), False),
        (EXPERT, Group(), False),
        (MEMBER, Group(), True),
        (MEMBER, Group(Visibility.GROUP), False),
        (MEMBER, Group(state=GroupState.CLOSED), False),
    ],
)
def test_people_of_organisations_apply_where_they_may_look(
    actor: Actor, group: Group, allowed: bool
) -> None:
    assert policy.can_apply(actor, group, OUTSIDE) is allowed


def test_who_may_hand_over_a_seat() -> None:
    others = Seat(user_id=OTHER)
    assert policy.can_hand_over(MEMBER, Seat(), OUTSIDE)
    assert not policy.can_hand_over(MEMBER, others, OUTSIDE)
    assert policy.can_hand_over(REPRESENTATIVE, others, OUTSIDE)
    assert not policy.can_hand_over(REPRESENTATIVE, Seat(OTHER, THEIRS), OUTSIDE)
    assert policy.can_hand_over(MEMBER, others, standing(GroupRole.LEAD))
    assert policy.can_hand_over(OFFICE, others, OUTSIDE)
    assert not policy.can_hand_over(MEMBER, Seat(organization_id=None), OUTSIDE)


def test_nobody_decides_on_the_own_application_but_each_on_the_own_invitation() -> None:
    runs = standing(GroupRole.LEAD)
    invitation = Seat(kind=ApplicationKind.INVITATION)
    assert not policy.can_decide_application(MEMBER, Seat(), runs)
    assert policy.can_decide_application(MEMBER, Seat(user_id=OTHER), runs)
    assert not policy.can_decide_application(MEMBER, Seat(user_id=OTHER), OUTSIDE)
    assert policy.can_decide_application(MEMBER, invitation, OUTSIDE)
    assert not policy.can_decide_application(
        OFFICE, Seat(OTHER, kind=ApplicationKind.INVITATION), OUTSIDE
    )


def test_applications_are_taken_back_by_the_person_and_invitations_by_the_group() -> None:
    runs = standing(GroupRole.CHAIR)
    invitation = Seat(kind=ApplicationKind.INVITATION)
    assert policy.can_withdraw_application(MEMBER, Seat(), OUTSIDE)
    assert not policy.can_withdraw_application(MEMBER, Seat(user_id=OTHER), runs)
    assert policy.can_withdraw_application(MEMBER, invitation, runs)
    assert not policy.can_withdraw_application(MEMBER, invitation, OUTSIDE)


@pytest.mark.parametrize(("visibility", "state"), [*product(Visibility, GroupState)])
def test_final_reports_follow_the_visibility_of_the_group(
    visibility: Visibility, state: GroupState
) -> None:
    group, is_closed = Group(visibility, state), state is GroupState.CLOSED
    public = visibility is Visibility.PUBLIC
    assert policy.can_see_final_report(VISITOR, group, OUTSIDE) is (is_closed and public)
    for_members = is_closed and visibility is not Visibility.GROUP
    assert policy.can_see_final_report(MEMBER, group, OUTSIDE) is for_members
    assert policy.can_see_final_report(MEMBER, group, standing(GroupRole.OBSERVER)) is is_closed
