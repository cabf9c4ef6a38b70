"""Mails once, surveys by link, reports with versions, costs."""

from __future__ import annotations

import io
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.notifications.domain import OutboxState
from matchmaker.notifications.models import OutboxMessage
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations.links import ticket_token
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.reports import content, costs, mailings, photos, service
from matchmaker.regional_events.reports.costs import CostRow
from matchmaker.regional_events.reports.domain import MailingKind, ReportMove, ReportState
from matchmaker.regional_events.reports.models import EventMailing, EventPhoto, EventReport
from matchmaker.regional_events.reports.photos import PhotoWords
from matchmaker.regional_events.reports.service import ReportData
from matchmaker.regional_events.reports.survey import survey_event
from matchmaker.surveys.jobs import ask_for_answers
from matchmaker.surveys.models import Survey, SurveyAnswer
from tests.regional_events.reports.conftest import COORDINATOR, Hold, SignIn
from tests.regional_events.reports.pictures import picture

HOSTILE = "<script>alert(1)</script>{{ 7*7 }} 件名：にせ\n\r\nBcc: x@example.com"


def test_thanks_go_once_to_those_who_came(app: Flask, hold: Hold) -> None:
    held = hold()
    with app.app_context():
        event = get_event(held.event_id)
        words = mailings.usual_words(event, MailingKind.THANKS)
        sent = mailings.send(event, MailingKind.THANKS, words, COORDINATOR, held.now)
        db.session.commit()
        assert sent.recipients == 6
        assert mailings.delivery_of(sent) == {OutboxState.WAITING: 6}
        with pytest.raises(Conflict):
            mailings.send(event, MailingKind.THANKS, words, COORDINATOR, held.now)
        missed = mailings.usual_words(event, MailingKind.MISSED)
        assert (
            mailings.send(event, MailingKind.MISSED, missed, COORDINATOR, held.now).recipients == 2
        )


def test_two_who_press_at_once_send_one_mail_each(
    app: Flask, hold: Hold, signed_in: SignIn
) -> None:
    held = hold()
    client = signed_in("secretariat")
    second = app.test_client()
    login = {"email": "secretariat@example.com", "password": "midori-no-yama-42"}
    second.post("/sign-in", data=login)
    address = f"/regional-events/{held.event_id}/report/mailings/thanks"
    data = {"subject": "お礼", "body": "ありがとうございました。"}
    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(lambda c: c.post(address, data=data).status_code, (client, second)))
    assert found == [302, 409]
    with app.app_context():
        mailing = db.session.scalars(select(EventMailing)).one()
        assert sum(mailings.delivery_of(mailing).values()) == 6


def test_nobody_is_thanked_before_the_end_and_hostile_words_stay_words(
    app: Flask, hold: Hold
) -> None:
    held = hold(came=1)
    with app.app_context():
        event = get_event(held.event_id)
        data = mailings.MailingData(HOSTILE, HOSTILE)
        with pytest.raises(ProductError):
            before = event.ends_at - timedelta(microseconds=1)
            mailings.send(event, MailingKind.THANKS, data, COORDINATOR, before)
        mailings.send(event, MailingKind.THANKS, data, COORDINATOR, held.now)
        mail = db.session.scalars(
            select(OutboxMessage).where(OutboxMessage.created_at == held.now)
        ).one()
        assert "\n" not in mail.subject
        assert "{{ 7*7 }}" in mail.body
        assert f"/event-tickets/{ticket_of(held.came[0])}/materials" in mail.body


def ticket_of(attendee_id: uuid.UUID) -> str:
    return ticket_token(db.session.get_one(Attendee, attendee_id))


def make_survey(held_id: uuid.UUID, *, is_anonymous: bool = True) -> Survey:
    now = clock.now()
    survey = survey_event(get_event(held_id), "アンケート", None, is_anonymous, COORDINATOR, now)
    survey.opens_at = now - timedelta(minutes=5)
    db.session.commit()
    return survey


def test_a_guest_answers_by_the_link_once(app: Flask, hold: Hold) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    held = hold()
    with app.app_context():
        survey = make_survey(held.event_id, is_anonymous=False)
        assert ask_for_answers(clock.now()) == 1
        asked = select(func.count()).where(OutboxMessage.subject.contains("アンケート"))
        assert db.session.scalar(asked) == 6
        tokens, missed = [ticket_of(one) for one in held.came], ticket_of(held.missed[0])
        survey_id = survey.id
    client = app.test_client()
    address = f"/event-tickets/{tokens[0]}/surveys"
    assert "回答を送る" in client.get(address).text
    assert client.post(address, data={"revision": "1"}).status_code == 422
    good = {"q-satisfaction": "o1", "q-useful": ["o1", "o2"], "revision": "1"}
    assert client.post(address, data=good).status_code == 302
    assert client.post(address, data=good).status_code == 409
    assert "回答は済んでいます" in client.get(address).text
    assert client.get(f"/event-tickets/{missed}/surveys").status_code == 404
    assert client.get("/event-tickets/forged/surveys").status_code == 404
    with app.app_context():
        (answer,) = db.session.scalars(select(SurveyAnswer)).all()
        assert (answer.survey_id, answer.respondent_id) == (survey_id, held.came[0])


