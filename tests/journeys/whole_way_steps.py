"""The steps of the whole way that no shorter journey has: posting, answering a call, adopting."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from matchmaker.core import clock
from tests.journeys.call_steps import Round, choose_day
from tests.journeys.consortium_steps import NAME
from tests.journeys.consortium_world import Way
from tests.journeys.meeting_steps import press, press_and_confirm, told

MATERIAL = "生ごみ・食品廃棄物"
PROBLEM = (
    "給食センターから毎日出る残食と調理くずを、生ごみのまま燃やしています。発酵させて、"
    "ガスや液肥として町の中で使いたいです。実演機があれば、まず3か月試してみたいです。"
)
CALL, GROUP = "給食の残りをいかす公募", "給食たい肥サブWG"
PROPOSAL = f"{NAME}の提案"
PRAISE = "集める量と使い道が、数字で示されています。"
PLAN = "給食の残りを町の中でたい肥にし、畑で使います。"


def post_need(officer: Page, coordinator: Page, title: str) -> uuid.UUID:
    """The town writes its need and asks to publish it; the secretariat does.

    Returns:
        The need.
    """
    officer.goto("/needs/new")
    officer.get_by_label("件名").fill(title)
    officer.get_by_role("textbox", name="困っていること").fill(PROBLEM)
    officer.get_by_label(MATERIAL).check()
    officer.get_by_role("button", name="保存して掲載を申し込む").click()
    told(officer, "掲載を申し込みました")
    path = urlsplit(officer.url).path
    coordinator.goto(path)
    press(coordinator, "公開する")
    told(coordinator, "「公開する」を行いました")
    return uuid.UUID(path.rpartition("/")[2])


def answer_the_call(way: Way, round_: Round, lead: Page, others: Sequence[Page]) -> None:
    """The agreed consortium answers an open call; its partners join in, and it is handed in."""
    way.open(lead)
    lead.get_by_role("link", name="公募に応募する").click()
    lead.get_by_label(CALL).check()
    press(lead, "提案を書き始める")
    told(lead, "座組の内容を写して、提案を書き始めました")
    path = urlsplit(lead.url).path.removesuffix("/edit")
    for page in others:
        page.goto(path)
        press(page, "参加する")
        told(page, "いっしょに書けるようになりました")
    lead.goto(f"{path}/edit")
    expect(lead.get_by_label("提案の件名")).to_have_value(PROPOSAL)
    lead.get_by_role("textbox", name="取り組みの内容").fill(PLAN)
    press(lead, "保存して提出へ進む")
    press(lead, "提出する")
    told(lead, "受付番号は")
    round_.proposals[PROPOSAL] = uuid.UUID(path.rpartition("/")[2])


def adopt(round_: Round, desk: Page, checker: Page) -> str:
    """After the deadline one of the secretariat prepares, another checks; then it is released.

    Returns:
        Path of the sub-WG that grew out of it, as the lead's mail tells it.
    """
    round_.end()
    decision = f"{round_.path}/decisions/{round_.proposals[PROPOSAL]}"
    desk.goto(decision)
    desk.get_by_text("採択", exact=True).click()
    desk.get_by_label("立ち上げるWGの名前").fill(GROUP)
    now = clock.now().astimezone(clock.JST)
    choose_day(desk, "WGの活動の始まり", now + timedelta(days=1))
    choose_day(desk, "WGの活動の終わり", now + timedelta(days=200))
    desk.get_by_label("予定する会合の数").fill("2")
    desk.get_by_label("決定の理由").fill(PRAISE)
    press(desk, "案を保存する")
    told(desk, "決定の案を保存しました。")
    checker.goto(decision)
    press(checker, "この案を確認する")
    told(checker, "決定の案を確認しました。")
    desk.goto(f"{round_.path}/decisions/releases")
    press_and_confirm(desk, "1件の結果を通知する")
    told(desk, "1件の結果を通知しました。WGが1件できました。")
    letter = round_.mail("officer", "審査の結果（採択）")
    found = re.search(r"https?://\S+(/working-groups/\S+)", letter.text)
    assert found is not None
    return urlsplit(found[0]).path


def know_the_group(page: Page, path: str) -> None:
    """The sub-WG knows its consortium."""
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_have_text(GROUP)
    expect(page.locator("main").get_by_role("link", name=NAME).first).to_be_visible()
