"""Commands on how people come into a group: they apply, observe, or are invited."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import exists, select, update

from matchmaker.accounts.models import OrganizationMember, User
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.text import clean_text
from matchmaker.working_groups.groups import queries
from matchmaker.working_groups.groups.domain import (
    APPLICATION_ROLES,
    NOTE_LENGTH,
    OPEN_STATES,
    ROLE_LABELS,
    ApplicationKind,
    ApplicationState,
    GroupRole,
    recruits_observers,
)
from matchmaker.working_groups.groups.events import (
    ApplicationDecided,
    ApplicationMade,
    ApplicationWithdrawn,
    MemberInvited,
)
from matchmaker.working_groups.groups.models import GroupApplication, GroupMember, WorkingGroup
from matchmaker.working_groups.groups.service import add_group_member, checked_reason

ALREADY_ANSWERED = "この申し込みには、すでに返事がされているか、取り下げられています。"


def apply_to_join(
    group: WorkingGroup,
    user: User,
    organization_id: uuid.UUID,
    kind: ApplicationKind,
    message: str,
    actor: Actor,
    now: datetime,
) -> GroupApplication:
    """Ask to become a member or an observer.

    Args:
        group: the group.
        user: who asks.
        organization_id: for which of the person's organisations.
        kind: application or observer.
        message: a word to those who decide.
        actor: the same person.
        now: the present moment.

    Raises:
        Conflict: the group takes nobody of this kind now, the person takes part already, or an
            application or invitation waits already.
        ProductError: the person does not belong to the organisation, or the message is too long.
    """
    group = queries.locked_group(group.id)
    _check_takes(group, kind, now)
    _check_outside(group, user, kind, now)
    application = _add(
        group, user, organization_id, kind, APPLICATION_ROLES[kind], _note(message), now
    )
    record(
        ApplicationMade(
            actor=actor, now=now, subject_id=group.id, organization_id=organization_id,
            details={"kind": kind.value}, application_id=application.id,
        )
    )  # fmt: skip
    return application


def invite(
    group: WorkingGroup,
    user: User,
    organization_id: uuid.UUID | None,
    role: GroupRole,
    message: str,
    actor: Actor,
    now: datetime,
) -> GroupApplication:
    """Ask a person to take a role.

    Raises:
        Conflict: the group is closed, the person has the role, or something waits already.
        ProductError: the person does not belong to the organisation, or the message is too long.
    """
    group = queries.locked_group(group.id)
    if group.state not in OPEN_STATES:
        raise Conflict("終了したWGには、人を招待できません。")
    if role in queries.roles_of(user.id, group.id, today(now)):
        raise Conflict(f"{user.name}さんは、すでに「{ROLE_LABELS[role]}」として参加しています。")
    kind = ApplicationKind.INVITATION
    application = _add(group, user, organization_id, kind, role, _note(message), now)
    record(
        MemberInvited(
            actor=actor, now=now, subject_id=group.id, organization_id=organization_id,
            details={"user": str(user.id), "role": role.value}, application_id=application.id,
        )
    )  # fmt: skip
    return application


def decide(
    application: GroupApplication, accepted: bool, reason: str, actor: Actor, now: datetime
) -> None:
    """Answer an application or an invitation; accepting gives the role from today.

    Args:
        application: with its group and person loaded.
        accepted: the answer.
        reason: needed to decline an application; people may decline an invitation without one.
        actor: who decides.
        now: the present moment.

    Raises:
        Conflict: somebody answered it in between, or it was taken back.
        ProductError: a reason is missing (field ``reason``).
    """
    reason = checked_reason(reason)
    is_invitation = application.kind is ApplicationKind.INVITATION
    if not accepted and not is_invitation and not reason:
        raise ProductError("見送る理由を入れてください。申し込んだ人に伝わります。", "reason")
    group = queries.locked_group(application.group_id)
    state = ApplicationState.ACCEPTED if accepted else ApplicationState.DECLINED
    _settle(application, state, reason, actor, now)
    if accepted:
        _give_role(application, group, actor, now)
    record(
        ApplicationDecided(
            actor=actor, now=now, subject_id=group.id,
            organization_id=application.organization_id, reason=reason,
            details={"kind": application.kind.value, "state": state.value},
            application_id=application.id, state=state,
        )
    )  # fmt: skip


def withdraw(application: GroupApplication, actor: Actor, now: datetime) -> None:
    """Take back an application or an invitation that waits.

    Raises:
        Conflict: it was answered in between.
    """
    _settle(application, ApplicationState.WITHDRAWN, "", actor, now)
    record(
        ApplicationWithdrawn(
            actor=actor, now=now, subject_id=application.group_id,
            organization_id=application.organization_id,
            details={"kind": application.kind.value}, application_id=application.id,
        )
    )  # fmt: skip


def _settle(
    application: GroupApplication,
    state: ApplicationState,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Only one answer counts: the row is taken over while it still waits, or not at all."""
    statement = (
        update(GroupApplication)
        .where(
            GroupApplication.id == application.id,
            GroupApplication.state == ApplicationState.PENDING,
        )
        .values(state=state, decision_reason=reason, decided_by_id=actor.user_id, decided_at=now)
        .execution_options(synchronize_session="fetch")
    )
    if db.session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(ALREADY_ANSWERED)


