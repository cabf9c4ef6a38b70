"""How groups are put into words for their pages."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol
from urllib.parse import urlencode

from matchmaker.core.actor import Actor
from matchmaker.core.text import clean_line
from matchmaker.organizations.models import Organization
from matchmaker.working_groups.groups import (
    application_queries,
    overviews,
    policy,
    queries,
    service,
)
from matchmaker.working_groups.groups.domain import (
    APPLICATION_KIND_LABELS,
    APPLICATION_STATE_LABELS,
    GROUP_STATES,
    KIND_LABELS,
    PARENT_KINDS,
    ROLE_LABELS,
    RUNNING_ROLES,
    VISIBILITY_LABELS,
    GroupKind,
    GroupMove,
    GroupRole,
    GroupState,
    recruits_observers,
)
from matchmaker.working_groups.groups.loading import OpenGroup
from matchmaker.working_groups.groups.models import GroupApplication, GroupMember, WorkingGroup
from matchmaker.working_groups.groups.policy import Standing
from matchmaker.working_groups.groups.queries import GroupFilter
from matchmaker.working_groups.groups.tree import Node, build_tree

LONGEST_SEARCH = 100
NAMED_ROLES = frozenset({GroupRole.CHAIR, GroupRole.LEAD})
"""Roles whose holders are named to everybody who may read the group's page."""

STATE_KINDS: Mapping[GroupState, str] = {
    GroupState.FORMING: "draft",
    GroupState.ACTIVE: "open",
    GroupState.DORMANT: "draft",
    GroupState.CLOSED: "closed",
}
"""How the states look (see ``templates/components/tag.html``)."""


class QueryValues(Protocol):
    """Values of a query string."""

    def getlist(self, key: str) -> list[str]:
        """All values of ``key``."""
        ...


def filter_from(values: QueryValues) -> GroupFilter:
    """The filter that a query string means; what is unknown in it is left out."""
    return GroupFilter(
        text=clean_line(next(iter(values.getlist("q")), ""))[:LONGEST_SEARCH],
        states=tuple(s for s in GroupState if s.value in values.getlist("state")),
        kinds=tuple(k for k in GroupKind if k.value in values.getlist("kind")),
        recruiting="1" in values.getlist("recruiting"),
    )


def chips(wanted: GroupFilter, here: str) -> list[tuple[str, str]]:
    """Each condition in force in words, with the address of the list without it."""
    found = [(f"「{wanted.text}」", _without(wanted, here, text=""))] if wanted.text else []
    for state in wanted.states:
        rest = tuple(s for s in wanted.states if s is not state)
        found.append((GROUP_STATES.labels[state], _without(wanted, here, states=rest)))
    for kind in wanted.kinds:
        others = tuple(k for k in wanted.kinds if k is not kind)
        found.append((KIND_LABELS[kind], _without(wanted, here, kinds=others)))
    if wanted.recruiting:
        found.append(("募集中", _without(wanted, here, recruiting=False)))
    return found


def _without(wanted: GroupFilter, here: str, **changes: Any) -> str:
    rest = replace(wanted, **changes)
    pairs = [("q", rest.text)] if rest.text else []
    pairs += [("state", state.value) for state in rest.states]
    pairs += [("kind", kind.value) for kind in rest.kinds]
    pairs += [("recruiting", "1")] if rest.recruiting else []
    return f"{here}?{urlencode(pairs)}" if pairs else here


@dataclass(frozen=True, slots=True)
class TreePage:
    """What the list page shows.

    Args:
        nodes: the forest.
        total: how many groups the filter lets through.
        is_cut: whether there are more groups than one page draws.
        people: how many people take part in each group.
        standings: the person's own roles by group.
    """

    nodes: Sequence[Node]
    total: int
    is_cut: bool
    people: Mapping[uuid.UUID, int]
    standings: Mapping[uuid.UUID, Standing]


def tree_page(actor: Actor, today: date, wanted: GroupFilter) -> TreePage:
    """The tree with what stands beside each group (at most four statements)."""
    groups = queries.list_groups(actor, today)
    matches = None
    if not wanted.is_empty:
        matches = {group.id for group in queries.list_groups(actor, today, wanted)}
    return TreePage(
        nodes=build_tree(groups, matches),
        total=len(groups if matches is None else matches),
        is_cut=len(groups) >= queries.MOST_GROUPS,
        people=queries.numbers_present(today),
        standings=queries.standings_of(actor, today),
    )


@dataclass(frozen=True, slots=True)
class Participant:
    """An organisation with the roles of its people, for those who see no names."""

    organization: Organization | None
    roles: list[str]


