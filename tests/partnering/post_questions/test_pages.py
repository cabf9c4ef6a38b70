"""Pages of questions in a browser without scripts."""

from __future__ import annotations

import uuid

import pytest

from matchmaker.core.db import db
from matchmaker.partnering.introductions.post_questions.models import PostQuestion
from matchmaker.posts.domain import Move
from tests.partnering.introductions.world import PASSWORD, World

WRITTEN = "竹は割ってありますか。\n長さもおしえてください。"


def test_a_question_from_asking_to_the_page_of_the_post(world: World) -> None:
    need = f"/needs/{world.posts['青空町']}"
    maker, officer = world.browser("maker"), world.browser("officer")
    assert "名前を出さずに質問する" in maker.get(need).text
    sent = {"text": "緑山工業ですが、竹は割ってありますか。", "key": "one"}
    assert maker.post(f"{need}/questions", data=sent).status_code == 302
    found = officer.get(f"{need}/questions")
    assert "名前を出さない質問" in found.text
    assert "maker" not in found.text
    question = db.session.scalars(db.select(PostQuestion)).one()
    page = officer.get(f"{need}/questions/{question.id}")
    assert page.status_code == 200
    answer = {
        "move": "publish", "answer": "割ってあります。", "published_text": "竹は割ってありますか。",
        "revision": "1",
    }  # fmt: skip
    assert officer.post(f"{need}/questions/{question.id}", data=answer).status_code == 302
    for path in (need, f"{need}/questions"):
        seen = world.app.test_client().get(path).text
        assert "割ってあります。" in seen
        assert "緑山工業ですが" not in seen
    taken = {"move": "take_down", "reason": "重なるため", "revision": "2"}
    world.browser("secretariat").post(f"{need}/questions/{question.id}", data=taken)
    assert "割ってあります。" not in world.app.test_client().get(f"{need}/questions").text
    assert "重なるため" in maker.get(f"{need}/questions").text


def test_what_is_missing_is_told_and_nothing_is_lost(world: World) -> None:
    offering = f"/offerings/{world.posts['緑山工業']}/questions"
    officer, maker = world.browser("officer"), world.browser("maker")
    answer = officer.post(offering, data={"text": "あ" * 1_001})
    assert answer.status_code == 422
    assert "あ" * 1_001 in answer.text
    officer.post(offering, data={"text": "何トンから受けますか。", "is_named": "y"})
    question = db.session.scalars(db.select(PostQuestion)).one()
    assert "青空町 officerさん" in maker.get(offering).text
    url = f"{offering}/{question.id}"
    refused = {"move": "refuse", "reason": "", "revision": "1", "answer": "書きかけ"}
    told = maker.post(url, data=refused)
    assert told.status_code == 422
    assert "書きかけ" in told.text
    assert maker.post(url, data={"move": "take_down", "revision": "1"}).status_code == 403
    old = {"move": "answer", "answer": "10トンから", "revision": "7"}
    assert maker.post(url, data=old).status_code == 409
    assert maker.post(url, data={"move": "nonsense"}).status_code == 404
    assert officer.get(url).status_code == 404


def test_a_post_of_another_kind_has_no_such_question(world: World) -> None:
    maker = world.browser("maker")
    need = world.posts["青空町"]
    assert maker.get(f"/offerings/{need}/questions").status_code == 404
    assert maker.get(f"/needs/{need}/questions/{need}").status_code == 404


@pytest.mark.parametrize("is_there", [True, False])
def test_a_question_to_a_post_that_is_hidden_meanwhile_is_handed_back(
    world: World, is_there: bool
) -> None:
    """The same page for a post that was never there, so that it tells nothing of the post."""
    maker, post = world.browser("maker"), world.posts["青空町"] if is_there else uuid.uuid4()
    world.move_post("青空町", Move.PAUSE)
    answer = maker.post(f"/needs/{post}/questions", data={"text": WRITTEN, "key": "one"})
    assert answer.status_code == 404
    for words in ("質問を送れませんでした", "この投稿は、いまは公開されていません。", WRITTEN):
        assert words in answer.text
    assert "放置された竹" not in answer.text
    assert db.session.scalars(db.select(PostQuestion)).all() == []
    assert "質問を送れません" not in maker.post(f"/needs/{post}/questions", data={}).text


def test_a_question_kept_over_the_sign_in_comes_back_though_its_post_is_hidden(
    world: World,
) -> None:
    maker = world.browser("maker")
    address = f"/needs/{world.posts['青空町']}/questions"
    maker.delete_cookie("session")
    late = maker.post(address, data={"text": WRITTEN}, headers={"Origin": "http://localhost"})
    assert "/sign-in" in late.headers["Location"]
    world.move_post("青空町", Move.PAUSE)
    sent = {"email": "maker@example.com", "password": PASSWORD}
    assert maker.post("/sign-in", data=sent).status_code == 302
    answer = maker.get(address)
    assert answer.status_code == 404
    assert WRITTEN in answer.text
