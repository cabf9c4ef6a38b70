"""After an event: the survey, the report with a picture, the thanks to those who came."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from matchmaker.core import clock
from tests.journeys.event_world import Journey, Person
from tests.journeys.mailbox import Letter, letters_to
from tests.journeys.meeting_steps import PHONE, fits, press, press_and_confirm, told, type_moment
from tests.regional_events.reports.pictures import picture

PATH_IN_MAIL = "/event-tickets/"
MEMBERS_WORDS, GUESTS_WORDS = "相談の時間をもっと長く。", "駅からの案内がほしいです。"
SUMMARY = "町と事業者が、竹の使い道を同じ机で話しました。"
OUTCOME = "3件の相談が始まりました。"
ALT, CAPTION = "机を囲んで話す4人の手もと", "相談の様子"
THANKS = "ご参加ありがとうございました"


def ask_those_who_came(journey: Journey, desk: Page) -> None:
    """The staff begins a survey with the usual questions, and has it start now."""
    journey.open(desk)
    journey.axe(desk)
    desk.get_by_role("link", name="アンケートを作る").click()
    told(desk, "出席した2人に、メールでお願いします。")
    desk.get_by_label("名前を残す", exact=True).check()
    journey.axe(desk)
    press(desk, "アンケートを作る")
    expect(desk.get_by_role("heading", level=1)).to_have_text("アンケートを編集する")
    type_moment(desk, "始まり", clock.now() - timedelta(minutes=1))
    press(desk, "保存する")
    journey.axe(desk)


def answer_signed_in_and_by_link(journey: Journey, desk: Page) -> None:
    """A member and a guest answer, each by the link of their mail; nobody answers twice."""
    member, guest, absent = journey.occasion.people
    survey = urlsplit(desk.url).path
    assert journey.mail(member, "アンケートへの回答のお願い")
    phone = journey.visit("startup", viewport=PHONE)
    phone.goto(survey)
    _answer(journey, phone, "とても満足", MEMBERS_WORDS)
    by_link = journey.visit(viewport=PHONE)
    by_link.goto(_link(journey.mail(guest, "アンケートへの回答のお願い")))
    _answer(journey, by_link, "満足", GUESTS_WORDS)
    by_link.reload()
    told(by_link, "回答は済んでいます")
    assert not _letters(journey, absent, "アンケート"), "only those who came are asked"
    desk.goto(f"{survey}/results")
    told(desk, "回答は2件です")
    for words in (MEMBERS_WORDS, GUESTS_WORDS):
        told(desk, words)
    journey.axe(desk)


def _answer(journey: Journey, page: Page, level: str, words: str) -> None:
    press(page, "回答を送る")
    expect(page.locator(".field__error").first).to_be_visible()
    page.get_by_label(level, exact=True).check()
    page.get_by_label("改善してほしいこと").fill(words)
    journey.axe(page)
    fits(page)
    press(page, "回答を送る")
    told(page, "回答は済んでいます")


def write_report(journey: Journey, desk: Page) -> None:
    """A report with a picture; a picture without words for those who cannot see it is refused."""
    stranger = journey.open(journey.visit("recycler"), "/report")
    expect(stranger.get_by_role("heading", name=journey.occasion.name)).to_have_count(0)
    journey.open(stranger)
    expect(stranger.get_by_role("link", name="開催報告")).to_have_count(0)
    journey.open(desk)
    desk.get_by_role("link", name="開催報告").first.click()
    desk.get_by_role("link", name="報告を書く").click()
    journey.axe(desk)
    desk.get_by_label("概要").fill(SUMMARY)
    desk.get_by_label("成果とこれから").fill(OUTCOME)
    press(desk, "保存する")
    told(desk, "下書きです")
    desk.locator("main").get_by_role("link", name="写真", exact=True).click()
    journey.axe(desk)
    _add_picture(desk, "")
    expect(desk.locator(".field__error").first).to_be_visible()
    _add_picture(desk, ALT)
    told(desk, "写真を加えました。")
    journey.axe(desk)


def _add_picture(desk: Page, alt: str) -> None:
    file = {"name": "soudan.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    desk.locator('input[type="file"]').set_input_files(file)  # type: ignore[arg-type]
    desk.get_by_label("写っているもの").fill(alt)
    desk.get_by_label("説明", exact=True).fill(CAPTION)
    desk.get_by_label("同意の確かめ方").fill("受付で全員に確かめた。")
    press(desk, "写真を加える")


def publish_report(journey: Journey, desk: Page) -> None:
    """Published, the report is read by everybody: words, figures, the picture; no names."""
    journey.open(desk, "/report")
    journey.axe(desk)
    press_and_confirm(desk, "公開する")
    told(desk, "報告を公開しました。")
    reader = journey.open(journey.visit(viewport=PHONE))
    reader.get_by_role("link", name="開催報告を読む").click()
    told(reader, SUMMARY)
    told(reader, OUTCOME)
    shown = reader.get_by_role("img", name=ALT)
    shown.scroll_into_view_if_needed()
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("picture => picture.naturalWidth") > 0
    expect(reader.locator(".stat", has_text="出席").first).to_contain_text("2")
    for person in journey.occasion.people:
        expect(reader.locator("body")).not_to_contain_text(person.name)
    journey.axe(reader)
    fits(reader)


def thank_once(journey: Journey, desk: Page) -> None:
    """The thanks go to those who came, once, whatever a second window tries."""
    *came, absent = journey.occasion.people
    journey.open(desk, "/report/mailings")
    journey.axe(desk)
    desk.get_by_role("link", name="書いて確かめる").first.click()
    journey.axe(desk)
    press(desk, "届く内容を確かめる")
    told(desk, "（お名前） 様")
    journey.axe(desk)
    second = journey.visit("coordinator2")
    second.goto(f"/regional-events/{journey.occasion.id}/report/mailings/thanks/new")
    press(second, "届く内容を確かめる")
    for window in (desk, second):
        press(window, "2人に送る")
        window.get_by_role("dialog").get_by_role("button", name="送る", exact=True).click()
    told(desk, "2通のメールを、送信待ちに入れました。")
    told(second, "このメールは、もう送信の準備をしました。")
    for person in came:
        assert journey.mail(person, THANKS)
    guest = journey.visit(viewport=PHONE)
    guest.goto(_link(journey.mail(came[1], THANKS)))
    told(guest, "回答は済んでいます")
    desk.reload()
    told(desk, "送信済み")
    for person in came:
        assert len(_letters(journey, person, THANKS)) == 1
    assert not _letters(journey, absent, THANKS)


def _link(letter: Letter) -> str:
    """The person's own link to the survey."""
    lines = [line for line in letter.text.split() if PATH_IN_MAIL in line]
    return urlsplit(next(line for line in lines if line.endswith("/surveys"))).path


def _letters(journey: Journey, person: Person, words: str) -> list[str]:
    found = letters_to(journey.service.folder, person.email)
    return [letter.subject for letter in found if words in letter.subject]
