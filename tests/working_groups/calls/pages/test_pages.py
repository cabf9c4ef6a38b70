"""Calls as people meet them, over HTTP, on the seeded database."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.clock import JST
from matchmaker.core.db import db
from matchmaker.working_groups.calls import service
from matchmaker.working_groups.calls.domain import CallState
from matchmaker.working_groups.calls.models import Call, CallQuestion, CallReviewer, Criterion
from matchmaker.working_groups.calls.queries import get_call
from tests.seeding.seeded import Visit, counted_statements

DEMO, ASKER = "「マッチングによる課題解決」サブWG公募（デモ）", "三好 礼子"
LIST_BUDGET, PAGE_BUDGET = 8, 14
BASICS = {"kind": "pilot", "title": "実証の公募", "body": "本文", "categories": "municipality"}


def demo_call(app: Flask) -> uuid.UUID:
    with app.app_context():
        return db.session.scalars(select(Call.id).where(Call.title == DEMO)).one()


def parent_of(app: Flask) -> str:
    """The group under which the groups of the demo's call will stand."""
    with app.app_context():
        return str(db.session.get_one(Call, demo_call(app)).parent_group_id)


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def moment(name: str, days: int, time: str = "17:00") -> dict[str, str]:
    """Typed fields of a moment so many days from now."""
    day = (clock.now() + timedelta(days=days)).astimezone(JST).date()
    parts = {"year": f"R{day.year - 2018}", "month": str(day.month), "day": str(day.day)}
    return {**{f"{name}-{part}": typed for part, typed in parts.items()}, f"{name}-time": time}


def begun(app: Flask, client: FlaskClient, **fields: str) -> uuid.UUID:
    """A draft that was made over its page."""
    period = {**moment("opens_at", 2, "９:００"), **moment("closes_at", 40, "24:00")}
    above = {"parent_group_id": parent_of(app)}
    answer = client.post("/calls/new", data={**BASICS, **above, **period, **fields})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return uuid.UUID(answer.headers["Location"].split("/")[2])


def revision_of(app: Flask, call_id: uuid.UUID) -> str:
    with app.app_context():
        return str(db.session.get_one(Call, call_id).revision)


