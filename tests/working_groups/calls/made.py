"""People and calls for the tests."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.accounts.service import add_member, create_user, grant_global_role
from matchmaker.core.actor import SYSTEM, Actor, GlobalRole, OrganizationRole
from matchmaker.core.clock import JST
from matchmaker.core.db import db
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.service import create_organization
from matchmaker.questions.domain import Questionnaire
from matchmaker.working_groups.calls import service, steps
from matchmaker.working_groups.calls.content import CallData, CriterionData
from matchmaker.working_groups.calls.domain import CallKind, CallMove
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.groups.domain import GroupKind, GroupState, Visibility
from matchmaker.working_groups.groups.models import WorkingGroup

PASSWORD = "midori-no-yama-42"
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
OPENS = datetime(2026, 11, 25, 9, 0, tzinfo=JST)
CLOSES = datetime(2026, 12, 25, 17, 0, tzinfo=JST)
PARENT_ID = uuid.UUID(int=1)
DATA = CallData(
    kind=CallKind.SUB_WG,
    title="サブWGの公募",
    summary="提案を募ります。",
    body="目的と進め方",
    categories=("company", "municipality"),
    opens_at=OPENS,
    closes_at=CLOSES,
    parent_group_id=PARENT_ID,
)
CRITERIA = (
    CriterionData("課題への合い方", "具体的か", 60, 5),
    CriterionData("循環の効果", "数字があるか", 40, 10),
)
QUESTIONS = Questionnaire.from_data(
    [{"id": "purpose", "kind": "text", "label": "目的", "required": True}]
)
SECRETARIAT = Actor(name="事務局", global_roles=frozenset({GlobalRole.SECRETARIAT}))


def draft(**changes: Any) -> Call:
    """A complete draft."""
    call = service.create_call(replace(DATA, **changes), SECRETARIAT, NOW)
    service.save_criteria(call, CRITERIA, SECRETARIAT, NOW)
    service.save_questions(call, QUESTIONS, SECRETARIAT, NOW)
    return call


def stand_parent() -> None:
    """The group under which adopted groups stand; it commits."""
    db.session.add(
        WorkingGroup(
            id=PARENT_ID, kind=GroupKind.WG, name="地域のWG", state=GroupState.ACTIVE,
            visibility=Visibility.PUBLIC, created_at=NOW, updated_at=NOW,
        )
    )  # fmt: skip
    db.session.commit()


def published(**changes: Any) -> Call:
    """A call that was published on 20 November."""
    call = draft(**changes)
    steps.move_call(call, CallMove.PUBLISH, "", SECRETARIAT, NOW)
    return call


def person(name: str, *, role: GlobalRole | None = None) -> User:
    """Somebody with an account."""
    user = create_user(f"{name}@example.com", name, PASSWORD, NOW)
    if role:
        grant_global_role(user, role, now=NOW)
    return user


def member(name: str, role: OrganizationRole = OrganizationRole.REPRESENTATIVE) -> User:
    """Somebody in an organisation of their own."""
    data = OrganizationData(name=f"{name}の会社", category="company", prefecture="高知県")
    user = person(name)
    add_member(user, create_organization(data, SYSTEM, NOW), role, SYSTEM, NOW)
    return user


def acting(user: User) -> Actor:
    """The person as an actor."""
    return Actor(user_id=user.id, name=user.name)