@dataclass(frozen=True, slots=True)
class GroupPage:
    """What the page of a group shows besides the sections of other parts.

    Args:
        ancestors: the groups above that the person may see, the highest first.
        children: the groups below that the person may see.
        people: rows of people, for those who may see names.
        named: chair and leads, for everybody.
        participants: organisations with their roles, for everybody.
        number: how many people take part.
        own: the person's own rows.
        waiting: the person's own application or invitation.
        applications: how many applications wait, for those who run the group.
        has_no_chair: whether it goes on without its chair (told to those who run it).
        has_nobody: whether nobody runs it (told to the secretariat).
        moves: steps that the person may take now.
        recruits: whether observers may apply today.
        may_apply: whether the person may apply at all.
    """

    ancestors: Sequence[WorkingGroup]
    children: Sequence[WorkingGroup]
    people: Sequence[GroupMember]
    named: Sequence[GroupMember]
    participants: Sequence[Participant]
    number: int
    own: Sequence[GroupMember]
    waiting: GroupApplication | None
    applications: int
    has_no_chair: bool
    has_nobody: bool
    moves: Sequence[GroupMove]
    recruits: bool
    may_apply: bool


def group_page(opened: OpenGroup) -> GroupPage:
    """Load what the page of a group shows."""
    group, actor, today = opened.group, opened.actor, opened.today
    members = queries.present_members(group.id, today)
    is_open, runs = group.state is not GroupState.CLOSED, opened.runs
    running = [m for m in members if m.user.active and m.role in RUNNING_ROLES]
    return GroupPage(
        ancestors=ancestors_of(group, actor, today),
        children=queries.children_of(group.id, actor, today),
        people=members if policy.can_see_people(actor, opened.standing) else [],
        named=[m for m in members if m.role in NAMED_ROLES],
        participants=participants_of(members),
        number=len({m.user_id for m in members}),
        own=[m for m in members if m.user_id == actor.user_id],
        waiting=application_queries.waiting_application(group.id, actor.user_id),
        applications=_applications(group) if runs else 0,
        has_no_chair=is_open and runs and overviews.lost_its_chair(group.id, today),
        has_nobody=is_open and actor.is_secretariat and not running and _needs_people(group),
        moves=_moves(opened) if runs else [],
        recruits=recruits_observers(
            group.state, group.observers_from, group.observers_until, today
        ),
        may_apply=policy.can_apply(actor, group, opened.standing),
    )


def _applications(group: WorkingGroup) -> int:
    return application_queries.applications_waiting([group.id]).get(group.id, 0)


def _needs_people(group: WorkingGroup) -> bool:
    return group.kind is not GroupKind.ASSEMBLY


def _moves(opened: OpenGroup) -> list[GroupMove]:
    return [
        move
        for move in GROUP_STATES.possible(opened.group.state)
        if policy.can_move_group(opened.actor, opened.standing, move)
    ]


def participants_of(members: Sequence[GroupMember]) -> list[Participant]:
    """Organisations with the roles of their people, in the order of the roles."""
    found: dict[uuid.UUID | None, Participant] = {}
    for member in members:
        known = found.setdefault(member.organization_id, Participant(member.organization, []))
        if ROLE_LABELS[member.role] not in known.roles:
            known.roles.append(ROLE_LABELS[member.role])
    return [each for each in found.values() if each.organization is not None]


def ancestors_of(group: WorkingGroup, actor: Actor, today: date) -> list[WorkingGroup]:
    """The groups above that the person may see, the highest first; the first hidden one ends it."""
    found: list[WorkingGroup] = []
    above = group.parent_id
    while above is not None:
        parent = queries.visible_group(above, actor, today)
        if parent is None or parent in found:
            break
        found.insert(0, parent)
        above = parent.parent_id
    return found


def parent_options(group: WorkingGroup | None) -> list[tuple[str, str]]:
    """Groups that may stand above others, with their kind (for the secretariat's form)."""
    kinds = tuple(
        kind for kind in GroupKind if any(kind in above for above in PARENT_KINDS.values())
    )
    groups = [each for each in queries.groups_of_kinds(kinds) if each is not group]
    above = group.parent_id if group is not None else None
    if above is not None and above not in {each.id for each in groups}:
        groups.append(queries.get_group(above))  # it may have ended meanwhile
    return [(str(each.id), f"{KIND_LABELS[each.kind]}：{each.name}") for each in groups]


def form_values(group: WorkingGroup) -> dict[str, Any]:
    """The stored values as the form shows them."""
    data = service.data_of(group)
    values = {name: getattr(data, name) for name in data.__slots__}
    values |= {"kind": data.kind.value, "visibility": data.visibility.value}
    return {**values, "parent_id": str(data.parent_id or ""), "revision": group.revision}


WORDS = {
    "kind": KIND_LABELS,
    "state": GROUP_STATES.labels,
    "state_kind": STATE_KINDS,
    "role": ROLE_LABELS,
    "visibility": VISIBILITY_LABELS,
    "application_kind": APPLICATION_KIND_LABELS,
    "application_state": APPLICATION_STATE_LABELS,
    "move": {move: rule.label for move, rule in GROUP_STATES.moves.items()},
}
"""Japanese words for templates, as ``group_words.role[member.role]``."""
