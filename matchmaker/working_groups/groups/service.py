"""Commands on working groups. They flush and record events; the request commits."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import date, datetime, timedelta

from sqlalchemy import select

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.working_groups.groups import queries
from matchmaker.working_groups.groups.domain import (
    GROUP_STATES,
    REASON_LENGTH,
    REPORT_LENGTH,
    ROLE_LABELS,
    GroupData,
    GroupMove,
    GroupRole,
    GroupState,
    InvalidGroup,
    makes_cycle,
    normalized,
    parent_problem,
    problems_of,
)
from matchmaker.working_groups.groups.events import (
    GroupChanged,
    GroupFounded,
    GroupMoved,
    MemberJoined,
)
from matchmaker.working_groups.groups.models import GroupMember, WorkingGroup

FIXED = frozenset({"origin_proposal_id", "is_demo"})
CHANGED_MEANWHILE = (
    "ほかの人がこの内容を先に変更しました。入力した内容は残っています。"
    "新しい内容と見くらべてから、もう一度保存してください。"
)


def found_group(data: GroupData, actor: Actor, now: datetime) -> WorkingGroup:
    """Enter a group, in preparation (「準備中」).

    Args:
        data: what is known; it is normalised first.
        actor: who enters it.
        now: the present moment.

    Raises:
        InvalidGroup: some fields are not right, or the name is taken.
        Conflict: the proposal has become a group already.
    """
    data = normalized(data)
    _check(data, None)
    if data.origin_proposal_id and _grown_from(data.origin_proposal_id):
        raise Conflict("この提案からは、すでにWGができています。")
    group = WorkingGroup(
        **asdict(data), state=GroupState.FORMING, revision=1, created_at=now, updated_at=now
    )
    db.session.add(group)
    db.session.flush()
    details = {"name": group.name, "kind": group.kind.value}
    record(GroupFounded(actor=actor, now=now, subject_id=group.id, details=details))
    return group


def change_group(
    group: WorkingGroup, data: GroupData, actor: Actor, now: datetime, *, expected_revision: int
) -> None:
    """Replace the data of a group; nothing is recorded when nothing differs.

    Raises:
        InvalidGroup: some fields are not right.
        Conflict: somebody else saved it since the form was opened.
    """
    group = queries.locked_group(group.id)
    if group.revision != expected_revision:
        raise Conflict(CHANGED_MEANWHILE)
    data = normalized(data)
    _check(data, group.id)
    columns = {name: value for name, value in asdict(data).items() if name not in FIXED}
    changed = [name for name, value in columns.items() if getattr(group, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(group, name, columns[name])
    group.revision += 1
    group.updated_at = now
    db.session.flush()
    details = {"fields": changed}
    record(GroupChanged(actor=actor, now=now, subject_id=group.id, details=details))


def data_of(group: WorkingGroup) -> GroupData:
    """The data as a form shows it."""
    return GroupData(**{name: getattr(group, name) for name in GroupData.__dataclass_fields__})


def move_group(
    group: WorkingGroup, move: GroupMove, reason: str, actor: Actor, now: datetime
) -> None:
    """Take a step in the life of a group. Closing needs a final report (:func:`close_group`).

    Raises:
        IllegalMove: the state does not allow it.
        ProductError: a reason (or the final report) is missing.
    """
    group = queries.locked_group(group.id)
    target = GROUP_STATES.check(group.state, move, reason)
    if move is GroupMove.CLOSE and not group.final_report:
        raise ProductError("最終報告を入れてください。", "final_report")
    before = group.state
    group.state, group.state_reason = target, checked_reason(reason)
    group.final_report_published_at = now if target is GroupState.CLOSED else None
    group.revision += 1
    group.updated_at = now
    db.session.flush()
    details = {"move": move.value, "from": before.value, "to": target.value}
    record(
        GroupMoved(
            actor=actor, now=now, subject_id=group.id, reason=group.state_reason, details=details,
            move=move,
        )
    )  # fmt: skip


def close_group(
    group: WorkingGroup,
    report: str,
    file_id: uuid.UUID | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Close a group with its final report, which becomes a publication.

    Args:
        report: plain text.
        file_id: the stored file that goes with it; None keeps an earlier one.
        reason: why the group is closed.

    Raises:
        IllegalMove: the group is closed already.
        ProductError: report or reason is missing or too long.
    """
    report = clean_report(report)
    GROUP_STATES.check(group.state, GroupMove.CLOSE, reason)
    group.final_report = report
    if file_id is not None:
        group.final_report_file_id = file_id
    db.session.flush()
    move_group(group, GroupMove.CLOSE, reason, actor, now)


