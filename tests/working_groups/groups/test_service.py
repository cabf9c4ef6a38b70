"""Founding, changing and leading groups through their life."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.core.actor import SYSTEM, VISITOR
from matchmaker.core.audit import AuditEntry
from matchmaker.core.clock import today
from matchmaker.core.db import db, new_id
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.notifications.models import OutboxMessage
from matchmaker.working_groups.groups import overviews, queries, service
from matchmaker.working_groups.groups.domain import (
    GroupData,
    GroupKind,
    GroupMove,
    GroupRole,
    GroupState,
    InvalidGroup,
    Visibility,
)
from matchmaker.working_groups.groups.models import WorkingGroup
from tests.working_groups.groups.town import NOW, TODAY, Town, jst

DAY = timedelta(days=1)


def tags() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.tag).order_by(AuditEntry.id)))


def test_a_new_group_is_in_preparation_and_in_the_log(town: Town) -> None:
    group = town.group(started=False)
    assert group.state is GroupState.FORMING
    assert tags()[-1] == "groups:group:founded"


def test_names_are_unique_whatever_their_width(town: Town) -> None:
    town.group("WG 1")
    with pytest.raises(InvalidGroup) as caught:
        town.group("ＷＧ　１")
    assert list(caught.value.problems) == ["name"]


def test_the_database_keeps_names_unique_too(town: Town) -> None:
    other = town.group("別のWG")
    town.group("検討WG")
    db.session.flush()
    other.name = "検討WG"
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_proposal_grows_into_one_group_only(town: Town) -> None:
    proposal_id = new_id()
    town.group("一", origin_proposal_id=proposal_id)
    with pytest.raises(Conflict):
        town.group("二", origin_proposal_id=proposal_id)


@pytest.mark.parametrize("kind", [GroupKind.WG, GroupKind.DOMAIN_WG, GroupKind.SUB_WG])
def test_only_the_assembly_stands_alone(town: Town, kind: GroupKind) -> None:
    with pytest.raises(InvalidGroup) as caught:
        town.group(kind=kind, parent_id=None)
    assert list(caught.value.problems) == ["parent_id"]


def test_a_parent_that_does_not_exist_is_told(town: Town) -> None:
    with pytest.raises(InvalidGroup, match="一覧から"):
        town.group(parent_id=new_id())


def test_a_change_of_kind_must_suit_the_groups_below(town: Town) -> None:
    above = town.group("上")
    town.group("下", kind=GroupKind.DOMAIN_WG, parent_id=above.id)
    data = replace(service.data_of(above), kind=GroupKind.ASSEMBLY, parent_id=None)
    with pytest.raises(InvalidGroup) as caught:
        service.change_group(above, data, SYSTEM, NOW, expected_revision=above.revision)
    assert "parent_id" in caught.value.problems


def test_a_change_is_counted_and_named_in_the_log(town: Town) -> None:
    group = town.group()
    before = group.revision
    data = replace(service.data_of(group), purpose=" 竹を使う ", starts_on=date(2026, 12, 31))
    service.change_group(group, data, SYSTEM, NOW, expected_revision=before)
    assert (group.purpose, group.revision) == ("竹を使う", before + 1)
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.details["fields"] == ["purpose", "starts_on"]


def test_saving_the_same_again_changes_nothing(town: Town) -> None:
    group = town.group()
    before = (group.revision, len(tags()))
    service.change_group(
        group, service.data_of(group), SYSTEM, NOW, expected_revision=group.revision
    )
    assert (group.revision, len(tags())) == before


def test_the_second_of_two_tabs_is_told_that_somebody_was_faster(town: Town) -> None:
    group = town.group()
    seen = group.revision
    data = service.data_of(group)
    service.change_group(group, replace(data, purpose="一"), SYSTEM, NOW, expected_revision=seen)
    with pytest.raises(Conflict):
        service.change_group(
            group, replace(data, purpose="二"), SYSTEM, NOW, expected_revision=seen
        )
    assert group.purpose == "一"


def test_a_group_is_closed_with_a_report_only(town: Town) -> None:
    group = town.group()
    with pytest.raises(ProductError) as caught:
        service.move_group(group, GroupMove.CLOSE, "終わった", SYSTEM, NOW)
    assert caught.value.field == "final_report"
    for report in ("", "  \r\n ", "あ" * 20_001):
        with pytest.raises(ProductError):
            service.close_group(group, report, None, "終わった", SYSTEM, NOW)
    with pytest.raises(ProductError, match="理由"):
        service.close_group(group, "報告", None, " ", SYSTEM, NOW)
    assert group.state is GroupState.ACTIVE


def test_closing_publishes_the_report_and_undoing_takes_it_back(town: Town) -> None:
    group = town.group()
    service.close_group(group, "わかったこと", None, "期間が終わった", town.actor("office"), NOW)
    reports = overviews.final_reports(town.actor("hana"), TODAY, 1)
    assert [each.id for each in reports.items] == [group.id]
    service.move_group(group, GroupMove.REOPEN, "まだ続ける", town.actor("office"), NOW)
    assert group.state is GroupState.ACTIVE
    assert group.final_report == "わかったこと"
    assert overviews.final_reports(town.actor("office"), TODAY, 1).total == 0


def test_two_people_who_close_at_once_close_once(town: Town) -> None:
    group = town.group()
    service.close_group(group, "一", None, "理由", SYSTEM, NOW)
    with pytest.raises(IllegalMove):
        service.close_group(group, "二", None, "理由", SYSTEM, NOW)
    assert group.final_report == "一"


def test_everybody_who_takes_part_is_told_of_a_step(town: Town) -> None:
    group = town.group()
    town.join(group, "hana", GroupRole.LEAD)
    town.join(group, "mio", GroupRole.OBSERVER)
    service.move_group(group, GroupMove.REST, "人手が足りない", town.actor("hana"), NOW)
    query = select(OutboxMessage).where(OutboxMessage.subject.contains("休止"))
    mails = db.session.scalars(query.order_by(OutboxMessage.id)).all()
    assert [mail.recipient_name for mail in mails] == ["mio"]
    assert "人手が足りない" in mails[0].body


@pytest.mark.parametrize("key", ["", "hana", "mio", "office"])
def test_lists_show_exactly_what_the_policy_lets_through(town: Town, key: str) -> None:
    hidden = town.group("閉じたWG", visibility=Visibility.GROUP)
    town.group("会員のWG", visibility=Visibility.MEMBERS)
    town.group("準備中のWG", started=False)
    town.join(hidden, "mio", GroupRole.OBSERVER)
    actor = town.actor(key) if key else VISITOR
    names = {group.name for group in queries.list_groups(actor, TODAY)}
    expected = {
        "": set(),
        "hana": {"総会", "会員のWG", "準備中のWG"},
        "mio": {"総会", "会員のWG", "準備中のWG", "閉じたWG"},
        "office": {"総会", "会員のWG", "準備中のWG", "閉じたWG"},
    }
    assert names == expected[key]


def test_filters_find_by_words_state_kind_and_recruitment(town: Town) -> None:
    open_group = town.group("竹WG", purpose="放置竹林の竹", accepts_applications=True)
    town.group("鉄WG", started=False)
    observed = town.group("紙WG", observers_until=TODAY)
    actor, wanted = town.actor("office"), queries.GroupFilter

    def found(**conditions: object) -> set[str]:
        groups = queries.list_groups(actor, TODAY, wanted(**conditions))  # type: ignore[arg-type]
        return {group.name for group in groups}

    assert found(text="放置 竹") == {open_group.name}
    assert found(text="100%") == set()
    assert found(states=(GroupState.FORMING,)) == {"総会", "鉄WG"}
    assert found(kinds=(GroupKind.ASSEMBLY,)) == {"総会"}
    assert found(recruiting=True) == {open_group.name, observed.name}
    tomorrow = queries.list_groups(actor, TODAY + DAY, wanted(recruiting=True))
    assert [group.name for group in tomorrow] == [open_group.name]


def test_a_role_counts_from_midnight_to_midnight_across_the_year(town: Town) -> None:
    group = town.group(visibility=Visibility.GROUP)
    member = town.join(group, "mio", GroupRole.MEMBER, date(2026, 12, 31))
    member.ends_on = date(2027, 1, 1)
    db.session.flush()
    actor = town.actor("mio")
    moments = {
        jst(2026, 12, 30, 23, 59): False,
        jst(2026, 12, 31, 0, 0): True,
        jst(2027, 1, 1, 23, 59): True,
        jst(2027, 1, 2, 0, 0): False,
    }
    for moment, belongs in moments.items():
        standing = queries.standing_of(actor, group.id, today(moment))
        assert standing.belongs is belongs


def test_a_role_cannot_end_before_it_began(town: Town) -> None:
    member = town.join(town.group(), "mio", GroupRole.MEMBER)
    member.ends_on = member.starts_on - DAY
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_chair_who_has_gone_is_seen(town: Town) -> None:
    group = town.group()
    assert overviews.vacant_chairs(TODAY) == []
    assert group.id in {each.id for each in overviews.unattended_groups(TODAY)}
    chair = town.join(group, "hana", GroupRole.CHAIR)
    assert overviews.unattended_groups(TODAY) == []
    chair.ends_on = TODAY
    db.session.flush()
    assert overviews.vacant_chairs(TODAY) == []
    assert overviews.vacant_chairs(TODAY + DAY) == [(group, TODAY)]
    assert overviews.lost_its_chair(group.id, TODAY + DAY)


def test_a_chair_whose_account_was_closed_has_gone(town: Town) -> None:
    group = town.group()
    town.join(group, "hana", GroupRole.CHAIR)
    town.users["hana"].active = False
    db.session.flush()
    assert [each.id for each, _last in overviews.vacant_chairs(TODAY)] == [group.id]


def test_nobody_joins_a_closed_group(town: Town) -> None:
    group = town.group()
    service.close_group(group, "報告", None, "理由", SYSTEM, NOW)
    with pytest.raises(Conflict):
        town.join(group, "hana", GroupRole.MEMBER)


def test_a_thousand_groups_are_drawn_and_no_more(town: Town) -> None:
    parent = town.assembly()
    db.session.add_all(
        WorkingGroup(
            kind=GroupKind.WG, parent_id=parent.id, name=f"WG{n:04}", purpose="",
            visibility=Visibility.PUBLIC, state=GroupState.ACTIVE, created_at=NOW, updated_at=NOW,
        )
        for n in range(queries.MOST_GROUPS + 10)
    )  # fmt: skip
    db.session.flush()
    assert len(queries.list_groups(town.actor("office"), TODAY)) == queries.MOST_GROUPS


def test_found_group_refuses_what_the_rules_refuse(town: Town) -> None:
    with pytest.raises(InvalidGroup) as caught:
        service.found_group(GroupData(name="", kind=GroupKind.WG), SYSTEM, NOW)
    assert set(caught.value.problems) == {"name", "parent_id"}
    assert town
