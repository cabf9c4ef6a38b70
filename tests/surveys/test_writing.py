"""Writing a survey without scripts: adding, moving, removing questions, and what is fixed later."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.surveys.models import Survey
from matchmaker.surveys.service import answer_survey
from tests.surveys.conftest import (
    GATHERING,
    KIND,
    QUESTIONS,
    Gathering,
    MakeSurvey,
    SignIn,
    actor_of,
)

NEW = f"/surveys/new/{KIND}/{GATHERING}"
HTML = "{http://www.w3.org/1999/xhtml}"


def fields(page: str) -> dict[str, Any]:
    """What a browser would send from the form of a page, without any button."""
    tree = html5lib.parse(page)
    form = next(f for f in tree.iter(f"{HTML}form") if "form" in f.get("class", "").split())
    sent: dict[str, Any] = {}
    for element in form.iter():
        name, kind = element.get("name"), element.get("type")
        if name is None or element.tag == f"{HTML}button":
            continue
        if element.tag == f"{HTML}select":
            options = list(element.iter(f"{HTML}option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            sent.setdefault(name, []).extend(o.get("value") for o in chosen)
        elif element.tag == f"{HTML}textarea":
            sent.setdefault(name, []).append((element.text or "").removeprefix("\n"))
        elif kind not in ("checkbox", "radio") or element.get("checked") is not None:
            sent.setdefault(name, []).append(element.get("value", ""))
    return sent


def press(
    client: FlaskClient, address: str, sent: dict[str, Any], action: str, kind: str = ""
) -> str:
    answer = client.post(
        address, data={**sent, "question-action": action, "question-new-kind": kind}
    )
    assert answer.status_code == 200
    return answer.text


def stored(app: Flask) -> Survey:
    with app.app_context():
        return db.session.query(Survey).one()


def test_a_survey_is_written_without_scripts(app: Flask, signed_in: SignIn) -> None:
    client = signed_in("organizer")
    sent = fields(client.get(NEW).text)
    sent = fields(press(client, NEW, {**sent, "title": "ふりかえり"}, "add", "choice"))
    sent |= {"questions-0-label": "参加のしかた", "questions-0-options": "会場\nオンライン"}
    sent = fields(press(client, NEW, sent, "add", "text"))
    assert sent["title"] == ["ふりかえり"]
    page = press(client, NEW, {**sent, "questions-1-label": "音は聞こえましたか"}, "refresh")
    online = re.search(r'value="([^"]+)"[^>]*>\s*<label[^>]*>質問1で「オンライン」', page)
    assert online is not None
    sent = {**fields(page), "questions-1-when": online[1], "questions-1-required": "y"}
    assert client.post(NEW, data=sent).status_code == 302
    choice, text = stored(app).questions
    assert [option["label"] for option in choice["options"]] == ["会場", "オンライン"]
    assert text["when"] == {"question": choice["id"], "options": [choice["options"][1]["id"]]}
    assert text["required"] is True


def test_questions_are_moved_and_removed_and_keep_their_ids(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey
) -> None:
    client, survey_id = signed_in("organizer"), make_survey()
    address = f"/surveys/{survey_id}/edit"
    sent = fields(client.get(address).text)
    sent = fields(press(client, address, sent, "up:2"))
    assert sent["questions-1-id"] == ["hours"]
    sent = fields(press(client, address, sent, "remove:2"))
    sent["questions-0-options"] = "とてもよかった\nよくなかった"
    assert client.post(address, data=sent).status_code == 302
    rating, hours = stored(app).questions
    assert [rating["id"], hours["id"]] == ["rating", "hours"]
    assert rating["options"][0] == {"id": "good", "label": "とてもよかった"}
    assert stored(app).revision == 2


def test_a_condition_that_lost_its_question_is_told_at_its_place(
    signed_in: SignIn, make_survey: MakeSurvey
) -> None:
    client, address = signed_in("organizer"), f"/surveys/{make_survey()}/edit"
    sent = fields(press(client, address, fields(client.get(address).text), "down:0"))
    assert sent["questions-0-id"] == ["reason"]
    sent["questions-0-when"] = ["rating:bad"]
    page = client.post(address, data=sent)
    assert page.status_code == 422
    assert "この質問より前の質問" in page.text


def test_what_is_wrong_is_told_at_its_place(signed_in: SignIn, app: Flask) -> None:
    client = signed_in("organizer")
    sent = fields(press(client, NEW, fields(client.get(NEW).text), "add", "number"))
    sent |= {"questions-0-minimum": "九", "questions-0-decimals": "8", "closes_at-year": ""}
    page = client.post(NEW, data=sent)
    assert page.status_code == 422
    for told in ("題名を入れて", "質問の文を入れて", "数字で入れて", "0から3まで", "締め切り"):
        assert told in page.text, told
    assert 'value="九"' in page.text


def test_tables_and_files_are_written_too(app: Flask, signed_in: SignIn) -> None:
    client = signed_in("organizer")
    sent = {**fields(client.get(NEW).text), "title": "費用"}
    sent = fields(press(client, NEW, sent, "add", "table"))
    sent |= {
        "questions-0-label": "費用",
        "questions-0-row_labels": "設備\n人件費",
        "questions-0-columns-0-label": "金額",
        "questions-0-columns-0-kind": "number",
        "questions-0-columns-0-unit": "円",
        "questions-0-columns-1-label": "区分",
        "questions-0-columns-1-kind": "choice",
        "questions-0-columns-1-options": "補助、自己負担",
    }
    sent = fields(press(client, NEW, sent, "add", "file"))
    assert "questions-0-columns-3-label" in sent
    sent |= {"questions-1-label": "見積書", "questions-1-suffixes": ["pdf", "picture"]}
    assert client.post(NEW, data=sent).status_code == 302
    table, file = stored(app).questions
    assert [column["label"] for column in table["columns"]] == ["金額", "区分"]
    assert [o["label"] for o in table["columns"][1]["options"]] == ["補助", "自己負担"]
    assert table["row_labels"] == ["設備", "人件費"]
    assert file["suffixes"] == ["pdf", "jpg", "jpeg", "png", "webp"]
    nameless = client.post(
        f"/surveys/{stored(app).id}/edit",
        data={**fields(client.get(f"/surveys/{stored(app).id}/edit").text), "is_anonymous": "y"},
    )
    assert nameless.status_code == 422
    assert "ファイルの質問は使えません" in nameless.text


def test_a_number_keeps_its_form_when_the_editor_is_sent_again(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey
) -> None:
    question = {"id": "t", "kind": "number", "label": "量", "minimum": 0.001, "maximum": 1234567.5,
                "decimals": 3}  # fmt: skip
    client, address = signed_in("organizer"), f"/surveys/{make_survey([question])}/edit"
    before = stored(app).questions
    assert client.post(address, data=fields(client.get(address).text)).status_code == 302
    assert stored(app).questions == before


def test_after_the_first_answer_questions_stay(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey, gathering: Gathering
) -> None:
    survey_id, client = make_survey(), signed_in("organizer")
    address = f"/surveys/{survey_id}/edit"
    before = fields(client.get(address).text)
    with app.app_context():
        survey = db.session.get_one(Survey, survey_id)
        answer_survey(survey, {"rating": ["good"]}, actor_of(gathering.people[0]), clock.now())
        db.session.commit()
    page = client.get(address).text
    assert "質問は変えられません" in page
    assert "questions-0-label" not in page
    sent = {**before, "questions-0-label": "いかがでしたか？", "title": "直した題名"}
    assert client.post(address, data=sent).status_code == 302
    assert stored(app).title == "直した題名"
    assert stored(app).questions[0]["label"] == QUESTIONS[0]["label"]
    assert client.post(f"/surveys/{survey_id}/deletions").status_code == 409


def test_two_organizers_do_not_overwrite_each_other(
    app: Flask, signed_in: SignIn, make_survey: MakeSurvey
) -> None:
    client, address = signed_in("organizer"), f"/surveys/{make_survey()}/edit"
    sent = fields(client.get(address).text)
    assert client.post(address, data={**sent, "title": "先の人"}).status_code == 302
    second = client.post(address, data={**sent, "title": "後の人"})
    assert second.status_code == 409
    assert "ほかの人が先に変えました" in second.text
    assert 'value="後の人"' in second.text
    assert stored(app).title == "先の人"


def test_a_survey_is_taken_back(app: Flask, signed_in: SignIn, make_survey: MakeSurvey) -> None:
    survey_id: uuid.UUID = make_survey(begins=timedelta(days=1))
    assert signed_in("organizer").post(f"/surveys/{survey_id}/deletions").status_code == 302
    with app.app_context():
        assert db.session.query(Survey).count() == 0
