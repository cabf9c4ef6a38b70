"""The event of a journey, and what people do on the pages of registrations and tickets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service
from tests.journeys.mailbox import letter_to
from tests.journeys.meeting_steps import PHONE, fits, press

NAME = "里山の資源を話す会"
VENUE = "笹野原町公会堂"
ROOM, STREAM = "会場の席", "オンライン"
STREAM_URL = "https://stream.example/satoyama-live"
GUEST = ("下山 明里", "shimoyama@guest.example")
OFFICER = "梅野 千里"
SECOND = ("設楽 望", "shitara@sasanohara.example")
THIRD = ("鳳来 健", "horai@sasanohara.example")
SUCCESSOR = ("作手 めぐみ", "tsukude@sasanohara.example")
HYBRID = "オンラインで今すぐ、会場が空けば会場へ"
SEATED, OFFERED = "参加が確定しました", "の席が空きました"
TICKET_LINK = re.compile(r"https?://\S+/event-tickets/\S+")
LONGER_THAN_A_PROGRAM = 2_100


@dataclass
class Occasion:
    """The event of this journey.

    Args:
        service: where it all happens.
        visit: opens a window for somebody.
        axe: looks at a page.
        planner: window of the one who runs the event.
        begins: first moment.
        url: path of its page.
    """

    service: Service
    visit: Visit
    axe: AxeCheck
    planner: Page
    begins: datetime
    url: str = ""

    def open(self, page: Page, more: str = "") -> Page:
        """Open its page, or one below it."""
        page.goto(self.url + more)
        return page

    def link(self, who: str, words: str) -> str:
        """Path of the link in a mail that somebody was sent.

        Args:
            who: a mail address, or the key of a demo account.
            words: part of the mail's subject.
        """
        address = who if "@" in who else self.service.email(who)
        text = letter_to(self.service.folder, address, words).text
        found = TICKET_LINK.search(text)
        assert found is not None, text
        return urlsplit(found[0]).path

    def on_a_phone(self, path: str) -> Page:
        """A page on the phone of somebody who has not signed in, looked at once."""
        page = self.visit(viewport=PHONE)
        page.goto(path)
        self.axe(page)
        fits(page)
        return page


def choose_way(page: Page, words: str, number: int = 1) -> None:
    """Choose how the person of that number takes part."""
    people = page.get_by_role("group", name=re.compile("参加する方$"))
    people.nth(number - 1).get_by_role("radio", name=re.compile(f"^{words}")).check()


def agree(page: Page) -> None:
    """Answer what the event asks, and agree to the use of what was typed."""
    page.get_by_label("写ってもかまわない").check()
    page.get_by_label("個人情報の取り扱いに同意します").check()


def expect_code(page: Page) -> None:
    """The ticket has the QR code for the door."""
    expect(page.get_by_role("img", name="受付で見せるQRコード")).to_be_visible()
    expect(page.get_by_text("受付で、このQRコードを見せてください。")).to_be_visible()


def expect_no_code(page: Page) -> None:
    """The ticket has no QR code."""
    expect(page.get_by_role("img", name="受付で見せるQRコード")).to_have_count(0)


def calendar_of(page: Page) -> Calendar:
    """The calendar file that the ticket hands out."""
    with page.expect_download() as waiting:
        page.locator("main").get_by_role("link", name="カレンダーに入れる").click()
    calendar = Calendar.from_ical(Path(waiting.value.path()).read_bytes())
    assert isinstance(calendar, Calendar)
    return calendar


def open_own_ticket(page: Page, name: str) -> None:
    """Open somebody's ticket from the list of one's own registrations."""
    page.goto("/event-own-registrations")
    page.get_by_role("link", name=f"{NAME}　{name}さん").click()


def cancel(page: Page) -> None:
    """Give the seat of the ticket back."""
    page.get_by_role("link", name="参加を取り消す").click()
    press(page, "取り消す")
    expect(page.get_by_text("参加登録を取り消しました。")).to_be_visible()
