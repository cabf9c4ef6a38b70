"""Questions to posts: asked without a name, answered, published, refused, taken down."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from matchmaker.core.actor import VISITOR
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, NotAllowed, ProductError
from matchmaker.needs.types import NEED
from matchmaker.notifications.models import OutboxMessage
from matchmaker.partnering.introductions.post_questions import policy, queries, service
from matchmaker.partnering.introductions.post_questions.domain import (
    QUESTION_STATES,
    QuestionMove,
    QuestionState,
)
from matchmaker.partnering.introductions.post_questions.models import PostQuestion
from matchmaker.partnering.introductions.post_questions.service import Words
from matchmaker.posts.domain import Move, PostKind
from tests.partnering.introductions.world import World

TEXT = "竹は割ってありますか。"
ANSWER = Words("3つに割ってあります。", "竹は割ってあるか")


def ask(world: World, name: str = "maker", text: str = TEXT, **more: Any) -> PostQuestion:
    options = {"is_named": False, "key": "", "now": world.now, **more}
    asked = service.ask(NEED, world.post("青空町"), text, actor=world.actor(name), **options)
    db.session.commit()
    return queries.get(asked.id)


def move(world: World, question: PostQuestion, step: QuestionMove, words: Words = ANSWER) -> None:
    name = "secretariat" if step is QuestionMove.TAKE_DOWN else "officer"
    service.move(question, step, words, question.revision, world.actor(name), world.now)
    db.session.commit()


def mails(world: World) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.dedupe_key.startswith("post-question"))
    return list(db.session.scalars(query.order_by(OutboxMessage.id)))


def read_by(world: World, name: str) -> list[str]:
    actor = world.actor(name) if name else VISITOR
    page = queries.readable_page(PostKind.NEED, world.post("青空町"), actor, 1)
    for question in page.items:
        assert policy.can_read(actor, world.post("青空町"), question)
    return [question.text for question in page.items]


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (s, m)
        for s, m in product(QuestionState, QuestionMove)
        if s not in QUESTION_STATES.moves[m].sources
    ],
)
def test_every_other_move_is_refused(state: QuestionState, step: QuestionMove) -> None:
    with pytest.raises(IllegalMove):
        QUESTION_STATES.check(state, step, "理由")


@pytest.mark.parametrize("is_named", [True, False])
def test_the_owner_learns_the_name_only_when_it_is_given(world: World, is_named: bool) -> None:
    question = ask(world, is_named=is_named)
    bodies = [mail.body for mail in mails(world)]
    assert {mail.address for mail in mails(world)} == {"officer@example.com", "chief@example.com"}
    assert all(TEXT in body for body in bodies)
    assert all(("maker" in body) is is_named for body in bodies)
    assert all(("緑山工業" in body) is is_named for body in bodies)
    need = world.post("青空町")
    assert policy.can_see_asker(world.actor("officer"), need, question) is is_named
    assert policy.can_see_asker(world.actor("secretariat"), need, question)
    assert not policy.can_see_asker(world.actor("hauler"), need, question)


def test_who_reads_what_from_asking_to_the_public(world: World) -> None:
    question = ask(world)
    readers = ("", "hauler", "maker", "reader", "secretariat")
    assert [len(read_by(world, name)) for name in readers] == [0, 0, 1, 1, 1]
    move(world, question, QuestionMove.ANSWER)
    assert [len(read_by(world, name)) for name in readers] == [0, 0, 1, 1, 1]
    move(world, question, QuestionMove.PUBLISH)
    assert [len(read_by(world, name)) for name in readers] == [1, 1, 1, 1, 1]
    move(world, question, QuestionMove.TAKE_DOWN, Words(reason="個人がわかるため"))
    assert [len(read_by(world, name)) for name in readers] == [0, 0, 1, 0, 1]


def test_the_asker_is_told_of_the_answer_and_of_its_end(world: World) -> None:
    question = ask(world)
    move(world, question, QuestionMove.PUBLISH)
    move(world, question, QuestionMove.TAKE_DOWN, Words(reason="個人がわかるため"))
    told = [mail for mail in mails(world) if mail.address == "maker@example.com"]
    assert [ANSWER.answer in told[0].body, "個人がわかるため" in told[1].body] == [True, True]
    assert "お名前を出さずに公開" in told[0].body


def test_refusing_needs_a_reason_that_the_asker_reads(world: World) -> None:
    question = ask(world)
    with pytest.raises(ProductError) as refused:
        move(world, question, QuestionMove.REFUSE, Words())
    assert refused.value.field == "reason"
    move(world, question, QuestionMove.REFUSE, Words(reason="入札に関わるため"))
    assert "入札に関わるため" in mails(world)[-1].body
    assert read_by(world, "") == []


def test_a_question_sent_twice_is_asked_once(world: World) -> None:
    assert ask(world, key="form-1").id == ask(world, key="form-1").id
    assert len(read_by(world, "maker")) == 1


def test_how_many_questions_one_person_asks_is_bounded(world: World) -> None:
    for number in range(3):
        ask(world, text=f"質問{number}")
    with pytest.raises(ProductError, match="3件あります"):
        ask(world, text="もうひとつ")
    for question in list(db.session.scalars(select(PostQuestion))):
        move(world, question, QuestionMove.ANSWER)
    for number in range(7):
        question = ask(world, text=f"さらに{number}")
        move(world, question, QuestionMove.ANSWER)
    with pytest.raises(ProductError, match="1日に"):
        ask(world, text="11件め")
    assert ask(world, text="あした", now=world.now + timedelta(days=1, seconds=1)).text == "あした"


def test_only_members_ask_about_published_posts_of_others(world: World) -> None:
    need = world.post("青空町")
    assert not policy.can_ask(VISITOR, need)
    assert not policy.can_ask(world.actor("officer"), need)
    assert policy.can_ask(world.actor("hauler"), need)
    world.move_post("青空町", Move.PAUSE)
    with pytest.raises(NotAllowed):
        ask(world)


@pytest.mark.parametrize("text", ["", " 　", "あ" * 1_001])
def test_a_question_has_its_bounds(world: World, text: str) -> None:
    with pytest.raises(ProductError) as refused:
        ask(world, text=text)
    assert refused.value.field == "text"


def test_of_two_who_answer_at_once_one_is_told(world: World) -> None:
    question = ask(world)
    read = question.revision
    move(world, question, QuestionMove.ANSWER)
    with pytest.raises(Conflict):
        chief = world.actor("chief")
        service.move(question, QuestionMove.PUBLISH, ANSWER, read, chief, world.now)
    with pytest.raises(ProductError) as refused:
        move(world, question, QuestionMove.PUBLISH, Words())
    assert refused.value.field == "answer"


def test_what_waits_is_counted_for_those_who_answer(world: World) -> None:
    question = ask(world)
    counted = [queries.count_waiting(world.actor(name)) for name in ("officer", "reader", "maker")]
    assert counted == [1, 0, 0]
    move(world, question, QuestionMove.ANSWER)
    assert queries.count_waiting(world.actor("officer")) == 0
