"""Fixtures for tests in a real browser on the real service; usable from every test folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    expect,
    sync_playwright,
)

from tests.browser.service import Service, prepare_seeded_folder, running

DEBIAN_CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 900}
# Chromium itself logs every answer of 400 and above; tests that provoke one look at its page.
EXPECTED_COMPLAINT = "the server responded with a status of 4"
# A machine that does other things too is not a fault of the page.
PATIENCE_MS = 15_000.0

AxeCheck = Callable[[Page], None]
Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless browser: Debian's where it is installed, else Playwright's own.

    A missing browser fails where ``CI`` is set and is skipped elsewhere.
    """
    expect.set_options(timeout=PATIENCE_MS)
    path = DEBIAN_CHROMIUM if Path(DEBIAN_CHROMIUM).exists() else shutil.which("chromium")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        except Error as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"no Chromium to test with: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def seeded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with all seed data, made once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    is_parallel = "PYTEST_XDIST_WORKER" in os.environ
    return prepare_seeded_folder((base.parent if is_parallel else base) / "service")


@pytest.fixture(scope="module")
def service(
    chromium: Browser, seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """Web and worker on a database of this test file alone, when there is a browser."""
    assert chromium
    with running(seeded_folder, tmp_path_factory.mktemp("instance")) as service:
        yield service


@pytest.fixture
def console_errors() -> list[str]:
    """What browsers of this test complained about: broken policy, failed requests, script errors.

    The test fails in the end when the list is not empty; take out what was meant to happen.
    """
    return []


@pytest.fixture
def visit(chromium: Browser, service: Service, console_errors: list[str]) -> Iterator[Visit]:
    """Open a browser window: ``visit("officer")`` signs a demo person in, ``visit()`` nobody.

    Further arguments are those of Playwright's ``new_context``. Each call opens a new window, so
    that several people can act in one test.
    """
    contexts: list[BrowserContext] = []

    def open_window(who: str | None = None, **options: Any) -> Page:
        settings = {"viewport": DESKTOP, "locale": "ja-JP", "timezone_id": "Asia/Tokyo", **options}
        context = chromium.new_context(base_url=service.url, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda told: _note(console_errors, told))
        page.on("pageerror", lambda error: console_errors.append(str(error)))
        if who is not None:
            sign_in(page, service, who)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert console_errors == []


@pytest.fixture
def page(visit: Visit) -> Page:
    """A window in which nobody is signed in."""
    return visit()


@pytest.fixture(scope="session")
def axe() -> AxeCheck:
    """A check that axe finds nothing on the page."""
    checker = Axe()

    def check(page: Page) -> None:
        results = checker.run(page)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check


def sign_in(page: Page, service: Service, who: str) -> None:
    """Sign a demo person in through the sign-in page."""
    page.goto("/sign-in")
    page.get_by_label("メールアドレス").fill(service.email(who))
    page.locator('input[type="password"]').fill(service.password)
    page.locator("main").get_by_role("button", name="サインインする", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def _note(complaints: list[str], told: ConsoleMessage) -> None:
    if told.type == "error" and EXPECTED_COMPLAINT not in told.text:
        complaints.append(told.text)
