"""The door of an event: a phone that loses its connection, and a desk beside it."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from matchmaker.core.db import db
from matchmaker.regional_events.reception.models import CheckIn
from tests.journeys.event_world import Journey, opened
from tests.journeys.meeting_steps import PHONE, fits, told

PASSPHRASE = "みどりの山と青い空"


def get_ready(journey: Journey) -> Page:
    """On the phone: one person by code, then the list for times without a connection."""
    phone = journey.open(journey.visit("coordinator", viewport=PHONE))
    journey.axe(phone)
    phone.get_by_role("link", name="受付", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("受付")
    journey.axe(phone)
    fits(phone)
    phone.get_by_role("link", name="カメラで受け付ける").click()
    journey.axe(phone)
    fits(phone)
    _enter(phone, journey.occasion.people[0].code, "受け付けました")
    phone.get_by_label("端末の呼び名").fill("入口の電話")
    phone.get_by_label("合言葉（8文字以上）").fill(PASSPHRASE)
    phone.get_by_role("button", name="名簿を取り込む").click()
    expect(phone.locator("[data-offline-state]")).to_contain_text("4人の名簿")
    return phone


def receive_without_connection(journey: Journey, phone: Page) -> None:
    """The page opens again without a connection; two people are taken, nobody twice."""
    first, second, third, _ = journey.occasion.people
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("カメラで受付")
    expect(phone.locator("[data-line]")).to_contain_text("電波がありません")
    phone.get_by_label("合言葉", exact=True).fill(PASSPHRASE)
    phone.get_by_role("button", name="名簿を開く").click()
    expect(phone.locator("[data-offline-state]")).to_contain_text("4人の名簿")
    _enter(phone, first.code, "受付済み")
    _enter(phone, second.code, second.name)
    _enter(phone, second.code, "この端末で受け付けています")
    _enter(phone, third.code, third.name)
    expect(phone.locator("[data-line]")).to_contain_text("2件")
    journey.axe(phone)
    assert _taken(journey) == 1, "the service knows of the first alone"


def take_at_the_desk(journey: Journey) -> Page:
    """Meanwhile the desk takes one of the two, by the code as well."""
    desk = journey.open(journey.visit("coordinator2"), "/reception")
    desk.get_by_label("受付コード").fill(journey.occasion.people[2].code)
    desk.locator("main").get_by_role("button", name="受け付ける").first.click()
    expect(desk.locator(".door-result")).to_contain_text("受け付けました")
    journey.axe(desk)
    return desk


def come_back(journey: Journey, phone: Page, desk: Page) -> None:
    """With the connection everything is sent; the double one is told, and counted once."""
    third, absent = journey.occasion.people[2:]
    phone.context.set_offline(False)
    expect(phone.locator("[data-line]")).to_have_text("つながっています。")
    expect(phone.locator("[data-check-list] > *")).to_have_count(1)
    expect(phone.locator("[data-check-list]")).to_contain_text(third.name)
    journey.axe(phone)
    assert _taken(journey) == 3
    journey.open(desk, "/reception")
    told(desk, "3人が参加中")
    expect(desk.locator(".door-person", has_text="受付済み")).to_have_count(3)
    waiting = desk.locator(".door-person", has_text=absent.name)
    expect(waiting.get_by_role("button", name="受け付ける")).to_be_visible()
    phone.reload()
    expect(phone.locator("[data-counts]")).to_contain_text("3人")
    assert _taken(journey) == 3, "loading the page again sends nothing twice"


def _enter(phone: Page, code: str, words: str) -> None:
    phone.get_by_label("受付コード").fill(code)
    phone.get_by_role("button", name="受け付ける").first.click()
    expect(phone.locator("[data-result]")).to_contain_text(words)


def _taken(journey: Journey) -> int:
    """How many check-ins the service has stored."""
    query = select(func.count()).where(CheckIn.event_id == journey.occasion.id)
    with opened(journey.service.folder):
        return db.session.scalar(query) or 0
