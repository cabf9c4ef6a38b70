"""An officer writes a need in her own words and reads partners; a business sees her need."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service

pytestmark = pytest.mark.browser
PHONE = {"width": 375, "height": 780}
TITLE = "庁舎の建て替えで余る机といす"
PROBLEM = (
    "来年度、古い庁舎を取りこわします。事務机が400台、いすが600脚、書庫が120台ほど余ります。"
    "まだ使えるものが多く、捨てずに使ってくれる相手を探しています。"
)


def write_need(page: Page, title: str = TITLE) -> None:
    page.goto("/needs/new")
    page.get_by_label("件名").fill(title)
    page.get_by_role("textbox", name="困っていること").fill(PROBLEM)


def cards(page: Page) -> list[str]:
    return page.locator("#partners .recommendation").all_inner_texts()


def test_from_a_half_formed_problem_to_published_partners(visit: Visit, axe: AxeCheck) -> None:
    officer = visit("officer")
    write_need(officer)
    expect(officer.locator("[data-save-state]")).to_contain_text("保存しました", timeout=15_000)
    officer.get_by_role("button", name="保存して掲載を申し込む").click()
    expect(officer.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(officer.get_by_text("掲載を申し込みました")).to_be_visible()
    found = cards(officer)
    assert any("事務机" in card or "オフィス" in card or "什器" in card for card in found[:3])
    assert all("良い点" in card or "気になる点" in card for card in found[:3])
    axe(officer)
    need = officer.url

    officer.locator("#partners").get_by_role("button", name="役に立った").first.click()
    expect(officer.get_by_text("お答えを記録しました")).to_be_visible()

    visitor = visit()
    visitor.goto(need)
    expect(visitor.get_by_role("heading", level=1)).not_to_have_text(TITLE)

    coordinator = visit("coordinator")
    coordinator.goto("/secretariat/reviews")
    expect(coordinator.get_by_role("link", name=TITLE)).to_be_visible()
    coordinator.goto(need)
    coordinator.get_by_role("button", name="公開する").click()
    expect(coordinator.get_by_text("「公開する」を行いました")).to_be_visible()

    visitor.goto(need)
    expect(visitor.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert cards(visitor)

    offering = visitor.locator("#partners .recommendation__title a").first
    offering.click()
    others = visitor.locator("#partners .recommendation__title").all_inner_texts()
    assert TITLE in others, "the business sees the need recommended for its offering"


def test_what_is_typed_survives_the_end_of_the_session(visit: Visit, service: Service) -> None:
    officer = visit("officer")
    write_need(officer, "途中で切れた件名")
    session = [c for c in officer.context.cookies() if c["name"] == "session"]
    assert session
    officer.context.clear_cookies(name="session")
    officer.get_by_role("button", name="下書きとして保存する").click()
    expect(officer).to_have_url(re.compile("/sign-in"))
    officer.get_by_label("メールアドレス").fill(service.email("officer"))
    officer.locator('input[type="password"]').fill(service.password)
    officer.locator("main").get_by_role("button", name="サインインする", exact=True).click()
    expect(officer).to_have_url(re.compile("/needs/new"))
    expect(officer.get_by_label("件名")).to_have_value("途中で切れた件名")
    expect(officer.get_by_role("textbox", name="困っていること")).to_have_value(PROBLEM)


def test_everything_works_without_scripts_on_a_phone(visit: Visit) -> None:
    officer = visit("officer", java_script_enabled=False, viewport=PHONE)
    write_need(officer, "スクリプトなしで書いた件名")
    officer.get_by_role("button", name="下書きとして保存する").click()
    expect(officer.get_by_role("heading", level=1)).to_have_text("スクリプトなしで書いた件名")
    assert cards(officer)
    officer.goto("/needs?view=map")
    expect(officer.locator(".japan-map__table")).to_contain_text("福岡県")
    officer.goto("/search?q=着られなくなった服")
    expect(officer.get_by_role("heading", name="シーズ", exact=True)).to_be_visible()


def test_a_second_press_makes_no_second_need(visit: Visit) -> None:
    officer = visit("officer")
    write_need(officer, "二度押した件名")
    officer.get_by_role("button", name="下書きとして保存する").dblclick()
    expect(officer.get_by_role("heading", level=1)).to_have_text("二度押した件名")
    officer.goto("/needs?mine=1&state=draft&q=二度押した")
    expect(officer.locator(".resource__title")).to_have_count(1)
