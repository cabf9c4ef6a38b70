"""A consortium from the page of its match to its approval document, as people do it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pypdfium2
from playwright.sync_api import Page, expect

from tests.journeys.consortium_world import FIRM, HAULER, NEED_TITLE, TOWN, Way
from tests.journeys.meeting_steps import PHONE, fits, press, told

NAME = "笹野原町 給食の残りをたい肥にする座組"
AIM = "給食の残りを燃やさずに、町の畑の土に戻します。"
PLAN = "春に給食センターで試し、秋から2つの学校に広げます。"
DUTY = "毎朝、給食センターから発酵槽まで運びます。"
REQUEST = "残りを運ぶところを、お願いできませんか。"
COSTS = "委託料 120万円（環境費）"
PURPOSE, METHOD = "資源制約への対応", "地域資源活用リサイクル"
STARTS, ENDS = ("2027", "4", "1"), ("2028", "3", "31")
PRESENT = ((TOWN, "参加"), (FIRM, "返事待ち"))


def found(way: Way) -> Page:
    """The town begins it from the page of the match; the other side is asked."""
    page = way.visit("officer")
    page.goto(f"/matches/{way.pair.match_id}")
    page.get_by_role("link", name="座組をつくる").click()
    told(page, "始めた団体が代表になり")
    expect(page.get_by_role("listitem").filter(has_text=FIRM).first).to_be_visible()
    page.get_by_label("座組の名前").fill(NAME)
    way.axe(page)
    press(page, "座組を始める")
    told(page, "座組を始めました。")
    way.path = urlsplit(page.url).path
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    for name, state in PRESENT:
        expect(page.get_by_role("row", name=name)).to_contain_text(state)
    expect(page.get_by_role("row", name=TOWN)).to_contain_text("代表")
    way.axe(page)
    return page


def invite(way: Way, page: Page) -> None:
    """A third partner is asked to carry; without a name of an organisation nothing is sent."""
    way.open(page, "/partners")
    form = page.get_by_role("region", name="会員の団体を招待する")
    form.get_by_label("回収・運搬").check()
    form.get_by_label("ひとこと").fill(REQUEST)
    press(page, "案内を送る")
    expect(form.get_by_label("団体の名前")).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("ひとこと")).to_have_value(REQUEST)
    expect(form.get_by_label("回収・運搬")).to_be_checked()
    form.get_by_label("団体の名前").fill(HAULER)
    press(page, "案内を送る")
    told(page, "参加の案内を送りました。")
    way.axe(page)


def accept(way: Way) -> tuple[Page, Page]:
    """Both read what they are asked for in their mail, follow its link and take part."""
    firm = _accept(way, "startup", "再生・処理", "")
    hauler = _accept(way, "recycler", "回収・運搬", REQUEST)
    letter = way.mail("officer", f"座組の参加者：{HAULER}")
    assert "が参加しました" in letter.text
    return firm, hauler


def _accept(way: Way, who: str, role: str, words: str) -> Page:
    letter = way.mail(who, f"座組への参加の案内：{NAME}")
    assert role in letter.text
    assert words in letter.text
    link = re.search(r"https?://\S+(/consortia/\S+)", letter.text)
    assert link is not None
    page = way.visit(who)
    page.goto(link[1])
    told(page, "参加の案内が届いています")
    expect(page.get_by_role("link", name="内容を書く")).to_have_count(0)
    way.axe(page)
    press(page, "参加する")
    told(page, "座組に参加しました。内容を読んで、同意してください。")
    return page


def write(way: Way, page: Page) -> None:
    """What they agree on is written; an amount in kilograms is refused and nothing is lost."""
    way.open(page, "/content")
    fill_content(page)
    low = page.get_by_label("1年の量（下限）")
    low.fill("30000kg")
    press(page, "新しい版として保存する")
    expect(low).to_have_attribute("aria-invalid", "true")
    told(page, "1年あたりのトン数を、数字だけで入れてください")
    expect(low).to_have_value("30000kg")
    keeps_content(page)
    way.axe(page)
    low.fill("-30")
    press(page, "新しい版として保存する")
    expect(low).to_have_attribute("aria-invalid", "true")
    keeps_content(page)
    low.fill("30")
    press(page, "新しい版として保存する")
    told(page, "保存しました（第2版）。")
    told(page, "30 t/年")


def fill_content(page: Page) -> None:
    """Everything but the amount."""
    page.get_by_label(PURPOSE).check()
    page.get_by_label("めざす姿").fill(AIM)
    page.get_by_label(METHOD).check()
    for legend, day in (("始める日", STARTS), ("終える日", ENDS)):
        fields = page.get_by_role("group", name=re.compile(f"^{legend}"))
        for label, value in zip(("年", "月", "日"), day, strict=True):
            fields.get_by_label(label, exact=True).fill(value)
    page.get_by_label("日程と進め方").fill(PLAN)
    page.get_by_label(f"{HAULER}の役割分担").fill(DUTY)


def keeps_content(page: Page) -> None:
    """What was typed still stands in its fields."""
    expect(page.get_by_label(PURPOSE)).to_be_checked()
    expect(page.get_by_label("めざす姿")).to_have_value(AIM)
    expect(page.get_by_label("日程と進め方")).to_have_value(PLAN)
    expect(page.get_by_label(f"{HAULER}の役割分担")).to_have_value(DUTY)
    days = page.get_by_role("group", name=re.compile("^終える日"))
    expect(days.get_by_label("年", exact=True)).to_have_value(ENDS[0])


def agree(way: Way, *pages: Page) -> None:
    """Each reads the version and agrees; only with the last one it is agreed."""
    assert "第2版" in way.mail("recycler", f"座組の内容が新しくなりました：{NAME}").text
    for left in range(len(pages), 0, -1):
        page = way.open(pages[-left])
        expect(page.get_by_role("region", name="合意までに要ること")).to_contain_text(
            f"いまの版にまだ同意していない団体が{left}あります。"
        )
        expect(page.get_by_role("row", name=HAULER)).to_contain_text(DUTY)
        press(page, "この内容に同意する")
        told(page, "第2版の内容に同意しました。")
    expect(pages[-1].get_by_text("合意済み", exact=True).first).to_be_visible()
    expect(pages[-1].get_by_text("第2版に同意")).to_have_count(len(pages))
    assert "合意済み" in way.mail("officer", "座組の状態が「合意済み」になりました").subject


def look_on_a_phone(way: Way) -> None:
    """The page of the consortium fits a small screen."""
    page = way.open(way.visit("recycler", viewport=PHONE))
    told(page, AIM)
    fits(page)
    way.axe(page)


def take_document(way: Way, page: Page, folder: Path) -> None:
    """The officer fills in what the office wants and takes the approval document along."""
    way.open(page)
    page.get_by_role("link", name="書類を作る・戻す").click()
    page.get_by_role("link", name="起案書を作る").click()
    expect(page.get_by_label("件名")).to_have_value(f"「{NAME}」への参加について（伺い）")
    page.get_by_label("部署").fill("環境農林課 里山係")
    for label, value in zip(("年", "月", "日"), ("令和8", "11", "24"), strict=True):
        day = page.get_by_role("group", name=re.compile("^起案した日"))
        day.get_by_label(label, exact=True).fill(value)
    page.get_by_label("費用").fill(COSTS)
    way.axe(page)
    with page.expect_download() as started:
        press(page, "保存して起案書を受け取る")
    assert started.value.suggested_filename.endswith(".pdf")
    started.value.save_as(folder / "approval.pdf")
    check_document(folder / "approval.pdf")


def check_document(path: Path) -> None:
    """One A4 page after the other says who wants to do what with whom, and when."""
    document = pypdfium2.PdfDocument(path)
    for page in document:
        width, height = page.get_size()
        assert (round(width), round(height)) == (595, 842)
    texts = [page.get_textpage().get_text_range() for page in document]
    text = "".join("".join(texts).split())
    for words in (
        "起案書", f"「{NAME}」への参加について（伺い）", TOWN, FIRM, HAULER, "環境農林課里山係",
        "令和8年11月24日", "令和9年4月1日から令和10年3月31日まで", AIM, PLAN, DUTY, "30 t/年",
        PURPOSE, METHOD, COSTS, "代表", "第2版",
    ):  # fmt: skip
        assert "".join(words.split()) in text, words


def show_lineage(way: Way, page: Page) -> None:
    """From the page of the consortium the way back to the need is one press away."""
    way.open(page)
    page.get_by_role("link", name="経緯").first.click()
    table = page.get_by_role("table", name="つながりの表")
    expect(table.get_by_role("row", name=NEED_TITLE).first).to_be_visible()
    way.axe(page)
