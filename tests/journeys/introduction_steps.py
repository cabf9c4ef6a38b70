"""What people do on the pages of an introduction, from the interest to its answer."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from matchmaker.core import clock
from tests.browser.service import Service
from tests.journeys.meeting_steps import day_in_words, press, told, type_day
from tests.journeys.partnering_world import Partners, path_in

KITCHEN, PLASTICS = "給食センターの残食を発酵させて使いたい", "バケツと衣装ケースを再生してほしい"
TRIAL = "買う前に3か月、生ごみ発酵の実演機をお貸しします"
PELLETS = "バケツもハンガーもまとめて。製品プラの選別・ペレット化"
TOWN, STARTUP, RECYCLER = "笹野原町", "株式会社コトコト発酵", "株式会社奥備後リソース"
TOWN_CONTACT = "学校給食係 0900-55-0123"
NOTE = "給食の残食は、実演機でいちばん多く試していただいている相手です。"
WISH = "置き場所は車1台分、水道と100ボルトの電源をお願いします。"
QUESTION, REPLY = "夏のにおいは外に出ませんか。", "吸気を炭に通すので、外には出ません。"
WELCOME = "給食センターと相談しました。試してみたいです。"
WHY_NOT = "年に150トンからお受けしています。12トンでは足りません。"
DAYS_TO_ANSWER = 10
WAITS_FOR_WORKER = 90


def express_from_a_recommendation(partners: Partners, startup: Page) -> str:
    """The business finds the need recommended on the page of its offering, and says so.

    Returns:
        Path of the introduction.
    """
    startup.goto("/offerings?mine=1")
    startup.locator("main").get_by_role("link", name=TRIAL).first.click()
    _recommended(startup, KITCHEN).get_by_role("link", name="関心を伝える").click()
    expect(startup.get_by_role("heading", level=1)).to_have_text(f"{TOWN}に関心を伝える")
    told(startup, "この組み合わせの理由")
    press(startup, "関心を伝える")
    told(startup, "相手へのひとことを入れてください。")
    startup.get_by_label("相手へのひとこと").fill(NOTE)
    startup.get_by_label("提供できること・お願いしたいこと").fill(WISH)
    type_day(startup, "返事がほしい日", _last_day())
    partners.look(startup)
    press(startup, "関心を伝える")
    told(startup, "関心を伝えました。返事が届くと、メールでお知らせします。")
    told(startup, "返事待ち")
    told(startup, NOTE)
    told(startup, "おすすめから")
    told(startup, f"返事の期限 {day_in_words(_last_day())}")
    return urlsplit(startup.url).path


def _last_day() -> datetime:
    """The last day for the answer, as it is counted in Japan."""
    return clock.start_of_day(clock.today(clock.now()) + timedelta(days=DAYS_TO_ANSWER))


def _recommended(page: Page, title: str) -> Locator:
    """The card of a partner; the page is opened again until the worker has read the post."""
    card = page.locator("#partners .recommendation", has_text=title)
    for _ in range(WAITS_FOR_WORKER):
        if card.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(card).to_be_visible()
    return card


def keep_contacts_closed(partners: Partners, startup: Page, need: uuid.UUID) -> None:
    """Before the answer the business reads neither the officer's name nor how to reach her."""
    for hidden in (TOWN_CONTACT, "梅野", partners.service.email("officer")):
        expect(startup.locator("main")).not_to_contain_text(hidden)
    startup.goto(f"/needs/{need}")
    expect(startup.locator("main")).not_to_contain_text(TOWN_CONTACT)


def ask_back_and_reply(partners: Partners, officer: Page, startup: Page) -> None:
    """The officer opens the link of her mail and asks; the business answers by its own mail."""
    letter = partners.mail("officer", f"{STARTUP}から関心が届きました")
    assert day_in_words(_last_day()) in letter.subject
    for words in (KITCHEN, TRIAL, NOTE, WISH):
        assert words in letter.text
    assert Service.email("startup") not in letter.text
    officer.goto(path_in(letter, "/introductions/"))
    expect(officer.get_by_role("heading", level=1)).to_have_text(f"{STARTUP}との紹介")
    told(officer, "あなたの返事を待っています")
    partners.look(officer)
    _unfold(officer, "質問する")
    officer.get_by_label("聞きたいこと").fill(QUESTION)
    press(officer, "質問を送る")
    told(officer, "質問を送りました。")
    asked = partners.mail("startup", f"{TOWN}から質問が届きました")
    assert QUESTION in asked.text
    startup.goto(path_in(asked, "/introductions/"))
    told(startup, "質問への答えを待っています")
    startup.get_by_label("質問への答え").fill(REPLY)
    press(startup, "答えを送る")
    told(startup, "質問への答えを送りました。")


