"""Joining: applications, observers within their period, invitations, and races between them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.notifications.models import OutboxMessage
from matchmaker.working_groups.groups import application_queries, applications, queries, service
from matchmaker.working_groups.groups.domain import ApplicationKind, ApplicationState, GroupRole
from matchmaker.working_groups.groups.models import GroupApplication, WorkingGroup
from tests.working_groups.groups.town import NOW, TODAY, Town, jst

JOIN, OBSERVE = ApplicationKind.APPLICATION, ApplicationKind.OBSERVER


def apply(
    town: Town,
    group: WorkingGroup,
    key: str,
    kind: ApplicationKind = JOIN,
    now: datetime = NOW,
) -> GroupApplication:
    organization_id = town.organization_id(key)
    assert organization_id is not None
    made = applications.apply_to_join(
        group, town.users[key], organization_id, kind, "よろしく", town.actor(key), now
    )
    return application_queries.application_of(made.id)


def roles(town: Town, group: WorkingGroup, key: str) -> set[GroupRole]:
    return set(queries.standing_of(town.actor(key), group.id, TODAY).roles)


def mailed(word: str) -> list[str]:
    query = select(OutboxMessage).where(OutboxMessage.subject.contains(word))
    return [m.recipient_name for m in db.session.scalars(query.order_by(OutboxMessage.id))]


@pytest.fixture
def group(town: Town) -> WorkingGroup:
    made = town.group(accepts_applications=True, observers_until=TODAY)
    town.join(made, "hana", GroupRole.LEAD)
    town.join(made, "ken", GroupRole.CHAIR)
    return made


def test_an_accepted_application_gives_the_role_from_today(town: Town, group: WorkingGroup) -> None:
    application = apply(town, group, "mio")
    assert mailed("参加の申し込みがありました") == ["ken", "hana"]
    applications.decide(application, True, "", town.actor("hana"), NOW)
    assert roles(town, group, "mio") == {GroupRole.MEMBER}
    assert mailed("への返事") == ["mio"]
    assert "mio" not in mailed("登録されました")


def test_declining_needs_a_reason_that_reaches_the_applicant(
    town: Town, group: WorkingGroup
) -> None:
    application = apply(town, group, "mio")
    with pytest.raises(ProductError) as caught:
        applications.decide(application, False, "  ", town.actor("hana"), NOW)
    assert caught.value.field == "reason"
    applications.decide(application, False, "定員です", town.actor("hana"), NOW)
    assert roles(town, group, "mio") == set()
    query = select(OutboxMessage).where(OutboxMessage.subject.contains("への返事"))
    assert "定員です" in db.session.scalars(query).one().body


def test_of_two_who_decide_at_once_the_first_counts(town: Town, group: WorkingGroup) -> None:
    application = apply(town, group, "mio")
    applications.decide(application, True, "", town.actor("hana"), NOW)
    with pytest.raises(Conflict):
        applications.decide(application, False, "やめる", town.actor("ken"), NOW)
    with pytest.raises(Conflict):
        applications.decide(application, True, "", town.actor("hana"), NOW)
    assert roles(town, group, "mio") == {GroupRole.MEMBER}
    assert application.decided_by_id == town.users["hana"].id


def test_what_was_withdrawn_is_not_decided_and_the_other_way_round(
    town: Town, group: WorkingGroup
) -> None:
    first = apply(town, group, "mio")
    applications.withdraw(first, town.actor("mio"), NOW)
    with pytest.raises(Conflict):
        applications.decide(first, True, "", town.actor("hana"), NOW)
    second = apply(town, group, "mio")
    applications.decide(second, True, "", town.actor("hana"), NOW)
    with pytest.raises(Conflict):
        applications.withdraw(second, town.actor("mio"), NOW)


def test_a_second_application_waits_for_the_answer_to_the_first(
    town: Town, group: WorkingGroup
) -> None:
    application = apply(town, group, "mio")
    with pytest.raises(Conflict):
        apply(town, group, "mio")
    with pytest.raises(Conflict):
        apply(town, group, "mio", OBSERVE)
    copy = GroupApplication(
        group_id=group.id, user_id=application.user_id, kind=JOIN, role=GroupRole.MEMBER,
        state=ApplicationState.PENDING, created_at=NOW,
    )  # fmt: skip
    db.session.add(copy)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize(
    ("moment", "is_taken"),
    [
        ((2026, 12, 30, 23, 59), False),
        ((2026, 12, 31, 0, 0), True),
        ((2027, 1, 1, 23, 59), True),
        ((2027, 1, 2, 0, 0), False),
    ],
)
def test_observers_apply_within_their_period_to_the_minute(
    town: Town, moment: tuple[int, int, int, int, int], is_taken: bool
) -> None:
    group = town.group(observers_from=date(2026, 12, 31), observers_until=date(2027, 1, 1))
    if is_taken:
        assert apply(town, group, "mio", OBSERVE, jst(*moment)).role is GroupRole.OBSERVER
    else:
        with pytest.raises(Conflict, match="募集していません"):
            apply(town, group, "mio", OBSERVE, jst(*moment))


def test_an_application_made_in_time_is_decided_after_the_period(town: Town) -> None:
    group = town.group(observers_until=date(2026, 12, 31))
    town.join(group, "hana", GroupRole.LEAD)
    application = apply(town, group, "mio", OBSERVE, jst(2026, 12, 31, 23, 59))
    applications.decide(application, True, "", town.actor("hana"), jst(2027, 1, 5, 9, 0))
    assert queries.roles_of(town.users["mio"].id, group.id, date(2027, 1, 5))


def test_groups_that_take_nobody_say_so(town: Town) -> None:
    group = town.group()
    for kind in (JOIN, OBSERVE):
        with pytest.raises(Conflict):
            apply(town, group, "mio", kind)


def test_an_observer_may_become_a_member_and_is_no_observer_then(
    town: Town, group: WorkingGroup
) -> None:
    seat = town.join(group, "mio", GroupRole.OBSERVER)
    with pytest.raises(Conflict):
        apply(town, group, "mio", OBSERVE)
    application = apply(town, group, "mio")
    applications.decide(application, True, "", town.actor("hana"), NOW)
    assert seat.ends_on == TODAY
    assert queries.roles_of(town.users["mio"].id, group.id, TODAY) == {GroupRole.MEMBER}


def test_members_do_not_apply_again(town: Town, group: WorkingGroup) -> None:
    town.join(group, "mio", GroupRole.MEMBER)
    for kind in (JOIN, OBSERVE):
        with pytest.raises(Conflict):
            apply(town, group, "mio", kind)


def test_nobody_applies_for_an_organisation_of_others(town: Town, group: WorkingGroup) -> None:
    with pytest.raises(ProductError) as caught:
        applications.apply_to_join(
            group, town.users["mio"], town.organizations["青空町"].id, JOIN, "",
            town.actor("mio"), NOW,
        )  # fmt: skip
    assert caught.value.field == "organization_id"


def test_an_invitation_is_answered_by_the_invited_person(town: Town, group: WorkingGroup) -> None:
    made = applications.invite(
        group, town.users["expert"], None, GroupRole.EXPERT, "ぜひ", town.actor("hana"), NOW
    )
    assert mailed("への招待：有識者") == ["expert"]
    application = application_queries.application_of(made.id)
    assert [each.id for each in application_queries.invitations_for(application.user_id)] == [
        made.id
    ]
    applications.decide(application, True, "", town.actor("expert"), NOW)
    assert roles(town, group, "expert") == {GroupRole.EXPERT}
    assert sorted(mailed("招待の返事")) == ["hana", "ken"]


def test_an_invitation_is_declined_without_a_reason(town: Town, group: WorkingGroup) -> None:
    made = applications.invite(
        group, town.users["expert"], None, GroupRole.EXPERT, "", town.actor("hana"), NOW
    )
    application = application_queries.application_of(made.id)
    applications.decide(application, False, "", town.actor("expert"), NOW)
    assert application.state is ApplicationState.DECLINED
    assert roles(town, group, "expert") == set()


def test_nobody_is_invited_to_a_role_they_have(town: Town, group: WorkingGroup) -> None:
    with pytest.raises(Conflict):
        applications.invite(
            group, town.users["hana"], None, GroupRole.LEAD, "", town.actor("ken"), NOW
        )


def test_an_answer_that_comes_after_the_group_was_closed_changes_nothing(
    town: Town, group: WorkingGroup
) -> None:
    application = apply(town, group, "mio")
    service.close_group(group, "報告", None, "理由", town.actor("office"), NOW)
    with pytest.raises(Conflict):
        applications.decide(application, True, "", town.actor("office"), NOW)
    with pytest.raises(Conflict):
        apply(town, group, "sora")
    assert roles(town, group, "mio") == set()


def test_without_anybody_who_runs_the_group_the_office_is_told(town: Town) -> None:
    group = town.group(accepts_applications=True)
    apply(town, group, "mio")
    assert mailed("参加の申し込みがありました") == ["office"]


def test_words_that_are_too_long_are_told(town: Town, group: WorkingGroup) -> None:
    with pytest.raises(ProductError) as caught:
        applications.apply_to_join(
            group, town.users["mio"], town.organizations["緑山工業"].id, JOIN, "あ" * 1001,
            town.actor("mio"), NOW,
        )  # fmt: skip
    assert caught.value.field == "message"
