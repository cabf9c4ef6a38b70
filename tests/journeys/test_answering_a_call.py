"""A town and a company answer a call from a recommended pair, writing at the same time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from matchmaker.core.clock import JST
from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service
from tests.journeys.mailbox import letter_to

pytestmark = pytest.mark.browser
PHONE = {"width": 375, "height": 780}
PATIENCE = 30_000
WHOLE_WIDTH = "document.documentElement.scrollWidth"
OFFLINE = "ERR_INTERNET_DISCONNECTED"

NEED = "茶畑にかぶせる黒い覆いの処分費が重い"
PARTNER = "株式会社奥備後リソース"
TITLE = "茶畑の覆いを網の原料に戻す実証"
PURPOSE = "茶畑の黒い覆いが毎年9トン出ます。農家ごとの処分費が重く、納屋に残っています。"
FIRST_PLAN = "町が集め、会社が洗います。"
TOWN_PLAN = "町が秋に3か所で集め、会社が洗います。"
COMPANY_PLAN = "町が集め、会社が洗って粒にします。"
AGREED_PLAN = "町が秋に3か所で集め、会社が洗って粒にします。"
DRAWING = "流れの図.pdf"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@dataclass
class Answer:
    """The proposal of this journey with the windows of those who write it.

    Args:
        officer: window of the town, which leads.
        company: window of the company, which is invited.
        url: address of its page.
    """

    service: Service
    axe: AxeCheck
    officer: Page
    company: Page
    url: str = ""

    def write(self, page: Page) -> Page:
        """Open the writing page."""
        page.goto(f"{self.url}/edit")
        return page

    def mail(self, who: str, words: str) -> str:
        """The text of what somebody was sent."""
        return letter_to(self.service.folder, self.service.email(who), words).text


def press(page: Page, label: str) -> None:
    page.locator("main").get_by_role("button", name=label, exact=True).click()


def plan(page: Page) -> Locator:
    return page.get_by_role("textbox", name="取り組みの内容")


def purpose(page: Page) -> Locator:
    return page.get_by_role("textbox", name="解決したい困りごと")


def saved_by_itself(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_contain_text("保存しました", timeout=PATIENCE)


def missing(page: Page) -> Locator:
    return page.get_by_role("region", name=re.compile("^足りないところ"))


def fits(page: Page, width: int) -> None:
    assert page.evaluate(WHOLE_WIDTH) <= width, page.url


@pytest.fixture
def answer(visit: Visit, service: Service, axe: AxeCheck) -> Answer:
    """Both windows, before anything is written."""
    return Answer(service, axe, visit("officer"), visit("recycler"))


def test_a_pair_becomes_a_proposal(answer: Answer, console_errors: list[str]) -> None:
    begin_from_the_pair(answer)
    the_company_joins(answer)
    different_answers_merge(answer)
    the_same_sentence_is_put_in_order(answer, console_errors)
    fill_in_the_rest_on_a_phone(answer)
    number = hand_in(answer)
    assert withdraw_and_hand_in_again(answer) == number


def begin_from_the_pair(answer: Answer) -> None:
    """The facts of both posts come along; what is missing and the time left are told."""
    officer = answer.officer
    officer.goto("/needs?mine=1")
    officer.get_by_role("link", name=NEED).click()
    card = officer.locator("#partners .recommendation", has_text=PARTNER).first
    offering = card.locator(".recommendation__title").inner_text()
    card.get_by_role("link", name=re.compile("^この組み合わせで公募に応じる")).click()
    expect(officer.get_by_role("heading", level=1)).to_have_text("提案を書き始める")
    for fact in (NEED, offering, "品目：農業用プラスチック", "量：9 t", "能力：600 t"):
        expect(officer.get_by_text(fact).first).to_be_visible()
    expect(officer.get_by_label("提案の件名")).to_have_value(re.compile(PARTNER))
    answer.axe(officer)
    officer.get_by_label("提案の件名").fill(TITLE)
    press(officer, "書き始める")
    expect(officer.get_by_role("heading", level=1)).to_have_text("提案を書く")
    answer.url = officer.url.removesuffix("/edit")
    expect(officer.get_by_role("region", name="もとになった投稿")).to_contain_text(offering)
    expect(officer.locator("[data-countdown-words]:visible")).to_contain_text("あと")
    expect(missing(officer).get_by_role("link")).to_have_count(8)
    answer.axe(officer)


def the_company_joins(answer: Answer) -> None:
    """The partner's people are suggested, get mail, and read nothing before they accept."""
    officer, company = answer.officer, answer.company
    plan(officer).fill(FIRST_PLAN)
    saved_by_itself(officer)
    officer.get_by_role("link", name="いっしょに書く人を招く").click()
    press(officer, f"{PARTNER}の担当者に案内を送る")
    expect(officer.get_by_text("人に案内を送りました")).to_be_visible()
    answer.axe(officer)
    letter = answer.mail("recycler", "提案をいっしょに書きませんか")
    assert answer.url.rpartition("/")[2] in letter

    company.goto(answer.url)
    expect(company.get_by_text(FIRST_PLAN)).to_have_count(0)
    answer.axe(company)
    press(company, "参加する")
    expect(company.get_by_text("いっしょに書けるようになりました")).to_be_visible()
    expect(company.get_by_text(FIRST_PLAN)).to_be_visible()
    answer.axe(company)
    assert answer.mail("officer", "参加しました")


