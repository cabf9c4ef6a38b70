"""A need with help while it is written, reasons for its partners, and how the ranking learns."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service
from tests.journeys.meeting_steps import press, told
from tests.journeys.ranking_steps import (
    ASKING_MS,
    FITS,
    NOT,
    PARTLY,
    Trust,
    judge_next,
    keep_judged_vectors,
    wait_for_training,
)

pytestmark = pytest.mark.browser

TITLE = "学校給食の残りを町の中で生かしたい"
PROBLEM = (
    "学校給食の残りと家庭の生ごみを、近隣市の焼却施設で燃やしています。年間約300トンあります。"
    "住民の分別参加を高めながら、液肥や堆肥、エネルギーとして町の中で回す仕組みがほしいです。"
)
MATERIAL = "生ごみ・食品廃棄物"
LEFTOVERS = re.compile("生ごみ|給食|食品|堆肥")
WORD = "竹の丸太"
REASON = "事務局で確かめました。"


@pytest.fixture
def trust(visit: Visit, service: Service, axe: AxeCheck) -> Trust:
    """The service with the vectors of the judged sets at hand."""
    keep_judged_vectors(service)
    return Trust(service, visit, axe)


def test_a_need_is_written_with_help_and_its_partners_come_with_reasons(trust: Trust) -> None:
    officer = trust.visit("officer")
    write_with_help(trust, officer)
    publish(trust, officer)
    read_reasons(trust, officer)
    say_wrong(officer)


def test_the_ranking_learns_from_what_is_judged(trust: Trust) -> None:
    coordinator = trust.visit("coordinator")
    judge_three(trust, coordinator)
    add_a_word(trust, coordinator)
    start_training(trust, coordinator)
    read_reliability(trust)
    read_exposure(trust)
    decide_on_the_version(trust, coordinator)


def write_with_help(trust: Trust, page: Page) -> None:
    """The phrase that speaks for a tag stands beside it; the field that matters is asked for."""
    page.goto("/needs/new")
    page.get_by_label("件名").fill(TITLE)
    page.get_by_role("textbox", name="困っていること").fill(PROBLEM)
    aid = page.locator(".aid", has_text=MATERIAL)
    expect(aid.locator("q").first).to_contain_text(LEFTOVERS)
    trust.look(page)
    aid.get_by_role("button", name=re.compile("^加える")).click()
    expect(page.get_by_label(MATERIAL, exact=True)).to_be_checked()
    answer_what_is_asked(trust, page)
    page.get_by_role("button", name="相手からの見え方").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("相手からの見え方")
    told(page, PROBLEM[:20])
    trust.look(page)
    page.get_by_role("link", name="書く画面に戻る").click()
    expect(page.get_by_role("textbox", name="困っていること")).to_have_value(PROBLEM)


def answer_what_is_asked(trust: Trust, page: Page) -> None:
    """The one field that would change the order most, if there is one, is filled."""
    question = page.locator("[data-aids-question]")
    asked = question.get_by_role("link")
    expect(asked).to_be_visible(timeout=ASKING_MS)
    told(page, "おすすめが変わります")
    trust.look(page)
    name = (asked.get_attribute("href") or "").removeprefix("#")
    asked.click()
    fill(page, name)


def fill(page: Page, name: str) -> None:
    """Answer the field with the first choice, or with a number."""
    field = page.locator(f"#{name}")
    tag = field.evaluate("field => field.tagName.toLowerCase()")
    if tag == "select":
        field.select_option(index=1)
    elif tag == "input" and field.get_attribute("type") not in {"checkbox", "radio"}:
        field.fill("300")
    else:
        page.locator(f"label[for={name}-0]").click()


def publish(trust: Trust, officer: Page) -> None:
    """The secretariat publishes what the officer sent in."""
    officer.get_by_role("button", name="保存して掲載を申し込む").click()
    told(officer, "掲載を申し込みました")
    trust.need = officer.url
    coordinator = trust.visit("coordinator")
    coordinator.goto(trust.need)
    press(coordinator, "公開する")
    told(coordinator, "「公開する」を行いました")
    trust.look(coordinator)


def read_reasons(trust: Trust, officer: Page) -> None:
    """A word for the probability, how such pairs turned out, two sentences, reasons, a case."""
    officer.goto(trust.need)
    partners = officer.locator("#partners")
    first = partners.locator(".recommendation").first
    expect(first.locator(".strength")).to_contain_text(re.compile("有望|可能性あり"))
    expect(first.locator(".outlook__record")).to_contain_text(re.compile(r"10件中\d+件"))
    expect(first).to_contain_text(LEFTOVERS)
    expect(first.get_by_role("heading", name="良い点")).to_be_visible()
    quotes = partners.locator(".answer__side blockquote").all_inner_texts()
    assert any(quote.strip("「」") in PROBLEM for quote in quotes), "the quote is literal"
    cases = partners.locator(".evidence a[href^='/cases/']")
    assert cases.count(), "a documented case stands beside a partner"
    trust.look(officer)


def say_wrong(officer: Page) -> None:
    """An answer with its reason stays on the card."""
    form = officer.locator("#partners .feedback").nth(1)
    form.get_by_text("違う", exact=True).click()
    form.get_by_text("地域・距離が合わない").click()
    form.get_by_role("button", name="送る").click()
    told(officer, "「違う」と答えました")


def judge_three(trust: Trust, page: Page) -> None:
    """The worker found pairs to judge; three are judged and stand in the ledger."""
    page.goto("/evaluation-ledger")
    trust.reload_until(page, "この二つは合いますか")
    trust.look(page)
    judge_next(page, FITS)
    judge_next(page, PARTLY, "量・品目・工程の一部を受けられる")
    judge_next(page, NOT, "品目がちがう")
    page.get_by_role("link", name="判定の記録").first.click()
    expect(page.locator(".ledger-list__item").nth(3)).to_be_visible()
    told(page, "品目がちがう")
    trust.look(page)
    page.locator(".ledger-list__item a").first.click()
    expect(page.get_by_role("heading", name="この組についての記録")).to_be_visible()
    trust.look(page)
    page.goto("/evaluation-ledger/coverage")
    trust.look(page)


def add_a_word(trust: Trust, page: Page) -> None:
    """What a word would change is shown before it is added."""
    page.goto("/vocabulary?q=竹")
    trust.look(page)
    page.get_by_role("link", name="竹", exact=True).click()
    page.get_by_label("加えることば").fill(WORD)
    page.get_by_label("出典").fill("事務局で整理")
    page.locator("#new-word").locator("..").get_by_role("button").click()
    told(page, f"「{WORD}」を加える前に")
    trust.look(page)
    press(page, "この内容で加える")
    told(page, f"「{WORD}」を加えました")
    trust.look(page)


def start_training(trust: Trust, page: Page) -> None:
    """The page tells how far the worker is."""
    page.goto("/ranking-versions")
    press(page, "新しい版を作る")
    told(page, "新しい版を作り始めます")
    expect(page.get_by_role("progressbar")).to_be_visible()
    trust.look(page)


def read_reliability(trust: Trust) -> None:
    """Anybody may read what the words were worth."""
    visitor = trust.visit()
    visitor.goto("/reliability")
    expect(visitor.get_by_role("img", name=re.compile("見込みと実際の割合"))).not_to_have_count(0)
    trust.look(visitor)


def read_exposure(trust: Trust) -> None:
    """What the policy costs stands above the policy."""
    page = trust.visit("coordinator")
    page.goto("/exposure-report")
    trust.look(page)
    told(page, "配分の決まり")
    told(page, "保たれた見込み")


def decide_on_the_version(trust: Trust, page: Page) -> None:
    """What speaks against a version is told; without objections it is used, else refused."""
    wait_for_training(page)
    page.get_by_role("link", name="版1", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("版1")
    trust.look(page)
    is_worse = page.get_by_text("このままでは使えません").count() > 0
    label = "見送る" if is_worse else "使い始める"
    page.locator("main").get_by_role("link", name=label, exact=True).click()
    trust.look(page)
    page.get_by_label("理由").fill(REASON)
    press(page, label)
    told(page, "版1を見送りました" if is_worse else "版1を使い始めました")
