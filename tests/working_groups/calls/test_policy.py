"""Who may see and answer a call, and ask about it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import pytest

from matchmaker.core.actor import SYSTEM, VISITOR, Actor, GlobalRole, OrganizationRole
from matchmaker.working_groups.calls import policy
from matchmaker.working_groups.calls.domain import CallState
from tests.working_groups.calls.made import NOW

OWN = uuid.uuid4()


@dataclass(frozen=True)
class Subject:
    state: CallState
    categories: tuple[str, ...] = ()
    published_at: datetime | None = NOW


def with_role(role: OrganizationRole) -> Actor:
    return Actor(user_id=uuid.uuid4(), roles={OWN: role})


def with_global_role(role: GlobalRole) -> Actor:
    return Actor(user_id=uuid.uuid4(), global_roles=frozenset({role}))


READER = with_role(OrganizationRole.READER)
EDITOR = with_role(OrganizationRole.EDITOR)
SECRETARIAT = with_global_role(GlobalRole.SECRETARIAT)
REVIEWER = with_global_role(GlobalRole.REVIEWER)
STRANGER = Actor(user_id=uuid.uuid4())
EVERYBODY = (VISITOR, STRANGER, READER, EDITOR, REVIEWER, SECRETARIAT)


@pytest.mark.parametrize("actor", EVERYBODY)
def test_drafts_are_for_the_secretariat_and_the_rest_for_everybody(actor: Actor) -> None:
    is_secretariat = actor is SECRETARIAT
    assert policy.can_view(actor, Subject(CallState.DRAFT)) is is_secretariat
    assert policy.can_view(actor, Subject(CallState.CANCELLED, (), None)) is is_secretariat
    for state in (CallState.PUBLISHED, CallState.DECIDED, CallState.CANCELLED):
        assert policy.can_view(actor, Subject(state))


@pytest.mark.parametrize("actor", EVERYBODY)
def test_the_secretariat_alone_manages(actor: Actor) -> None:
    assert policy.can_manage(actor) is (actor is SECRETARIAT)
    assert policy.can_manage(SYSTEM)


@pytest.mark.parametrize("actor", EVERYBODY)
def test_who_writes_for_an_organisation_answers(actor: Actor) -> None:
    subject = Subject(CallState.PUBLISHED, ("company",))
    assert policy.can_answer(actor, subject, "company") is (actor is EDITOR)
    assert not policy.can_answer(actor, subject, "municipality")
    assert not policy.can_answer(actor, Subject(CallState.DECIDED), "company")
    assert policy.can_answer(actor, Subject(CallState.PUBLISHED), "company") is (actor is EDITOR)


@pytest.mark.parametrize("actor", EVERYBODY)
def test_members_ask(actor: Actor) -> None:
    asks = actor not in (VISITOR, STRANGER)
    assert policy.can_ask(actor, Subject(CallState.PUBLISHED)) is asks
    assert policy.can_ask(actor, Subject(CallState.DRAFT)) is (actor is SECRETARIAT)
