"""A match from the second yes to its end: contacts, thread, next step, undoing."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from matchmaker.accounts.models import OrganizationMember
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.partnering.introductions.domain import IntroductionMove, ReasonCode, Side
from matchmaker.partnering.introductions.matches import facts, policy, queries, service
from matchmaker.partnering.introductions.matches.domain import (
    APPOINTMENT_STATES,
    MATCH_STATES,
    AppointmentMove,
    AppointmentState,
    MatchMove,
    MatchState,
)
from matchmaker.partnering.introductions.matches.jobs import remind_of_next_steps
from matchmaker.partnering.introductions.matches.presentation import contact_cards
from matchmaker.partnering.introductions.matches.service import NextStep
from tests.partnering.introductions.world import World
from tests.partnering.matches.builders import again, mails_of, make_match, propose


@pytest.mark.parametrize(
    ("state", "move"),
    [(s, m) for s, m in product(MatchState, MatchMove) if s not in MATCH_STATES.moves[m].sources],
)
def test_every_other_move_of_a_match_is_refused(state: MatchState, move: MatchMove) -> None:
    with pytest.raises(IllegalMove):
        MATCH_STATES.check(state, move, "理由")


@pytest.mark.parametrize(
    ("state", "move"),
    [
        (s, m)
        for s, m in product(AppointmentState, AppointmentMove)
        if s not in APPOINTMENT_STATES.moves[m].sources
    ],
)
def test_every_other_move_of_an_appointment_is_refused(
    state: AppointmentState, move: AppointmentMove
) -> None:
    with pytest.raises(IllegalMove):
        APPOINTMENT_STATES.check(state, move, "理由")


def test_two_yes_make_a_match_with_those_who_said_it(world: World) -> None:
    match = make_match(world)
    assert match.state is MatchState.TALKING
    people = {(person.side, person.user.name) for person in queries.people_of(match)}
    assert people == {(Side.BUSINESS, "maker"), (Side.TOWN, "officer")}
    sent = {mail.address: mail.body for mail in mails_of(f"match:{match.id}:made")}
    assert set(sent) == {"maker@example.com", "officer@example.com"}
    assert "officer@example.com" in sent["maker@example.com"]
    assert f"/matches/{match.id}" in sent["officer@example.com"]


def test_the_pair_is_found_again(world: World) -> None:
    match = make_match(world)
    pair = match.introduction
    found = queries.match_of_pair(pair.need_id, pair.offering_id)
    assert found is not None
    assert found.id == match.id
    page = queries.matches_of_organization(world.organizations["青空町"])
    assert [each.id for each in page.items] == [match.id]
    assert queries.matches_of_organization(world.organizations["白浜運輸"]).total == 0


def test_an_undone_match_keeps_its_page_and_closes_its_contacts(world: World) -> None:
    match = make_match(world)
    appointment = propose(world, match)
    reason = "相手をまちがえたため"
    world.move(match.introduction_id, IntroductionMove.UNDO, "secretariat", reason=reason)
    match = again(match.id)
    assert match.state is MatchState.UNDONE
    assert match.reason == "相手をまちがえたため"
    actor = world.actor("officer")
    assert policy.can_view(actor, match)
    assert not policy.can_see_contacts(actor, match)
    assert queries.get_appointment(match.id, appointment.id).state is AppointmentState.CANCELLED
    with pytest.raises(Conflict):
        service.post_message(match, "まだ話したい", "", actor, world.now)
    assert len(mails_of(f"match:{match.id}:undone")) == 2


def test_a_match_made_again_keeps_its_page(world: World) -> None:
    match = make_match(world)
    world.move(match.introduction_id, IntroductionMove.UNDO, "secretariat")
    world.move(match.introduction_id, IntroductionMove.ACCEPT, "chief")
    found = again(match.id)
    assert (found.state, found.times_made, found.reason) == (MatchState.TALKING, 2, "")
    assert len(queries.people_of(found)) == 3
    assert len(mails_of(f"match:{match.id}:made:2")) == 3


def test_whoever_left_is_a_contact_no_longer(world: World) -> None:
    match = make_match(world)
    member = db.session.scalars(
        db.select(OrganizationMember).where(OrganizationMember.user_id == world.users["officer"])
    ).one()
    db.session.delete(member)
    db.session.commit()
    cards = {card.side: card for card in contact_cards(again(match.id))}
    assert cards[Side.TOWN].people == ()
    assert cards[Side.BUSINESS].people == (("maker", "maker@example.com"),)
    # The town's mail goes to whoever writes for it now.
    service.post_message(again(match.id), "いかがですか。", "k", world.actor("maker"), world.now)
    assert {mail.address for mail in mails_of("match-entry:")} == {"chief@example.com"}


def test_a_closed_account_is_no_contact(world: World) -> None:
    match = make_match(world)
    user = queries.people_of(match)[0].user
    user.active = False
    db.session.commit()
    assert user.id not in {person.user_id for person in queries.people_of(again(match.id))}


def test_a_message_is_written_once_and_told_to_the_other_side(world: World) -> None:
    match = make_match(world)
    for _ in range(2):
        service.post_message(match, "資料を送ります。", "one", world.actor("maker"), world.now)
    thread = queries.messages_of(match.id, 1).items
    assert [entry.text for entry in thread if not entry.is_notice] == ["資料を送ります。"]
    assert [mail.address for mail in mails_of("match-entry:")] == ["officer@example.com"]
    service.post_message(match, "事務局です。", "two", world.actor("secretariat"), world.now)
    assert len(mails_of("match-entry:")) == 3


@pytest.mark.parametrize("text", ["", "　 ", "あ" * 4_001])
def test_a_message_has_its_bounds(world: World, text: str) -> None:
    match = make_match(world)
    with pytest.raises(ProductError) as refused:
        service.post_message(match, text, "", world.actor("maker"), world.now)
    assert refused.value.field == "text"


def test_the_end_has_a_reason_and_can_be_taken_back(world: World) -> None:
    match = make_match(world)
    actor = world.actor("officer")
    with pytest.raises(ProductError, match="理由を選んで"):
        service.end(match, None, "", match.revision, actor, world.now)
    with pytest.raises(ProductError, match="ことばで"):
        service.end(match, ReasonCode.OTHER, " ", match.revision, actor, world.now)
    service.end(match, ReasonCode.COST, "予算が取れません。", match.revision, actor, world.now)
    assert not policy.can_see_contacts(actor, match)
    with pytest.raises(Conflict):
        service.end(match, ReasonCode.COST, "", match.revision, actor, world.now)
    service.resume(match, match.revision, actor, world.now)
    assert (match.state, match.reason_code) == (MatchState.TALKING, None)


def test_of_two_who_end_at_once_one_wins(world: World) -> None:
    match = make_match(world)
    read = match.revision
    service.end(match, ReasonCode.COST, "", read, world.actor("officer"), world.now)
    service.resume(match, match.revision, world.actor("officer"), world.now)
    with pytest.raises(Conflict, match="先に変更"):
        service.end(match, ReasonCode.TIMING, "", read, world.actor("maker"), world.now)


def test_a_next_step_needs_words_a_day_and_an_owner(world: World) -> None:
    match, day = make_match(world), today(world.now)
    actor = world.actor("maker")
    for step, field in (
        (NextStep("", day, Side.TOWN), "next_step"),
        (NextStep("見積もりを出す", None, Side.TOWN), "due_on"),
        (NextStep("見積もりを出す", day - timedelta(days=1), Side.TOWN), "due_on"),
        (NextStep("見積もりを出す", day + timedelta(days=400), Side.TOWN), "due_on"),
        (NextStep("見積もりを出す", day, None), "owner"),
    ):
        with pytest.raises(ProductError) as refused:
            service.set_next_step(match, step, match.revision, actor, world.now)
        assert refused.value.field == field
    read = match.revision
    step = NextStep("見積もりを出す", day, Side.BUSINESS, world.users["maker"])
    service.set_next_step(match, step, read, actor, world.now)
    with pytest.raises(Conflict):
        service.set_next_step(match, step, read, world.actor("officer"), world.now)
    service.finish_next_step(match, match.revision, actor, world.now)
    assert (match.next_step, match.next_due_on) == ("", None)


def test_the_owner_is_reminded_the_day_before_and_when_late(world: World) -> None:
    match, day = make_match(world), today(world.now) + timedelta(days=10)
    step = NextStep("見積もりを出す", day, Side.BUSINESS, world.users["maker"])
    service.set_next_step(match, step, match.revision, world.actor("officer"), world.now)
    db.session.commit()
    counted = []
    for days in (8, 9, 9, 10, 11, 12, 17, 18, 25, 32, 39, 60):
        remind_of_next_steps(world.now + timedelta(days=days))
        counted.append(len(mails_of("match-step:")))
    assert counted == [0, 1, 1, 1, 2, 2, 2, 3, 4, 4, 4, 4]
    assert {mail.address for mail in mails_of("match-step:")} == {"maker@example.com"}


def test_facts_are_confirmed_by_the_other_side_and_by_nobody_twice(world: World) -> None:
    match = make_match(world)
    maker, officer = world.actor("maker"), world.actor("officer")
    fact = facts.add(match, "量", "年120トン", maker, world.now)
    with pytest.raises(ProductError):
        facts.add(match, "量", "年200トン", officer, world.now)
    with pytest.raises(ProductError, match="書いた側でない"):
        facts.confirm(match, fact, fact.revision, maker, world.now)
    facts.confirm(match, fact, fact.revision, officer, world.now)
    assert fact.confirmer_name == "officer"
    read = fact.revision
    facts.change(match, fact, "年150トン", read, officer, world.now)
    assert (fact.value, fact.confirmed_at, fact.side) == ("年150トン", None, Side.TOWN)
    with pytest.raises(Conflict):
        facts.change(match, fact, "年90トン", read, maker, world.now)
    told = [entry.text for entry in queries.messages_of(match.id, 1).items]
    assert "「量」を「年120トン」から「年150トン」に変えました。" in told
    facts.remove(match, fact, fact.revision, maker, world.now)
    assert queries.facts_of(match.id) == []
