"""Who may do the secretariat's work."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from matchmaker.core.actor import SYSTEM, VISITOR, Actor, GlobalRole, OrganizationRole
from matchmaker.secretariat import policy

Rule = Callable[[Actor], bool]
MEMBER = Actor(user_id=uuid.uuid4(), roles={uuid.uuid4(): OrganizationRole.REPRESENTATIVE})


def with_role(role: GlobalRole) -> Actor:
    return Actor(user_id=uuid.uuid4(), global_roles=frozenset({role}))


@pytest.mark.parametrize(
    "rule", [policy.can_open_secretariat, policy.can_review, policy.can_edit_vocabulary]
)
def test_only_the_secretariat_decides(rule: Rule) -> None:
    assert rule(with_role(GlobalRole.SECRETARIAT))
    assert rule(SYSTEM)
    for actor in (VISITOR, MEMBER, *map(with_role, (GlobalRole.REVIEWER, GlobalRole.OPERATOR))):
        assert not rule(actor)


def test_the_log_is_read_by_secretariat_and_operators() -> None:
    assert policy.can_read_audit_log(with_role(GlobalRole.SECRETARIAT))
    assert policy.can_read_audit_log(with_role(GlobalRole.OPERATOR))
    for actor in (VISITOR, MEMBER, with_role(GlobalRole.REVIEWER)):
        assert not policy.can_read_audit_log(actor)
