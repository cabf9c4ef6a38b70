"""Results: charts, tables and Excel; without names only after the end and from five on."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import openpyxl
from flask import Flask

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.questions.domain import Questionnaire
from matchmaker.surveys.queries import get_survey
from matchmaker.surveys.results import Bar, summarize
from matchmaker.surveys.service import answer_survey
from tests.surveys.conftest import (
    QUESTIONS,
    Gathering,
    MakeSurvey,
    SignIn,
    actor_of,
    end_survey,
)


def answer_all(app: Flask, survey_id: uuid.UUID, people: list[uuid.UUID]) -> None:
    with app.app_context():
        for number, person in enumerate(people):
            answers = {"rating": ["good" if number % 2 else "other:=ふつう"], "hours": number}
            answer_survey(get_survey(survey_id), answers, actor_of(person), clock.now())
        db.session.commit()


def test_answers_are_added_up() -> None:
    given = [{"rating": ["good"], "hours": 1}, {"rating": ["other:長い"], "hours": 2.5}, {}]
    rating, reason, hours = summarize(Questionnaire.from_data(QUESTIONS), given)
    assert rating.bars == (Bar("よかった", 1), Bar("よくなかった", 0), Bar("その他", 1))
    assert rating.texts == ("長い",)
    assert reason.count == 0
    assert dict(hours.figures)["平均"] == "1.75時間"
    assert dict(hours.figures)["合計"] == "3.5時間"


def test_the_organizer_sees_charts_and_gets_an_excel_file(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey, gathering: Gathering
) -> None:
    survey_id, organizer = make_survey(), signed_in("organizer")
    assert "まだ回答がありません" in organizer.get(f"/surveys/{survey_id}/results").text
    answer_all(app, survey_id, gathering.people[:3])
    page = organizer.get(f"/surveys/{survey_id}/results").text
    assert "回答は3件です" in page
    assert "data-bar-chart" in page
    assert "=ふつう" in page
    book = openpyxl.load_workbook(
        io.BytesIO(organizer.get(f"/surveys/{survey_id}/results/export").data)
    )
    rows = list(book["回答"].iter_rows(values_only=True))
    assert rows[0] == (
        "番号", "回答した人", "回答した日時（日本時間）", "いかがでしたか", "よくなかった点",
        "移動の時間（時間）",
    )  # fmt: skip
    assert rows[2][1] == "person1"
    assert rows[2][3:] == ("よかった", None, 1)
    assert book["回答"]["D2"].data_type == "s"


def test_nameless_results_wait_for_the_end_and_for_five(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey, gathering: Gathering
) -> None:
    few, enough = make_survey(is_anonymous=True), make_survey(is_anonymous=True)
    answer_all(app, few, gathering.people[:4])
    answer_all(app, enough, gathering.people[:5])
    organizer = signed_in("organizer")
    for survey_id in (few, enough):
        page = organizer.get(f"/surveys/{survey_id}/results").text
        assert "結果はまだ見られません" in page
        assert "ふつう" not in page
        assert organizer.get(f"/surveys/{survey_id}/results/export").status_code == 422
        end_survey(app, survey_id)
    assert "5件に届かずに" in organizer.get(f"/surveys/{few}/results").text
    assert "ふつう" in organizer.get(f"/surveys/{enough}/results").text
    book = openpyxl.load_workbook(
        io.BytesIO(organizer.get(f"/surveys/{enough}/results/export").data)
    )
    cells = [str(cell) for row in book["回答"].iter_rows(values_only=True) for cell in row]
    assert not any("person" in cell for cell in cells)


def test_a_nameless_survey_is_not_opened_again(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey, gathering: Gathering
) -> None:
    survey_id = make_survey(is_anonymous=True)
    answer_all(app, survey_id, gathering.people[:5])
    end_survey(app, survey_id)
    soon = clock.now().astimezone(clock.JST) + timedelta(days=2)
    later = {
        "title": "集まりのあとで",
        "closes_at-year": str(soon.year),
        "closes_at-month": str(soon.month),
        "closes_at-day": str(soon.day),
        "closes_at-time": "17時",
    }
    page = signed_in("organizer").post(f"/surveys/{survey_id}/edit", data=later)
    assert page.status_code == 409
    assert "また始めることはできません" in page.text
