"""Before the meeting and at its door: planned, prepared, announced, answered, moved, checked in."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from matchmaker.core import clock
from matchmaker.seeding.working_groups import DEMO_GROUP
from tests.journeys.meeting_steps import (
    INNER_MATERIAL,
    ITEMS,
    LINK,
    OPEN_MATERIAL,
    PHONE,
    PLACE,
    TITLE,
    Meeting,
    clear_moment,
    day_in_words,
    fits,
    next_minute,
    press,
    press_and_confirm,
    told,
    type_day,
    type_moment,
)

POLICY = "WGの参加者と代理の方が入れます。前の日までに入口をお知らせします。"
PROXY = ("木下 直", "kinoshita@recycler.example")


def plan(meeting: Meeting) -> None:
    """The lead types the date of the era; an end before the beginning is told at its field."""
    page = meeting.lead
    page.goto("/working-groups?q=里山")
    page.get_by_role("link", name=DEMO_GROUP).first.click()
    page.get_by_role("link", name="会合を計画する").click()
    page.get_by_label("会合の名前").fill(TITLE)
    type_moment(page, "始まり", meeting.begins)
    page.get_by_role("group", name="終わり").get_by_label("時刻").fill("13:00")
    page.get_by_label("会場").fill(PLACE)
    page.get_by_label("オンラインについて").fill(POLICY)
    page.get_by_label("オンラインの入口（アドレス）").fill(LINK)
    type_moment(page, "出欠の回答の期限", meeting.begins - timedelta(days=7))
    meeting.axe(page)
    press(page, "保存する")
    told(page, "終わりが始まりより前か同じです")
    expect(page.get_by_label("会場")).to_have_value(PLACE)
    meeting.axe(page)
    type_moment(page, "終わり", meeting.begins + timedelta(hours=2))
    press(page, "保存する")
    told(page, "会合を登録しました。まだ案内は送られていません。")
    told(page, day_in_words(meeting.begins))
    meeting.url = urlsplit(page.url).path
    meeting.open(meeting.member)
    expect(meeting.member.get_by_role("heading", name=TITLE)).to_have_count(0)


def write_agenda(meeting: Meeting) -> None:
    """Three items; one that makes the meeting too long is pointed out."""
    page = meeting.lead
    page.get_by_role("link", name="議題を書く").click()
    for number, (title, minutes) in enumerate(zip(ITEMS, ("10", "６０", "60"), strict=True), 1):
        row = page.get_by_role("group", name=f"{number}番目の議題")
        row.get_by_label("議題", exact=True).fill(title)
        row.get_by_label("長さ（分）").fill(minutes)
    row = page.get_by_role("group", name="2番目の議題")
    row.get_by_text("話す人と補足").click()
    row.get_by_label("話す人", exact=True).select_option(label="小布施 航")
    press(page, "議題を保存する")
    told(page, "議題が、終わりの時刻を10分超えています")
    page.get_by_role("link", name="議題を書く").click()
    meeting.axe(page)
    page.get_by_role("group", name="3番目の議題").get_by_label("長さ（分）").fill("50")
    press(page, "議題を保存する")
    told(page, "14:10〜15:10")
    expect(page.get_by_text("超えています")).to_have_count(0)


def add_materials(meeting: Meeting) -> None:
    """One for everybody from three days before, one for the group at once."""
    page = meeting.lead
    page.get_by_role("link", name="資料を加える").click()
    _add_material(page, OPEN_MATERIAL, "tonnes.csv", f"2. {ITEMS[1]}", "開催の3日前", "だれでも")
    _add_material(page, INNER_MATERIAL, "plan.txt", "会合全体の資料", "すぐに", "WGの参加者のみ")
    moment = day_in_words(meeting.begins - timedelta(days=3))
    expect(page.locator(".material", has_text=OPEN_MATERIAL)).to_contain_text(moment)
    meeting.axe(page)


def _add_material(page: Page, title: str, file: str, item: str, moment: str, readers: str) -> None:
    content = "月,トン\n4,10\n5,12\n".encode()
    page.get_by_label("ファイル").set_input_files(
        {"name": file, "mimeType": "text/plain", "buffer": content}
    )
    page.get_by_label("資料の名前").fill(title)
    page.get_by_label("どの議題の資料ですか").select_option(label=item)
    page.get_by_label(moment).check()
    page.get_by_label(readers).check()
    press(page, "資料を加える")
    told(page, "資料を加えました")
    expect(page.locator(".material", has_text=title)).to_be_visible()


def tick_checklist(meeting: Meeting) -> None:
    """The usual steps are due by the date; the lead ticks one and adds one."""
    page = meeting.open(meeting.lead)
    experts = page.locator(".checklist__item", has_text="有識者との日程調整")
    expect(experts).to_contain_text(day_in_words(meeting.begins - timedelta(days=21)))
    experts.get_by_role("button", name="済みにする").click()
    expect(experts).to_contain_text("梅野 千里")
    page.get_by_text("準備の項目を加える").click()
    page.get_by_label("すること").fill("竹の置き場の鍵を借りる")
    due = meeting.begins - timedelta(days=2)
    type_day(page, "いつまでに", due)
    press(page, "加える")
    own = page.locator(".checklist__item", has_text="竹の置き場の鍵を借りる")
    expect(own).to_contain_text(day_in_words(due))
    meeting.axe(page)


def announce(meeting: Meeting) -> None:
    """All of the group get date, place, policy and agenda in the text, and the calendar file."""
    page = meeting.lead
    press_and_confirm(page, "案内を送る")
    told(page, "「案内を送る」を行いました")
    letter = meeting.mail("recycler", "ご案内")
    for words in (day_in_words(meeting.begins), "14:00〜16:00", PLACE, POLICY, LINK):
        assert words in letter.text
    for number, title in enumerate(ITEMS, 1):
        assert f"{number}. {title}" in letter.text
    entry = letter.entry()
    assert entry.decoded("dtstart") == meeting.begins
    assert PLACE in str(entry["location"])
    assert ITEMS[1] in str(entry["description"])
    assert LINK not in letter.calendar.decode(), "calendars are shared with others"
    member = meeting.open(meeting.member)
    expect(member.get_by_role("link", name=LINK)).to_be_visible()
    expect(member.get_by_role("link", name=INNER_MATERIAL)).to_be_visible()
    expect(member.get_by_role("link", name=OPEN_MATERIAL)).to_have_count(0)
    meeting.axe(member)


def answer(meeting: Meeting) -> None:
    """Online, on site by phone, and by proxy, who has to be named and gets the notice too."""
    member = meeting.member
    member.get_by_label("オンラインで出席").check()
    press(member, "回答する")
    told(member, "回答しました：オンラインで出席")
    expert = meeting.open(meeting.visit("reviewer", viewport=PHONE))
    expert.get_by_label("会場で出席").check()
    press(expert, "回答する")
    told(expert, "回答しました：会場で出席")
    meeting.axe(expert)
    fits(expert)
    observer = meeting.open(meeting.visit("recycler"))
    observer.get_by_label("代理が出席").check()
    press(observer, "回答する")
    told(observer, "代理の人の名前を入れてください。")
    observer.get_by_label("代理の人の名前").fill(PROXY[0])
    observer.get_by_label("代理の人のメールアドレス").fill(PROXY[1])
    press(observer, "回答する")
    told(observer, "回答しました：代理が出席")
    letter = meeting.mail(PROXY[1], "代理出席のお願い")
    assert LINK in letter.text
    assert letter.entry().decoded("dtstart") == meeting.begins


def move_a_week(meeting: Meeting) -> None:
    """Those invited and the proxy are told old and new; the calendar file updates."""
    former = meeting.mail("recycler", "ご案内").entry()
    old, meeting.begins = meeting.begins, meeting.begins + timedelta(days=7)
    page = meeting.open(meeting.lead)
    page.get_by_role("link", name="会合を直す").click()
    type_moment(page, "始まり", meeting.begins)
    type_moment(page, "終わり", meeting.begins + timedelta(hours=2))
    press(page, "保存する")
    told(page, "変わったところをメールで知らせます")
    for who in ("recycler", PROXY[1]):
        letter = meeting.mail(who, "【変更】")
        assert re.search(f"{day_in_words(old)}.* → {day_in_words(meeting.begins)}", letter.text)
        entry = letter.entry()
        assert str(entry["uid"]) == str(former["uid"])
        assert entry.decoded("sequence") > former.decoded("sequence")
        assert entry.decoded("dtstart") == meeting.begins
    waiting = page.locator(".material", has_text=OPEN_MATERIAL)
    expect(waiting).to_contain_text(day_in_words(meeting.begins - timedelta(days=3)))
    done = page.locator(".checklist__item", has_text="有識者との日程調整")
    expect(done).to_contain_text("済み")
    page.get_by_role("link", name="出欠の一覧").click()
    expect(page.get_by_role("row", name="三好 礼子")).to_contain_text(PROXY[0])
    expect(page.get_by_role("row", name="小布施 航")).to_contain_text("オンラインで出席")
    meeting.axe(page)


def move_to_now(meeting: Meeting) -> None:
    """The meeting is brought forward; a deadline for answers that lies after it is refused."""
    page = meeting.open(meeting.lead, "/edit")
    meeting.begins = next_minute(clock.now())
    type_moment(page, "始まり", meeting.begins)
    type_moment(page, "終わり", meeting.begins + timedelta(hours=2))
    press(page, "保存する")
    told(page, "回答の期限は、会合が始まる前にしてください。")
    clear_moment(page, "出欠の回答の期限")
    meeting.begins = next_minute(clock.now())
    type_moment(page, "始まり", meeting.begins)
    type_moment(page, "終わり", meeting.begins + timedelta(hours=2))
    press(page, "保存する")
    told(page, "会合を保存しました")
    member = meeting.open(meeting.member)
    expect(member.get_by_role("link", name=OPEN_MATERIAL)).to_be_visible()


def check_in(meeting: Meeting) -> None:
    """By the address of the QR code on a phone, and by the list on the phone of the lead."""
    today = clock.start_of_day(clock.today(meeting.begins))
    wait = (today - clock.now()).total_seconds()
    meeting.lead.wait_for_timeout(max(0.0, wait) * 1000)  # begins at midnight, rarely
    page = meeting.open(meeting.lead)
    page.get_by_role("link", name="受付のQRコード").click()
    meeting.axe(page)
    address = page.locator("[data-copy]").get_attribute("data-copy") or ""
    parts = urlsplit(address)
    check_in_by_phone(meeting, f"{parts.path}?{parts.query}")
    desk = meeting.visit("officer", viewport=PHONE)
    meeting.open(desk, "/check-ins")
    expect(desk.locator(".guest", has_text="小布施 航")).to_contain_text("出席")
    expect(desk.locator(".guest", has_text="三好 礼子")).to_contain_text(f"代理：{PROXY[0]}")
    for name in ("葛西 正樹", "三好 礼子", "梅野 千里"):
        guest = desk.locator(".guest", has_text=name)
        guest.get_by_role("button", name="出席にする").click()
        expect(guest.locator(".guest__there")).to_be_visible()
    expect(desk.locator(".presence")).to_contain_text("4人が出席")
    meeting.axe(desk)
    fits(desk)


def check_in_by_phone(meeting: Meeting, address: str) -> None:
    """Whoever reads the code signs in first and comes back to the button."""
    phone = meeting.visit(viewport=PHONE)
    phone.goto(address)
    phone.get_by_label("メールアドレス").fill(meeting.service.email("startup"))
    phone.locator('input[type="password"]').fill(meeting.service.password)
    press(phone, "サインインする")
    meeting.axe(phone)
    fits(phone)
    press(phone, "出席を知らせる")
    told(phone, "受け付けました")
    meeting.axe(phone)
    fits(phone)
    phone.goto(re.sub("code=.*", "code=made-up", address))
    told(phone, "もう押さなくてかまいません")