@pytest.mark.parametrize("count", [0, 4, 5, 500])
def test_the_report_shows_a_survey_from_five_answers_on(app: Flask, hold: Hold, count: int) -> None:
    held = hold()
    with app.app_context():
        survey = make_survey(held.event_id)
        for _ in range(count):
            db.session.add(
                SurveyAnswer(survey_id=survey.id, answers={"satisfaction": ["o1"], "next": "秘密"})
            )
        event = get_event(held.event_id)
        assert content.report_view(event, None, held.now).survey == ()
        survey.closes_at = clock.now()
        db.session.commit()
        view = content.report_view(event, None, clock.now() + timedelta(seconds=1))
        assert view.survey_answers == (count if count >= 5 else 0)
        assert [r.question.id for r in view.survey] == (["satisfaction"] if count >= 5 else [])


def test_a_report_goes_public_is_corrected_and_taken_back(app: Flask, hold: Hold) -> None:
    held = hold()
    with app.app_context():
        event, now = get_event(held.event_id), held.now
        report = service.save_report(event, ReportData("概要です"), COORDINATOR, now)
        service.move_report(event, report, ReportMove.PUBLISH, "", COORDINATOR, now)
        with pytest.raises(IllegalMove):
            service.move_report(event, report, ReportMove.PUBLISH, "", COORDINATOR, now)
        with pytest.raises(ProductError) as missing:
            service.save_report(event, ReportData("直した"), COORDINATOR, now)
        assert missing.value.field == "reason"
        service.save_report(event, ReportData("直した"), COORDINATOR, now, reason="人数の誤り")
        numbers = [(v.number, v.summary, v.reason) for v in service.versions_of(report)]
        assert numbers == [(2, "直した", "人数の誤り"), (1, "概要です", "")]
        view = content.report_view(event, report, now)
        assert (view.figures.present, view.figures.confirmed) == (6, 8)
        assert view.figures.no_show_rate == 0.25
        with pytest.raises(ProductError):
            service.move_report(event, report, ReportMove.WITHDRAW, " ", COORDINATOR, now)
        service.move_report(event, report, ReportMove.WITHDRAW, "写真の確認", COORDINATOR, now)
        assert report.state is ReportState.DRAFT
        stale = report.revision - 1
        with pytest.raises(Conflict):
            service.save_report(
                event, ReportData("古い"), COORDINATOR, now, expected_revision=stale
            )


def test_a_report_is_for_all_only_while_it_is_published(
    app: Flask, hold: Hold, signed_in: SignIn
) -> None:
    held = hold()
    client, address = signed_in("secretariat"), f"/regional-events/{held.event_id}/report"
    door, stranger, visitor = (
        signed_in("reception", held.event_id), signed_in("stranger"), app.test_client(),
    )  # fmt: skip
    assert "報告は、まだありません" in client.get(address).text
    assert [who.get(address).status_code for who in (door, stranger)] == [404, 404]
    sent = {"summary": HOSTILE.replace("{{", ""), "outcome": "", "revision": "0"}
    assert client.post(f"{address}/edit", data=sent).status_code == 302
    assert client.post(f"{address}/edit", data=sent).status_code == 409
    assert visitor.get(address).status_code in (302, 401)
    steps = re.findall(r'name="move"[^>]*', client.get(address).text)
    assert steps == ['name="move" value="publish"'], "a form sends its own step and nothing else"
    assert client.post(f"{address}/moves", data={"move": "publish"}).status_code == 302
    assert client.post(f"{address}/moves", data={"move": "publish"}).status_code == 409
    page = visitor.get(address).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert visitor.get(f"{address}/print").status_code == 200
    assert visitor.get(f"{address}/edit").status_code in (302, 401)
    assert door.get(f"{address}/edit").status_code == 403
    assert "第1版" in client.get(f"{address}/versions").text
    assert "開催報告を読む" in visitor.get(f"/regional-events/{held.event_id}").text


def test_pictures_are_written_anew_and_need_words(app: Flask, hold: Hold) -> None:
    held = hold(came=1)
    with app.app_context():
        event, now = get_event(held.event_id), held.now
        for words in (PhotoWords("", "同意"), PhotoWords("人", "　")):
            with pytest.raises(ProductError):
                photos.add_photo(event, "a.jpg", picture(), words, COORDINATOR, now)
        good = PhotoWords("話す人", "受付で確かめた")
        with pytest.raises(ProductError):
            photos.add_photo(event, "a.jpg", b"GIF89a", good, COORDINATOR, now)
        for _ in range(30):
            photos.add_photo(event, "a.jpg", picture(), good, COORDINATOR, now)
        with pytest.raises(ProductError, match="30枚まで"):
            photos.add_photo(event, "a.jpg", picture(), good, COORDINATOR, now)
        photos.remove_photo(photos.photos_of(event.id)[3], COORDINATOR, now)
        assert photos.add_photo(event, "a.jpg", picture(), good, COORDINATOR, now).position == 4
        assert db.session.scalar(select(func.count(EventPhoto.id))) == 30


