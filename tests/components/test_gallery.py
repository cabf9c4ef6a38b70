"""The gallery in a real browser: accessible, within its width, within the policy, and alive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.components.gallery_app import ERROR_PAGES

pytestmark = pytest.mark.browser
Colors = Literal["active", "none"]


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: broken policy, failed requests, script errors."""
    return []


@pytest.fixture
def page(chromium: Browser, complaints: list[str]) -> Iterator[Page]:
    """A desktop page whose complaints are kept; it must not have any in the end."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
    page = context.new_page()

    def note(told: ConsoleMessage) -> None:
        if told.type == "error":
            complaints.append(told.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def open_gallery(page: Page, url: str) -> None:
    """Load the gallery with its pictures drawn."""
    page.goto(f"{url}/components")
    expect(page.locator(".japan-map__area").first).to_be_visible()
    expect(page.locator(".chart__bar").first).to_be_visible()


def violations(page: Page) -> list[tuple[str, Any]]:
    """What axe finds, with the elements concerned."""
    found = Axe().run(page, options={"rules": {"target-size": {"enabled": False}}})
    return [(v["id"], [n["html"] for n in v["nodes"]]) for v in found.response["violations"]]


@pytest.mark.parametrize(
    ("width", "colors"), [(1280, "none"), (375, "none"), (320, "none"), (1280, "active")]
)
def test_the_gallery_is_accessible_and_fits(
    page: Page, gallery_url: str, width: int, colors: Colors
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(forced_colors=colors, reduced_motion="reduce")
    open_gallery(page, gallery_url)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("status", ERROR_PAGES)
def test_error_pages_are_accessible(page: Page, gallery_url: str, status: int) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{gallery_url}/errors/{status}")
    assert violations(page) == []
    assert page.title().startswith(page.locator("h1").inner_text())


def test_things_to_press_are_large_enough(page: Page, gallery_url: str) -> None:
    page.set_viewport_size({"width": 375, "height": 900})
    open_gallery(page, gallery_url)
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .button, summary, select, input, textarea')]
          .filter(e => e.checkVisibility() && !e.classList.contains('visually-hidden'))
          .map(e => [e, (e.closest('.choice') ?? e).getBoundingClientRect()])
          .filter(([e, box]) => box.height > 0 && box.height < 43.5)
          .map(([e]) => e.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_the_menu_of_a_phone_opens_without_scripts(chromium: Browser, gallery_url: str) -> None:
    context = chromium.new_context(
        viewport={"width": 375, "height": 800}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"{gallery_url}/components")
    page.locator(".menu > summary").click()
    expect(page.get_by_role("link", name="ニーズ", exact=True).first).to_be_visible()
    context.close()


def test_a_form_saves_itself_while_it_is_written(page: Page, gallery_url: str) -> None:
    open_gallery(page, gallery_url)
    page.locator("#title").fill("竹を使い切りたい")
    expect(page.locator("[data-save-state]")).to_have_text("保存しました 10:32", timeout=8000)


def test_what_could_not_be_saved_is_offered_again(
    page: Page, gallery_url: str, complaints: list[str]
) -> None:
    open_gallery(page, gallery_url)
    page.route("**/autosave", lambda route: route.abort())
    page.locator("#title").fill("消えては困る件名")
    expect(page.locator("[data-save-state]")).to_have_attribute(
        "data-state", "failed", timeout=8000
    )
    page.unroute("**/autosave")
    complaints.clear()  # the broken connection was meant
    open_gallery(page, gallery_url)
    page.get_by_role("button", name="書きかけを戻す").click()
    expect(page.locator("#title")).to_have_value("消えては困る件名")
    expect(page.locator("[data-save-state]")).to_have_text("保存しました 10:32", timeout=8000)


def test_a_form_with_files_is_sent_once_and_its_answer_becomes_the_page(
    page: Page, gallery_url: str
) -> None:
    open_gallery(page, gallery_url)
    sent: list[str] = []
    page.on("request", lambda request: sent.extend([request.url] * (request.method == "POST")))
    page.locator("#attachments").set_input_files(
        {"name": "量の内訳.xlsx", "mimeType": "application/octet-stream", "buffer": b"x" * 5000}
    )
    expect(page.locator(".upload__item")).to_contain_text("5KB")
    button = page.get_by_role("button", name="保存して候補を見る")
    button.dblclick()
    expect(page.get_by_text("1個のファイルを受け取りました。")).to_be_visible()
    assert len([url for url in sent if url.endswith("/components")]) == 1
    expect(page.locator(".japan-map__area").first).to_be_visible()


def test_an_ordinary_form_is_sent_once(page: Page, gallery_url: str) -> None:
    open_gallery(page, gallery_url)
    sent: list[str] = []
    page.on("request", lambda request: sent.extend([request.url] * (request.method == "POST")))
    page.get_by_role("button", name="保存して候補を見る").dblclick()
    expect(page.get_by_text("1個のファイルを受け取りました。")).to_be_visible()
    assert len([url for url in sent if url.endswith("/components")]) == 1


def test_a_session_that_ended_keeps_what_was_typed(page: Page, gallery_url: str) -> None:
    open_gallery(page, gallery_url)
    page.route(
        "**/autosave", lambda route: route.fulfill(status=302, headers={"Location": "/login"})
    )
    page.locator("#title").fill("サインインが切れたあと")
    state = page.locator("[data-save-state]")
    expect(state).to_contain_text("サインインの期限が切れました", timeout=8000)
    kept = page.evaluate("localStorage.getItem('draft:/components')")
    assert "サインインが切れたあと" in kept


def test_progress_is_asked_for_until_the_work_has_ended(page: Page, gallery_url: str) -> None:
    answers = iter(
        [
            {"state": "running", "done": 2, "total": 3},
            {"state": "finished", "done": 3, "total": 3, "url": "/errors/404"},
        ]
    )
    page.route("**/progress.json", lambda route: route.fulfill(json=next(answers)))
    page.goto(f"{gallery_url}/progress")
    expect(page.locator("[data-progress-text]")).to_have_text("2／3件")
    page.wait_for_url("**/errors/404")


def test_conditions_change_the_list_without_loading_the_page(page: Page, gallery_url: str) -> None:
    page.goto(f"{gallery_url}/list")
    page.evaluate("window.stayed = true")
    page.get_by_label("竹").check()
    page.get_by_role("button", name="この条件で探す").click()
    expect(page.locator("[data-result-count]")).to_have_text("2件")
    expect(page.locator("#filter-active")).to_have_text("1件の条件")
    expect(page.locator("#announcer")).to_have_text("2件")
    assert page.url == f"{gallery_url}/list?material=bamboo"
    assert page.evaluate("window.stayed") is True


def test_characters_are_counted_without_cutting_anything_off(page: Page, gallery_url: str) -> None:
    open_gallery(page, gallery_url)
    page.locator("#problem").fill("𠮷" * 401)
    expect(page.locator("#problem-count")).to_have_text("1文字多いです")


def test_a_municipality_is_chosen_with_the_keyboard(page: Page, gallery_url: str) -> None:
    open_gallery(page, gallery_url)
    page.locator("#municipality").fill("真庭")
    expect(page.get_by_role("option", name="岡山県真庭市")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=municipality]")).to_have_value("332143")
    expect(page.locator("#municipality")).to_have_value("岡山県真庭市")


def test_a_question_is_asked_before_a_step_that_counts(page: Page, gallery_url: str) -> None:
    open_gallery(page, gallery_url)
    page.get_by_role("button", name="公開する").click()
    dialog = page.get_by_role("dialog", name="このニーズを公開しますか。")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="やめる").click()
    expect(dialog).not_to_be_visible()
    assert page.url == f"{gallery_url}/components"


def test_the_map_is_walked_with_arrows_and_tells_each_count(page: Page, gallery_url: str) -> None:
    open_gallery(page, gallery_url)
    page.locator(".japan-map a[tabindex='0']").focus()
    expect(page.locator(".japan-map__label")).to_contain_text("北海道")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".japan-map__label")).to_contain_text("青森県")
    page.keyboard.press("Enter")
    page.wait_for_url("**/needs?prefecture=*")


def test_list_and_map_switch_without_loading(page: Page, gallery_url: str) -> None:
    open_gallery(page, gallery_url)
    page.locator(".view-switch").get_by_text("地図").click()
    expect(page.locator("#view-map")).to_be_visible()
    expect(page.locator("#view-list")).to_be_hidden()
    assert page.url.endswith("view=map")
