"""Matching tables on the day: answers, a plan, its release, somebody missing, what came of it."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.regional_events.tables import queries
from matchmaker.regional_events.tables.versions import settings_as_json, settings_of
from tests.journeys.event_world import Journey, Person, opened
from tests.journeys.mailbox import letters_to
from tests.journeys.meeting_steps import PHONE, fits, press, press_and_confirm, told

TIMETABLE, CHANGED = "テーブルでの対話の時間割", "時間割が変わりました"
SHOWN_SEATS = re.compile(r"(\d+)席が変わります")
NOTE = "回収の見積もりを来週送ります。"


def opt_in(journey: Journey) -> None:
    """Two members answer signed in and one guest by the ticket; the staff writes down a fourth."""
    town, guest, startup, recycler = journey.occasion.people
    for key in ("officer", "startup"):
        _answer(journey, journey.open(journey.visit(key), "/tables/mine"))
    phone = journey.visit(viewport=PHONE)
    phone.goto(guest.ticket)
    journey.axe(phone)
    fits(phone)
    phone.get_by_role("link", name="テーブルでの対話").first.click()
    _answer(journey, phone)
    fits(phone)
    desk = journey.open(journey.visit("coordinator"), "/tables/people")
    journey.axe(desk)
    for person in (town, guest, startup):
        row = desk.get_by_role("row").filter(has_text=person.name)
        expect(row).to_contain_text("参加する")
    desk.get_by_role("row").filter(has_text=recycler.name).get_by_role("link").click()
    journey.axe(desk)
    _say_yes(desk)
    press(desk, "記録する")
    desk.context.close()


def _answer(journey: Journey, page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("テーブルでの対話")
    journey.axe(page)
    _say_yes(page)
    press(page, "回答を保存する")
    told(page, "時間割は、決まりしだいメールで知らせます。")


def _say_yes(page: Page) -> None:
    """Take part, with the first post of the organisation, wishing to meet everybody there."""
    page.get_by_label("参加する", exact=True).check()
    page.locator('input[name="posts"]').first.check()
    page.locator("summary", has_text="話したい団体").first.click()
    for box in page.locator('input[name="meet"]').all():
        box.check()


def solve_and_release(journey: Journey) -> Page:
    """The staff makes a plan, looks at it, and tells everybody, each with their own timetable."""
    desk = journey.open(journey.visit("coordinator"), "/tables")
    journey.axe(desk)
    press(desk, "座席表を作る")
    expect(desk.get_by_role("heading", level=1)).to_have_text("座席表 第1版")
    journey.axe(desk)
    for person in journey.occasion.people:
        assert not _letters(journey, person, TIMETABLE), "nobody is told before the release"
    press_and_confirm(desk, "この座席表を知らせる")
    told(desk, "座席表を知らせました。")
    for person in journey.occasion.people:
        letter = journey.mail(person, f"{TIMETABLE}：")
        assert re.search(r"\d回目　\d\d:\d\d〜\d\d:\d\d　テーブル\d", letter.text), letter.text
        assert letter.calendar
    return desk


def miss_one(journey: Journey, desk: Page) -> None:
    """Three of the four come; the plan is made anew for them, and little of it changes."""
    *there, absent = journey.occasion.people
    journey.open(desk, "/reception")
    for person in there:
        row = desk.locator(".door-person", has_text=person.name)
        row.get_by_role("button", name="受け付ける").click()
        expect(desk.locator(".door-result")).to_contain_text("受け付けました")
        desk.get_by_role("link", name="次の人へ").click()
    journey.open(desk, "/tables")
    press(desk, "来ている人だけで作り直す")
    expect(desk.get_by_role("heading", level=1)).to_have_text("座席表 第2版")
    banner = desk.get_by_text(SHOWN_SEATS).first.text_content() or ""
    changed = SHOWN_SEATS.search(banner)
    assert changed
    assert int(changed[1]) <= 2, "only the seats left empty are filled anew"
    expect(desk.locator(".tables-card__people").filter(has_text=absent.name)).to_have_count(0)
    journey.axe(desk)
    press_and_confirm(desk, "この座席表を知らせる")
    told(desk, "座席表を知らせました。")


def record_outcome(journey: Journey, desk: Page) -> None:
    """Once the first round has begun, one of the two says what came of it; the staff reads that."""
    _begin(journey)
    phone = journey.open(journey.visit("startup", viewport=PHONE), "/tables/mine")
    journey.axe(phone)
    fits(phone)
    phone.get_by_role("link", name="結果を記録する").first.click()
    journey.axe(phone)
    press(phone, "記録する")
    expect(phone.locator(".field__error").first).to_be_visible()
    phone.get_by_label("続けて話す").check()
    phone.get_by_label("メモ").fill(NOTE)
    press(phone, "記録する")
    told(phone, "続けて話す")
    journey.open(desk, "/tables/outcomes")
    row = desk.get_by_role("row").filter(has_text=NOTE)
    expect(row).to_contain_text("小布施 航")
    journey.axe(desk)


def _begin(journey: Journey) -> None:
    """Put the rounds back by the time that a test cannot wait for."""
    with opened(journey.service.folder):
        plan = queries.get_plan(journey.occasion.id)
        plan.first_starts_at = clock.now() - timedelta(minutes=30)
        version = queries.version_in_force(plan.id)
        assert version is not None
        version.settings = settings_as_json(settings_of(plan))
        db.session.flush()


def _letters(journey: Journey, person: Person, words: str) -> list[str]:
    found = letters_to(journey.service.folder, person.email)
    return [letter.subject for letter in found if words in letter.subject]


def tell_only_those_concerned(journey: Journey) -> None:
    """The timetable came once to everybody; the change at most once."""
    for person in journey.occasion.people:
        assert len(_letters(journey, person, f"{TIMETABLE}：")) == 1
        assert len(_letters(journey, person, CHANGED)) <= 1
