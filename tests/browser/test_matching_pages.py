"""Pages of matching that somebody has to press a button for, or that a run of the worker makes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from matchmaker.app import create_app
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.matching.domain import RunState
from matchmaker.matching.models import EmbeddingRun
from tests.browser.fixtures import DESKTOP, AxeCheck, Visit
from tests.browser.service import SECRET_KEY, Service
from tests.conftest import make_settings

pytestmark = pytest.mark.browser
PHONE = {"width": 375, "height": 780}
WIDTH = "document.documentElement.scrollWidth"
TEXT = "竹チップを年間500トンまで作れます。九州のみ対応します。"
FIGURES = {
    "dev": {"live": 0.79, "new": 0.75, "pairs": 480},
    "real": {"live": 0.88, "new": 0.88, "pairs": 810},
}
MODEL = "intfloat/multilingual-e5-base"


def look(page: Page, axe: AxeCheck) -> None:
    """Nothing for axe to find and nothing that sticks out, on a phone and on a desk."""
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate(WIDTH) <= size["width"], page.url
        axe(page)


@pytest.fixture
def refused_change(service: Service) -> Iterator[str]:
    """A change of the encoder that the judged sets spoke against."""
    app, now = create_app(make_settings(service.folder, secret_key=SECRET_KEY)), clock.now()
    with app.app_context():
        run = EmbeddingRun(
            model=MODEL, model_id="e5-base", state=RunState.REFUSED, total=174, done=174,
            figures=FIGURES, message="架空の案件で順位が悪くなりました。", started_at=now,
            updated_at=now, finished_at=now,
        )  # fmt: skip
        db.session.add(run)
        db.session.commit()
        path = f"/encoder-changes/{run.id}"
        db.engine.dispose()
    yield path
    with app.app_context():
        db.session.delete(db.session.get_one(EmbeddingRun, run.id))
        db.session.commit()
        db.engine.dispose()


def test_a_change_of_the_encoder(visit: Visit, axe: AxeCheck, refused_change: str) -> None:
    for who in ("coordinator", "operator"):
        page = visit(who)
        page.goto("/encoder-changes")
        expect(page.locator("main")).to_contain_text(MODEL)
        look(page, axe)
        page.goto(refused_change)
        expect(page.locator("main")).to_contain_text("順位が悪くなりました")
        look(page, axe)


def test_what_switching_a_word_or_a_meaning_off_would_change(visit: Visit, axe: AxeCheck) -> None:
    page = visit("coordinator")
    page.goto("/vocabulary/bamboo")
    page.locator("summary", has_text="止める").first.click()
    reason = page.get_by_label("止める理由").first
    reason.fill("別の意味でも使われるため")
    look(page, axe)
    reason.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("利用を止める前に")
    look(page, axe)


def test_what_a_new_meaning_would_change(visit: Visit, axe: AxeCheck) -> None:
    page = visit("coordinator")
    page.goto("/vocabulary/new")
    page.get_by_label("名前").fill("竹の根")
    page.get_by_label("自治体がよく使うことば").fill("竹の根、孟宗竹")
    page.get_by_label("出典").fill("事務局で整理")
    page.get_by_role("button", name="変わることを確かめる").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("加える前に")
    look(page, axe)


def test_the_panel_beside_an_offering_and_its_preview(visit: Visit, axe: AxeCheck) -> None:
    page = visit("recycler")
    page.goto("/offerings/new")
    page.get_by_label("件名").fill("竹チップの受け入れ")
    page.locator("#description").fill(TEXT)
    expect(page.locator(".aid").first).to_be_visible()
    look(page, axe)
    page.get_by_role("button", name="相手からの見え方").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("相手からの見え方")
    look(page, axe)


def test_a_need_of_three_words_gets_no_probability(visit: Visit, axe: AxeCheck) -> None:
    page = visit("officer")
    page.goto("/needs/new")
    page.get_by_label("件名").fill("相談です")
    page.get_by_role("textbox", name="困っていること").fill("困っています")
    page.get_by_role("button", name="下書きとして保存する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("相談です")
    expect(page.locator("#partners")).to_contain_text(
        re.compile("判断材料が足りません|まだおすすめ")
    )
    look(page, axe)
