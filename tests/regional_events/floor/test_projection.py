"""The hall's screen, the page of the audience, and what is forgotten afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.core.errors import Conflict
from matchmaker.regional_events.floor import moderation, polls, queries, service
from matchmaker.regional_events.floor.domain import PollMove, QuestionMove, QueueMove
from matchmaker.regional_events.floor.models import FloorPollAnswer, FloorQuestion, FloorVote
from matchmaker.regional_events.floor.presentation import projection_url
from matchmaker.regional_events.floor.queries import floor_of
from matchmaker.regional_events.floor.retention import forget_guests
from matchmaker.regional_events.floor.sections import floor_links, floor_section
from matchmaker.regional_events.planning.domain import Duty
from matchmaker.regional_events.planning.extensions import View
from matchmaker.regional_events.planning.policy import EventStanding
from tests.regional_events.floor.floor_world import FloorWorld

MODERATOR = EventStanding(duties=frozenset({Duty.MODERATION}))


def link(world: FloorWorld) -> str:
    """Path of the hall's screen."""
    with world.app.test_request_context():
        return "/" + projection_url(floor_of(world.event_id)).split("/", 3)[3]


def test_nothing_but_accepted_questions_ever_appears(world: FloorWorld) -> None:
    screen, visitor = link(world), world.client("visitor")
    states = {"待っている": None, "見送った": QuestionMove.REJECT, "答えた": QuestionMove.ANSWER}
    with world.app.app_context():
        for index, (text, move) in enumerate(states.items()):
            question = world.ask(text, str(index), accept=move is QuestionMove.ANSWER)
            if move:
                world.move(question, move, "理由の文")
        current = world.ask("映す質問", "x", accept=True)
        following = world.ask("次の質問文", "y", accept=True)
        moderation.project_question(current, world.actor(), world.now)
        moderation.change_queue(following, QueueMove.ADD, world.actor(), world.now)
        db.session.commit()
        current_id = current.id
    page = visitor.get(screen).text
    assert "映す質問" in page
    assert "次の質問文" in page
    assert [text for text in (*states, "理由の文") if text in page] == []
    with world.app.app_context():
        world.move(queries.get_question(world.event_id, current_id), QuestionMove.UNDO)
        db.session.commit()
    assert "映す質問" not in visitor.get(screen).text
    assert "質問をどうぞ" in visitor.get(f"{screen}/content").text


def test_even_a_wrong_pointer_projects_nothing(world: FloorWorld) -> None:
    with world.app.app_context():
        question = world.ask("まだ確かめていない")
        with pytest.raises(Conflict):
            moderation.project_question(question, world.actor(), world.now)
        floor = service.ensure_floor(world.event_id)
        floor.question_id = question.id
        db.session.commit()
    assert "まだ確かめていない" not in world.client("visitor").get(link(world)).text


def test_the_screen_asks_again_and_hears_only_of_news(world: FloorWorld) -> None:
    screen, visitor = link(world), world.client("visitor")
    seen = visitor.get(screen).text.split("seen=")[1].split('"')[0]
    assert visitor.get(f"{screen}/content?seen={seen}").status_code == 204
    with world.app.app_context():
        question = world.ask("新しい", accept=True)
        moderation.project_question(question, world.actor(), world.now)
        db.session.commit()
    assert "新しい" in visitor.get(f"{screen}/content?seen={seen}").text


def test_a_renewed_or_forged_link_shows_nothing(world: FloorWorld) -> None:
    screen, visitor = link(world), world.client("visitor")
    renewed = world.client().post(world.address("/moderation/links"), data={"what": "projection"})
    assert renewed.status_code == 302
    assert visitor.get(screen).status_code == 410
    assert visitor.get(f"{screen}/content").status_code == 410
    assert visitor.get(link(world)).status_code == 200
    assert visitor.get("/floor-projections/forged.token").status_code == 404


def test_a_renewed_code_leaves_in_whoever_joined(world: FloorWorld) -> None:
    guest, old = world.guest(), world.code()
    world.client().post(world.address("/moderation/links"), data={"what": "room"})
    assert old != world.code()
    late = world.client("visitor").get(world.address("/entrances"), query_string={"code": old})
    assert late.status_code == 422
    assert "質問や意見を送る" in guest.get(world.address()).text


