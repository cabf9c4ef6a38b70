"""An organisation leaves, an officer changes post: what the talks do, and who is told."""

from __future__ import annotations

import pytest

from matchmaker.accounts.queries import member_of
from matchmaker.accounts.service import remove_member
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.organizations.queries import organization_of
from matchmaker.organizations.service import readmit, withdraw
from matchmaker.partnering.introductions.domain import ReasonCode, Side
from matchmaker.partnering.introductions.matches import policy, queries, service
from matchmaker.partnering.introductions.matches.domain import AppointmentState, MatchState
from matchmaker.partnering.introductions.matches.jobs import remind_of_next_steps
from matchmaker.partnering.introductions.matches.models import Match
from matchmaker.partnering.introductions.matches.service import NextStep
from tests.partnering.introductions.world import World
from tests.partnering.matches.builders import again, mails_of, make_match, propose


def let_leave(world: World, match: Match) -> Match:
    """The town leaves the partnership."""
    town = organization_of(world.organizations["青空町"])
    withdraw(town, "退会", world.actor("secretariat"), world.now)
    db.session.commit()
    return again(match.id)


def test_talks_end_with_an_organisation_that_leaves(world: World) -> None:
    match = make_match(world)
    appointment = propose(world, match)
    match = let_leave(world, match)
    assert (match.state, match.reason_code) == (MatchState.ENDED, ReasonCode.OTHER)
    assert match.reason == "青空町は、このサービスへの参加を終えました。"
    assert not policy.can_see_contacts(world.actor("maker"), match)
    cancelled = queries.get_appointment(match.id, appointment.id)
    assert cancelled.state is AppointmentState.CANCELLED
    told = [mail for mail in mails_of("match-entry:") if mail.address == "maker@example.com"]
    assert len(told) == 1
    assert "青空町は、このサービスへの参加を終えました。" in told[0].body
    assert "システム" not in told[0].body
    page = world.browser("maker").get(f"/matches/{match.id}").text
    assert "話し合いは終わりました" in page
    assert "officer@example.com" not in page


def test_such_talks_go_on_only_once_the_organisation_takes_part_again(world: World) -> None:
    match, maker = let_leave(world, make_match(world)), world.actor("maker")
    with pytest.raises(ProductError, match="参加を終えた団体"):
        service.resume(match, match.revision, maker, world.now)
    town = organization_of(world.organizations["青空町"])
    readmit(town, "戻った", world.actor("secretariat"), world.now)
    service.resume(match, match.revision, maker, world.now)
    assert match.state is MatchState.TALKING


def change_post(world: World) -> None:
    """The officer goes to another section; the chief stays."""
    member = member_of(world.organizations["青空町"], world.users["officer"])
    remove_member(member, world.actor("secretariat"), world.now)
    db.session.commit()


def test_who_takes_over_stands_as_contact_and_the_other_side_is_told(world: World) -> None:
    match = make_match(world)
    change_post(world)
    page = world.browser("maker").get(f"/matches/{match.id}").text
    assert "officer@example.com" not in page
    assert "いまは連絡先の人がいません。" in page
    match = again(match.id)
    service.post_message(match, "見積もりです。", "", world.actor("maker"), world.now)
    assert [mail.address for mail in mails_of("match-entry:")] == ["chief@example.com"]
    service.join(match, world.actor("chief"), world.now)
    told = [mail for mail in mails_of("match-entry:") if mail.address == "maker@example.com"]
    assert ["chiefさんが連絡先に加わりました。" in mail.body for mail in told] == [True]
    db.session.commit()
    assert "chief@example.com" in world.browser("maker").get(f"/matches/{match.id}").text


def test_a_next_step_of_somebody_who_left_is_that_of_the_section(world: World) -> None:
    match, day = make_match(world), today(world.now)
    step = NextStep("量を測る", day, Side.TOWN, world.users["officer"])
    service.set_next_step(match, step, match.revision, world.actor("officer"), world.now)
    db.session.commit()
    change_post(world)
    remind_of_next_steps(world.now)
    assert [mail.address for mail in mails_of("match-step:")] == ["chief@example.com"]


def test_an_open_introduction_waits_for_whoever_is_there_now(world: World) -> None:
    sent = world.send()
    change_post(world)
    assert "あなたの返事を待っています" in world.browser("chief").get(f"/introductions/{sent}").text
    assert world.browser("officer").get(f"/introductions/{sent}").status_code == 404
    accepted = {"move": "accept"}
    answer = world.browser("chief").post(f"/introductions/{sent}/moves", data=accepted)
    assert answer.status_code == 302
    db.session.expire_all()
    (match,) = queries.matches_of_organization(world.organizations["青空町"]).items
    assert [p.user.name for p in queries.people_of(match) if p.side is Side.TOWN] == ["chief"]
