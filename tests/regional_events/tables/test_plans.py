"""From answers to a released plan: versions, mail once, refusals, the door, changes by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db, new_id
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.regional_events.tables import jobs, outcomes, queries, service, swaps, versions
from matchmaker.regional_events.tables.domain import OutcomeVerdict, VersionState
from matchmaker.regional_events.tables.models import TableSeat, TableVersion
from matchmaker.regional_events.tables.timetables import VersionView
from tests.regional_events.tables.room_world import RoomWorld, mails


def test_towns_meet_companies_with_both_posts(app: Flask) -> None:
    world = RoomWorld(app)
    with app.app_context():
        version = world.made()
        assert version.state is VersionState.READY
        assert version.figures["with_two"] == 8
        assert version.shortfalls == {}
        meetings = queries.meetings_of(version.id)
        assert meetings
        assert all(each.need is not None and each.offering is not None for each in meetings)
        assert version.figures["value"] <= version.figures["bound"]


def test_nobody_is_seated_with_whom_they_refuse(app: Flask) -> None:
    world = RoomWorld(app)
    with app.app_context():
        world.wishes("町1", avoid=["会社1", "会社2"])
        version = world.made()
        guest = world.guest("町1").id
        sat_with = {c.organization for s in VersionView(version).timetable(guest)
                    for c in s.companions}  # fmt: skip
        assert not sat_with & {"会社1", "会社2"}
        assert sat_with


def test_a_wish_brings_people_together(app: Flask) -> None:
    world = RoomWorld(app)
    with app.app_context():
        world.wishes("町1", meet=["町2"])
        view = VersionView(world.made())
        sat_with = {
            c.organization for s in view.timetable(world.guest("町1").id) for c in s.meetings
        }
        assert "町2" in sat_with


def test_each_is_told_once_and_only_when_something_changed(app: Flask) -> None:
    world = RoomWorld(app)
    with app.app_context():
        first = world.made()
        service.release(world.plan, first, SYSTEM, world.now)
        assert len(mails()) == 8
        assert all(mail.calendar for mail in mails())
        with pytest.raises(Conflict):
            service.release(world.plan, first, SYSTEM, world.now)
        again = swaps.restore(world.plan, first, world.engine, SYSTEM, world.now)
        service.release(world.plan, again, SYSTEM, world.now)
        assert len(mails()) == 8
        moved = swaps.swap(
            world.plan, again, _any_swap(world, again), world.engine, SYSTEM, world.now
        )
        service.release(world.plan, moved, SYSTEM, world.now)
        assert len(mails()) == 9
        assert "変わりました" in mails()[-1].subject
        assert [each.release for each in queries.versions_of(world.plan_id)] == [3, 2, 1]


def _any_swap(world: RoomWorld, version: TableVersion) -> swaps.Swap:
    """Somebody sits out one slot."""
    return swaps.Swap(1, queries.seats_of(version.id)[0].guest_id, None, 0, "体調のため")


def test_an_older_version_is_brought_back_as_a_new_one(app: Flask) -> None:
    world = RoomWorld(app)
    with app.app_context():
        first, second = world.made(), world.made()
        service.release(world.plan, second, SYSTEM, world.now)
        with pytest.raises(Conflict):
            service.release(world.plan, first, SYSTEM, world.now)
        back = swaps.restore(world.plan, first, world.engine, SYSTEM, world.now)
        assert _places(back) == _places(first)
        service.release(world.plan, back, SYSTEM, world.now)
        in_force = queries.version_in_force(world.plan_id)
        assert in_force is not None
        assert in_force.id == back.id


def _places(version: TableVersion) -> set[tuple[int, int, object]]:
    return {(seat.slot, seat.table, seat.guest_id) for seat in queries.seats_of(version.id)}


def test_at_the_door_only_those_there_are_seated_and_begun_slots_stay(app: Flask) -> None:
    world = RoomWorld(app)
    with app.app_context():
        first = world.made()
        service.release(world.plan, first, SYSTEM, world.now)
        world.check_in("町1", "町2", "町3", "会社1", "会社2", "会社3", "会社4")
        during = world.plan.first_starts_at + timedelta(minutes=1)
        again = world.made(at_the_door=True, now=during)
        assert again.fixed_slots == 1
        assert {p for p in _places(again) if p[0] == 1} == {p for p in _places(first) if p[0] == 1}
        missing = world.guest("町4").id
        assert not [p for p in _places(again) if p[0] > 1 and p[2] == missing]
        assert queries.version_in_force(world.plan_id) == first
        assert again.figures["changes"] <= 7


def test_a_walk_in_gets_seats(app: Flask) -> None:
    world = RoomWorld(app)
    with app.app_context():
        first = world.made()
        service.release(world.plan, first, SYSTEM, world.now)
        attendee = world.registered("飛び入り")
        given = service.GuestAnswer(is_taking_part=True, meet=[world.organizations["会社1"]])
        service.answer(world.plan, attendee, given, SYSTEM, world.now, expected_revision=0)
        world.check_in(*world.attendees)
        again = world.made(at_the_door=True)
        assert world.guest("飛び入り").id in {place[2] for place in _places(again)}


@pytest.mark.parametrize(("towns", "companies"), [(1, 0), (2, 0), (0, 3)])
def test_without_counterparts_nobody_sits_and_everybody_is_told_why(
    app: Flask, towns: int, companies: int
) -> None:
    world = RoomWorld(app, towns, companies)
    with app.app_context():
        version = world.made()
        assert not queries.seats_of(version.id)
        assert set(version.shortfalls.values()) == {"no_counterpart"}
        service.release(world.plan, version, SYSTEM, world.now)
        assert len(mails()) == towns + companies
        assert "見つかりませんでした" in mails()[0].body
        assert mails()[0].calendar is None


def test_everybody_refuses_everybody(app: Flask) -> None:
    world = RoomWorld(app, 2, 2)
    with app.app_context():
        for name in world.organizations:
            world.wishes(name, avoid=[other for other in world.organizations if other != name])
        version = world.made()
        assert not queries.seats_of(version.id)
        assert set(version.shortfalls.values()) == {"refusals"}


def test_swaps_obey_the_rules_and_need_a_reason(app: Flask) -> None:
    world = RoomWorld(app)
    with app.app_context():
        world.wishes("町1", avoid=["会社1"])
        version = world.made()
        view, guest, town = VersionView(version), world.guest("会社1").id, world.guest("町1").id
        # A search that a busy machine cuts short may leave the town out of the first slot.
        slot, table = next((at, table) for (at, who), table in view.table_of.items() if who == town)
        with pytest.raises(ProductError, match="理由"):
            _swap(world, version, swaps.Swap(slot, guest, None, table, " "))
        with pytest.raises(ProductError, match=r"頼まれている|席がありません"):
            _swap(world, version, swaps.Swap(slot, guest, None, table, "希望のため"))
        with pytest.raises(ProductError, match="始まった回"):
            _swap(world, version, swaps.Swap(9, guest, None, 1, "希望のため"))


def _swap(world: RoomWorld, version: TableVersion, wanted: swaps.Swap) -> TableVersion:
    return swaps.swap(world.plan, version, wanted, world.engine, SYSTEM, world.now)


def test_the_worker_makes_what_waits_once(app: Flask) -> None:
    world = RoomWorld(app)
    with app.app_context():
        version_id = versions.ask_for_version(world.plan, SYSTEM, world.now).id
        with pytest.raises(Conflict):
            versions.ask_for_version(world.plan, SYSTEM, world.now)
        db.session.commit()
        assert jobs.make_wanted_versions(world.now) == 1
        assert jobs.make_wanted_versions(world.now) == 0
        version = db.session.get_one(TableVersion, version_id)
        assert version.state is VersionState.READY
        assert queries.seats_of(version_id)


def test_nobody_sits_twice_in_a_slot_whatever_the_code_does(app: Flask) -> None:
    world = RoomWorld(app, 1, 1)
    with app.app_context():
        version, guest = world.made(), world.guest("町1").id
        row = {"version_id": version.id, "slot": 3, "guest_id": guest}
        rows = [{"id": new_id(), **row, "table": table} for table in (8, 9)]
        with pytest.raises(IntegrityError):
            db.session.execute(insert(TableSeat), rows)
        db.session.rollback()


def test_answers_from_two_windows_do_not_overwrite_each_other(app: Flask) -> None:
    world = RoomWorld(app, 1, 1)
    with app.app_context():
        attendee = queries.attendee_by_id(world.attendees["町1"])
        assert attendee is not None
        given = service.GuestAnswer(is_taking_part=False)
        with pytest.raises(Conflict):
            service.answer(world.plan, attendee, given, SYSTEM, world.now, expected_revision=0)


def test_only_own_published_posts_can_be_brought(app: Flask) -> None:
    world = RoomWorld(app, 1, 1)
    with app.app_context():
        attendee = queries.attendee_by_id(world.attendees["町1"])
        assert attendee is not None
        given = service.GuestAnswer(is_taking_part=True, post_ids=[world.posts["会社1"]])
        with pytest.raises(ProductError) as caught:
            service.answer(world.plan, attendee, given, SYSTEM, world.now, expected_revision=1)
        assert caught.value.field == "posts"


def test_outcomes_carry_both_posts_and_are_unique(app: Flask) -> None:
    world = RoomWorld(app, 1, 1)
    with app.app_context():
        version = world.made()
        service.release(world.plan, version, SYSTEM, world.now)
        town, company = world.guest("町1"), world.guest("会社1")
        slot = queries.seats_of(version.id)[0].slot
        said = outcomes.OutcomeData(slot, company.id, OutcomeVerdict.FOLLOW_UP, "見学に行く")
        with pytest.raises(ProductError, match="まだ始まっていない"):
            outcomes.record_outcome(world.plan, town, said, SYSTEM, world.now)
        after = world.now + timedelta(days=1, hours=3)
        outcomes.record_outcome(world.plan, town, said, SYSTEM, after)
        with pytest.raises(Conflict):
            outcomes.record_outcome(world.plan, town, said, SYSTEM, after)
        (found,) = queries.outcomes_of(world.event_id)
        assert (found.need_id, found.offering_id) == (world.posts["町1"], world.posts["会社1"])
        assert found.verdict is OutcomeVerdict.FOLLOW_UP
        assert queries.outcomes_between(company.id) == [found]