def different_answers_merge(answer: Answer) -> None:
    """Each writes another answer: both are kept, and both are told."""
    officer, company = answer.write(answer.officer), answer.write(answer.company)
    expect(company.locator("[data-editors]:visible")).to_contain_text("笹野原町", timeout=PATIENCE)
    purpose(officer).fill(PURPOSE)
    saved_by_itself(officer)
    company.get_by_label("1年に扱う量の見込み").fill("9")
    press(company, "保存する")
    expect(company.get_by_text("保存しました。").first).to_be_visible()
    expect(purpose(company)).to_have_value(PURPOSE)

    company.get_by_label("これから探す").check()
    saved_by_itself(company)
    purpose(officer).press_sequentially("追記。")
    saved_by_itself(officer)
    expect(officer.get_by_text("ほかの人が書いた内容が入りました").first).to_be_visible(
        timeout=PATIENCE
    )
    expect(purpose(officer)).to_have_value(re.compile("追記。"))
    press(officer, "保存する")
    expect(officer.get_by_label("1年に扱う量の見込み")).to_have_value("9")
    expect(officer.get_by_label("これから探す")).to_be_checked()


def the_same_sentence_is_put_in_order(answer: Answer, console_errors: list[str]) -> None:
    """The town writes out of reach; back again, both texts stand side by side."""
    officer, company = answer.write(answer.officer), answer.write(answer.company)
    officer.context.set_offline(True)
    plan(officer).fill(TOWN_PLAN)
    expect(officer.locator("[data-save-state]")).to_contain_text("つながらない", timeout=PATIENCE)
    plan(company).fill(COMPANY_PLAN)
    saved_by_itself(company)
    officer.context.set_offline(False)
    expect(officer.get_by_text("「取り組みの内容」は、ほかの人も変えています")).to_be_visible(
        timeout=PATIENCE
    )
    expect(plan(officer)).to_have_value(TOWN_PLAN)
    console_errors[:] = [each for each in console_errors if OFFLINE not in each]

    press(officer, "保存する")
    expect(officer.get_by_role("heading", level=1)).to_have_text("食い違うところを直す")
    sides = officer.locator(".conflict__side")
    expect(sides).to_have_text(
        [re.compile(TOWN_PLAN), re.compile(COMPANY_PLAN), re.compile(FIRST_PLAN)]
    )
    answer.axe(officer)
    plan(officer).fill(AGREED_PLAN)
    press(officer, "保存する")
    expect(officer.get_by_role("heading", level=1)).to_have_text("提案を書く")
    expect(plan(officer)).to_have_value(AGREED_PLAN)
    answer.write(company)
    expect(plan(company)).to_have_value(AGREED_PLAN)


