"""The moderators' work: states, two at once, merging, order, projection, switches."""

from __future__ import annotations

import pytest

from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.regional_events.floor import merging, moderation, queries, service
from matchmaker.regional_events.floor.desk_questions import write_down
from matchmaker.regional_events.floor.domain import (
    QuestionKind,
    QuestionMove,
    QuestionState,
    QueueMove,
)
from matchmaker.regional_events.floor.likeness import suggestions
from matchmaker.regional_events.floor.models import FloorQuestion
from tests.regional_events.floor.floor_world import FloorWorld

ACCEPT, REJECT, UNDO, ANSWER = (
    QuestionMove.ACCEPT,
    QuestionMove.REJECT,
    QuestionMove.UNDO,
    QuestionMove.ANSWER,
)


def merge(world: FloorWorld, leading: FloorQuestion, other: FloorQuestion) -> None:
    """Merge two questions as a moderator who sees them as they are."""
    revisions = (leading.revision, other.revision)
    merging.merge(leading, other, revisions, world.actor(), world.now)


def counts(world: FloorWorld, question: FloorQuestion) -> int:
    """Votes of a question."""
    return queries.vote_counts(world.event_id).get(question.id, 0)


def test_rejecting_needs_a_reason_and_can_be_taken_back(world: FloorWorld) -> None:
    with world.app.app_context():
        question = world.ask("見送られる")
        with pytest.raises(ProductError) as refused:
            world.move(question, REJECT)
        assert refused.value.field == "reason"
        world.move(question, REJECT, "今日のテーマから外れるため")
        assert question.state is QuestionState.REJECTED
        world.move(question, UNDO)
        assert (question.state, question.state_reason) == (QuestionState.NEW, "")


def test_the_second_moderator_is_told_and_nothing_is_done_twice(world: FloorWorld) -> None:
    question_id = world.stored("二人で", accept=False)
    first, second = world.client(), world.client("second")
    where = world.address(f"/moderation/questions/{question_id}/moves")
    seen = {"revision": "1", "move": "accept"}
    assert first.post(where, data=seen).status_code == 302
    late = second.post(where, data={"revision": "1", "move": "reject", "ready_reason": "x"})
    assert late.status_code == 302
    told = second.get(late.headers["Location"]).text
    assert "ほかの進行担当が先に変えました（いまは「公開中」）" in told
    with world.app.app_context():
        question = queries.get_question(world.event_id, question_id)
        assert (question.state, question.revision) == (QuestionState.ACCEPTED, 2)


def test_on_the_page_of_one_question_nothing_typed_is_lost(world: FloorWorld) -> None:
    question_id = world.stored("二人で書く")
    where = world.address(f"/moderation/questions/{question_id}")
    late = {"revision": "1", "move": "answer", "answer": "長く書いた回答", "from": "question"}
    answer = world.client().post(f"{where}/moves", data=late)
    assert answer.status_code == 409
    assert "長く書いた回答" in answer.text
    assert 'value="2"' in answer.text
    again = world.client().post(f"{where}/moves", data={**late, "revision": "2"})
    assert again.status_code == 302


def test_wording_is_smoothed_and_the_original_stays(world: FloorWorld) -> None:
    question_id = world.stored("ひようはだれがもつの")
    where = world.address(f"/moderation/questions/{question_id}")
    sent = {"revision": "2", "text": "費用は、だれが負担しますか。"}
    assert world.client().post(f"{where}/wordings", data=sent).status_code == 302
    page = world.client().get(where).text
    assert "ひようはだれがもつの" in page
    assert "費用は、だれが負担しますか。" in page
    assert "ひようはだれがもつの" not in world.guest().get(world.address()).text
    empty = world.client().post(f"{where}/wordings", data={"revision": "3", "text": " "})
    assert empty.status_code == 422


def test_a_merge_counts_people_once_and_can_be_taken_back(world: FloorWorld) -> None:
    with world.app.app_context():
        first, second = world.ask("費用は", "a", accept=True), world.ask("お金は", "b")
        world.move(second, ACCEPT)
        for name in ("a", "c"):
            service.vote(world.event, second, world.voice(name), world.now, wanted=True)
        assert (counts(world, first), counts(world, second)) == (1, 3)
        merge(world, first, second)
        assert counts(world, first) == 3
        assert [each.id for each in queries.merged_into([first.id])[first.id]] == [second.id]
        service.vote(world.event, second, world.voice("d"), world.now, wanted=True)
        service.vote(world.event, first, world.voice("c"), world.now, wanted=False)
        assert counts(world, first) == 3
        merging.separate(second, world.actor(), world.now)
        assert second.state is QuestionState.ACCEPTED
        assert (counts(world, first), counts(world, second)) == (2, 2)


def test_merges_of_merges_come_apart_as_they_were_put_together(world: FloorWorld) -> None:
    with world.app.app_context():
        one, two, three = (world.ask(text, text) for text in ("一", "二", "三"))
        merge(world, two, three)
        merge(world, one, two)
        assert {one.leading_id, two.leading_id, three.leading_id} == {None, one.id}
        assert counts(world, one) == 3
        merging.separate(two, world.actor(), world.now)
        assert (counts(world, one), counts(world, two)) == (1, 2)
        assert three.leading_id == two.id
        with pytest.raises(Conflict):
            merging.separate(two, world.actor(), world.now)


