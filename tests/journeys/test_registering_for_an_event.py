"""Seats of an event: planned, taken by link, waited for, released, exchanged and handed over."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from matchmaker.core import clock
from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service
from tests.journeys.mailbox import letter_to
from tests.journeys.meeting_steps import (
    PHONE,
    day_in_words,
    fits,
    press,
    told,
    type_moment,
)
from tests.journeys.registering_steps import (
    GUEST,
    HYBRID,
    LONGER_THAN_A_PROGRAM,
    NAME,
    OFFERED,
    OFFICER,
    ROOM,
    SEATED,
    SECOND,
    STREAM,
    STREAM_URL,
    SUCCESSOR,
    THIRD,
    VENUE,
    Occasion,
    agree,
    calendar_of,
    cancel,
    choose_way,
    expect_code,
    expect_no_code,
    open_own_ticket,
)

pytestmark = pytest.mark.browser


def test_seats_from_the_plan_to_the_last_exchange(
    visit: Visit, service: Service, axe: AxeCheck
) -> None:
    day = clock.start_of_day(clock.today(clock.now()))
    begins = day + timedelta(days=30, hours=14)
    occasion = Occasion(service, visit, axe, visit("coordinator"), begins)
    plan_the_event(occasion)
    plan_the_seats(occasion)
    ask_for_consent(occasion)
    publish(occasion)
    come_and_go_as_a_guest(occasion)
    officer = visit("officer")
    register_three(occasion, officer)
    read_why_one_waits(occasion, officer)
    release_the_wave(occasion)
    accept_by_link(occasion)
    hand_over_by_link(occasion)
    fill_the_room(occasion)
    move_into_the_room(occasion)


def plan_the_event(occasion: Occasion) -> None:
    """The planner types what it is, when and where; it stays a draft."""
    page = occasion.planner
    page.goto("/regional-events")
    page.get_by_role("link", name="イベントを作る").click()
    page.get_by_label("イベントの名前").fill(NAME)
    type_moment(page, "始まり", occasion.begins)
    type_moment(page, "終わり", occasion.begins + timedelta(hours=3))
    page.get_by_label("会場", exact=True).fill(VENUE)
    page.get_by_label("オンラインの入口（アドレス）").fill(STREAM_URL)
    page.get_by_label("問い合わせ先のメールアドレス").fill("events@meguriawase.example")
    page.get_by_label("どなたでも").check()
    type_moment(page, "受付の始まり", clock.now() - timedelta(minutes=2))
    occasion.axe(page)
    press(page, "保存する")
    told(page, "まだ公開していません")
    told(page, day_in_words(occasion.begins))
    occasion.url = urlsplit(page.url).path
    occasion.axe(page)


def plan_the_seats(occasion: Occasion) -> None:
    """Four seats in the room, one per organisation until the wave, and the stream."""
    page = occasion.open(occasion.planner, "/tracks/new")
    occasion.axe(page)
    page.get_by_label("名前", exact=False).first.fill(ROOM)
    page.get_by_label("1つの団体の席").fill("1")
    press(page, "保存する")
    told(page, "会場の席数を入れてください。")
    page.get_by_label("席数", exact=True).fill("４")
    press(page, "保存する")
    told(page, f"「{ROOM}」を加えました。")
    page.get_by_role("link", name=f"{ROOM}の追加の枠").click()
    type_moment(page, "枠を足す日時", occasion.begins - timedelta(days=10))
    page.get_by_label("その日時からの、1つの団体の席").fill("3")
    press(page, "枠を計画する")
    told(page, "追加の枠を計画しました。")
    told(page, "1つの団体3席まで")
    occasion.axe(page)
    occasion.open(page, "/tracks/new")
    page.get_by_role("radio", name="オンライン").check()
    page.get_by_label("名前", exact=False).first.fill(STREAM)
    press(page, "保存する")
    told(page, f"「{STREAM}」を加えました。")
    occasion.axe(page)


def ask_for_consent(occasion: Occasion) -> None:
    """A frequent question, whether one may be filmed, becomes part of the form."""
    page = occasion.open(occasion.planner, "/registration-questions")
    page.get_by_label("取材と撮影について").check()
    press(page, "選んだ質問を足す")
    told(page, "質問を1個足しました。")
    occasion.axe(page)
    page.get_by_role("link", name="見え方を確かめる").click()
    told(page, "写らない席を希望する")
    occasion.axe(page)


def publish(occasion: Occasion) -> None:
    """Nobody else sees the draft; once published, everybody can register."""
    guest = occasion.open(occasion.visit())
    expect(guest.get_by_role("heading", name=NAME)).to_have_count(0)
    page = occasion.open(occasion.planner)
    press(page, "公開する")
    told(page, "参加登録を受け付けています。")
    occasion.open(guest)
    told(guest, "残りわずかです（あと4席）。")
    told(guest, "定員はありません。")
    occasion.axe(guest)


def come_and_go_as_a_guest(occasion: Occasion) -> None:
    """On a phone: the form, the mail, the button, the ticket, and the way back out."""
    phone = occasion.on_a_phone(f"{occasion.url}/registrations/new")
    name, address = GUEST
    phone.get_by_label("お名前", exact=False).first.fill(name)
    phone.get_by_label("メールアドレス").fill(address)
    choose_way(phone, ROOM)
    phone.wait_for_timeout(LONGER_THAN_A_PROGRAM)
    press(phone, "申し込む")
    told(phone, "同意いただけるときは、チェックを入れてください。")
    occasion.axe(phone)
    agree(phone)
    phone.wait_for_timeout(LONGER_THAN_A_PROGRAM)
    press(phone, "申し込む")
    told(phone, "まだ登録は終わっていません")
    occasion.axe(phone)
    fits(phone)
    confirm_and_cancel(occasion, address)


def confirm_and_cancel(occasion: Occasion, address: str) -> None:
    """The link asks for a button; the ticket has code and calendar; a cancelled one says so."""
    phone = occasion.on_a_phone(occasion.link(address, "【確認のお願い】"))
    press(phone, "登録を確定する")
    told(phone, "登録を確定しました。")
    expect_code(phone)
    occasion.axe(phone)
    fits(phone)
    (entry,) = calendar_of(phone).walk("VEVENT")
    assert entry.decoded("dtstart") == occasion.begins
    assert VENUE in str(entry["location"])
    ticket = occasion.link(address, SEATED)
    phone.goto(ticket)
    cancel(phone)
    phone.goto(ticket)
    told(phone, "取り消し")
    expect_no_code(phone)
    told(phone, "もう一度参加したいときは")
    occasion.axe(phone)
    phone.goto(f"{ticket}/cancel")
    told(phone, "この参加登録は終わっているため、変えられません。")


def register_three(occasion: Occasion, page: Page) -> None:
    """Three of one organisation, who take what there is one by one."""
    occasion.open(page)
    page.locator("main").get_by_role("link", name="参加を申し込む").first.click()
    choose_way(page, ROOM)
    for number, (name, address) in enumerate((SECOND, THIRD), 2):
        press(page, "参加する人を増やす")
        person = page.get_by_role("group", name=f"{number}人目に参加する方")
        person.get_by_label("お名前").first.fill(name)
        person.get_by_label("メールアドレス").fill(address)
    expect(page.get_by_label("お名前").nth(1)).to_have_value(OFFICER)
    page.get_by_label("入れる人から席をとり、残りの人はキャンセル待ちをする").check()
    agree(page)
    occasion.axe(page)
    press(page, "申し込む")
    told(page, "申し込みを受け付けました。")
    rows = page.locator("main .resource").filter(has_text=NAME)
    expect(rows.filter(has_text=OFFICER)).to_contain_text("確定")
    for name, _address in (SECOND, THIRD):
        expect(rows.filter(has_text=name)).to_contain_text("キャンセル待ち")
    occasion.axe(page)


def read_why_one_waits(occasion: Occasion, page: Page) -> None:
    """There are seats left, but not for this organisation before the wave."""
    open_own_ticket(page, OFFICER)
    expect_code(page)
    open_own_ticket(page, THIRD[0])
    told(page, "キャンセル待ち：2番目")
    told(page, "前に1組が待っています。")
    told(page, "あなたの団体で取れる席（1席）が、いっぱいです。")
    wave = day_in_words(occasion.begins - timedelta(days=10))
    expect(page.locator("main")).to_contain_text(wave)
    expect(page.locator("main")).to_contain_text("席を追加で受け付けます。")
    expect_no_code(page)
    occasion.axe(page)


def release_the_wave(occasion: Occasion) -> None:
    """The planner does not wait for the day; a reason is asked for."""
    page = occasion.open(occasion.planner, "/waiting-lists")
    told(page, f"2番目 {THIRD[0]}さん")
    occasion.axe(page)
    page.get_by_text("時刻を待たずに、いま回す").click()
    press(page, "いま回す")
    told(page, "理由を入れてください。")
    page.get_by_text("時刻を待たずに、いま回す").click()
    page.get_by_label("理由").fill("申し込みが落ち着いたため")
    press(page, "いま回す")
    told(page, "追加の枠の席を、待っている方に回しました。")
    told(page, "ご案内中")
    occasion.axe(page)


def accept_by_link(occasion: Occasion) -> None:
    """Each is offered a seat by mail and takes it without signing in."""
    for name, address in (SECOND, THIRD):
        page = occasion.on_a_phone(occasion.link(address, OFFERED))
        told(page, f"{name}さんの参加登録")
        told(page, "席が空きました")
        press(page, "参加する")
        told(page, "席を確定しました。")
        expect_code(page)


def hand_over_by_link(occasion: Occasion) -> None:
    """A colleague comes instead: the old link opens nothing any more, the new one does."""
    old = occasion.link(THIRD[1], SEATED)
    page = occasion.visit(viewport=PHONE)
    page.goto(old)
    page.get_by_role("link", name="ほかの方に代わる").click()
    name, address = SUCCESSOR
    page.get_by_label("お名前").fill(name)
    page.get_by_label("メールアドレス").fill(address)
    occasion.axe(page)
    press(page, "この方に代わる")
    told(page, f"{name}さんに引き継ぎました")
    occasion.axe(page)
    page.goto(old)
    told(page, "このリンクは使えません")
    expect(page.get_by_text(name)).to_have_count(0)
    occasion.axe(page)
    page.goto(occasion.link(address, SEATED))
    told(page, f"{name}さんの参加登録")
    expect_code(page)
    farewell = letter_to(occasion.service.folder, THIRD[1], "参加する方が代わりました")
    assert name not in farewell.text


def fill_the_room(occasion: Occasion) -> None:
    """The last seat goes; whoever comes now joins online at once and waits for the room."""
    startup = occasion.open(occasion.visit("startup"), "/registrations/new")
    told(startup, "残りわずかです（あと1席）。")
    choose_way(startup, ROOM)
    agree(startup)
    press(startup, "申し込む")
    told(startup, "申し込みを受け付けました。")
    recycler = occasion.open(occasion.visit("recycler"), "/registrations/new")
    told(recycler, "満席です。キャンセル待ちになります。")
    choose_way(recycler, HYBRID)
    agree(recycler)
    press(recycler, "申し込む")
    open_own_ticket(recycler, "三好 礼子")
    told(recycler, "確定（会場のキャンセル待ち中）")
    told(recycler, "キャンセル待ち：1番目")
    expect(recycler.get_by_role("link", name="オンラインで参加する")).to_be_visible()
    expect_no_code(recycler)
    occasion.axe(recycler)
    open_own_ticket(startup, "小布施 航")
    cancel(startup)


def move_into_the_room(occasion: Occasion) -> None:
    """The seat given back is offered by mail; taking it gives the seat of the stream up."""
    page = occasion.on_a_phone(occasion.link("recycler", OFFERED))
    told(page, "席が空きました")
    press(page, "参加する")
    told(page, "席を確定しました。")
    expect_code(page)
    expect(page.locator("main")).to_contain_text(VENUE)
    expect(page.get_by_role("link", name="オンラインで参加する")).to_have_count(0)
    desk = occasion.open(occasion.planner, "/registrations")
    for name in (OFFICER, SECOND[0], SUCCESSOR[0], "三好 礼子"):
        expect(desk.get_by_role("row").filter(has_text=name)).to_contain_text("確定")
    occasion.axe(desk)
