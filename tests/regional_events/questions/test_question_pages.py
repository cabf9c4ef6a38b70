"""The questions of a registration form, and themes asked beforehand, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest
from flask import Flask

from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.questions.domain import Questionnaire
from matchmaker.regional_events.planning.domain import Audience, EventState
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.planning.questions import themes
from matchmaker.regional_events.planning.questions.presets import FREQUENT, THEMES, with_frequent
from matchmaker.surveys.models import Survey
from matchmaker.surveys.registry import subject_of_kind
from tests.regional_events.builders import make_track
from tests.regional_events.programme.planner_world import (
    MEMBER,
    PLANNER,
    SECRETARIAT,
    PlannerWorld,
)

FORM = "/registration-questions"
QUESTION = {"questions-0-kind": "text", "questions-0-label": "当日聞きたいこと"}


@pytest.fixture(name="world")
def planner_world(app: Flask) -> PlannerWorld:
    return PlannerWorld(app)


def labels(world: PlannerWorld) -> list[str]:
    with world.app.app_context():
        return [question["label"] for question in get_event(world.event_id).questions]


def test_every_choice_of_frequent_questions_is_a_questionnaire() -> None:
    for count in range(len(FREQUENT) + 1):
        for keys in combinations(FREQUENT, count):
            made = with_frequent([], keys)
            assert len(Questionnaire.from_data(made).questions) == len(made)
            assert with_frequent(made, keys) == made
    assert len(Questionnaire.from_data(THEMES).questions) == len(THEMES)


def test_a_question_depending_on_a_changed_one_is_asked_of_all() -> None:
    other = {**FREQUENT["party"], "options": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]}
    made = with_frequent([other], ["diet"])
    assert "when" not in made[1]
    Questionnaire.from_data(made)


def test_frequent_questions_are_added_once(world: PlannerWorld) -> None:
    client, path = world.client(PLANNER), world.path(f"{FORM}/frequent-ones")
    client.post(path, data={"keys": ["diet", "filming", "invented"]})
    assert labels(world) == [FREQUENT[key]["label"] for key in ("party", "diet", "filming")]
    page = client.post(path, data={"keys": ["filming"]}, follow_redirects=True).text
    assert "新しく足す質問はありませんでした" in page
    assert len(labels(world)) == 3
    preview = client.get(world.path(f"{FORM}/preview")).text
    assert "懇親会に参加しますか" in preview
    assert "写らない席を希望する" in preview


def test_questions_are_written_for_everybody_and_for_a_track(world: PlannerWorld) -> None:
    with world.app.app_context():
        track_id = make_track(get_event(world.event_id)).id
        db.session.commit()
    client = world.client(PLANNER)
    assert client.post(world.path(FORM), data={**QUESTION, "revision": "1"}).status_code == 302
    track = world.path(f"/tracks/{track_id}{FORM}")
    values = {"questions-0-kind": "text", "questions-0-label": "車で来ますか", "revision": "1"}
    assert client.post(track, data=values).status_code == 302
    assert labels(world) == ["当日聞きたいこと"]
    preview = client.get(world.path(f"{FORM}/preview")).text
    assert "「会場」を選んだ方に聞くこと" in preview
    assert "車で来ますか" in preview


def test_two_tabs_do_not_write_over_each_other(world: PlannerWorld) -> None:
    client, path = world.client(PLANNER), world.path(FORM)
    client.post(path, data={**QUESTION, "revision": "1"})
    late = {**QUESTION, "questions-0-label": "遅れた質問", "revision": "1"}
    answer = client.post(path, data=late)
    assert answer.status_code == 422
    assert "遅れた質問" in answer.text
    assert labels(world) == ["当日聞きたいこと"]


def test_answered_questions_stay(world: PlannerWorld) -> None:
    client, path = world.client(PLANNER), world.path(FORM)
    client.post(path, data=QUESTION)
    with world.app.app_context():
        get_event(world.event_id).questions_frozen_at = world.now
        db.session.commit()
    answer = client.post(path, data={**QUESTION, "questions-0-label": "別の質問"})
    assert answer.status_code == 422
    assert "最初の申し込み" in answer.text
    page = client.post(f"{path}/frequent-ones", data={"keys": ["party"]}, follow_redirects=True)
    assert "最初の申し込み" in page.text
    assert labels(world) == ["当日聞きたいこと"]


def test_files_are_not_asked_for(world: PlannerWorld) -> None:
    values = {
        "questions-0-kind": "file",
        "questions-0-label": "申込書",
        "questions-0-most_files": "1",
    }
    answer = world.client(PLANNER).post(world.path(FORM), data=values)
    assert answer.status_code == 422
    assert "ファイルを受け取れません" in answer.text


def test_a_button_of_the_editor_saves_nothing(world: PlannerWorld) -> None:
    values = {"question-action": "add", "question-new-kind": "choice"}
    answer = world.client(PLANNER).post(world.path(FORM), data=values)
    assert answer.status_code == 200
    assert "選択肢" in answer.text
    assert labels(world) == []


def begin_themes(world: PlannerWorld, days: int = 10) -> int:
    last = today(world.now) + timedelta(days=days)
    values = {"title": "テーマの募集", "names": "anonymous",
              "until-year": f"令和{last.year - 2018}", "until-month": str(last.month),
              "until-day": str(last.day)}  # fmt: skip
    return world.client(PLANNER).post(world.path("/themes/new"), data=values).status_code


def open_now(world: PlannerWorld) -> str:
    """Let the survey have begun; gives its path."""
    with world.app.app_context():
        survey = db.session.query(Survey).one()
        survey.opens_at = world.now - timedelta(minutes=1)
        path = f"/surveys/{survey.id}"
        db.session.commit()
    return path


def test_themes_are_asked_once_of_members(world: PlannerWorld) -> None:
    assert begin_themes(world) == 302
    assert begin_themes(world) == 422
    path = open_now(world)
    assert path in world.client(MEMBER).get(world.path()).text
    assert path not in world.client().get(world.path()).text
    assert world.client(MEMBER).post(path, data={"q-themes": "竹の使い道"}).status_code == 302
    assert "ご回答ありがとうございました" in world.client(MEMBER).get(world.path()).text
    assert world.client(PLANNER).get(f"{path}/results").status_code == 200
    assert world.client(SECRETARIAT).get(f"{path}/results").status_code == 200
    assert world.client(MEMBER).get(f"{path}/results").status_code == 404


@pytest.mark.parametrize("days", [-1, 0, 40])
def test_the_last_day_lies_before_the_event(world: PlannerWorld, days: int) -> None:
    late_enough = days == 0 and today(world.now + timedelta(hours=2)) == today(world.now)
    assert begin_themes(world, days) == (302 if late_enough else 422)


def test_a_draft_asks_nobody(world: PlannerWorld) -> None:
    with world.app.app_context():
        get_event(world.event_id).state = EventState.DRAFT
        db.session.commit()
    assert begin_themes(world) == 422
    with world.app.app_context():
        assert list(subject_of_kind(themes.SUBJECT_KIND).participants(world.event_id)) == []


def test_only_invited_members_are_asked_of_an_event_by_invitation(world: PlannerWorld) -> None:
    asked = subject_of_kind(themes.SUBJECT_KIND).participants
    with world.app.app_context():
        assert {user.email for user in asked(world.event_id)} == {
            "member@example.com", "planner@example.com",
        }  # fmt: skip
        get_event(world.event_id).audience = Audience.INVITED
        db.session.commit()
        assert list(asked(world.event_id)) == []


def test_members_do_not_write_questions(world: PlannerWorld) -> None:
    client = world.client(MEMBER)
    assert client.get(world.path(FORM)).status_code == 403
    assert client.post(world.path(FORM), data=QUESTION).status_code == 403
    assert labels(world) == []