def test_a_show_of_hands_is_projected_with_its_figures(world: FloorWorld) -> None:
    with world.app.app_context():
        actor = world.actor()
        poll = polls.prepare_poll(
            world.event, "延ばすか", ["延ばす", "終わる"], actor, world.now, "k"
        )
        with pytest.raises(Conflict):
            moderation.project_poll(poll, actor, world.now)
        polls.move_poll(world.event, poll, PollMove.OPEN, poll.revision, actor, world.now)
        polls.answer_poll(world.event, poll.id, 0, world.voice(), world.now)
        moderation.project_poll(poll, actor, world.now)
        db.session.commit()
    screen = world.client("visitor").get(link(world)).text
    assert "延ばすか" in screen
    assert "1人（100％）" in screen
    cleared = world.client().post(world.address("/moderation/projections"), data={})
    assert cleared.status_code == 302
    assert "延ばすか" not in world.client("visitor").get(link(world)).text


def test_people_see_what_became_of_their_own(world: FloorWorld) -> None:
    guest = world.guest()
    for text in ("見送られた質問", "待っている質問"):
        guest.post(world.address("/questions"), data={"text": text})
    with world.app.app_context():
        rejected = db.session.scalars(select(FloorQuestion).order_by(FloorQuestion.number)).first()
        assert rejected is not None
        world.move(rejected, QuestionMove.REJECT, "時間の都合のため")
        waiting_id = db.session.scalar(select(FloorQuestion.id).where(FloorQuestion.number == 2))
        db.session.commit()
    page = guest.get(world.address()).text
    assert "理由：時間の都合のため" in page
    assert "進行担当が確認しています" in page
    other = world.guest()
    assert "見送られた質問" not in other.get(world.address()).text
    stolen = other.post(world.address(f"/questions/{waiting_id}/withdrawals"))
    assert stolen.status_code == 403
    taken_back = guest.post(world.address(f"/questions/{waiting_id}/withdrawals"))
    assert taken_back.status_code == 302


def test_records_of_another_event_are_out_of_reach(world: FloorWorld, app: Flask) -> None:
    question_id = world.stored("よその質問")
    other = "/regional-events/00000000-0000-7000-8000-000000000000/floor"
    moderator = world.client("secretariat")
    for path in (f"/questions/{question_id}/votes", f"/moderation/questions/{question_id}/moves"):
        assert moderator.post(other + path, data={"move": "accept"}).status_code == 404


def test_guests_are_forgotten_and_counts_stay(world: FloorWorld) -> None:
    with world.app.app_context():
        first = world.ask("残る質問", "a", accept=True)
        first.author_name, first.shows_name = "環境 花子", True
        service.vote(world.event, first, world.voice("b"), world.now, wanted=True)
        before = queries.vote_counts(world.event_id)
        keys = {vote.voter_key for vote in db.session.scalars(select(FloorVote))}
        assert forget_guests(world.event, world.now) == 2
        db.session.expire_all()
        assert queries.vote_counts(world.event_id) == before
        assert (first.author_name, first.shows_name, first.text) == ("", False, "残る質問")
        left = {vote.voter_key for vote in db.session.scalars(select(FloorVote))}
        assert not keys & left
        assert first.author_key in left
        assert forget_guests(world.event, world.now) == 0
        assert db.session.scalars(select(FloorPollAnswer)).all() == []


def test_the_page_of_the_event_leads_here_while_there_is_something(world: FloorWorld) -> None:
    with world.app.test_request_context():
        view = View(world.event, world.actor(), EventStanding(), world.now)
        section = floor_section(view)
        assert section is not None
        assert section.context["takes"]
        assert floor_links(view) == []
        (staff,) = floor_links(View(world.event, world.actor(), MODERATOR, world.now))
        assert (staff.label, staff.note) == ("質問の進行", "新しい質問はありません")
        long_after = world.event.ends_at + timedelta(days=1)
        late = View(world.event, world.actor(), EventStanding(), long_after)
        assert floor_section(late) is None
