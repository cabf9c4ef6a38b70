"""Other roles, leaving, handing over: nothing is lost on the same day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.notifications.models import OutboxMessage
from matchmaker.working_groups.groups import jobs, members, overviews, queries, service
from matchmaker.working_groups.groups.domain import GroupRole, GroupState, TaskState
from matchmaker.working_groups.groups.models import GroupMember, GroupTask, WorkingGroup
from tests.working_groups.groups.town import NOW, TODAY, Town, jst

DAY = timedelta(days=1)


def add_task(
    town: Town, group: WorkingGroup, key: str, state: TaskState = TaskState.OPEN
) -> GroupTask:
    user = town.users[key]
    task = GroupTask(
        group_id=group.id, title="調べる", owner_id=user.id, owner_name=user.name, state=state,
        created_at=NOW,
    )  # fmt: skip
    db.session.add(task)
    db.session.flush()
    return task


def mailed(word: str) -> list[str]:
    query = select(OutboxMessage).where(OutboxMessage.subject.contains(word))
    return [m.recipient_name for m in db.session.scalars(query.order_by(OutboxMessage.id))]


def present(group: WorkingGroup, day: date = TODAY) -> set[tuple[str, str]]:
    return {(m.user.name, m.role.value) for m in queries.present_members(group.id, day)}


def test_a_seat_goes_to_a_colleague_with_its_open_tasks(town: Town) -> None:
    group = town.group()
    old = town.join(group, "hana", GroupRole.LEAD)
    open_task, done = add_task(town, group, "hana"), add_task(town, group, "hana", TaskState.DONE)
    other_group = town.group("別のWG")
    elsewhere = add_task(town, other_group, "hana")
    new = members.hand_over(old, town.users["ken"], "異動", town.actor("hana"), NOW)
    db.session.expire_all()
    assert (new.handed_over_from_id, new.role, new.starts_on) == (old.id, GroupRole.LEAD, TODAY)
    assert new.organization_id == old.organization_id
    assert (old.ends_on, old.end_reason) == (TODAY, "異動")
    assert (open_task.owner_id, open_task.owner_name) == (town.users["ken"].id, "ken")
    assert open_task.revision == 2
    assert {done.owner_id, elsewhere.owner_id} == {town.users["hana"].id}


def test_both_take_part_on_the_day_and_only_the_new_one_after(town: Town) -> None:
    group = town.group()
    old = town.join(group, "hana", GroupRole.LEAD)
    members.hand_over(old, town.users["ken"], "", town.actor("hana"), NOW)
    assert present(group) == {("hana", "lead"), ("ken", "lead")}
    assert present(group, TODAY + DAY) == {("ken", "lead")}
    assert mailed("引き継ぎ") == ["hana", "ken"]


def test_a_seat_taken_today_is_handed_over_today(town: Town) -> None:
    group = town.group()
    first = town.join(group, "hana", GroupRole.LEAD)
    second = members.hand_over(first, town.users["ken"], "", SYSTEM, NOW)
    back = members.hand_over(second, town.users["hana"], "戻す", SYSTEM, NOW)
    assert back.starts_on == TODAY + DAY
    assert present(group, TODAY + DAY) == {("hana", "lead")}


def test_a_colleague_who_has_the_role_keeps_it(town: Town) -> None:
    group = town.group()
    old = town.join(group, "hana", GroupRole.MEMBER)
    known = town.join(group, "ken", GroupRole.MEMBER)
    task = add_task(town, group, "hana")
    assert members.hand_over(old, town.users["ken"], "", SYSTEM, NOW) is known
    db.session.expire_all()
    assert task.owner_id == town.users["ken"].id


@pytest.mark.parametrize("key", ["hana", "mio", "expert"])
def test_only_a_colleague_takes_over(town: Town, key: str) -> None:
    member = town.join(town.group(), "hana", GroupRole.LEAD)
    with pytest.raises(ProductError) as caught:
        members.hand_over(member, town.users[key], "", SYSTEM, NOW)
    assert caught.value.field == "successor"


def test_a_colleague_with_a_closed_account_does_not_take_over(town: Town) -> None:
    member = town.join(town.group(), "hana", GroupRole.LEAD)
    town.users["ken"].active = False
    with pytest.raises(ProductError):
        members.hand_over(member, town.users["ken"], "", SYSTEM, NOW)


def test_a_second_press_hands_over_once(town: Town) -> None:
    group = town.group()
    member = town.join(group, "hana", GroupRole.LEAD)
    members.hand_over(member, town.users["ken"], "", SYSTEM, NOW)
    with pytest.raises(Conflict):
        members.hand_over(member, town.users["ken"], "", SYSTEM, NOW)
    assert len(present(group)) == 2


def test_a_role_that_begins_later_or_a_closed_group_is_not_handed_over(town: Town) -> None:
    group = town.group()
    later = town.join(group, "hana", GroupRole.LEAD, TODAY + DAY)
    with pytest.raises(Conflict):
        members.hand_over(later, town.users["ken"], "", SYSTEM, NOW)
    service.close_group(group, "報告", None, "理由", SYSTEM, NOW)
    with pytest.raises(Conflict):
        members.hand_over(later, town.users["ken"], "", SYSTEM, NOW)


def test_the_last_who_runs_a_group_finds_a_successor_first(town: Town) -> None:
    group = town.group()
    lead = town.join(group, "hana", GroupRole.LEAD)
    town.join(group, "mio", GroupRole.MEMBER)
    with pytest.raises(ProductError, match="後任") as caught:
        members.end_role(lead, "", town.actor("hana"), NOW)
    assert caught.value.field == "without_successor"
    with pytest.raises(ProductError):
        members.end_role(lead, "", town.actor("hana"), NOW, without_successor=True)
    with pytest.raises(ProductError):
        members.change_role(lead, GroupRole.MEMBER, "", town.actor("hana"), NOW)
    members.end_role(lead, "", town.actor("office"), NOW, without_successor=True)
    assert present(group, TODAY + DAY) == {("mio", "member")}


def test_two_who_run_a_group_cannot_both_leave(town: Town) -> None:
    group = town.group()
    first = town.join(group, "hana", GroupRole.LEAD)
    second = town.join(group, "mio", GroupRole.CHAIR)
    members.end_role(first, "", town.actor("hana"), NOW)
    with pytest.raises(ProductError):
        members.end_role(second, "", town.actor("mio"), NOW)


def test_a_closed_account_does_not_count_as_somebody_who_runs_the_group(town: Town) -> None:
    group = town.group()
    lead = town.join(group, "hana", GroupRole.LEAD)
    town.join(group, "mio", GroupRole.CHAIR)
    town.users["mio"].active = False
    db.session.flush()
    with pytest.raises(ProductError):
        members.end_role(lead, "", town.actor("hana"), NOW)


def test_leaving_holds_until_the_end_of_the_day_and_being_removed_at_once(town: Town) -> None:
    group = town.group()
    leaving = town.join(group, "mio", GroupRole.MEMBER, TODAY - DAY)
    removed = town.join(group, "sora", GroupRole.MEMBER, TODAY - DAY)
    members.end_role(leaving, "忙しい", town.actor("mio"), NOW)
    members.end_role(removed, "", town.actor("office"), NOW, at_once=True)
    assert present(group) == {("mio", "member")}
    assert mailed("役割が終わりました") == ["sora"]


def test_who_left_may_come_back_without_holding_a_role_twice(town: Town) -> None:
    group = town.group()
    member = town.join(group, "mio", GroupRole.MEMBER)
    members.end_role(member, "", town.actor("mio"), NOW)
    again = town.join(group, "mio", GroupRole.MEMBER)
    assert (member.ends_on, again.starts_on) == (TODAY, TODAY + DAY)


def test_nobody_has_a_role_twice(town: Town) -> None:
    group = town.group()
    town.join(group, "mio", GroupRole.MEMBER)
    with pytest.raises(Conflict):
        town.join(group, "mio", GroupRole.MEMBER)
    row = GroupMember(
        group_id=group.id, user_id=town.users["mio"].id, role=GroupRole.MEMBER, starts_on=TODAY,
        created_at=NOW,
    )  # fmt: skip
    db.session.add(row)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_new_role_leaves_the_old_one_in_the_history(town: Town) -> None:
    group = town.group()
    town.join(group, "hana", GroupRole.LEAD)
    old = town.join(group, "mio", GroupRole.MEMBER, date(2025, 12, 31))
    new = members.change_role(old, GroupRole.CHAIR, "選ばれた", town.actor("hana"), NOW)
    assert (old.ends_on, old.end_reason) == (TODAY - DAY, "選ばれた")
    assert (new.starts_on, new.role) == (TODAY, GroupRole.CHAIR)
    assert queries.role_history(group.id, 1).total == 3
    with pytest.raises(Conflict):
        members.change_role(new, GroupRole.CHAIR, "", town.actor("hana"), NOW)


def test_a_change_of_role_at_the_turn_of_the_year_has_no_gap(town: Town) -> None:
    group = town.group()
    old = town.join(group, "mio", GroupRole.MEMBER)
    new = members.change_role(old, GroupRole.EXPERT, "", SYSTEM, jst(2027, 1, 1, 0, 0))
    assert (old.ends_on, new.starts_on) == (date(2026, 12, 31), date(2027, 1, 1))


def test_when_the_chair_goes_those_who_run_the_group_and_the_office_are_told(town: Town) -> None:
    group = town.group()
    chair = town.join(group, "hana", GroupRole.CHAIR)
    town.join(group, "mio", GroupRole.LEAD)
    members.end_role(chair, "", town.actor("hana"), NOW)
    assert sorted(mailed("座長が空席")) == ["mio", "office"]
    assert group.state is GroupState.ACTIVE


def test_a_chair_with_a_successor_leaves_no_vacancy(town: Town) -> None:
    group = town.group()
    chair = town.join(group, "hana", GroupRole.CHAIR)
    members.hand_over(chair, town.users["ken"], "", SYSTEM, NOW)
    assert not overviews.lost_its_chair(group.id, TODAY + DAY)
    assert mailed("座長が空席") == []


def test_a_chair_whose_last_day_was_fixed_is_told_of_once(town: Town) -> None:
    group = town.group()
    chair = town.join(group, "hana", GroupRole.CHAIR)
    chair.ends_on = TODAY
    db.session.flush()
    assert jobs.tell_of_vacant_chairs(NOW) == 0
    assert jobs.tell_of_vacant_chairs(NOW + DAY) == 1
    assert jobs.tell_of_vacant_chairs(NOW + 2 * DAY) == 0


def test_who_left_the_organisation_or_the_service_is_marked(town: Town) -> None:
    group = town.group()
    fine = town.join(group, "hana", GroupRole.LEAD)
    expert = town.join(group, "expert", GroupRole.EXPERT)
    closed = town.join(group, "sora", GroupRole.MEMBER)
    town.users["sora"].active = False
    stranger = service.add_group_member(
        group, town.users["mio"], town.organizations["青空町"].id, GroupRole.MEMBER, SYSTEM, NOW
    )
    db.session.flush()
    marked = queries.no_longer_of_organization(queries.present_members(group.id, TODAY))
    assert marked == {closed.id, stranger.id}
    assert not {fine.id, expert.id} & marked
