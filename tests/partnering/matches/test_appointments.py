"""Three dates, one agreed, moved, cancelled; the calendar file follows."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from icalendar import Calendar, Component

from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.partnering.introductions.domain import ReasonCode
from matchmaker.partnering.introductions.matches import appointments, queries, service
from matchmaker.partnering.introductions.matches.appointments import Proposal
from matchmaker.partnering.introductions.matches.domain import AppointmentState
from matchmaker.partnering.introductions.matches.models import Appointment, Match
from tests.partnering.introductions.world import World
from tests.partnering.matches.builders import again, in_days, mails_of, make_match, propose


def calendars(appointment: Appointment) -> list[tuple[str, Component]]:
    """Method and event of each calendar file that went out, oldest first."""
    found = []
    for mail in mails_of(f"appointment:{appointment.id}"):
        if mail.calendar:
            calendar = Calendar.from_ical(mail.calendar)
            found.append((str(calendar["METHOD"]), calendar.walk("VEVENT")[0]))
    return found


def agreed(world: World, match: Match) -> Appointment:
    appointment = propose(world, match)
    chosen = appointment.dates[1].id
    appointments.agree(match, appointment, chosen, world.actor("officer"), world.now)
    db.session.commit()
    return queries.get_appointment(match.id, appointment.id)


def test_proposed_dates_are_told_to_the_other_side_alone(world: World) -> None:
    appointment = propose(world, make_match(world))
    mails = mails_of(f"appointment:{appointment.id}")
    assert [mail.address for mail in mails] == ["officer@example.com"]
    assert mails[0].body.count("・") >= 3
    assert mails[0].calendar is None


def test_an_agreed_date_reaches_both_calendars_and_changes_follow(world: World) -> None:
    match = make_match(world)
    appointment = agreed(world, match)
    assert appointment.starts_at == in_days(world, 14)
    later = in_days(world, 20)
    actor = world.actor("maker")
    appointments.shift(match, appointment, later, appointment.revision, actor, in_days(world, 1))
    appointments.cancel(
        match, appointment, "担当が出張のため", appointment.revision, actor, in_days(world, 2)
    )
    found = calendars(appointment)
    told = [(method, int(str(event["SEQUENCE"])), str(event["STATUS"])) for method, event in found]
    assert told == [
        ("REQUEST", 0, "CONFIRMED"), ("REQUEST", 0, "CONFIRMED"),
        ("REQUEST", 1, "CONFIRMED"), ("REQUEST", 1, "CONFIRMED"),
        ("CANCEL", 2, "CANCELLED"), ("CANCEL", 2, "CANCELLED"),
    ]  # fmt: skip
    assert len({str(event["UID"]) for _, event in found}) == 1
    assert found[2][1].decoded("DTSTART") == later.replace(microsecond=0)
    attendees = {str(event["ATTENDEE"]) for _, event in found}
    assert attendees == {"mailto:maker@example.com", "mailto:officer@example.com"}


def test_a_cancelled_proposal_sends_no_calendar(world: World) -> None:
    match = make_match(world)
    appointment = propose(world, match)
    actor = world.actor("officer")
    appointments.cancel(match, appointment, "どの日も難しい", 1, actor, world.now)
    assert calendars(appointment) == []
    assert appointment.state is AppointmentState.CANCELLED
    assert propose(world, match).state is AppointmentState.PROPOSED


def test_dates_in_the_past_far_away_or_twice_are_refused(world: World) -> None:
    match, actor = make_match(world), world.actor("maker")
    good = in_days(world, 3)
    for dates, field in (
        ([], "date_1"),
        ([world.now], "date_1"),
        ([good, in_days(world, -1)], "date_2"),
        ([good, good], "date_2"),
        ([good, in_days(world, 400)], "date_2"),
    ):
        with pytest.raises(ProductError) as refused:
            appointments.propose(match, Proposal("打合せ", "", 60, dates), actor, world.now)
        assert refused.value.field == field
    for minutes in (None, 0, 14, 481):
        with pytest.raises(ProductError) as refused:
            appointments.propose(match, Proposal("打合せ", "", minutes, [good]), actor, world.now)
        assert refused.value.field == "minutes"


def test_one_proposal_waits_at_a_time(world: World) -> None:
    match = make_match(world)
    propose(world, match)
    with pytest.raises(Conflict, match="すでに出ています"):
        propose(world, match, "officer")


def test_dates_that_suit_nobody_are_replaced_by_others_with_one_mail(world: World) -> None:
    match = make_match(world)
    first = propose(world, match)
    data = Proposal("はじめての打合せ", "", 60, [in_days(world, 10)], first.id)
    second = appointments.propose(match, data, world.actor("officer"), world.now)
    assert first.state is AppointmentState.CANCELLED
    assert second.state is AppointmentState.PROPOSED
    assert [mail.address for mail in mails_of(f"appointment:{second.id}")] == ["maker@example.com"]
    assert len(mails_of(f"appointment:{first.id}")) == 1
    with pytest.raises(Conflict, match="すでに出ています"):
        appointments.propose(match, data, world.actor("maker"), world.now)


def test_dates_that_are_all_over_make_room_for_new_ones(world: World) -> None:
    match = make_match(world)
    first, later = propose(world, match), in_days(world, 22)
    data = Proposal("打合せ", "", 60, [in_days(world, 30)])
    with pytest.raises(Conflict):
        appointments.propose(match, data, world.actor("maker"), in_days(world, 20))
    db.session.rollback()
    made = appointments.propose(again(match.id), data, world.actor("maker"), later)
    db.session.commit()
    db.session.expire_all()
    assert made.state is AppointmentState.PROPOSED
    assert queries.get_appointment(match.id, first.id).state is AppointmentState.CANCELLED


def test_what_is_over_is_neither_moved_nor_cancelled(world: World) -> None:
    match = make_match(world)
    appointment = agreed(world, match)
    actor, read = world.actor("officer"), appointment.revision
    during, after = (in_days(world, 14) + timedelta(minutes=m) for m in (59, 60))
    with pytest.raises(ProductError, match="終わっています"):
        appointments.shift(match, appointment, in_days(world, 30), read, actor, after)
    with pytest.raises(ProductError, match="終わっています"):
        appointments.cancel(match, appointment, "まちがい", read, actor, after)
    appointments.cancel(match, appointment, "途中で切れたため", read, actor, during)
    assert appointment.state is AppointmentState.CANCELLED


def test_nobody_agrees_to_ones_own_dates_or_to_past_ones(world: World) -> None:
    match = make_match(world)
    appointment = propose(world, match)
    chosen = appointment.dates[0].id
    with pytest.raises(ProductError, match="自分の側"):
        appointments.agree(match, appointment, chosen, world.actor("maker"), world.now)
    with pytest.raises(ProductError, match="過ぎています"):
        appointments.agree(match, appointment, chosen, world.actor("officer"), in_days(world, 7))
    appointments.agree(match, appointment, chosen, world.actor("secretariat"), world.now)
    assert appointment.state is AppointmentState.AGREED


def test_moving_needs_another_date_to_come(world: World) -> None:
    match = make_match(world)
    appointment = agreed(world, match)
    actor, read = world.actor("officer"), appointment.revision
    for moment in (None, world.now - timedelta(hours=1), appointment.starts_at):
        with pytest.raises(ProductError) as refused:
            appointments.shift(match, appointment, moment, read, actor, world.now)
        assert refused.value.field == "starts_at"
    with pytest.raises(Conflict):
        appointments.shift(match, appointment, in_days(world, 9), read - 1, actor, world.now)


def test_the_end_of_the_talks_takes_coming_dates_out_of_calendars(world: World) -> None:
    match = make_match(world)
    appointment = agreed(world, match)
    match = again(match.id)
    actor = world.actor("maker")
    service.end(match, ReasonCode.TIMING, "", match.revision, actor, world.now)
    db.session.expire_all()
    found = queries.get_appointment(match.id, appointment.id)
    assert found.state is AppointmentState.CANCELLED
    assert calendars(found)[-1][0] == "CANCEL"


def test_of_many_who_agree_to_different_dates_at_once_one_wins(bare: World) -> None:
    with bare.app.app_context():
        match = make_match(bare)
        appointment = propose(bare, match)
        ids = match.id, appointment.id, [date.id for date in appointment.dates]
        db.session.remove()
    outcomes: list[str] = []
    barrier = threading.Barrier(12)

    def press(name: str, date_id: uuid.UUID) -> None:
        with bare.app.app_context():
            barrier.wait()
            try:
                found, chosen = queries.get(ids[0]), queries.get_appointment(ids[0], ids[1])
                appointments.agree(found, chosen, date_id, bare.actor(name), bare.now)
                db.session.commit()
                outcomes.append("agreed")
            except Conflict as conflict:
                db.session.rollback()
                outcomes.append(conflict.message)
            finally:
                db.session.remove()

    people = [("officer", "chief")[n % 2] for n in range(12)]
    threads = [
        threading.Thread(target=press, args=(name, ids[2][n % 3])) for n, name in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[0] == "agreed"
    assert outcomes.count("agreed") == 1
    assert all("に決めました" in message for message in outcomes if message != "agreed")
    with bare.app.app_context():
        mails = mails_of(f"appointment:{ids[1]}:agreed")
        assert len(mails) == 2
        db.session.remove()
