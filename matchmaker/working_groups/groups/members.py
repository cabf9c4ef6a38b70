"""Commands on the people of a group: another role, leaving, handing a seat to a colleague."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update

from matchmaker.accounts.models import OrganizationMember, User
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.working_groups.groups import queries
from matchmaker.working_groups.groups.domain import (
    RUNNING_ROLES,
    GroupRole,
    GroupState,
    TaskState,
)
from matchmaker.working_groups.groups.events import (
    MemberEnded,
    MemberRoleChanged,
    SeatHandedOver,
)
from matchmaker.working_groups.groups.models import GroupMember, GroupTask
from matchmaker.working_groups.groups.service import add_group_member, checked_reason

NOBODY_LEFT = (
    "このWGを運営する人（座長・リーダー・事務局）がほかにいません。"
    "先に後任を決めるか、事務局に相談してください。"
)


def end_role(
    member: GroupMember,
    reason: str,
    actor: Actor,
    now: datetime,
    *,
    at_once: bool = False,
    without_successor: bool = False,
) -> None:
    """Let a role come to its end, at the end of this day.

    Args:
        member: a role that still holds.
        reason: a note for the role history; may be empty when people leave by themselves.
        actor: who does it.
        now: the present moment.
        at_once: whether yesterday is the last day already, so that access ends now. A role that
            began today still ends with the day.
        without_successor: the secretariat's word that the group may be left without anybody who
            runs it.

    Raises:
        Conflict: the role has ended already.
        ProductError: the last person who runs the group would go.
    """
    queries.locked_group(member.group_id)
    _check_holds(member)
    day = today(now)
    last = day - timedelta(days=1) if at_once and member.starts_on < day else day
    if not (without_successor and actor.is_secretariat):
        _check_somebody_runs(member, last)
    _end(member, max(last, member.starts_on), reason)
    _record_end(member, actor, now)


def change_role(
    member: GroupMember, role: GroupRole, reason: str, actor: Actor, now: datetime
) -> GroupMember:
    """Give a person another role in place of one; the old row stays in the role history.

    Returns:
        The new row. It begins today; the old role ends yesterday, or today when it began today.

    Raises:
        Conflict: the role has ended, is the same, or the person has the new one already.
        ProductError: the last person who runs the group would not run it any more.
    """
    group = queries.locked_group(member.group_id)
    _check_holds(member)
    if role is member.role:
        raise Conflict("いまと同じ役割です。", "role")
    day = today(now)
    if role not in RUNNING_ROLES and not actor.is_secretariat:
        _check_somebody_runs(member, day)
    _end(member, max(day - timedelta(days=1), member.starts_on), reason)
    new = add_group_member(
        group, member.user, member.organization_id, role, actor, now, without_mail=True
    )
    new.digest, new.digest_sent_at = member.digest, member.digest_sent_at
    db.session.flush()
    _record_role(member, new, actor, now)
    return new


def hand_over(
    member: GroupMember, successor: User, note: str, actor: Actor, now: datetime
) -> GroupMember:
    """Hand a seat to a colleague of the same organisation (人事異動), with its open tasks.

    Both hold the role on this day, so that nothing is lost between them.

    Args:
        member: a role that holds today, for an organisation.
        successor: a person of that organisation.
        note: for the role history.
        actor: who does it.
        now: the present moment.

    Returns:
        The successor's row; when the successor has the role already, that row.

    Raises:
        Conflict: the role has ended, or the group is closed.
        ProductError: the successor is no colleague (field ``successor``).
    """
    group = queries.locked_group(member.group_id)
    _check_holds(member)
    if group.state is GroupState.CLOSED:
        raise Conflict("終了したWGでは、役割を引き継げません。")
    _check_colleague(member, successor)
    day = today(now)
    if member.starts_on > day:
        raise Conflict("この役割は、まだ始まっていません。")
    new = _present_role(member, successor, day) or _take_over(member, successor, actor, now)
    _end(member, day, note or f"{successor.name}さんに引き継ぎ")
    tasks = _move_open_tasks(member, successor)
    _record_handover(member, new, tasks, actor, now)
    return new


def _take_over(member: GroupMember, successor: User, actor: Actor, now: datetime) -> GroupMember:
    new = add_group_member(
        queries.locked_group(member.group_id), successor, member.organization_id, member.role,
        actor, now, without_mail=True,
    )  # fmt: skip
    new.handed_over_from_id = member.id
    new.digest, new.digest_sent_at = member.digest, member.digest_sent_at
    return new


def _record_end(member: GroupMember, actor: Actor, now: datetime) -> None:
    record(
        MemberEnded(
            actor=actor, now=now, subject_id=member.group_id,
            organization_id=member.organization_id, reason=member.end_reason,
            details={"user": str(member.user_id), "role": member.role.value},
            member_id=member.id, role=member.role,
        )
    )  # fmt: skip


def _record_role(old: GroupMember, new: GroupMember, actor: Actor, now: datetime) -> None:
    details = {"user": str(old.user_id), "from": old.role.value, "to": new.role.value}
    record(
        MemberRoleChanged(
            actor=actor, now=now, subject_id=new.group_id, organization_id=new.organization_id,
            reason=old.end_reason, details=details, member_id=new.id, role=new.role,
        )
    )  # fmt: skip


def _record_handover(
    old: GroupMember, new: GroupMember, tasks: int, actor: Actor, now: datetime
) -> None:
    details = {
        "from": str(old.user_id),
        "to": str(new.user_id),
        "role": old.role.value,
        "tasks": tasks,
    }
    record(
        SeatHandedOver(
            actor=actor, now=now, subject_id=old.group_id, organization_id=old.organization_id,
            reason=old.end_reason, details=details,
            old_member_id=old.id, new_member_id=new.id, role=old.role, tasks=tasks,
        )
    )  # fmt: skip


def _end(member: GroupMember, last: date, reason: str) -> None:
    member.ends_on = last
    member.end_reason = checked_reason(reason)
    db.session.flush()


def _check_holds(member: GroupMember) -> None:
    """Refuse what another tab or person has ended in between."""
    db.session.refresh(member, ["ends_on"])
    if member.ends_on is not None:
        raise Conflict("この役割は、すでに終わっています。ページを開き直してください。")


def _check_somebody_runs(member: GroupMember, last: date) -> None:
    if member.role not in RUNNING_ROLES:
        return
    query = (
        select(GroupMember.id)
        .join(GroupMember.user)
        .where(
            GroupMember.group_id == member.group_id,
            GroupMember.id != member.id,
            GroupMember.role.in_(RUNNING_ROLES),
            GroupMember.starts_on <= last + timedelta(days=1),
            or_(GroupMember.ends_on.is_(None), GroupMember.ends_on > last),
            User.active,
        )
    )
    if db.session.scalar(query.limit(1)) is None:
        raise ProductError(NOBODY_LEFT, "without_successor")


def _check_colleague(member: GroupMember, successor: User) -> None:
    if successor.id == member.user_id or not successor.active:
        raise ProductError("引き継ぐ人を、一覧から選んでください。", "successor")
    query = select(OrganizationMember.id).where(
        OrganizationMember.organization_id == member.organization_id,
        OrganizationMember.user_id == successor.id,
    )
    if member.organization_id is None or db.session.scalar(query) is None:
        raise ProductError("同じ団体の人を選んでください。", "successor")


def _present_role(member: GroupMember, person: User, day: date) -> GroupMember | None:
    """The row with which the successor has the role already."""
    query = select(GroupMember).where(
        GroupMember.group_id == member.group_id,
        GroupMember.user_id == person.id,
        GroupMember.role == member.role,
        GroupMember.ends_on.is_(None),
        GroupMember.starts_on <= day,
    )
    return db.session.scalar(query)


def _move_open_tasks(member: GroupMember, successor: User) -> int:
    """Open tasks go along, whichever role of the person they came from."""
    statement = (
        update(GroupTask)
        .where(_open_tasks(member))
        .values(
            owner_id=successor.id,
            owner_name=successor.name,
            revision=GroupTask.revision + 1,
        )
    )
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _open_tasks(member: GroupMember) -> ColumnElement[bool]:
    return (
        (GroupTask.group_id == member.group_id)
        & (GroupTask.owner_id == member.user_id)
        & (GroupTask.state == TaskState.OPEN)
    )