def test_a_picture_is_added_on_the_page_and_seen_once_published(
    app: Flask, hold: Hold, signed_in: SignIn
) -> None:
    held = hold(came=1)
    client, address = signed_in("secretariat"), f"/regional-events/{held.event_id}/report"
    words = {"alt_text": "話す人", "consent_note": "確かめた", "caption": "会場"}
    assert client.post(f"{address}/photos", data=words).status_code == 422
    sent = {**words, "file": (io.BytesIO(picture()), "a.jpg")}
    assert client.post(f"{address}/photos", data=sent).status_code == 302
    page = client.get(f"{address}/photos").text
    found = re.search(rf"{address}/photos/([0-9a-f-]{{36}})", page)
    assert found
    edit = f"{found.group(0)}/edit"
    assert client.post(edit, data={**words, "alt_text": ""}).status_code == 422
    assert client.post(edit, data=words).status_code == 302
    visitor = app.test_client()
    assert visitor.get(found.group(0)).status_code in (302, 401)
    client.post(f"{address}/edit", data={"summary": "概要", "revision": "0"})
    client.post(f"{address}/moves", data={"move": "publish"})
    shown = visitor.get(found.group(0))
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert 'alt="話す人"' in visitor.get(address).text


def test_costs_are_typed_as_people_type_them(app: Flask, hold: Hold, signed_in: SignIn) -> None:
    held = hold(came=1)
    client = signed_in("secretariat")
    address = f"/regional-events/{held.event_id}/report/costs"
    assert "会場費" in client.get(address).text
    sent = {"label": ["会場費", "", "配信"], "planned": ["１２０，０００円", "", "50000"],
            "actual": ["", "", "49,000"]}  # fmt: skip
    assert client.post(address, data=sent).status_code == 302
    faulty = {"label": ["会場費"], "planned": ["たくさん"], "actual": ["-5"]}
    page = client.post(address, data=faulty)
    assert page.status_code == 422
    assert 'value="たくさん"' in page.text
    with app.app_context():
        total = costs.sums_of([held.event_id])[held.event_id]
        assert (total.planned_yen, total.actual_yen) == (170_000, 49_000)
        assert CostRow(" ").is_empty
        assert db.session.scalar(select(func.count(EventReport.id))) == 0


def test_the_staff_sees_what_is_kept_and_forgets_one(
    app: Flask, hold: Hold, signed_in: SignIn
) -> None:
    held = hold(came=2, missed=0)
    client = signed_in("secretariat")
    address = f"/regional-events/{held.event_id}/report/guests"
    assert "2件の参加登録（2人）" in client.get(address).text
    for number in ("", "99", "ア", "９９９９９９９９"):
        sent = {"number": number, "reason": "希望"}
        assert client.post(f"{address}/deletions", data=sent).status_code == 422
    sent = {"number": "１", "reason": "電話で希望"}
    assert client.post(f"{address}/deletions", data=sent).status_code == 302
    assert client.post(f"{address}/deletions", data=sent).status_code == 409
    assert "1件の参加登録（1人）" in client.get(address).text


def test_pages_of_mails_and_surveys(app: Flask, hold: Hold, signed_in: SignIn) -> None:
    held = hold()
    client = signed_in("secretariat")
    address = f"/regional-events/{held.event_id}/report"
    assert "6人に届きます" in client.get(f"{address}/mailings").text
    assert "6人" in client.get(f"{address}/mailings/thanks/new").text
    assert client.get(f"{address}/mailings/other/new").status_code == 404
    words = {"subject": "お礼です", "body": "本文です"}
    preview = client.post(f"{address}/mailings/thanks/previews", data=words)
    assert "6人に送る" in preview.text
    empty = client.post(f"{address}/mailings/thanks", data={"subject": "", "body": ""})
    assert empty.status_code == 422
    assert client.post(f"{address}/mailings/thanks", data=words).status_code == 302
    with app.app_context():
        mailing = db.session.scalars(select(EventMailing)).one()
        failed = db.session.scalars(
            select(OutboxMessage).where(OutboxMessage.subject_id == mailing.id)
        ).first()
        assert failed
        failed.state, failed.reason = OutboxState.FAILED, "宛先がありません。"
        db.session.commit()
    assert "宛先がありません。" in client.get(f"{address}/mailings").text
    assert "6人に、メールで" in client.get(f"{address}/surveys/new").text
    made = client.post(f"{address}/surveys", data={"title": "感想", "names": "anonymous"})
    assert made.status_code == 302
    again = client.post(f"{address}/surveys", data={"title": "感想", "names": "anonymous"})
    assert again.status_code == 409
    assert client.get(made.location).status_code == 200
