"""In whose name people come, put right by the staff: seats follow, bounds hold, undone at will."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.domain_events import DomainEvent
from matchmaker.core.errors import ProductError
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.service import create_organization
from matchmaker.regional_events.planning.models import RegionalEvent, TrackQuota
from matchmaker.regional_events.registrations import service
from matchmaker.regional_events.registrations.belonging import OrganizationFull
from matchmaker.regional_events.registrations.checking import line_report, seat_report
from matchmaker.regional_events.registrations.domain import (
    OrganizationCorrection,
    PersonData,
    WaitingState,
    WhenFull,
)
from matchmaker.regional_events.registrations.events import OrganizationCorrected
from matchmaker.regional_events.registrations.models import (
    Attendee,
    Registration,
    RegistrationHistory,
)
from tests.regional_events.builders import make_registration, make_track
from tests.regional_events.seats.conftest import NOW
from tests.regional_events.seats.steps import (
    HOUR,
    SECOND,
    cancel,
    entry,
    people,
    person,
    state,
)


def right(name: str, when_full: WhenFull | None = None, **more: Any) -> OrganizationCorrection:
    return OrganizationCorrection(name=name, when_full=when_full, **{"category": "company", **more})


def put_right(registration: Registration, data: OrganizationCorrection) -> bool:
    return service.correct_organization(
        person(registration), data, "聞きまちがい", SYSTEM, NOW + HOUR
    )


def come(event: RegionalEvent, track: Any, name: str, order: int = 0, **more: Any) -> Registration:
    values = {"organization_name": name, "category": "company" if name else "citizen", **more}
    return make_registration(event, track, now=NOW + order * SECOND, **values)


def test_a_guest_who_is_a_member_counts_for_the_member(
    event: RegionalEvent, heard: list[DomainEvent]
) -> None:
    data = OrganizationData("循環市", "municipality", "愛知県", kana="ジュンカンシ")
    town = create_organization(data, SYSTEM, NOW)
    track = make_track(event, capacity=5, per_organization_limit=1)
    guest, colleague = come(event, track, ""), come(event, track, "別の団体", 1)
    assert put_right(guest, right(" 循環市 "))
    row = person(guest)
    assert (row.organization_id, row.category, row.prefecture) == (
        town.id, "municipality", "愛知県",
    )  # fmt: skip
    assert guest.organization_id == town.id, "alone in the registration"
    later = come(event, track, "循環市", 2)
    assert state(guest, colleague, later) == ["confirmed", "confirmed", "waiting"]
    counted = db.session.scalars(
        select(RegistrationHistory.category).where(RegistrationHistory.attendee_id == row.id)
    )
    assert set(counted) == {"municipality"}
    told = [each for each in heard if isinstance(each, OrganizationCorrected)]
    assert [(each.reason, each.moved) for each in told] == [("聞きまちがい", ())]
    assert seat_report(event.id) == []


def test_what_becomes_free_goes_to_the_next_of_the_wrong_organisation(
    event: RegionalEvent,
) -> None:
    track = make_track(event, capacity=5, per_organization_limit=1)
    first, waiting = come(event, track, "甲社"), come(event, track, "甲社", 1)
    assert state(first, waiting) == ["confirmed", "waiting"]
    put_right(first, right("乙社"))
    assert state(first, waiting) == ["confirmed", "confirmed"]
    assert not put_right(first, right("乙社")), "nothing is different"
    assert seat_report(event.id) == []


def test_a_full_bound_is_told_and_changes_nothing(event: RegionalEvent) -> None:
    track = make_track(
        event, capacity=9, per_organization_limit=1,
        quotas=[TrackQuota(category="company", seats=1)],
    )  # fmt: skip
    come(event, track, "甲社")
    wrong = come(event, track, "", 1)
    with pytest.raises(OrganizationFull) as refused, db.session.begin_nested():
        put_right(wrong, right("甲社"))
    assert refused.value.field == "when_full"
    assert "甲社は1席まで、いま1席" in refused.value.message
    assert "企業は1席まで、いま1席" in refused.value.message
    assert (person(wrong).organization_name, state(wrong)) == ("", ["confirmed"])
    assert seat_report(event.id) == []


def test_beyond_the_bound_only_by_decision_and_narrow_again_afterwards(
    event: RegionalEvent,
) -> None:
    track = make_track(event, capacity=9, per_organization_limit=1)
    first, wrong = come(event, track, "甲社"), come(event, track, "乙社", 1)
    put_right(wrong, right("甲社", WhenFull.BEYOND))
    third = come(event, track, "甲社", 2)
    assert state(first, wrong, third) == ["confirmed", "confirmed", "waiting"]
    cancel(first)
    assert state(third) == ["waiting"], "the bound is one again"
    cancel(wrong)
    assert state(third) == ["confirmed"]
    assert seat_report(event.id) == []


def test_into_the_line_with_the_moment_of_the_seat_and_back_by_correcting_again(
    event: RegionalEvent, heard: list[DomainEvent]
) -> None:
    track = make_track(event, capacity=9, per_organization_limit=1)
    come(event, track, "甲社")
    wrong = come(event, track, "乙社", 1)
    put_right(wrong, right("甲社", WhenFull.LINE))
    assert state(wrong) == ["waiting"]
    assert entry(wrong).joined_at == NOW + SECOND
    told = [each for each in heard if isinstance(each, OrganizationCorrected)]
    assert told[-1].moved == (person(wrong).id,)
    put_right(wrong, right("乙社"))
    assert (state(wrong), person(wrong).track_id) == (["confirmed"], track.id)
    assert seat_report(event.id) == []
    assert line_report(event.id) == []


def test_one_of_a_waiting_group_gets_a_place_of_their_own(event: RegionalEvent) -> None:
    track = make_track(event, capacity=2)
    seated = come(event, track, "丙市", names=("一", "二"))
    data = [
        PersonData(name=name, email=f"{n}@example.jp", track_id=track.id, companions=["通訳"])
        for n, name in enumerate(("甲", "乙"))
    ]
    group = come(event, track, "甲社", 1, people=data)
    joined = entry(group).joined_at
    put_right(group, right("乙社"))
    parts = [people(group)[0].waiting_entry_id, people(group)[2].waiting_entry_id]
    assert len(set(parts)) == 2
    assert entry(group).joined_at == joined
    assert [each.organization_name for each in people(group)] == ["乙社", "乙社", "甲社", "甲社"]
    assert line_report(event.id) == []
    put_right(group, right("丁社", is_whole=True))
    assert {each.organization_name for each in people(group)} == {"丁社"}
    assert state(seated) == ["confirmed"] * 2


def test_an_offered_seat_is_counted_anew_or_taken_back(offering: RegionalEvent) -> None:
    track = make_track(offering, capacity=2, per_organization_limit=1)
    first, second = come(offering, track, "甲社"), come(offering, track, "乙社", 1)
    waiting = come(offering, track, "丙社", 2)
    cancel(second)
    assert entry(waiting).state is WaitingState.OFFERED
    put_right(waiting, right("丁社"))
    assert entry(waiting).state is WaitingState.OFFERED
    put_right(waiting, right("甲社", WhenFull.LINE))
    assert entry(waiting).state is WaitingState.WAITING
    assert entry(waiting).joined_at == NOW + 2 * SECOND
    assert seat_report(offering.id) == []
    assert line_report(offering.id) == []
    cancel(first)
    assert entry(waiting).state is WaitingState.OFFERED


def test_a_name_nobody_knows_and_a_missing_reason_are_told_at_their_fields(
    event: RegionalEvent,
) -> None:
    made = come(event, make_track(event), "甲社")
    with pytest.raises(ProductError) as unknown:
        put_right(made, right("乙杜", category=""))
    with pytest.raises(ProductError) as silent:
        service.correct_organization(person(made), right("乙社"), " ", SYSTEM, NOW)
    assert (unknown.value.field, silent.value.field) == ("organization_name", "reason")


def test_whoever_is_no_member_counts_as_a_citizen(event: RegionalEvent) -> None:
    made = come(event, make_track(event), "甲社")
    put_right(made, right("", prefecture="広島県"))
    row: Attendee = person(made)
    assert (row.organization_name, row.category, row.prefecture) == ("", "citizen", "広島県")
    assert seat_report(event.id) == []
