"""What the towns and the business do on the pages of a coalition."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.service import Service
from tests.journeys.meeting_steps import PHONE, fits, press, told
from tests.journeys.partnering_world import Partners, path_in

PLANT = "使用済み紙おむつの水溶化処理とパルプ回収"
RECYCLER = "株式会社奥備後リソース"
NOTE = "来年度の予算要求に間に合うように相談したいです。"
ASKED = "まとめて受け入れの最低の量に届く連合への参加のお願い"
ALL_THREE = "この3団体と事業者にまとめて声をかける"
LOT, TOGETHER = "300 t/年", "360 t/年"


@dataclass(frozen=True, slots=True)
class Town:
    """A town of this journey.

    Args:
        key: account of its officer.
        name: of the town.
        officer: name of the officer.
        place: prefecture, latitude and longitude.
        tonnes: of diapers a year; any two towns together stay below the lot.
        need: title of its need.
    """

    key: str
    name: str
    officer: str
    place: tuple[str, float, float]
    tonnes: int
    need: str


TOWNS = (
    Town("hayase", "早瀬川町", "滝本 恵", ("広島県", 34.66, 132.90), 120, "保育所の紙おむつ"),
    Town("konomiya", "木ノ宮原町", "沖田 進", ("広島県", 34.86, 133.02), 110, "施設の紙おむつ"),
    Town("mitsuse", "三ツ瀬谷町", "森岡 光", ("広島県", 34.75, 132.70), 130, "町立病院の紙おむつ"),
)


def find_from_the_offering(partners: Partners) -> None:
    """The business looks from the page of its offering and finds exactly the three towns."""
    recycler = partners.visit("recycler")
    recycler.goto("/offerings?mine=1")
    recycler.locator("main").get_by_role("link", name=PLANT).first.click()
    recycler.get_by_role("link", name="組み合わせをさがす").click()
    _search_posts_only(recycler)
    group = _first_group(recycler)
    for town in TOWNS:
        row = group.get_by_role("row", name=town.name)
        expect(row).to_contain_text(f"{town.tonnes} t/年")
    expect(group).to_contain_text(TOGETHER)
    expect(group).to_contain_text("少ないほうの量でも届く")


def _search_posts_only(page: Page) -> None:
    """Look among towns that have posted a need; nobody is estimated."""
    page.get_by_label("ニーズを掲載していない自治体も").uncheck()
    press(page, "この条件でさがす")
    told(page, f"最低の量 {LOT}")


def _first_group(page: Page) -> Locator:
    group = page.locator(".coalition-group").first
    expect(group).to_be_visible()
    expect(group.get_by_role("row")).to_have_count(len(TOWNS) + 1)
    return group


def ask_all_in_one_press(partners: Partners, founder: Page) -> str:
    """A town starts from its need: with two towns nothing is reached, with three it asks all.

    Returns:
        Path of the coalition.
    """
    founder.goto("/needs?mine=1")
    founder.locator("main").get_by_role("link", name=TOWNS[0].need).first.click()
    founder.get_by_role("link", name="組み合わせをさがす").click()
    founder.get_by_label("受け入れる事業者（シーズ）").select_option(
        label=f"{RECYCLER}：{PLANT}（最低 {LOT}）"
    )
    founder.get_by_label("自治体の数").fill("2")
    _search_posts_only(founder)
    told(founder, "足りません")
    founder.get_by_label("自治体の数").fill("100")
    press(founder, "この条件でさがす")
    told(founder, "2から20までの数を入れてください。")
    founder.get_by_label("自治体の数").fill("3")
    _search_posts_only(founder)
    group = _first_group(founder)
    expect(group.locator("[data-map-picture] svg").first).to_be_visible()
    founder.get_by_label("ことば（任意）").fill(NOTE)
    partners.look(founder)
    group.get_by_role("button", name=ALL_THREE).click()
    told(founder, "声をかけました。返事があるとメールが届きます。")
    told(founder, "声かけ中")
    _expect_agreed(founder, TOWNS[0].tonnes, "まだ届かない")
    _expect_answer(founder, TOWNS[0].name, "参加")
    for name in (TOWNS[1].name, TOWNS[2].name, RECYCLER):
        _expect_answer(founder, name, "返事待ち")
    return urlsplit(founder.url).path


def _expect_agreed(page: Page, tonnes: int, standing: str) -> None:
    """How much the towns that are in bring together."""
    stat = page.locator(".stat", has_text="参加が決まった量")
    expect(stat).to_contain_text(str(tonnes))
    expect(stat).to_contain_text(standing)


def _expect_answer(page: Page, name: str, answer: str) -> None:
    row = page.locator("section[aria-labelledby=members]").get_by_role("row", name=name)
    expect(row.get_by_role("cell").first).to_contain_text(answer)


def answer_as_the_other_towns(partners: Partners, path: str) -> None:
    """Each town reads its own mail, on a phone, and says yes for itself alone."""
    for town, agreed in zip(TOWNS[1:], (230, 360), strict=True):
        letter = partners.mail(town.key, ASKED)
        for words in (TOWNS[0].name, RECYCLER, LOT, NOTE, f"{town.name}の量：{town.tonnes} t/年"):
            assert words in letter.text
        assert path_in(letter, "/coalitions/") == path
        phone = partners.visit(town.key, viewport=PHONE)
        phone.goto(path)
        told(phone, f"{town.name}への声かけに返事をしてください")
        expect(phone.get_by_role("button", name="参加する", exact=True)).to_have_count(1)
        fits(phone)
        partners.axe(phone)
        press(phone, "参加する")
        told(phone, "返事を記録しました。")
        _expect_answer(phone, town.name, "参加")
        _expect_agreed(phone, agreed, "届く" if agreed > 300 else "まだ届かない")
        told(phone, "声かけ中")
        answered = partners.mail(TOWNS[0].key, f"連合への返事：{town.name}は参加")
        assert f"参加が決まった量：{agreed} t/年" in answered.text


def keep_from_others(partners: Partners, path: str) -> None:
    """Neither another member nor a visitor reads who is asked."""
    for page in (partners.visit("startup"), partners.visit()):
        page.goto(path)
        expect(page.locator("body")).not_to_contain_text(NOTE)
        expect(page.locator("body")).not_to_contain_text(TOWNS[1].name)


def answer_as_the_business(partners: Partners, path: str) -> None:
    """The business is asked too, and only its yes completes the coalition."""
    letter = partners.mail("recycler", ASKED)
    for town in TOWNS:
        assert f"{town.name}　{town.tonnes} t/年" in letter.text
    recycler = partners.visit("recycler")
    recycler.goto(path_in(letter, "/coalitions/"))
    told(recycler, f"{RECYCLER}への声かけに返事をしてください")
    press(recycler, "参加する")
    told(recycler, "返事を記録しました。")
    told(recycler, "連合が成立しました")
    expect(recycler.get_by_role("link", name="座組へ進む")).to_be_visible()


def read_that_it_is_reached(partners: Partners, founder: Page, path: str) -> None:
    """Everybody is told once; the page says so and 「経緯」 shows the way."""
    for key in (*(town.key for town in TOWNS), "recycler"):
        letter = partners.mail(key, f"連合が成立しました：紙おむつ（{TOGETHER}）")
        assert path_in(letter, "/coalitions/") == path
        reached = [each for each in partners.subjects(key) if "連合が成立しました" in each]
        assert len(reached) == 1, f"{Service.email(key)} is told once"
    founder.goto(path)
    told(founder, f"声をかけた全員の返事がそろい、{TOGETHER}になりました。")
    for name in (*(town.name for town in TOWNS), RECYCLER):
        _expect_answer(founder, name, "参加")
    _expect_agreed(founder, 360, "少ないほうの量でも届く")
    partners.look(founder)
    founder.locator("main").get_by_role("link", name="経緯").click()
    record = founder.locator("section[aria-labelledby=happenings]")
    for words in ("連合への声かけを始めました", "「声かけ中」から「成立」へ"):
        expect(record).to_contain_text(words)
    expect(founder.locator("section[aria-labelledby=connections]")).to_contain_text(TOWNS[0].need)
    founder.goto(path)


def go_on_to_a_consortium(partners: Partners, founder: Page) -> None:
    """The next press leads to a 座組 that begins with the three towns and the business."""
    founder.get_by_role("link", name="座組へ進む").click()
    expect(founder.get_by_role("heading", level=1)).to_have_text("座組を始める")
    first = founder.locator("section[aria-labelledby=first]")
    for name in (*(town.name for town in TOWNS), RECYCLER):
        expect(first).to_contain_text(name)
    partners.look(founder)
