"""Minutes written together, checked and published; the survey; what others see in the end."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Locator, Page, Route, expect

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
    day_in_words,
    fits,
    press,
    told,
    type_day,
    type_moment,
)

DECISION, TASK = "実証は来春に始める", "運ぶ費用の見積もりを取る"
AGREED, THEIRS, MINE = "次回は1か月後に開く。", "次回は2か月後に開く。", "次回は3週間後に開く。"
AMOUNT, CORRECTED = "集める量は年120トンと見込む。", "集める量は年130トンと見込む。"
RECORDING = "https://video.example/satoyama-meeting"
OPINION = "費用の表が分かりやすかったです。"
COMES_IN = 20_000.0
"""Milliseconds within which the others' sentences stand in one's own field."""


def body(page: Page) -> Locator:
    """The field in which minutes are written."""
    return page.get_by_role("textbox", name="本文")


def write_over(page: Page, words: str, instead: str) -> None:
    """Select words of the text and type others, as somebody does who goes on writing there."""
    place = "(field, [at, length]) => { field.focus(); field.setSelectionRange(at, at + length); }"
    at = body(page).input_value().index(words)
    body(page).evaluate(place, [at, len(words)])
    page.keyboard.insert_text(instead)


def write_minutes_together(meeting: Meeting) -> None:
    """Both write at once below different headings; each gets what the other wrote."""
    lead, member = meeting.open(meeting.lead), meeting.open(meeting.member)
    press(lead, "議事録を書き始める")
    member.reload()
    member.get_by_role("link", name="議事録を書く").click()
    first, second = f"■ 1．{ITEMS[0]}\n", f"■ 2．{ITEMS[1]}（小布施 航）\n"
    due = (meeting.begins + timedelta(days=20)).astimezone(clock.JST)
    write_over(lead, first, f"{first}決定：{DECISION}\n{AGREED}\n")
    task = f"宿題：{TASK} ＠小布施 期限{due.month}/{due.day}"
    write_over(member, second, f"{second}{AMOUNT}\n{task}\n")
    for page, others in ((lead, AMOUNT), (member, DECISION)):
        expect(page.locator("[data-save-state]")).to_contain_text("保存しました")
        expect(body(page)).to_have_value(re.compile(others), timeout=COMES_IN)
        meeting.axe(page)
    told(lead, "いま小布施 航さんも書いています。")
    phone = meeting.visit("startup", viewport=PHONE)
    meeting.axe(meeting.open(phone, "/minutes/edit"))
    fits(phone)


def contradict(meeting: Meeting) -> None:
    """Both change the same sentence: the second to save sees both side by side and decides."""
    lead, member = meeting.lead, meeting.member
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    member.route("**/minutes/drafts", hold)
    write_over(member, AGREED, MINE)
    expect(member.locator("[data-save-state]")).to_contain_text("保存しています")
    write_over(lead, AGREED, THEIRS)
    press(lead, "保存して読む")
    told(lead, "保存しました。")
    held[0].continue_()
    member.unroute("**/minutes/drafts")
    expect(member.locator("[data-save-state]")).to_contain_text("同じところを先に直しました")
    press(member, "保存して読む")
    told(member, "同じところを2人が直しました")
    expect(member.locator(".side-by-side__part").first).to_contain_text(THEIRS)
    expect(member.locator(".side-by-side__part--mine").first).to_contain_text(MINE)
    meeting.axe(member)
    member.set_viewport_size(PHONE)  # type: ignore[arg-type]
    meeting.axe(member)
    fits(member)
    merged = body(member).input_value()
    assert THEIRS in merged
    assert MINE in merged
    body(member).fill(merged.replace(MINE, ""))
    press(member, "この本文で保存する")
    told(member, "保存しました。")
    told(member, THEIRS)
    expect(member.get_by_text(MINE)).to_have_count(0)


def take_findings(meeting: Meeting) -> None:
    """The decision goes into the log and the task to its owner, each once."""
    lead = meeting.open(meeting.lead, "/minutes")
    lead.locator(".finding", has_text=DECISION).get_by_role("button", name="決定に入れる").click()
    told(lead, "1件を、決定の記録とタスクに入れました。")
    lead.locator(".finding", has_text=TASK).get_by_role("button", name="タスクに入れる").click()
    expect(lead.locator(".finding", has_text="入れました")).to_have_count(2)
    expect(lead.locator(".finding").get_by_role("button")).to_have_count(0)
    meeting.axe(lead)
    lead.get_by_role("link", name=DEMO_GROUP).first.click()
    group = lead.url
    lead.goto(f"{group}/decisions")
    expect(lead.locator(".decision-list__item", has_text=DECISION)).to_have_count(1)
    member = meeting.member
    member.goto(f"{group}/tasks")
    task = member.locator(".task-list__item", has_text=TASK)
    expect(task).to_contain_text("担当：小布施 航")
    expect(task).to_contain_text(day_in_words(meeting.begins + timedelta(days=20)))
    expect(task.get_by_role("button", name="完了にする")).to_be_visible()


def close(meeting: Meeting) -> None:
    """Once it has begun the meeting counts as held; the recording is for the group."""
    wait = (meeting.begins - clock.now()).total_seconds() + 1
    meeting.lead.wait_for_timeout(max(0.0, wait) * 1000)
    lead = meeting.open(meeting.lead)
    press(lead, "開催済みにする")
    told(lead, "「開催済みにする」を行いました")
    expect(lead.get_by_text("（過ぎています）")).to_have_count(0)
    lead.get_by_role("link", name="録画のアドレスを入れる").click()
    lead.get_by_label("録画のアドレス").fill(RECORDING)
    lead.get_by_label("WGの参加者のみ").check()
    press(lead, "保存する")
    told(lead, "録画のアドレスを保存しました。")
    meeting.axe(lead)


def let_speakers_check(meeting: Meeting) -> None:
    """A speaker wants a change; after it everybody is asked again and approves."""
    lead = meeting.open(meeting.lead, "/minutes")
    lead.get_by_role("link", name="発言者に確認を頼む").click()
    expect(lead.get_by_label("小布施 航（議題の発言者）")).to_be_checked()
    lead.get_by_label("葛西 正樹").check()
    type_day(lead, "返事の期日", clock.now() + timedelta(days=5))
    meeting.axe(lead)
    press(lead, "確認を頼む")
    told(lead, "まだ2人の返事がありません。")
    assert AMOUNT in meeting.mail("startup", "議事録の確認をお願いします").text
    member = meeting.open(meeting.member, "/minutes")
    member.get_by_label("直してほしいところがあります").check()
    press(member, "返事を送る")
    told(member, "どこをどう直してほしいかを書いてください。")
    member.get_by_label("直してほしいところ", exact=True).fill("120トンではなく130トンです。")
    press(member, "返事を送る")
    told(member, "返事を受け付けました")
    assert "130トン" in meeting.mail("officer", "直してほしいという返事").text
    meeting.open(lead, "/minutes/edit")
    write_over(lead, AMOUNT, CORRECTED)
    press(lead, "保存して読む")
    assert CORRECTED in meeting.mail("startup", "もう一度確認をお願いします").text
    for who in ("startup", "reviewer"):
        _approve(meeting, who)


def _approve(meeting: Meeting, who: str) -> None:
    """Read the text on a phone and say that it is right."""
    phone = meeting.open(meeting.visit(who, viewport=PHONE))
    phone.get_by_role("link", name="本文を読んで返事をする").click()
    told(phone, CORRECTED)
    meeting.axe(phone)
    fits(phone)
    phone.get_by_label("この内容で間違いありません").check()
    press(phone, "返事を送る")
    told(phone, "返事を受け付けました")


def publish(meeting: Meeting) -> None:
    """The lead publishes for everybody; the group gets the text by mail."""
    observer = meeting.open(meeting.visit("recycler"), "/minutes")
    told(observer, "まだ公開されていません")
    lead = meeting.open(meeting.lead, "/minutes")
    lead.get_by_role("link", name="公開する").click()
    lead.get_by_label("だれでも").check()
    meeting.axe(lead)
    press(lead, "公開する")
    told(lead, "公開しました。")
    letter = meeting.mail("recycler", "議事録を公開しました")
    assert DECISION in letter.text
    assert CORRECTED in letter.text
    observer.reload()
    told(observer, CORRECTED)


def ask_those_who_came(meeting: Meeting) -> None:
    """The lead has the survey begin now; a participant answers once; the results are read."""
    lead = meeting.open(meeting.lead)
    lead.get_by_role("link", name="出席者にアンケートを取る").click()
    lead.get_by_label("名前を残す", exact=True).check()
    meeting.axe(lead)
    press(lead, "アンケートを作る")
    meeting.axe(lead)
    type_moment(lead, "始まり", clock.now() - timedelta(minutes=1))
    press(lead, "保存する")
    survey = lead.url
    told(lead, f"{day_in_words(clock.now() + timedelta(days=14))}23:59")
    phone = meeting.open(meeting.visit("startup", viewport=PHONE))
    phone.get_by_role("link", name="アンケート").click()
    press(phone, "回答を送る")
    expect(phone.locator(".field__error").first).to_be_visible()
    phone.get_by_label("とてもよかった").check()
    phone.get_by_label(ITEMS[1]).check()
    phone.get_by_label("会合の内容についてのご意見").fill(OPINION)
    meeting.axe(phone)
    fits(phone)
    press(phone, "回答を送る")
    told(phone, "回答は済んでいます")
    lead.goto(f"{survey}/results")
    told(lead, OPINION)
    told(lead, "回答は1件です")
    meeting.axe(lead)
    phone.goto(f"{survey}/results")
    expect(phone.get_by_text(OPINION)).to_have_count(0)
    assert meeting.mail("reviewer", "アンケートへの回答のお願い")


def look_from_outside(meeting: Meeting) -> None:
    """Everybody reads date, agenda, open material and minutes; the rest stays with the group."""
    member = meeting.open(meeting.member)
    expect(member.get_by_role("link", name="録画を見る")).to_be_visible()
    visitor = meeting.open(meeting.visit())
    expect(visitor.get_by_role("heading", level=1)).to_contain_text(TITLE)
    for words in (day_in_words(meeting.begins), PLACE, ITEMS[2], OPEN_MATERIAL, "開催済み"):
        told(visitor, words)
    page = visitor.content()
    for words in (LINK, RECORDING, INNER_MATERIAL, "アンケート", "準備", "受付の一覧"):
        assert words not in page, words
    meeting.axe(visitor)
    told(visitor, "会合の記録")
    visitor.get_by_role("link", name="議事録を読む").click()
    told(visitor, DECISION)
    told(visitor, CORRECTED)
    assert "120トン" not in visitor.content(), "drafts and comments stay inside"
    meeting.axe(visitor)
    visitor.set_viewport_size(PHONE)  # type: ignore[arg-type]
    meeting.axe(visitor)
    fits(visitor)
