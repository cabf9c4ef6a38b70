"""Answering over HTTP: once, in time, by those who took part; nothing ties a nameless answer."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import db
from matchmaker.questions.models import AnswerFile
from matchmaker.surveys.models import Survey, SurveyAnswer, SurveyParticipation
from tests.surveys.conftest import FILES, Gathering, MakeSurvey, SignIn, end_survey

GOOD = {"q-rating": "good", "q-hours": "１．５", "revision": "1"}


def answers(app: Flask) -> list[SurveyAnswer]:
    with app.app_context():
        return list(db.session.scalars(select(SurveyAnswer)))


def test_a_participant_answers_and_is_thanked(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey, gathering: Gathering
) -> None:
    client, survey_id = signed_in("person0"), make_survey()
    assert "回答を送る" in client.get(f"/surveys/{survey_id}").text
    answer = client.post(f"/surveys/{survey_id}", data=GOOD, follow_redirects=True)
    assert "回答は済んでいます" in answer.text
    (kept,) = answers(app)
    assert kept.answers == {"rating": ["good"], "hours": 1.5}
    assert kept.user_id == gathering.people[0]
    assert kept.answered_at is not None


def test_what_is_missing_is_told_and_what_was_typed_stays(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey
) -> None:
    client, survey_id = signed_in("person0"), make_survey()
    typed = {"q-rating": "bad", "q-hours": "長い", "revision": "1"}
    page = client.post(f"/surveys/{survey_id}", data=typed)
    assert page.status_code == 422
    assert "よくなかった点：入れてください。" in page.text
    assert "数字で入れてください" in page.text
    assert 'value="長い"' in page.text
    assert answers(app) == []


def test_a_second_tab_or_a_double_click_counts_once(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey
) -> None:
    client, survey_id = signed_in("person0"), make_survey()
    assert client.post(f"/surveys/{survey_id}", data=GOOD).status_code == 302
    again = client.post(
        f"/surveys/{survey_id}", data={**GOOD, "q-rating": "bad", "q-reason": "遠い"}
    )
    assert again.status_code == 409
    assert "もう回答しています" in again.text
    assert "遠い" in again.text
    assert len(answers(app)) == 1


def test_a_late_answer_is_refused_and_told(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey
) -> None:
    client, survey_id = signed_in("person0"), make_survey()
    end_survey(app, survey_id)
    late = client.post(f"/surveys/{survey_id}", data=GOOD)
    assert late.status_code == 409
    assert "締め切りました" in late.text
    assert "回答を送る" not in client.get(f"/surveys/{survey_id}").text
    assert answers(app) == []


def test_an_early_answer_is_refused(app: Flask, signed_in: SignIn, make_survey: MakeSurvey) -> None:
    survey_id = make_survey(begins=timedelta(hours=1))
    client = signed_in("person0")
    assert "まだ始まっていません" in client.get(f"/surveys/{survey_id}").text
    assert client.post(f"/surveys/{survey_id}", data=GOOD).status_code == 409
    assert answers(app) == []


def test_other_peoples_surveys_do_not_exist(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey
) -> None:
    survey_id = make_survey()
    stranger = signed_in("stranger")
    assert stranger.get(f"/surveys/{survey_id}").status_code == 404
    assert stranger.post(f"/surveys/{survey_id}", data=GOOD).status_code == 404
    assert signed_in("organizer").post(f"/surveys/{survey_id}", data=GOOD).status_code == 403
    for address in ("results", "results/export", "edit"):
        assert signed_in("person0").get(f"/surveys/{survey_id}/{address}").status_code == 404
    assert answers(app) == []


def test_nothing_ties_a_nameless_answer_to_its_person(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey, gathering: Gathering
) -> None:
    survey_id = make_survey(is_anonymous=True)
    signed_in("person3").post(f"/surveys/{survey_id}", data=GOOD)
    (kept,) = answers(app)
    assert (kept.user_id, kept.answered_at, kept.id.version) == (None, None, 4)
    with app.app_context():
        (who,) = db.session.scalars(select(SurveyParticipation.user_id))
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.tag == "surveys:survey:answered")
        ).one()
        assert who == gathering.people[3]
        assert entry.actor_id is None
        assert "person3" not in entry.actor_name


def test_questions_that_changed_meanwhile_are_shown_again(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey
) -> None:
    client, survey_id = signed_in("person0"), make_survey()
    with app.app_context():
        db.session.get_one(Survey, survey_id).revision = 2
        db.session.commit()
    page = client.post(f"/surveys/{survey_id}", data=GOOD)
    assert page.status_code == 409
    assert "質問が変わりました" in page.text
    assert 'name="revision" type="hidden" value="2"' in page.text


def test_files_are_taken_and_handed_to_the_organizer_only(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey
) -> None:
    survey_id, client = make_survey(FILES), signed_in("person0")
    hostile = {"q-paper": (io.BytesIO(b"MZ\x90"), "図面.exe"), "revision": "1"}
    refused = client.post(f"/surveys/{survey_id}", data=hostile)
    assert refused.status_code == 422
    assert "受け取れない種類" in refused.text
    three = [(io.BytesIO(b"a"), f"{n}.txt") for n in range(3)]
    many = client.post(f"/surveys/{survey_id}", data={"q-paper": three, "revision": "1"})
    assert "2個まで" in many.text
    good = {"q-paper": (io.BytesIO("竹".encode()), "図面.txt"), "revision": "1"}
    assert client.post(f"/surveys/{survey_id}", data=good).status_code == 302
    with app.app_context():
        file = db.session.scalars(select(AnswerFile)).one()
        address = f"/surveys/{survey_id}/files/{file.id}"
    assert client.get(address).status_code == 404
    organizer = signed_in("organizer")
    assert organizer.get(address).data.decode() == "竹"
    assert organizer.get(f"/surveys/{make_survey()}/files/{file.id}").status_code == 404


def test_two_presses_at_the_same_moment_count_once(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey
) -> None:
    survey_id = make_survey()
    clients = [signed_in("person0") for _ in range(4)]
    with ThreadPoolExecutor(len(clients)) as pool:
        statuses = pool.map(
            lambda client: client.post(f"/surveys/{survey_id}", data=GOOD).status_code, clients
        )
        assert sorted(statuses) == [302, 409, 409, 409]
    assert len(answers(app)) == 1