def accept(partners: Partners, officer: Page) -> str:
    """The officer reads the reply in her mail and says yes.

    Returns:
        Path of the page on which both go on.
    """
    letter = partners.mail("officer", f"{STARTUP}から質問への答えが届きました")
    assert REPLY in letter.text
    officer.goto(path_in(letter, "/introductions/"))
    told(officer, REPLY)
    officer.locator("#accept-form").get_by_label("相手へのひとこと").fill(WELCOME)
    press(officer, "話してみたいと答える")
    told(officer, "成立しました。おたがいの連絡先が見えるようになりました。")
    told(officer, WELCOME)
    partners.look(officer)
    officer.get_by_role("link", name="話し合いのページを開く").click()
    expect(officer.get_by_role("heading", level=1)).to_have_text(f"{TOWN} × {STARTUP}")
    return urlsplit(officer.url).path


def look_at_the_contacts(partners: Partners, talk: str, startup: Page, officer: Page) -> None:
    """Both read by mail and on the page whom they talk to; the post shows its contact too."""
    people = {"officer": ("梅野 千里", TOWN_CONTACT), "startup": ("小布施 航", "")}
    for reader, other in (("startup", "officer"), ("officer", "startup")):
        letter = partners.mail(reader, f"成立しました：{KITCHEN}")
        assert Service.email(other) in letter.text
        assert path_in(letter, "/matches/") == talk
    for page in (startup, officer):
        page.goto(talk)
        cards = page.locator(".match-card")
        for key, (name, contact) in people.items():
            card = cards.filter(has_text=name)
            expect(card).to_contain_text(Service.email(key))
            expect(card).to_contain_text(contact)
    partners.look(startup)
    startup.get_by_role("link", name=KITCHEN).first.click()
    expect(startup.locator("main")).to_contain_text(TOWN_CONTACT)


def shut_others_out(partners: Partners, introduction: str, talk: str, need: uuid.UUID) -> None:
    """Another business and a visitor find neither page, and no contact on the need."""
    for page in (partners.visit("recycler"), partners.visit()):
        for path in (introduction, talk):
            page.goto(path)
            expect(page.locator("body")).not_to_contain_text(NOTE)
            expect(page.locator("body")).not_to_contain_text(Service.email("officer"))
        page.goto(f"/needs/{need}")
        expect(page.get_by_role("heading", level=1)).to_have_text(KITCHEN)
        expect(page.locator("body")).not_to_contain_text(TOWN_CONTACT)


def express_from_a_post(partners: Partners, officer: Page) -> None:
    """The officer found an offering by herself and asks with one of her needs."""
    officer.goto("/offerings?q=ペレット化")
    officer.locator("main").get_by_role("link", name=PELLETS).first.click()
    officer.get_by_label("あなたの団体のニーズ").select_option(label=PLASTICS)
    press(officer, "関心を伝える")
    expect(officer.get_by_role("heading", level=1)).to_have_text(f"{RECYCLER}に関心を伝える")
    officer.get_by_label("相手へのひとこと").fill("年に12トンほどです。受けていただけますか。")
    press(officer, "関心を伝える")
    told(officer, "関心を伝えました。")
    told(officer, "投稿のページから")


def decline_with_a_reason(
    partners: Partners, recycler: Page, officer: Page, need: uuid.UUID
) -> None:
    """The business says no with a code and words; the town reads them, contacts stay closed."""
    letter = partners.mail("recycler", f"{TOWN}から関心が届きました")
    recycler.goto(path_in(letter, "/introductions/"))
    _unfold(recycler, "見送る")
    press(recycler, "見送りの返事を送る")
    expect(recycler.locator("#decline-form .field__error").first).to_be_visible()
    form = recycler.locator("#decline-form")
    form.get_by_label("量不足", exact=True).check()
    form.get_by_label("理由をくわしく").fill(WHY_NOT)
    partners.look(recycler)
    press(recycler, "見送りの返事を送る")
    told(recycler, "見送りの返事を送りました。")
    answer = partners.mail("officer", f"今回は見送りの返事がありました：{RECYCLER}")
    assert "理由：量不足" in answer.text
    assert WHY_NOT in answer.text
    officer.goto(path_in(answer, "/introductions/"))
    told(officer, "今回は見送りになりました")
    told(officer, "理由：量不足")
    told(officer, WHY_NOT)
    expect(officer.get_by_role("link", name="話し合いのページを開く")).to_have_count(0)
    partners.look(officer)
    recycler.goto(f"/needs/{need}")
    expect(recycler.locator("main")).not_to_contain_text(TOWN_CONTACT)
    assert not [s for s in partners.subjects("officer") if s == f"成立しました：{PLASTICS}"]


def _unfold(page: Page, label: str) -> None:
    """Open one of the moves below 「次にできること」."""
    page.locator("details.accordion > summary", has_text=label).click()
