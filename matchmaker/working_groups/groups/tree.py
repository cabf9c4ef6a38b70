"""The groups as a tree for the list page. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from matchmaker.working_groups.groups.domain import GroupKind, GroupState

KIND_RANK = {kind: rank for rank, kind in enumerate(GroupKind)}


class Entry(Protocol):
    """What the tree needs to know of a group."""

    @property
    def id(self) -> uuid.UUID:
        """Its id."""

    @property
    def parent_id(self) -> uuid.UUID | None:
        """The group above."""

    @property
    def kind(self) -> GroupKind:
        """Its level."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def state(self) -> GroupState:
        """Where it stands."""


@dataclass(slots=True)
class Node:
    """One group of the tree.

    Args:
        group: the group.
        is_match: whether the filter lets it through; others are shown only to say where the
            matches below them stand.
        children: the groups below.
    """

    group: Entry
    is_match: bool
    children: list[Node] = field(default_factory=list)


def build_tree(groups: Sequence[Entry], matches: Collection[uuid.UUID] | None = None) -> list[Node]:
    """The groups as a forest, each under its parent; where that is not shown, on top.

    Args:
        groups: all groups that the person may see.
        matches: ids that the filter lets through; None means all. Branches without any are cut.
    """
    nodes = {g.id: Node(g, matches is None or g.id in matches) for g in groups}
    roots: list[Node] = []
    for group in sorted(groups, key=_order):
        above = nodes.get(group.parent_id) if group.parent_id else None
        (above.children if above else roots).append(nodes[group.id])
    return [node for node in roots if _keep(node)]


def _keep(node: Node) -> bool:
    node.children = [child for child in node.children if _keep(child)]
    return node.is_match or bool(node.children)


def _order(group: Entry) -> tuple[bool, int, str]:
    """Groups that go on first, then by level and name."""
    return (group.state is GroupState.CLOSED, KIND_RANK[group.kind], group.name)
