"""Who may open the pages of working groups.

In the open group the reader is an observer, the editor a member, the representative the chair; the
stranger has applied, the reviewer is invited. Another group is closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.organizations.models import Organization
from matchmaker.working_groups.groups.applications import apply_to_join, invite
from matchmaker.working_groups.groups.domain import (
    ApplicationKind,
    GroupData,
    GroupKind,
    GroupMove,
    GroupRole,
)
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.service import (
    add_group_member,
    close_group,
    found_group,
    move_group,
)
from tests.architecture.access_rules import (
    EDITOR,
    OWNERS,
    READER,
    REPRESENTATIVE,
    REVIEWER,
    SECRETARIAT,
    STRANGER,
    Row,
    Things,
    everyone,
    get,
    hidden_except,
    only,
    post,
)

GROUP: dict[str, Any] = {"group_id": "group_id"}
CLOSED: dict[str, Any] = {"group_id": "closed_group_id"}
MEMBER: dict[str, Any] = {**GROUP, "member_id": "group_member_id"}
APPLIED: dict[str, Any] = {**GROUP, "application_id": "group_application_id"}
INVITED: dict[str, Any] = {**GROUP, "application_id": "group_invitation_id"}
RUNNING = (REPRESENTATIVE, SECRETARIAT)
OWN = (EDITOR, *RUNNING)
APPLYING = (*OWNERS, STRANGER)


def _rows() -> Iterator[Row]:
    yield from _groups()
    yield from _people()
    yield from _applications()
    yield from _reports()


def _groups() -> Iterator[Row]:
    yield get("working_groups.index", everyone())
    yield get("working_groups.show", everyone(), **GROUP)
    yield get("working_groups.new", only(SECRETARIAT))
    yield post("working_groups.create", only(SECRETARIAT, status=422))
    yield get("working_groups.edit", only(*RUNNING), **GROUP)
    yield post("working_groups.update", only(*RUNNING, status=422), **GROUP)
    yield get("working_groups.step", only(*RUNNING), **GROUP, move="rest")
    yield get("working_groups.step", only(SECRETARIAT), **CLOSED, move="reopen")
    yield post("working_groups.take_step", only(*RUNNING, status=422), **GROUP, move="rest")
    yield post("working_groups.take_step", only(SECRETARIAT, status=422), **CLOSED, move="reopen")
    yield get("working_groups.vacancies", only(SECRETARIAT))
    yield get("group_exports.groups", only(SECRETARIAT))
    yield get("group_exports.people", only(SECRETARIAT))


def _people() -> Iterator[Row]:
    yield get("group_people.index", only(*OWNERS, SECRETARIAT), **GROUP)
    yield get("group_people.new", only(SECRETARIAT), **GROUP)
    yield post("group_people.create", only(SECRETARIAT, status=422), **GROUP)
    yield get("group_people.change_role", only(*RUNNING), **MEMBER)
    yield post("group_people.change_role", only(*RUNNING, status=422), {"role": "?"}, **MEMBER)
    yield get("group_people.end", only(*OWN), **MEMBER)
    yield post("group_people.end", only(*OWN, status=302), **MEMBER)
    yield get("group_people.hand_over", only(*OWN), **MEMBER)
    yield post("group_people.hand_over", only(*OWN, status=422), **MEMBER)


def _applications() -> Iterator[Row]:
    yield get("group_applications.index", only(*RUNNING), **GROUP)
    for kind in ("application", "observer"):
        yield get("group_applications.new", only(*APPLYING), **GROUP, kind=kind)
        yield post("group_applications.create", only(*APPLYING, status=422), **GROUP, kind=kind)
    yield get("group_applications.invite", only(*RUNNING), **GROUP)
    yield post("group_applications.invite", only(*RUNNING, status=422), **GROUP)
    yield get("group_applications.show", hidden_except(*RUNNING), **APPLIED)
    yield get("group_applications.show", hidden_except(REVIEWER), **INVITED)
    yield post("group_applications.decide", hidden_except(*RUNNING, status=422), **APPLIED)
    yield post("group_applications.decide", hidden_except(REVIEWER, status=422), **INVITED)
    yield post("group_applications.withdraw", hidden_except(STRANGER, status=302), **APPLIED)
    yield post("group_applications.withdraw", hidden_except(*RUNNING, status=302), **INVITED)


def _reports() -> Iterator[Row]:
    yield get("final_reports.index", everyone())
    yield get("final_reports.show", everyone(), **CLOSED)
    yield get("final_reports.show", everyone(404), **GROUP)
    yield get("final_reports.file", everyone(404), **CLOSED)
    yield get("final_reports.edit", only(*RUNNING), **GROUP)
    yield post("final_reports.create", only(*RUNNING, status=422), **GROUP)


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """An open group with people, an application and an invitation; and a closed group."""
    now = clock.now()
    assembly = found_group(GroupData("会員総会", GroupKind.ASSEMBLY), SYSTEM, now)
    group = _started(assembly, "竹の活用WG")
    closed = _started(assembly, "終わったWG")
    close_group(closed, "わかったこと", None, "期間が終わったため", SYSTEM, now)
    roles = {
        READER: GroupRole.OBSERVER,
        EDITOR: GroupRole.MEMBER,
        REPRESENTATIVE: GroupRole.CHAIR,
    }
    organization_id = world.ids["organization_id"]
    for name, role in roles.items():
        row = add_group_member(group, _user(world, name), organization_id, role, SYSTEM, now)
        if name == EDITOR:
            world.ids["group_member_id"] = row.id
    stranger = db.session.query(Organization).filter_by(name="白浜運輸").one()
    applied = apply_to_join(
        group, _user(world, STRANGER), stranger.id, ApplicationKind.APPLICATION, "", SYSTEM, now
    )
    invited = invite(group, _user(world, REVIEWER), None, GroupRole.EXPERT, "", SYSTEM, now)
    world.ids.update(
        group_id=group.id,
        closed_group_id=closed.id,
        group_application_id=applied.id,
        group_invitation_id=invited.id,
    )


def _started(assembly: WorkingGroup, name: str) -> WorkingGroup:
    now = clock.now()
    data = GroupData(
        name, GroupKind.WG, assembly.id, accepts_applications=True, observers_until=today(now)
    )
    group = found_group(data, SYSTEM, now)
    move_group(group, GroupMove.START, "", SYSTEM, now)
    return group


def _user(world: Things, name: str) -> User:
    return db.session.get_one(User, world.ids[f"{name}_id"])