def clean_report(report: str) -> str:
    """The text of a final report.

    Raises:
        ProductError: it is empty or too long.
    """
    report = report.replace("\r\n", "\n").strip()
    if not report:
        raise ProductError("最終報告を入れてください。", "final_report")
    if len(report) > REPORT_LENGTH:
        message = f"最終報告は{REPORT_LENGTH:,}文字までで入れてください。"
        raise ProductError(message, "final_report")
    return report


def checked_reason(reason: str, field: str = "reason") -> str:
    """Words given for something, as they are stored.

    Raises:
        ProductError: there are too many.
    """
    reason = reason.replace("\r\n", "\n").strip()
    if len(reason) > REASON_LENGTH:
        raise ProductError(f"{REASON_LENGTH}文字までで入れてください。", field)
    return reason


def add_group_member(
    group: WorkingGroup,
    user: User,
    organization_id: uuid.UUID | None,
    role: GroupRole,
    actor: Actor,
    now: datetime,
    starts_on: date | None = None,
    *,
    without_mail: bool = False,
) -> GroupMember:
    """Give a person a role in a group.

    Args:
        group: an open group.
        user: the person.
        organization_id: for which organisation; experts may have none.
        role: the role.
        actor: who does it.
        now: the present moment.
        starts_on: first day, today when left out. A person who left this role today takes it up
            again tomorrow, so that the periods of one role never overlap.
        without_mail: whether the person learns of it in another way (the answer to an application).

    Raises:
        Conflict: the group is closed, or the person has the role already.
    """
    group = queries.locked_group(group.id)
    if group.state is GroupState.CLOSED:
        raise Conflict("終了したWGには、人を加えられません。")
    day = _free_from(group.id, user, role, starts_on or today(now))
    member = GroupMember(
        group_id=group.id,
        user_id=user.id,
        organization_id=organization_id,
        role=role,
        starts_on=day,
        created_at=now,
    )
    db.session.add(member)
    db.session.flush()
    _record_joining(member, actor, now, with_mail=not without_mail)
    return member


def _record_joining(member: GroupMember, actor: Actor, now: datetime, *, with_mail: bool) -> None:
    details = {
        "user": str(member.user_id),
        "role": member.role.value,
        "starts_on": member.starts_on.isoformat(),
    }
    record(
        MemberJoined(
            actor=actor, now=now, subject_id=member.group_id,
            organization_id=member.organization_id, details=details,
            member_id=member.id, role=member.role, with_mail=with_mail,
        )
    )  # fmt: skip


def _free_from(group_id: uuid.UUID, user: User, role: GroupRole, day: date) -> date:
    """``day``, or the day after the end of the same role when that ends on ``day``."""
    query = select(GroupMember.ends_on).where(
        GroupMember.group_id == group_id,
        GroupMember.user_id == user.id,
        GroupMember.role == role,
    )
    ends = db.session.scalars(query.order_by(GroupMember.starts_on)).all()
    if any(end is None or end > day for end in ends):
        raise Conflict(f"{user.name}さんは、すでに「{ROLE_LABELS[role]}」として参加しています。")
    return day + timedelta(days=1) if day in ends else day


def _check(data: GroupData, own_id: uuid.UUID | None) -> None:
    problems = problems_of(data)
    same = queries.group_called(data.name)
    if same is not None and same.id != own_id:
        problems.setdefault("name", "この名前のWGは、すでにあります。")
    problem = _place_problem(data, own_id)
    if problem:
        problems["parent_id"] = problem
    if problems:
        raise InvalidGroup(problems)


def _place_problem(data: GroupData, own_id: uuid.UUID | None) -> str:
    parent = db.session.get(WorkingGroup, data.parent_id) if data.parent_id else None
    if data.parent_id and parent is None:
        return "上位のWGを、一覧から選んでください。"
    problem = parent_problem(data.kind, parent.kind if parent else None)
    if problem or own_id is None:
        return problem
    if makes_cycle(own_id, data.parent_id, queries.parents()):
        return "自分の下にあるWGの下には置けません。"
    return _children_problem(data, own_id)


def _children_problem(data: GroupData, own_id: uuid.UUID) -> str:
    """A change of kind must leave the groups below where they may stand."""
    query = select(WorkingGroup.kind).where(WorkingGroup.parent_id == own_id).distinct()
    kinds = db.session.scalars(query.order_by(WorkingGroup.kind)).all()
    return next((p for p in (parent_problem(kind, data.kind) for kind in kinds) if p), "")


def _grown_from(proposal_id: uuid.UUID) -> bool:
    query = select(WorkingGroup.id).where(WorkingGroup.origin_proposal_id == proposal_id)
    return db.session.scalar(query) is not None
