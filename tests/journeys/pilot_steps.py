"""A pilot from its plan to the draft of its case, as people do it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from matchmaker.core import clock
from tests.journeys.consortium_world import FIRM, PROBLEM, Way
from tests.journeys.meeting_steps import PHONE, fits, press, told

TITLE = "給食の残りのたい肥化の実証"
SUMMARY = "給食センターの残りを3か月集め、たい肥にできる量を確かめます。"
FORMAT = "座組② マッチングによる課題解決"
MILESTONE, SECOND_MILESTONE = "回収を始める", "はじめのたい肥を畑に入れる"
DONE = "平日の朝に集め、発酵槽に入れました。"
TROUBLE = "油の多い日は、発酵が遅れました。"
RESULT = "燃やす量が減り、畑でも使えました。来年度も続けます。"
LESSON = "油をこしてから入れると、発酵が早く進みます。"
FISCAL_YEAR_BEGINS = 4


@dataclass(frozen=True, slots=True)
class Days:
    """When the pilot runs.

    Args:
        first: its first day, in the fiscal year of its last one, so that one report tells all.
        last: the day on which it came to its end, some days ago.
        planned: the day on which it was to end, some days ahead.
    """

    first: date
    last: date
    planned: date


def days_of_the_pilot() -> Days:
    """Days around today in Japan."""
    now = clock.today(clock.now())
    last = now - timedelta(days=3)
    year = last.year if last.month >= FISCAL_YEAR_BEGINS else last.year - 1
    first = max(last - timedelta(days=60), date(year, FISCAL_YEAR_BEGINS, 1))
    return Days(first, last, now + timedelta(days=10))


@dataclass
class Trial:
    """The pilot of a journey.

    Args:
        way: what it grew from.
        page: window of the town.
        days: when it runs.
        path: address of its page.
    """

    way: Way
    page: Page
    days: Days
    path: str = ""

    def open(self, more: str = "") -> Page:
        """Open its page, or one below it."""
        self.page.goto(self.path + more)
        return self.page


def choose_day(page: Page, legend: str, day: date) -> None:
    """Type a day into its three fields."""
    fields = page.get_by_role("group", name=legend)
    for label, value in (("年", day.year), ("月", day.month), ("日", day.day)):
        fields.get_by_label(label, exact=True).fill(str(value))


def plan(way: Way) -> Trial:
    """The town plans it on the page of the consortium; an end before the beginning is refused."""
    trial = Trial(way, way.visit("officer"), days_of_the_pilot())
    page = way.open(trial.page)
    page.get_by_role("link", name="実証を計画する").click()
    page.get_by_label("実証の名前").fill(TITLE)
    page.get_by_text(FORMAT, exact=True).click()
    page.get_by_label("何を確かめるか").fill(SUMMARY)
    choose_day(page, "始まる日", trial.days.first)
    choose_day(page, "終わる日", trial.days.first - timedelta(days=1))
    page.get_by_label("実証をする市区町村").fill("402109")
    page.get_by_text("1年ごと", exact=True).click()
    page.get_by_label("始まったら、公開ページを作る").check()
    press(page, "保存する")
    told(page, "終わる日は、始まる日よりあとにしてください。")
    expect(page.get_by_label("何を確かめるか")).to_have_value(SUMMARY)
    expect(page.get_by_label("実証の名前")).to_have_value(TITLE)
    way.axe(page)
    choose_day(page, "終わる日", trial.days.planned)
    press(page, "保存する")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    trial.path = page.url
    return trial


def set_goals(trial: Trial) -> None:
    """Milestones and indicators; a weight in the wrong unit is refused at its line."""
    page = trial.open()
    page.get_by_role("link", name="節目を決める").click()
    rows = ((MILESTONE, trial.days.first), (SECOND_MILESTONE, trial.days.last))
    for number, (words, day) in enumerate(rows, start=1):
        page.get_by_label(f"{number}行目の内容").fill(words)
        page.get_by_label(f"{number}行目の期日").fill(day.isoformat())
    press(page, "保存する")
    told(page, "節目を保存しました。")
    page.get_by_role("link", name="指標を決める").click()
    for number, (baseline, goal) in enumerate((("0", "8"), ("0", "7"), ("8", "1")), start=1):
        page.get_by_label(f"{number}行目の基準").fill(baseline)
        page.get_by_label(f"{number}行目の目標").fill(goal)
    page.get_by_label("1行目の単位").fill("kg")
    page.get_by_label("1行目の指標を公開する").check()
    press(page, "保存する")
    expect(page.get_by_label("1行目の単位")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("2行目の目標")).to_have_value("7")
    trial.way.axe(page)
    page.get_by_label("1行目の単位").fill("")
    press(page, "保存する")
    told(page, "指標を保存しました。")


def start(trial: Trial) -> None:
    """It begins; the consortium runs, and everybody finds its public page."""
    page = trial.open()
    press(page, "実証を始める")
    told(page, "実証を始めました。報告の予定ができました。")
    trial.way.axe(page)
    assert TITLE in trial.way.mail("startup", TITLE).subject
    trial.way.open(page)
    expect(page.get_by_text("実証中", exact=True).first).to_be_visible()
    trial.open().get_by_role("link", name="公開ページ").click()
    address = page.url
    visitor = trial.way.visit(viewport=PHONE)
    visitor.goto(address)
    told(visitor, SUMMARY)
    fits(visitor)
    trial.way.axe(visitor)


def report(trial: Trial) -> None:
    """It is kept as a draft; once the plan ends on the real last day it is handed in.

    More tonnes recycled than collected are refused at their field.
    """
    page = trial.open()
    page.get_by_role("link", name="次の報告を書く").click()
    fill_report(page, "6.5", "9")
    press(page, "下書きとして残す")
    told(page, "下書きを残しました。まだ提出していません。")
    end_earlier(trial)
    page = trial.open()
    page.get_by_role("link", name="次の報告を書く").click()
    expect(page.get_by_label("この期間にしたこと")).to_have_value(DONE)
    press(page, "提出する")
    expect(amount(page, "集めた量")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("困っていること")).to_have_value(TROUBLE)
    trial.way.axe(page)
    amount(page, "循環させた量").fill("5.5")
    press(page, "提出する")
    told(page, "報告を提出しました。")
    told(page, "提出済み")
    trial.open()
    told(page, "6.5")
    trial.way.axe(page)


def amount(page: Page, name: str) -> Locator:
    """The field of an indicator."""
    return page.get_by_label(name, exact=True)


def fill_report(page: Page, collected: str, recycled: str) -> None:
    """Values and words."""
    amount(page, "集めた量").fill(collected)
    amount(page, "循環させた量").fill(recycled)
    amount(page, "処分した量").fill("1")
    page.get_by_label("この期間にしたこと").fill(DONE)
    page.get_by_label("困っていること").fill(TROUBLE)


def end_earlier(trial: Trial) -> None:
    """The last day was sooner than planned."""
    page = trial.open("/edit")
    choose_day(page, "終わる日", trial.days.last)
    press(page, "保存する")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def finish(trial: Trial) -> None:
    """What came of it and what was learnt; without a lesson it does not end."""
    page = trial.open()
    page.get_by_role("link", name="実証を終える").click()
    page.get_by_text("継続する", exact=True).click()
    page.get_by_label("結果と、そう決めた理由").fill(RESULT)
    press(page, "実証を終える")
    told(page, "分かったことを書いてください。")
    expect(page.get_by_label("結果と、そう決めた理由")).to_have_value(RESULT)
    trial.way.axe(page)
    page.get_by_label("分かったこと").fill(LESSON)
    press(page, "実証を終える")
    trial.open()
    expect(page.get_by_text("完了", exact=True).first).to_be_visible()
    told(page, LESSON)


def read_case(trial: Trial) -> None:
    """The draft of the case has what is known: the need, who did it, how much, what was learnt."""
    page = trial.open()
    page.get_by_role("link", name="事例の下書きを見る").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("事例の下書き")
    expect(page.get_by_label(re.compile("^事業者(?!が)"))).to_have_value(FIRM)
    expect(page.get_by_label("困りごと")).to_have_value(PROBLEM)
    expect(page.get_by_label("量と効果")).to_have_value(re.compile("集めた量 6.5t"))
    expect(page.get_by_label("そのほか")).to_have_value(re.compile(LESSON))
    trial.way.axe(page)


@dataclass(frozen=True, slots=True)
class Ancestors:
    """What the pilot grew from, by title.

    Args:
        pair: of the introduction and of its match.
    """

    need: str
    pair: str
    consortium: str
    proposal: str
    group: str


def show_lineage(trial: Trial, ancestors: Ancestors) -> None:
    """From the need, the whole way down to the pilot and what it reported."""
    page = trial.page
    page.goto(f"/needs/{trial.way.pair.need_id}")
    page.get_by_role("link", name="経緯").first.click()
    table = page.get_by_role("table", name="つながりの表")
    for title, kind, state, parent in (
        (ancestors.need, "ニーズ", "公開中", ""),
        (ancestors.pair, "紹介", "成立", ancestors.need),
        (ancestors.pair, "紹介の成立", "話し合い中", ancestors.pair),
        (ancestors.consortium, "座組", "実証中", ancestors.pair),
        (ancestors.proposal, "提案", "採択", ancestors.consortium),
        (ancestors.group, "WG", "", ancestors.proposal),
        (TITLE, "実証", "完了", ancestors.consortium),
    ):
        row = table.get_by_role("row").filter(has=page.get_by_role("cell", name=kind, exact=True))
        expect(row).to_contain_text(title)
        expect(row).to_contain_text(state)
        expect(row).to_contain_text(parent)
    read_figures(page)
    happened = page.get_by_role("region", name="これまでのできごと")
    for words in (
        "関心を伝えました", "双方が話してみたい", "座組を立ち上げました", "WGを登録しました",
        "実証を計画しました", "実証の結果を報告しました",
    ):  # fmt: skip
        expect(happened).to_contain_text(words)
    trial.way.axe(page)
    hide_from_strangers(trial, ancestors)


def read_figures(page: Page) -> None:
    """What the pilot reached stands under the lineage."""
    results = page.get_by_role("table", name="実証の目標と、いままでの値")
    expect(results.get_by_role("row", name="集めた量")).to_contain_text("6.5t")
    expect(results.get_by_role("row", name="処分した量")).to_contain_text("1t以下")


def hide_from_strangers(trial: Trial, ancestors: Ancestors) -> None:
    """Whoever is not signed in reads the need, and that there is more, but neither what nor who."""
    visitor = trial.way.visit(viewport=PHONE)
    visitor.goto(f"/lineage/need/{trial.way.pair.need_id}")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text(ancestors.need)
    told(visitor, "非公開の記録")
    for words in (ancestors.pair, ancestors.consortium, ancestors.proposal):
        expect(visitor.get_by_text(words)).to_have_count(0)
    fits(visitor)
    trial.way.axe(visitor)
