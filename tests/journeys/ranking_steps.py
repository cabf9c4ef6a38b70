"""What people do on the pages of matching in a journey: write with help, judge, teach, train."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from config import ROOT
from tests.browser.fixtures import DESKTOP, AxeCheck, Visit
from tests.browser.service import Service
from tests.journeys.meeting_steps import PHONE, fits, press, told

FITS, PARTLY, NOT = range(3)
ASKING_MS = 60_000.0
TRAINING_MS = 600_000.0
WORKER_MS = 90_000.0
JUDGED_VECTORS = ROOT / "instance" / "judged-vectors"


@dataclass
class Trust:
    """The people of a journey about the ranking.

    Args:
        service: where it all happens.
        visit: opens a window for somebody.
        axe: looks at a page.
        need: address of the need, once it is there.
    """

    service: Service
    visit: Visit
    axe: AxeCheck
    need: str = ""

    def look(self, page: Page) -> None:
        """Nothing for axe to find and nothing that sticks out, on a desk and on a phone."""
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            fits(page)
            self.axe(page)

    def reload_until(self, page: Page, words: str) -> None:
        """Open the page again until the worker has done what it says."""
        for _ in range(int(WORKER_MS / 1000)):
            if page.get_by_text(words).count():
                return
            page.wait_for_timeout(1000)
            page.reload()
        told(page, words)


def keep_judged_vectors(service: Service) -> None:
    """Let the worker find the vectors of the judged sets where an earlier run made them.

    They belong to sets that are shipped, carry a checksum, and take a minute to make.
    """
    JUDGED_VECTORS.mkdir(parents=True, exist_ok=True)
    place = service.folder / "judged-vectors"
    if not place.exists():
        place.symlink_to(JUDGED_VECTORS)


def judge_next(page: Page, fit: int, reason: str = "") -> None:
    """Judge the pair that waits first; another one stands there afterwards."""
    titles = page.locator(".judging-pair h2")
    before = titles.all_inner_texts()
    page.locator(f"label[for=judge-fit-{fit}]").click()
    if reason:
        page.locator("#judge-reason").select_option(label=reason)
    press(page, "判定を記録する")
    expect(titles).not_to_have_text(before)
    told(page, "判定を記録しました")


def wait_for_training(page: Page) -> None:
    """Stay on the page until it says that the worker is done."""
    done = page.get_by_role("button", name="新しい版を作る", exact=True)
    expect(done).to_be_visible(timeout=TRAINING_MS)