def criteria_fields(*names: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for place, name in enumerate(names):
        fields |= {f"criteria-{place}-name": name, f"criteria-{place}-weight": "５０",
                   f"criteria-{place}-points": "5"}  # fmt: skip
    return fields


def test_everybody_reads_the_list_with_the_time_left(client: FlaskClient) -> None:
    page = text_of(client, "/calls")
    assert page.index(DEMO) < page.index("プロポーザル募集")
    assert "締切まであと" in page
    assert "募集期間は資料にありません" in page
    assert "公募を作る" not in page


@pytest.mark.parametrize(
    ("query", "number"),
    [("phase=open", 1), ("phase=decided", 3), ("phase=draft", 5), ("q=テーマ募集", 1),
     ("q=いませんよ", 0), ("phase=nonsense&page=99", 5), ("kind=sub_wg", 2)],
)  # fmt: skip
def test_the_list_is_narrowed_by_its_address(client: FlaskClient, query: str, number: int) -> None:
    page = text_of(client, f"/calls?{query}")
    assert f'<strong class="numeric">{number}</strong>件' in page


def test_lists_and_pages_keep_their_query_budget(app: Flask, client: FlaskClient) -> None:
    for path, budget in (("/calls", LIST_BUDGET), (f"/calls/{demo_call(app)}", PAGE_BUDGET)):
        with counted_statements(app) as statements:
            client.get(path)
        assert len(statements) <= budget, statements


def test_a_call_shows_its_facts_and_no_asker(app: Flask, client: FlaskClient) -> None:
    call_id = demo_call(app)
    page = text_of(client, f"/calls/{call_id}")
    facts = ("17:00まで", "課題への合い方", "重みの合計は100です", "費用の見込み", "説明会",
             "企業・自治体・大学・研究機関の会員", "代表の団体は、自治体でなければ")  # fmt: skip
    for fact in facts:
        assert fact in page, fact
    with app.app_context():
        asked = db.session.scalars(select(CallQuestion).where(CallQuestion.call_id == call_id))
        for question in asked:
            assert str(question.id) not in page
            assert str(question.asker_id) not in page
    assert ASKER not in page
    assert "実証の場所がまだ決まっていなくても" not in page


def test_calls_of_the_past_tell_their_source_and_take_nothing(client: FlaskClient) -> None:
    page = text_of(client, "/calls?phase=decided")
    assert "（時刻は資料にありません）" in page
    path = page.split('class="resource__title"><a href="')[1].split('"')[0]
    shown = text_of(client, path)
    assert "採択：" in shown
    assert "出典" in shown
    assert "質問する" not in shown
    assert "提案を書く" not in shown


def test_the_calendar_is_a_download(app: Flask, client: FlaskClient) -> None:
    answer = client.get(f"/calls/{demo_call(app)}/calendar")
    assert answer.mimetype == "text/calendar"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert len(list(Calendar.from_ical(answer.data).walk("VEVENT"))) == 5


def test_a_call_is_written_published_and_seen(
    app: Flask, signed_in: Visit, client: FlaskClient
) -> None:
    desk = signed_in("coordinator")
    call_id = begun(app, desk)
    assert client.get(f"/calls/{call_id}").status_code == 302  # to sign in: a draft is hidden
    assert signed_in("officer").get(f"/calls/{call_id}").status_code == 404
    refused = desk.post(f"/calls/{call_id}/moves/publish", data={})
    assert refused.status_code == 422
    assert "評価基準を1つ以上" in refused.get_data(as_text=True)
    saved = desk.post(f"/calls/{call_id}/criteria", data=criteria_fields("課題", "効果"))
    assert saved.status_code == 302
    assert desk.post(f"/calls/{call_id}/moves/publish", data={}).status_code == 302
    page = text_of(client, f"/calls/{call_id}")
    assert "受付開始まであと" in page
    assert "24:00まで" in page
    assert "重みの合計は100です" in page


def test_the_group_above_is_asked_for_before_a_call_is_public(app: Flask, signed_in: Visit) -> None:
    desk = signed_in("coordinator")
    call_id = begun(app, desk, parent_group_id="")
    desk.post(f"/calls/{call_id}/criteria", data=criteria_fields("課題"))
    assert "上位のWGを選んでください" in text_of(desk, f"/calls/{call_id}/desk")
    refused = desk.post(f"/calls/{call_id}/moves/publish", data={})
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "上位のWGを選んでください" in page


def test_publishing_twice_does_it_once(app: Flask, signed_in: Visit) -> None:
    desk = signed_in("coordinator")
    call_id = begun(app, desk)
    desk.post(f"/calls/{call_id}/criteria", data=criteria_fields("課題"))
    assert desk.post(f"/calls/{call_id}/moves/publish", data={}).status_code == 302
    again = desk.post(f"/calls/{call_id}/moves/publish", data={})
    assert again.status_code == 422
    assert "「公開中」の状態では" in again.get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": " "}, "公募の名前を入れてください"),
        ({"title": "長" * 121}, "120文字以内"),
        ({"kind": "party"}, "種類を選んでください"),
        (moment("closes_at", 1), "締切は、受付を始める日時より後に"),
        ({"closes_at-month": "13"}, "日付を、2027年4月1日"),
        ({"closes_at-time": "25:00"}, "時刻を、9:30や17:00"),
        ({"timetable-0-on": "きょう", "timetable-0-label": "説明会"}, "日付として読めません"),
        ({"timetable-0-on": "", "timetable-0-label": "説明会"}, "日付を入れてください"),
        ({"timetable-0-on": "R9.1.5", "timetable-0-label": ""}, "何をする日か"),
    ],
)
def test_faulty_input_is_told_and_nothing_typed_is_lost(
    signed_in: Visit, changes: dict[str, str], message: str
) -> None:
    period = {**moment("opens_at", 2), **moment("closes_at", 40)}
    typed = {**BASICS, **period, "body": "消えてはいけない文", **changes}
    answer = signed_in("coordinator").post("/calls/new", data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "消えてはいけない文" in page
    assert message in page


def test_an_empty_and_a_huge_form_are_answered(signed_in: Visit) -> None:
    desk = signed_in("coordinator")
    assert desk.post("/calls/new", data={}).status_code == 422
    huge = {**BASICS, "body": "長" * 200_000, "summary": "長" * 100_000}
    rows = {f"timetable-{n}-label": "x" for n in range(100)}
    assert desk.post("/calls/new", data={**huge, **rows}).status_code == 422


def test_more_rows_are_added_without_saving(app: Flask, signed_in: Visit) -> None:
    desk = signed_in("coordinator")
    typed = {**BASICS, "timetable-0-on": "R9.1.5", "add-rows": "timetable"}
    page = desk.post("/calls/new", data=typed)
    assert page.status_code == 200
    assert "timetable-3-on" in page.get_data(as_text=True)
    assert "R9.1.5" in page.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalars(select(Call).where(Call.title == BASICS["title"])).all() == []


def test_the_second_of_two_tabs_is_told(app: Flask, signed_in: Visit) -> None:
    desk = signed_in("coordinator")
    call_id = begun(app, desk)
    old = revision_of(app, call_id)
    first = {**BASICS, "title": "先の名前", "revision": old}
    assert desk.post(f"/calls/{call_id}/edit", data=first).status_code == 302
    second = desk.post(f"/calls/{call_id}/edit", data={**BASICS, "title": "後", "revision": old})
    assert second.status_code == 409
    assert "先に変更しました" in second.get_data(as_text=True)
    for path in ("criteria", "question-form"):
        late = desk.post(f"/calls/{call_id}/{path}", data={**criteria_fields("x"), "revision": old})
        assert late.status_code == 409, path
    with app.app_context():
        assert db.session.get_one(Call, call_id).title == "先の名前"


def test_criteria_are_changed_removed_and_faults_told(app: Flask, signed_in: Visit) -> None:
    desk = signed_in("coordinator")
    call_id = begun(app, desk)
    desk.post(f"/calls/{call_id}/criteria", data=criteria_fields("課題", "効果"))
    with app.app_context():
        ids = [str(each.id) for each in get_call(call_id).criteria]
    fields = {**criteria_fields("課題", "効果"), "criteria-0-id": ids[0], "criteria-1-id": ids[1]}
    faulty = desk.post(
        f"/calls/{call_id}/criteria", data={**fields, "criteria-1-weight": "たくさん"}
    )
    assert faulty.status_code == 422
    assert "重みは1から100まで" in faulty.get_data(as_text=True)
    removed = desk.post(f"/calls/{call_id}/criteria", data={**fields, "criteria-0-remove": "y"})
    assert removed.status_code == 302
    with app.app_context():
        query = select(Criterion.id).where(Criterion.call_id == call_id)
        assert [str(id_) for id_ in db.session.scalars(query)] == [ids[1]]


def test_questions_are_written_without_scripts(app: Flask, signed_in: Visit) -> None:
    desk = signed_in("coordinator")
    call_id = begun(app, desk)
    path = f"/calls/{call_id}/question-form"
    added = desk.post(path, data={"question-action": "add", "question-new-kind": "text"})
    assert added.status_code == 200
    fields = {"questions-0-kind": "text", "questions-0-max_length": "100"}
    faulty = desk.post(path, data={**fields, "questions-0-label": ""})
    assert faulty.status_code == 422
    assert desk.post(path, data={**fields, "questions-0-label": "目的は？"}).status_code == 302
    assert "目的は？" in text_of(desk, f"/calls/{call_id}/preview")


def test_frozen_questions_are_told_on_their_pages(app: Flask, signed_in: Visit) -> None:
    call_id, desk = demo_call(app), signed_in("coordinator")
    with app.app_context():
        service.freeze_questions(get_call(call_id), clock.now())
        db.session.commit()
    for path in ("criteria", "question-form"):
        assert "提案が書かれ始めたため" in text_of(desk, f"/calls/{call_id}/{path}")
        answer = desk.post(f"/calls/{call_id}/{path}", data=criteria_fields("別の基準"))
        assert answer.status_code == 409, path
    assert "下書きに戻す" not in text_of(desk, f"/calls/{call_id}/desk")


def test_a_question_travels_from_a_member_to_the_page(app: Flask, signed_in: Visit) -> None:
    call_id, officer, desk = demo_call(app), signed_in("officer"), signed_in("coordinator")
    text = "町の名前を入れた質問です。"
    assert "質問する" in text_of(officer, f"/calls/{call_id}")
    empty = officer.post(f"/calls/{call_id}/questions/new", data={"text": " "})
    assert empty.status_code == 422
    sent = officer.post(f"/calls/{call_id}/questions/new", data={"text": text})
    assert sent.status_code == 302
    assert text not in text_of(officer, f"/calls/{call_id}")
    with app.app_context():
        question = db.session.scalars(select(CallQuestion).where(CallQuestion.text == text)).one()
        question_id, revision = question.id, str(question.revision)
    path = f"/calls/{call_id}/questions/{question_id}"
    assert "梅野 千里" in text_of(desk, path)
    answer: dict[str, Any] = {"published_text": "言い換えた質問", "answer": "はい。",
                              "move": "publish", "revision": revision}  # fmt: skip
    assert desk.post(path, data=answer).status_code == 302
    assert desk.post(path, data=answer).status_code == 409
    page = text_of(officer, f"/calls/{call_id}")
    assert "言い換えた質問" in page
    assert text not in page
    assert "梅野 千里" not in page.split("<main")[1]
    assert desk.post(path, data={**answer, "move": "explode"}).status_code == 404


def test_questions_are_not_taken_after_the_deadline(app: Flask, signed_in: Visit) -> None:
    call_id, officer = demo_call(app), signed_in("officer")
    with app.app_context():
        db.session.get_one(Call, call_id).closes_at = clock.now()
        db.session.commit()
    path = f"/calls/{call_id}/questions/new"
    assert "質問は受け付けていません" in text_of(officer, path)
    assert officer.post(path, data={"text": "遅い質問"}).status_code == 422
    assert "質問する" not in text_of(officer, f"/calls/{call_id}")


def test_reviewers_come_and_go(app: Flask, signed_in: Visit) -> None:
    desk = signed_in("coordinator")
    call_id = begun(app, desk)
    page = text_of(desk, f"/calls/{call_id}/reviewers")
    assert "葛西 正樹" in page
    with app.app_context():
        query = select(CallReviewer.user_id).where(CallReviewer.call_id == demo_call(app))
        user_id = str(db.session.scalars(query).first())
    for wrong in ("", "x", str(uuid.uuid4())):
        answer = desk.post(f"/calls/{call_id}/reviewers", data={"user_id": wrong})
        assert answer.status_code == 422, wrong
    assert desk.post(f"/calls/{call_id}/reviewers", data={"user_id": user_id}).status_code == 302
    assert desk.post(f"/calls/{call_id}/reviewers", data={"user_id": user_id}).status_code == 422
    with app.app_context():
        query = select(CallReviewer.id).where(CallReviewer.call_id == call_id)
        reviewer_id = db.session.scalars(query).one()
    path = f"/calls/{call_id}/reviewers/{reviewer_id}/departures"
    assert desk.post(path, data={"reason": ""}).status_code == 422
    assert desk.post(path, data={"reason": "異動のため"}).status_code == 302
    assert desk.post(path, data={"reason": "異動のため"}).status_code == 422
    assert "異動のため" in text_of(desk, f"/calls/{call_id}/reviewers")


def test_the_deadline_is_extended_with_words_for_everybody(
    app: Flask, signed_in: Visit, client: FlaskClient
) -> None:
    call_id, desk = demo_call(app), signed_in("coordinator")
    path = f"/calls/{call_id}/extensions"
    for faulty in ({}, moment("closes_at", 1), {**moment("closes_at", 40), "reason": ""}):
        assert desk.post(path, data=faulty).status_code == 422
    sent = {**moment("closes_at", 40), "reason": "台風で準備が遅れたため"}
    assert desk.post(path, data=sent).status_code == 302
    page = text_of(client, f"/calls/{call_id}")
    assert "台風で準備が遅れたため" in page
    assert "はじめの締切は" in page


def test_a_copy_is_made_and_its_period_has_to_be_set(app: Flask, signed_in: Visit) -> None:
    call_id, desk = demo_call(app), signed_in("coordinator")
    answer = desk.post(f"/calls/{call_id}/copies")
    copy_id = uuid.UUID(answer.headers["Location"].split("/")[2])
    page = text_of(desk, f"/calls/{copy_id}/desk")
    assert "受付を始める日時を入れてください" in page
    assert "締切を入れてください" in page
    with app.app_context():
        copy = get_call(copy_id)
        assert (copy.state, copy.is_demo, len(copy.criteria)) == (CallState.DRAFT, False, 4)


def test_a_cancelled_call_tells_why(app: Flask, signed_in: Visit, client: FlaskClient) -> None:
    call_id, desk = demo_call(app), signed_in("coordinator")
    assert desk.post(f"/calls/{call_id}/moves/cancel", data={"reason": " "}).status_code == 422
    sent = desk.post(f"/calls/{call_id}/moves/cancel", data={"reason": "予算が変わったため"})
    assert sent.status_code == 302
    page = text_of(client, f"/calls/{call_id}")
    assert "予算が変わったため" in page
    assert "提案を書く" not in page
    assert desk.post(f"/calls/{call_id}/edit", data=BASICS).status_code == 409


def test_only_the_secretariat_gets_to_the_desk(app: Flask, signed_in: Visit) -> None:
    call_id = demo_call(app)
    for who in ("officer", "reviewer", "operator"):
        visitor = signed_in(who)
        assert visitor.get(f"/calls/{call_id}/desk").status_code == 403
        assert visitor.post(f"/calls/{call_id}/copies").status_code == 403