def test_merges_that_would_hide_or_loop_are_refused_and_leave_nothing(world: FloorWorld) -> None:
    with world.app.app_context():
        new, accepted = world.ask("新しい", "a"), world.ask("公開中", "b", accept=True)
        before = (new.revision, accepted.revision)
        with pytest.raises(Conflict):
            merge(world, new, accepted)
        with pytest.raises(Conflict):
            merge(world, new, new)
        with pytest.raises(Conflict):
            merging.merge(accepted, new, (accepted.revision, 99), world.actor(), world.now)
        db.session.expire_all()
        assert (new.revision, accepted.revision) == before
        merge(world, accepted, new)
        with pytest.raises(Conflict):
            merge(world, accepted, new)


def test_alike_questions_are_suggested_by_words_when_there_is_no_encoder(
    world: FloorWorld,
) -> None:
    with world.app.app_context():
        world.ask("食品残さの運搬の費用は、だれが負担しますか", "a")
        world.ask("来年の総会は、どこで開きますか", "b")
        world.ask("食品残さを運搬する費用の負担は、だれですか", "c", accept=True)
        found = suggestions(world.event_id, "")
        assert found.by_words
        assert [(pair.leading.number, pair.other.number) for pair in found.pairs] == [(3, 1)]
        assert "言葉" in found.pairs[0].words
    page = world.client().get(world.address("/moderation/merges"))
    assert page.status_code == 200


def test_the_order_of_those_that_come_next(world: FloorWorld) -> None:
    with world.app.app_context():
        questions = [world.ask(text, text, accept=True) for text in ("一", "二", "三")]

        def line() -> list[str]:
            return [each.text for each in queries.queue_of(world.event_id)]

        for question in questions:
            moderation.change_queue(question, QueueMove.ADD, world.actor(), world.now)
        assert line() == ["一", "二", "三"]
        moderation.change_queue(questions[2], QueueMove.UP, world.actor(), world.now)
        moderation.change_queue(questions[0], QueueMove.DOWN, world.actor(), world.now)
        assert line() == ["三", "一", "二"]
        moderation.change_queue(questions[0], QueueMove.REMOVE, world.actor(), world.now)
        world.move(questions[2], UNDO)
        assert line() == ["二"]
        with pytest.raises(Conflict):
            moderation.change_queue(questions[2], QueueMove.ADD, world.actor(), world.now)


def test_answered_questions_are_kept_for_the_report(world: FloorWorld) -> None:
    with world.app.app_context():
        question = world.ask("答えてください", accept=True)
        world.move(question, ANSWER, "お答えします。")
        world.move(question, ANSWER, "書き直しました。")
        (answered,) = queries.answered_questions(world.event_id)
        assert (answered.answer, answered.votes, answered.name) == ("書き直しました。", 1, "")
        with pytest.raises(IllegalMove):
            world.move(question, REJECT, "もう遅い")


def test_buttons_without_a_text_keep_the_answer_that_was_written(world: FloorWorld) -> None:
    question_id = world.stored("答えが残る")
    where, moderator = world.address(f"/moderation/questions/{question_id}/moves"), world.client()
    steps = ({"move": "answer", "answer": "書いた回答"}, {"move": "reopen"}, {"move": "answer"})
    for revision, step in enumerate(steps, start=2):
        sent = {**step, "revision": str(revision)}
        assert moderator.post(where, data=sent).status_code == 302
    assert "書いた回答" in world.guest().get(world.address()).text


def test_a_question_from_the_microphone_is_shown_at_once(world: FloorWorld) -> None:
    sent = {"text": "マイクで出た質問", "kind": "opinion", "submission_key": "once"}
    moderator = world.client()
    for _ in range(2):
        assert moderator.post(world.address("/moderation/questions"), data=sent).status_code == 302
    assert moderator.post(world.address("/moderation/questions"), data={}).status_code == 422
    assert world.guest().get(world.address()).text.count("マイクで出た質問") == 1
    with world.app.app_context():
        question = write_down(
            world.event, "別の", QuestionKind.QUESTION, None, world.actor(), world.now
        )
        assert question.state is QuestionState.ACCEPTED


def test_switches_close_the_floor_and_the_second_one_is_told(world: FloorWorld) -> None:
    moderator = world.client()
    where = world.address("/moderation/settings")
    assert moderator.post(where, data={"revision": "1"}).status_code == 302
    late = world.client("second").post(where, data={"revision": "1", "is_asking_open": "y"})
    assert late.status_code == 409
    assert "先に変えました" in late.text
    with world.app.app_context(), pytest.raises(Conflict):
        world.ask("閉まっている")


def test_the_desk_is_for_moderators_and_hears_only_of_news(world: FloorWorld) -> None:
    moderator = world.client()
    part = moderator.get(world.address("/moderation/updates")).text
    seen = part.split("seen=")[1].split("&")[0]
    address = world.address(f"/moderation/updates?seen={seen}&amp;state=new")
    assert moderator.get(address.replace("&amp;", "&")).status_code == 204
    world.stored("新しい質問", accept=False)
    news = moderator.get(world.address(f"/moderation/updates?seen={seen}"))
    assert "新しい質問" in news.text
    assert world.guest().get(world.address("/moderation")).status_code == 302
    assert world.client("outsider").get(world.address("/moderation")).status_code == 403
