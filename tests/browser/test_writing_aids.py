"""The panel beside the editor in a real browser, with scripts and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fixtures import AxeCheck, Visit

pytestmark = pytest.mark.browser
TEXT = "毎年約300トンの孟宗竹が出ます。放置竹林の整備で伐採しています。"
BAMBOO = "放置竹林・竹材"


def begin(page: Page) -> None:
    """Open the editor and write a text."""
    page.goto("/needs/new")
    page.locator("#title").fill("竹を使い切りたい")
    page.locator("#problem").fill(TEXT)


def test_a_suggestion_appears_while_typing_and_one_press_fills_the_field(
    visit: Visit, axe: AxeCheck
) -> None:
    page = visit("officer")
    begin(page)
    aid = page.locator(".aid", has_text=BAMBOO)
    expect(aid).to_be_visible()
    expect(aid.locator("q").first).to_have_text(re.compile("竹"))
    axe(page)
    box = page.get_by_label(BAMBOO, exact=True)
    expect(box).not_to_be_checked()
    aid.get_by_role("button", name=re.compile("^加える")).click()
    expect(box).to_be_checked()
    expect(aid).to_have_count(0)
    expect(page.locator("[data-aids-state]")).not_to_be_empty()
    expect(page.locator("#problem")).to_have_value(TEXT)


def test_put_aside_it_stays_away_and_the_quantity_goes_into_its_fields(visit: Visit) -> None:
    page = visit("officer")
    begin(page)
    aid = page.locator(".aid", has_text=BAMBOO)
    aid.get_by_role("button", name=re.compile("^見送る")).click()
    expect(page.locator("[data-aids-readings]")).to_contain_text("見送った候補が1件")
    page.locator("#problem").press_sequentially("追記。")
    page.wait_for_timeout(1500)
    expect(page.locator(".aid", has_text=BAMBOO)).to_have_count(0)
    quantity = page.locator(".aid", has_text="年間 300 t")
    quantity.get_by_role("button", name=re.compile("加える|項目を直す")).click()
    expect(page.locator("#quantity_min")).to_have_value("300")


def test_without_scripts_the_buttons_keep_what_was_typed(visit: Visit) -> None:
    page = visit("officer", java_script_enabled=False)
    begin(page)
    page.get_by_role("button", name="文章から読み取る").click()
    expect(page.locator("#problem")).to_have_value(TEXT)
    aid = page.locator(".aid", has_text=BAMBOO)
    aid.get_by_role("button", name=re.compile("^加える")).click()
    expect(page.get_by_label(BAMBOO, exact=True)).to_be_checked()
    expect(page.locator("#problem")).to_have_value(TEXT)


def test_the_preview_leads_back_to_what_was_typed(visit: Visit, axe: AxeCheck) -> None:
    page = visit("officer")
    begin(page)
    page.get_by_role("button", name="相手からの見え方").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("相手からの見え方")
    expect(page.locator("main")).to_contain_text("孟宗竹が出ます")
    axe(page)
    page.get_by_role("link", name="書く画面に戻る").click()
    expect(page.locator("#problem")).to_have_value(TEXT)
