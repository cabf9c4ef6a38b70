"""Rules of the tree, of periods and of the life of a group."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from matchmaker.core.errors import IllegalMove, ProductError
from matchmaker.working_groups.groups.domain import (
    GROUP_STATES,
    GroupData,
    GroupKind,
    GroupMove,
    GroupState,
    makes_cycle,
    normalized,
    parent_problem,
    problems_of,
    recruits_observers,
)
from matchmaker.working_groups.groups.tree import Node, build_tree

A, B, C, D = (uuid.UUID(int=n) for n in range(1, 5))
FINE = GroupData(name="検討WG", kind=GroupKind.WG)
ALLOWED = {
    (GroupKind.ASSEMBLY, None),
    (GroupKind.WG, GroupKind.ASSEMBLY),
    (GroupKind.DOMAIN_WG, GroupKind.WG),
    (GroupKind.SUB_WG, GroupKind.WG),
    (GroupKind.SUB_WG, GroupKind.DOMAIN_WG),
}
LEGAL = {
    (GroupState.FORMING, GroupMove.START): GroupState.ACTIVE,
    (GroupState.FORMING, GroupMove.CLOSE): GroupState.CLOSED,
    (GroupState.ACTIVE, GroupMove.UNSTART): GroupState.FORMING,
    (GroupState.ACTIVE, GroupMove.REST): GroupState.DORMANT,
    (GroupState.ACTIVE, GroupMove.CLOSE): GroupState.CLOSED,
    (GroupState.DORMANT, GroupMove.RESUME): GroupState.ACTIVE,
    (GroupState.DORMANT, GroupMove.CLOSE): GroupState.CLOSED,
    (GroupState.CLOSED, GroupMove.REOPEN): GroupState.ACTIVE,
}


@pytest.mark.parametrize(("kind", "above"), [*product(GroupKind, (None, *GroupKind))])
def test_groups_stand_only_where_their_kind_may_stand(
    kind: GroupKind, above: GroupKind | None
) -> None:
    assert (parent_problem(kind, above) == "") is ((kind, above) in ALLOWED)


@pytest.mark.parametrize(("state", "move"), [*product(GroupState, GroupMove)])
def test_every_step_leads_where_the_table_says_or_is_refused(
    state: GroupState, move: GroupMove
) -> None:
    if (state, move) in LEGAL:
        assert GROUP_STATES.check(state, move, "理由") is LEGAL[state, move]
    else:
        with pytest.raises(IllegalMove):
            GROUP_STATES.check(state, move, "理由")


@pytest.mark.parametrize("move", [GroupMove.REST, GroupMove.REOPEN, GroupMove.UNSTART])
def test_steps_that_surprise_people_need_a_reason(move: GroupMove) -> None:
    (source,) = GROUP_STATES.moves[move].sources
    with pytest.raises(ProductError, match="理由"):
        GROUP_STATES.check(source, move, "　 ")


@pytest.mark.parametrize(
    ("parent", "is_cycle"), [(A, True), (B, True), (C, True), (D, False), (None, False)]
)
def test_a_group_never_stands_below_itself(parent: uuid.UUID | None, is_cycle: bool) -> None:
    parents = {A: None, B: A, C: B, D: None}
    assert makes_cycle(A, parent, parents) is is_cycle


def test_a_circle_that_is_there_already_does_not_go_on_for_ever() -> None:
    assert makes_cycle(C, A, {A: B, B: A}) is False


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "あ" * 101}, "name"),
        ({"purpose": "あ" * 4001}, "purpose"),
        ({"observer_note": "あ" * 1001}, "observer_note"),
        ({"starts_on": date(2027, 1, 1), "ends_on": date(2026, 12, 31)}, "ends_on"),
        ({"observers_from": date(2027, 1, 1)}, "observers_until"),
        (
            {"observers_from": date(2027, 1, 2), "observers_until": date(2027, 1, 1)},
            "observers_until",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_field(changes: dict[str, object], field: str) -> None:
    data = replace(FINE, **changes)  # type: ignore[arg-type]
    assert list(problems_of(normalized(data))) == [field]


def test_periods_may_last_one_day() -> None:
    day = date(2026, 12, 31)
    data = replace(FINE, starts_on=day, ends_on=day, observers_from=day, observers_until=day)
    assert problems_of(data) == {}


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 12, 30), False),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), True),
        (date(2027, 1, 2), False),
    ],
)
def test_observers_are_taken_from_the_first_to_the_last_day(today: date, expected: bool) -> None:
    period = (date(2026, 12, 31), date(2027, 1, 1))
    assert recruits_observers(GroupState.ACTIVE, *period, today) is expected
    assert recruits_observers(GroupState.CLOSED, *period, today) is False


def test_without_a_last_day_nobody_is_recruited() -> None:
    assert recruits_observers(GroupState.ACTIVE, None, None, date(2026, 1, 1)) is False
    assert recruits_observers(GroupState.ACTIVE, None, date(2026, 1, 1), date(2026, 1, 1))


class Entry:
    """A group as the tree sees it."""

    def __init__(self, id_: uuid.UUID, parent_id: uuid.UUID | None, name: str) -> None:
        self.id, self.parent_id, self.name = id_, parent_id, name
        self.kind, self.state = GroupKind.WG, GroupState.ACTIVE


def shape(nodes: list[Node]) -> list[object]:
    return [(n.group.name, n.is_match, shape(n.children)) for n in nodes]


def test_the_tree_shows_ancestors_of_what_was_found_and_cuts_the_rest() -> None:
    groups = [Entry(A, None, "a"), Entry(B, A, "b"), Entry(C, B, "c"), Entry(D, None, "d")]
    assert shape(build_tree(groups, {B})) == [("a", False, [("b", True, [])])]
    assert len(build_tree(groups)) == 2


def test_a_group_whose_parent_is_hidden_stands_on_top() -> None:
    assert shape(build_tree([Entry(C, B, "c")])) == [("c", True, [])]
