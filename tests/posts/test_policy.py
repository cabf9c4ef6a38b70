"""Who may see and change a post, as a full table of persons × states × visibility."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest

from matchmaker.core.actor import VISITOR, Actor, GlobalRole, OrganizationRole
from matchmaker.posts.domain import MOVES_OF_SECRETARIAT, Move, PostState
from matchmaker.posts.policy import (
    can_create,
    can_edit,
    can_move,
    can_see_history,
    can_see_stage,
    can_view,
    offered_moves,
)

OWN, OTHER = uuid.uuid4(), uuid.uuid4()


@dataclass(frozen=True)
class Post:
    """What the rules look at."""

    state: PostState = PostState.PUBLISHED
    visibility: str = "public"
    organization_id: uuid.UUID = OWN


def member(organization: uuid.UUID, role: OrganizationRole) -> Actor:
    return Actor(user_id=uuid.uuid4(), roles={organization: role})


R = OrganizationRole
PEOPLE = {
    "visitor": VISITOR,
    "stranger": Actor(user_id=uuid.uuid4()),
    "reader": member(OWN, R.READER),
    "editor": member(OWN, R.EDITOR),
    "representative": member(OWN, R.REPRESENTATIVE),
    "other editor": member(OTHER, R.EDITOR),
    "reviewer": Actor(user_id=uuid.uuid4(), global_roles=frozenset({GlobalRole.REVIEWER})),
    "secretariat": Actor(user_id=uuid.uuid4(), global_roles=frozenset({GlobalRole.SECRETARIAT})),
}
OWNERS = {"reader", "editor", "representative", "secretariat"}
WRITERS = {"editor", "representative", "secretariat"}
MEMBERS = OWNERS | {"other editor", "reviewer"}
SHOWN = {PostState.PUBLISHED, PostState.CLOSED}


@pytest.mark.parametrize("state", list(PostState))
@pytest.mark.parametrize("visibility", ["public", "members"])
@pytest.mark.parametrize("who", list(PEOPLE))
def test_who_may_view(who: str, visibility: str, state: PostState) -> None:
    if who in OWNERS:
        expected = True
    elif state not in SHOWN:
        expected = False
    else:
        expected = visibility == "public" or who in MEMBERS
    assert can_view(PEOPLE[who], Post(state, visibility)) is expected


@pytest.mark.parametrize("state", list(PostState))
@pytest.mark.parametrize("who", list(PEOPLE))
def test_who_may_edit(who: str, state: PostState) -> None:
    assert can_edit(PEOPLE[who], Post(state)) is (who in WRITERS and state is not PostState.CLOSED)


@pytest.mark.parametrize("who", list(PEOPLE))
def test_who_may_create_and_read_history(who: str) -> None:
    assert can_create(PEOPLE[who], OWN) is (who in WRITERS)
    assert can_see_history(PEOPLE[who], Post()) is (who in OWNERS)


@pytest.mark.parametrize("move", list(Move))
@pytest.mark.parametrize("who", list(PEOPLE))
def test_who_may_move(who: str, move: Move) -> None:
    allowed = {"secretariat"} if move in MOVES_OF_SECRETARIAT else WRITERS
    assert can_move(PEOPLE[who], Post(), move) is (who in allowed)


@pytest.mark.parametrize(
    ("stage", "allowed"), [("public", set(PEOPLE)), ("members", MEMBERS), ("parties", OWNERS)]
)
def test_fields_open_by_stage(stage: str, allowed: set[str]) -> None:
    seen = {who for who, actor in PEOPLE.items() if can_see_stage(actor, Post(), stage)}
    assert seen == allowed


def test_only_fitting_moves_are_offered() -> None:
    assert offered_moves(PEOPLE["editor"], Post(PostState.DRAFT)) == [Move.SUBMIT]
    assert offered_moves(PEOPLE["reader"], Post(PostState.DRAFT)) == []
    assert offered_moves(PEOPLE["secretariat"], Post(PostState.SUBMITTED)) == [
        Move.WITHDRAW, Move.RETURN, Move.PUBLISH,
    ]  # fmt: skip