def _give_role(
    application: GroupApplication, group: WorkingGroup, actor: Actor, now: datetime
) -> None:
    member = add_group_member(
        group, application.user, application.organization_id, application.role, actor, now,
        without_mail=True,
    )  # fmt: skip
    if application.role is not GroupRole.OBSERVER:
        _end_observing(member)


def _end_observing(member: GroupMember) -> None:
    """Whoever becomes more than an observer is no observer any more."""
    query = select(GroupMember).where(
        GroupMember.group_id == member.group_id,
        GroupMember.user_id == member.user_id,
        GroupMember.role == GroupRole.OBSERVER,
        GroupMember.ends_on.is_(None),
    )
    for row in db.session.scalars(query.order_by(GroupMember.id)):
        row.ends_on = max(row.starts_on, member.starts_on)
        row.end_reason = f"「{ROLE_LABELS[member.role]}」になったため"
    db.session.flush()


def _add(
    group: WorkingGroup,
    user: User,
    organization_id: uuid.UUID | None,
    kind: ApplicationKind,
    role: GroupRole,
    message: str,
    now: datetime,
) -> GroupApplication:
    _check_belongs(user, organization_id)
    waiting = exists().where(
        GroupApplication.group_id == group.id,
        GroupApplication.user_id == user.id,
        GroupApplication.state == ApplicationState.PENDING,
    )
    if db.session.scalar(select(waiting)):
        raise Conflict("返事を待っている申し込みか招待が、すでにあります。")
    application = GroupApplication(
        group_id=group.id, user_id=user.id, organization_id=organization_id, kind=kind, role=role,
        message=message, state=ApplicationState.PENDING, created_at=now,
    )  # fmt: skip
    db.session.add(application)
    db.session.flush()
    return application


def _check_takes(group: WorkingGroup, kind: ApplicationKind, now: datetime) -> None:
    if kind is ApplicationKind.OBSERVER:
        taken = recruits_observers(
            group.state, group.observers_from, group.observers_until, today(now)
        )
        if not taken:
            raise Conflict("いまは、オブザーバーを募集していません。")
    elif not (group.accepts_applications and group.state in OPEN_STATES):
        raise Conflict("いまは、参加の申し込みを受け付けていません。")


def _check_outside(group: WorkingGroup, user: User, kind: ApplicationKind, now: datetime) -> None:
    """Observers may apply to become members; everybody else takes part already."""
    roles = queries.roles_of(user.id, group.id, today(now))
    if kind is ApplicationKind.APPLICATION:
        roles -= {GroupRole.OBSERVER}
    if roles:
        raise Conflict("すでにこのWGに参加しています。")


def _check_belongs(user: User, organization_id: uuid.UUID | None) -> None:
    if organization_id is None:
        return
    query = select(OrganizationMember.id).where(
        OrganizationMember.user_id == user.id,
        OrganizationMember.organization_id == organization_id,
    )
    if db.session.scalar(query) is None:
        raise ProductError("この人の団体を選んでください。", "organization_id")


def _note(message: str) -> str:
    message = clean_text(message)
    if len(message) > NOTE_LENGTH:
        raise ProductError(f"{NOTE_LENGTH:,}文字までで入れてください。", "message")
    return message
