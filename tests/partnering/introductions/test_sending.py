"""Expressing interest: once for a pair, within bounds, and told to somebody who can answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from matchmaker.accounts.models import OrganizationMember
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.notifications.models import OutboxMessage
from matchmaker.organizations.queries import organization_of
from matchmaker.organizations.service import withdraw
from matchmaker.partnering.introductions import policy, queries, service
from matchmaker.partnering.introductions.domain import (
    COOL_OFF,
    MOST_A_DAY,
    IntroductionMove,
    IntroductionState,
    Side,
    Source,
    closes_at,
)
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.posts.domain import Move
from tests.partnering.introductions.world import NOTE, World

M, S = IntroductionMove, IntroductionState


def test_an_interest_is_kept_traced_and_mailed_with_its_facts(world: World) -> None:
    made = queries.get(world.send())
    assert (made.state, made.from_side, made.source) == (S.OPEN, Side.BUSINESS, Source.SEARCH)
    assert made.sender.name == "緑山工業"
    assert made.receiver.name == "青空町"
    steps = queries.steps_of(made.id)
    assert [(each.number, each.before, each.after) for each in steps] == [(1, None, S.OPEN)]
    assert {address for _, address in world.mails()} == {"officer@example.com", "chief@example.com"}
    body = db.session.scalar(select(OutboxMessage.body).limit(1).where(
        OutboxMessage.dedupe_key.startswith("introduction")
    ))  # fmt: skip
    for fact in ("緑山工業", "放置された竹を使い切りたい", NOTE, "返事の期限", "話してみたい"):
        assert fact in str(body)


def test_the_town_asks_a_company_as_well(world: World) -> None:
    made = queries.get(world.send("officer"))
    assert made.from_side is Side.TOWN
    assert {address for _, address in world.mails()} == {"maker@example.com"}


def test_the_same_form_sent_twice_is_sent_once(world: World) -> None:
    first = world.send(submission_key="one")
    assert world.send(submission_key="one") == first
    assert len(world.mails()) == 2


def test_a_second_tab_is_told_of_the_first(world: World) -> None:
    first = world.send(submission_key="one")
    with pytest.raises(service.AlreadyStanding, match="すでに関心を伝えています") as told:
        world.send(submission_key="two")
    assert told.value.introduction_id == first


def test_the_other_side_is_told_that_it_was_asked_first(world: World) -> None:
    first = world.send()
    with pytest.raises(service.AlreadyStanding, match="相手の団体から先に") as told:
        world.send("officer")
    assert told.value.introduction_id == first
    world.move(first, M.ACCEPT)
    with pytest.raises(service.AlreadyStanding, match="すでに成立しています"):
        world.send("officer")


def test_another_may_follow_once_the_first_is_over(world: World) -> None:
    first = world.send()
    later = closes_at(queries.get(first).answer_due_at)
    second = world.send(now=later)
    assert second != first
    assert queries.get(first).state is S.UNANSWERED


def test_who_was_declined_does_not_ask_again_for_some_time(world: World) -> None:
    first = world.send()
    world.move(first, M.DECLINE)
    with pytest.raises(ProductError, match="見送りの返事"):
        world.send(now=world.now + COOL_OFF - timedelta(seconds=1))
    assert world.send(now=world.now + COOL_OFF) != first


def test_the_other_side_may_ask_for_what_it_declined(world: World) -> None:
    world.move(world.send(), M.DECLINE)
    assert queries.get(world.send("officer")).from_side is Side.TOWN


def test_one_organisation_sends_so_many_a_day(world: World) -> None:
    for _ in range(MOST_A_DAY):
        sent = world.send()
        world.move(sent, M.WITHDRAW, "maker")
    with pytest.raises(ProductError, match="あす"):
        world.send()
    tomorrow = world.now + timedelta(days=1)
    assert world.send(now=tomorrow)


@pytest.mark.parametrize("move", [Move.CLOSE, Move.PAUSE])
def test_nothing_is_sent_about_a_post_that_is_not_published(world: World, move: Move) -> None:
    world.move_post("青空町", move)
    with pytest.raises(ProductError, match="このニーズはいま公開されていない"):
        world.send()


def test_nothing_is_sent_to_an_organisation_that_left(world: World) -> None:
    withdraw(
        organization_of(world.organizations["青空町"]),
        "退会",
        world.actor("secretariat"),
        world.now,
    )
    db.session.commit()
    with pytest.raises(ProductError, match="参加していません"):
        world.send()


def test_nothing_is_sent_without_a_word_or_with_a_day_too_near(world: World) -> None:
    with pytest.raises(ProductError) as refused:
        world.send(note="  ")
    assert refused.value.field == "note"
    with pytest.raises(ProductError) as refused:
        world.send(answer_due_on=today(world.now) + timedelta(days=2))
    assert refused.value.field == "answer_due_on"
    with pytest.raises(NotFound):
        world.send(need_id=world.organizations["青空町"])


def test_the_secretariat_sends_for_a_side_and_both_are_told(world: World) -> None:
    with pytest.raises(ProductError) as refused:
        world.send("secretariat", source=Source.SECRETARIAT)
    assert refused.value.field == "from_side"
    made = world.send("secretariat", source=Source.SECRETARIAT, from_side=Side.TOWN)
    step = queries.steps_of(made)[0]
    assert step.on_behalf_of is not None
    assert step.on_behalf_of.name == "青空町"
    addresses = {address for _, address in world.mails()}
    assert addresses == {"maker@example.com", "officer@example.com", "chief@example.com"}


def test_the_secretariat_is_told_where_nobody_can_answer(world: World) -> None:
    town = world.organizations["青空町"]
    db.session.execute(
        delete(OrganizationMember).where(
            OrganizationMember.organization_id == town, OrganizationMember.role != "reader"
        )
    )
    world.send()
    assert {address for _, address in world.mails()} == {"secretariat@example.com"}


def test_only_who_writes_for_one_of_two_sides_may_send(world: World) -> None:
    need, offering = world.post("青空町"), world.post("緑山工業")
    may = {
        name: policy.can_send(world.actor(name), need, offering)
        for name in ("officer", "chief", "maker", "secretariat", "reader", "hauler")
    }
    assert [name for name, allowed in may.items() if not allowed] == ["reader", "hauler"]


def test_the_database_lets_one_of_a_pair_stand(world: World) -> None:
    first = world.send()
    world.move(first, M.WITHDRAW, "maker")
    second = world.send()
    with pytest.raises(ProductError, match="新しい紹介"):
        world.move(first, M.REOPEN, "maker")
    db.session.rollback()
    standing = select(func.count(Introduction.id)).where(Introduction.state == S.OPEN)
    assert db.session.scalar(standing) == 1
    assert queries.get(second).state is S.OPEN
