"""The meeting of a journey, and what people do again and again on its pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from matchmaker.core.clock import JST
from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service
from tests.journeys.mailbox import Letter, letter_to

PHONE = {"width": 375, "height": 780}
TITLE = "集める量と運ぶ費用の確認会"
PLACE = "笹野原町役場 2階 大会議室"
LINK = "https://meet.example/satoyama-7h2k"
ITEMS = ("前回の確認", "集める量と運ぶ費用の試算", "実証の進め方")
OPEN_MATERIAL, INNER_MATERIAL = "試算の表", "進行の台本"
REIWA = 2018
WHOLE_WIDTH = "document.documentElement.scrollWidth"


@dataclass
class Meeting:
    """The meeting of this journey with the windows of those who take part.

    Args:
        service: where it all happens.
        visit: opens a window for somebody.
        axe: looks at a page.
        lead: window of the one who runs the group.
        member: window of somebody who works in it.
        begins: first moment, as it is planned now.
        url: address of its page.
    """

    service: Service
    visit: Visit
    axe: AxeCheck
    lead: Page
    member: Page
    begins: datetime
    url: str = ""

    def open(self, page: Page, more: str = "") -> Page:
        """Open its page, or one below it."""
        page.goto(self.url + more)
        return page

    def mail(self, who: str, words: str) -> Letter:
        """What somebody was sent about it."""
        address = who if "@" in who else self.service.email(who)
        return letter_to(self.service.folder, address, words)


def type_day(page: Page, legend: str, moment: datetime) -> None:
    """Type a day with the year of the era."""
    day = moment.astimezone(JST)
    fields = page.get_by_role("group", name=re.compile(f"^{legend}"))
    fields.get_by_label("年", exact=True).fill(f"令和{day.year - REIWA}")
    fields.get_by_label("月", exact=True).fill(str(day.month))
    fields.get_by_label("日", exact=True).fill(str(day.day))


def type_moment(page: Page, legend: str, moment: datetime) -> None:
    """Type a day with the year of the era, and a time of day."""
    type_day(page, legend, moment)
    time = page.get_by_role("group", name=re.compile(f"^{legend}")).get_by_label("時刻")
    time.fill(f"{moment.astimezone(JST):%H:%M}")


def clear_moment(page: Page, legend: str) -> None:
    """Leave a moment open."""
    fields = page.get_by_role("group", name=re.compile(f"^{legend}"))
    for label in ("年", "月", "日", "時刻"):
        fields.get_by_label(label, exact=True).fill("")


def day_in_words(day: datetime) -> str:
    """``2026年12月24日（令和8年）`` in Japan, written here by itself."""
    day = day.astimezone(JST)
    return f"{day.year}年{day.month}月{day.day}日（令和{day.year - REIWA}年）"


def next_minute(now: datetime) -> datetime:
    """The first full minute that leaves time to send a form."""
    return (now + timedelta(seconds=90)).replace(second=0, microsecond=0)


def press(page: Page, label: str) -> None:
    """Press a button of the page's content."""
    page.locator("main").get_by_role("button", name=label, exact=True).click()


def press_and_confirm(page: Page, label: str) -> None:
    """Press a button that asks first, and say yes."""
    press(page, label)
    page.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()


def told(page: Page, words: str) -> None:
    """The page says so."""
    expect(page.get_by_text(words).first).to_be_visible()


def fits(page: Page) -> None:
    """Nothing sticks out to the side."""
    width = page.viewport_size
    assert width is not None
    assert page.evaluate(WHOLE_WIDTH) <= width["width"], page.url
