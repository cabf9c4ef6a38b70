"""Who asked without a name: worlds that differ in the asker alone look alike to all others."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from matchmaker.core.db import db
from matchmaker.needs.types import NEED
from matchmaker.notifications.models import OutboxMessage
from matchmaker.partnering.introductions.post_questions import queries, service
from matchmaker.partnering.introductions.post_questions.domain import QuestionMove
from matchmaker.partnering.introductions.post_questions.models import PostQuestion
from matchmaker.partnering.introductions.post_questions.service import Words
from tests.partnering.disclosure.every_page import seen
from tests.partnering.introductions.world import MEMBERSHIPS, World

TEXT = "竹は割ってありますか。"
AUDIT = ("/secretariat/audit-entries", "/secretariat/audit-entries.csv",
         "/secretariat/audit-entries.xlsx")  # fmt: skip


def ask(world: World, name: str) -> PostQuestion:
    asked = service.ask(
        NEED, world.post("青空町"), TEXT, is_named=False, key="", actor=world.actor(name),
        now=world.now,
    )  # fmt: skip
    db.session.commit()
    return queries.get(asked.id)


def publish(world: World, question: PostQuestion) -> None:
    words = Words("3つに割ってあります。")
    officer = world.actor("officer")
    service.move(
        question, QuestionMove.PUBLISH, words, question.revision, officer, world.now
    )  # fmt: skip
    db.session.commit()


def asked_by(world: World, question: PostQuestion, name: str) -> None:
    """The other world: somebody else had asked."""
    values = {
        "asker_id": world.users[name],
        "asker_organization_id": world.organizations[MEMBERSHIPS[name][0]],
    }
    db.session.execute(update(PostQuestion).where(PostQuestion.id == question.id).values(**values))
    db.session.commit()
    db.session.expire_all()


@pytest.mark.parametrize(
    ("reader", "is_published"), [("officer", False), ("chief", True), ("", True)]
)
def test_no_page_and_no_file_tells_who_asked(world: World, reader: str, is_published: bool) -> None:
    question = ask(world, "maker")
    if is_published:
        publish(world, question)
    extra = {"question_id": str(question.id)}
    before = seen(world, reader, **extra)
    need = f"/needs/{world.posts['青空町']}"
    assert all(TEXT in before[path] for path in (need, f"{need}/questions"))
    asked_by(world, question, "hauler")
    after = seen(world, reader, before, **extra)
    assert [path for path in before if before[path] != after.get(path)] == []


def test_the_secretariat_alone_reads_who_asked_and_what_the_log_holds(world: World) -> None:
    ask(world, "maker")
    for name in ("officer", "chief", "reader", "hauler"):
        browser = world.browser(name)
        assert {browser.get(path).status_code for path in AUDIT} <= {403, 404}
    page = world.browser("secretariat").get(f"/needs/{world.posts['青空町']}/questions").text
    assert "緑山工業 makerさん（投稿した団体には伝えていません）" in page


def test_mails_to_the_owner_are_the_same_whoever_asked(world: World) -> None:
    for name in ("maker", "hauler"):
        ask(world, name)
    mails = db.session.scalars(
        db.select(OutboxMessage).where(OutboxMessage.dedupe_key.startswith("post-question"))
    ).all()
    for address in ("officer@example.com", "chief@example.com"):
        texts = [(mail.subject, mail.body) for mail in mails if mail.address == address]
        assert len(texts) == 2
        assert texts[0] == texts[1]
    assert {mail.address for mail in mails} == {"officer@example.com", "chief@example.com"}


def test_a_question_to_a_post_that_closed_meanwhile_gives_the_words_back(world: World) -> None:
    maker = world.browser("maker")
    db.session.execute(
        update(NEED.model).where(NEED.model.id == world.posts["青空町"]).values(state="closed")
    )
    db.session.commit()
    questions = f"/needs/{world.posts['青空町']}/questions"
    answer = maker.post(questions, data={"text": TEXT, "key": "one"})
    assert answer.status_code == 422
    assert TEXT in answer.text
    assert "この投稿には質問できません。" in answer.text
    assert world.browser("officer").post(questions, data={"text": TEXT}).status_code == 403