def fill_in_the_rest_on_a_phone(answer: Answer) -> None:
    """What is still missing is written on a phone; a file comes along."""
    officer = answer.officer
    officer.set_viewport_size(PHONE)  # type: ignore[arg-type]
    answer.write(officer)
    fits(officer, PHONE["width"])
    answer.axe(officer)
    officer.get_by_label("地域資源活用リサイクル").check()
    start = datetime.now(JST) + timedelta(days=200)
    day = officer.get_by_role("group", name=re.compile("^実証を始めたい日"))
    day.get_by_label("年", exact=True).fill(f"令和{start.year - 2018}")
    day.get_by_label("月", exact=True).fill(str(start.month))
    day.get_by_label("日", exact=True).fill(str(start.day))
    officer.get_by_label("1行目の内容").fill("集める袋と運ぶ費用")
    officer.get_by_label("1行目の金額").fill("120")
    officer.get_by_label("1行目の出どころ").select_option(label="自己資金")
    drawing = {"name": DRAWING, "mimeType": "application/pdf", "buffer": PDF}
    officer.get_by_label("体制図や流れの図").set_input_files(drawing)  # type: ignore[arg-type]
    press(officer, "保存する")
    expect(officer.get_by_label(DRAWING)).to_be_checked()
    expect(missing(officer).get_by_role("link")).to_have_text([re.compile("同意します")])
    press(officer, "保存して提出へ進む")
    expect(officer.get_by_text("まだ提出できません。足りないところが1か所あります")).to_be_visible()
    answer.axe(officer)
    officer.get_by_role("link", name=re.compile("同意します")).click()
    officer.get_by_role("checkbox", name=re.compile("同意します")).check()
    press(officer, "保存して提出へ進む")
    fits(officer, PHONE["width"])


def hand_in(answer: Answer) -> str:
    """The lead hands in; all who write get the receipt. Gives its number."""
    officer, company = answer.officer, answer.company
    company.goto(answer.url)
    expect(company.get_by_role("link", name="提出へ進む")).to_have_count(0)
    expect(officer.get_by_role("heading", level=1)).to_have_text("提案を提出する")
    expect(officer.get_by_text(AGREED_PLAN)).to_be_visible()
    answer.axe(officer)
    press(officer, "提出する")
    number = receipt_number(officer)
    answer.axe(officer)
    for who in ("officer", "recycler"):
        assert number in answer.mail(who, f"提案を受け付けました（受付番号{number}）")
    with officer.expect_download() as download:
        officer.get_by_role("link", name=re.compile(DRAWING)).first.click()
    assert Path(download.value.path()).read_bytes() == PDF
    return number


def receipt_number(page: Page) -> str:
    told = page.get_by_text("受付番号は")
    expect(told).to_be_visible()
    found = re.search(r"受付番号は(\S+?)です", told.inner_text())
    assert found
    return found[1]


def withdraw_and_hand_in_again(answer: Answer) -> str:
    """Withdrawn with a reason, written anew, handed in. Gives the number of the receipt."""
    officer = answer.officer
    officer.locator("summary", has_text="取り下げる").click()
    officer.get_by_label("理由").fill("量を見直すため。")
    press(officer, "取り下げる")
    expect(officer.get_by_text("取り下げた提案です")).to_be_visible()
    assert "量を見直すため。" in answer.mail("recycler", "提案を取り下げました")
    press(officer, "書き直す")
    officer.get_by_label("1年に扱う量の見込み").fill("8.5")
    press(officer, "保存して提出へ進む")
    press(officer, "提出する")
    number = receipt_number(officer)
    expect(officer.get_by_text("8.5")).to_be_visible()
    answer.company.goto(answer.url)
    expect(answer.company.get_by_text("提出済み").first).to_be_visible()
    return number
