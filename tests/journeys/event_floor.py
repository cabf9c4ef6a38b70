"""Questions on the floor: asked by guests, sorted, merged, shown in the hall, supported."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.journeys.event_world import Journey
from tests.journeys.meeting_steps import PHONE, fits, press, told

ASKED = "竹を集める費用は、だれが払うのですか。"
ALIKE = "竹を集める費用は、だれが払うのでしょうか。"
RUDE = "話が長すぎるので、早く終わってください。"


@dataclass(frozen=True, slots=True)
class Floor:
    """The windows of the floor.

    Args:
        desk: of the moderator.
        hall: the screen of the hall.
        code: of the room, as the screen shows it.
    """

    desk: Page
    hall: Page
    code: str


def open_floor(journey: Journey) -> Floor:
    """The moderator opens the hall's screen; without a question it shows the way to join."""
    desk = journey.open(journey.visit("coordinator"), "/floor")
    journey.axe(desk)
    desk.get_by_role("link", name="質問の進行").click()
    journey.axe(desk)
    desk.get_by_role("link", name="受け付けと投影").click()
    journey.axe(desk)
    desk.get_by_label("当日の質問を受け付ける").check()
    press(desk, "この内容にする")
    link = desk.get_by_role("link", name="会場の画面を開く").get_attribute("href") or ""
    hall = journey.visit()
    hall.goto(urlsplit(link).path)
    told(hall, "質問をどうぞ")
    journey.axe(hall)
    code = (hall.locator(".hall__code").text_content() or "").replace("コード", "").strip()
    return Floor(desk, hall, code)


def ask(journey: Journey, floor: Floor) -> Page:
    """Two guests join by the code; two questions that mean the same, and one that is rude."""
    guest = _join(journey, floor)
    journey.axe(guest)
    fits(guest)
    press(guest, "送る")
    expect(guest.locator(".field__error").first).to_be_visible()
    _send(guest, ASKED)
    other = _join(journey, floor)
    for text in (ALIKE, RUDE):
        _send(other, text)
    expect(other.locator("#floor-list")).to_contain_text("公開中の質問は、まだありません。")
    for text in (ASKED, ALIKE, RUDE):
        expect(floor.hall.locator("body")).not_to_contain_text(text)
    return other


def _join(journey: Journey, floor: Floor) -> Page:
    guest = journey.open(journey.visit(viewport=PHONE), "/floor")
    journey.axe(guest)
    guest.get_by_label("コード", exact=True).fill(floor.code.lower())
    press(guest, "参加する")
    return guest


def _send(guest: Page, text: str) -> None:
    guest.get_by_label("内容").fill(text)
    press(guest, "送る")
    told(guest, "送りました。進行担当が確認してから、公開されます。")


def moderate(journey: Journey, floor: Floor) -> None:
    """The rude one is refused with a reason; the other two are merged into one and published."""
    desk = journey.open(floor.desk, "/floor/moderation?state=new")
    desk.goto(desk.url)
    _question(desk, RUDE).get_by_role("link", name="見送る").click()
    journey.axe(desk)
    desk.get_by_label("ほかの理由").fill("質問ではないため。")
    press(desk, "この理由で見送る")
    desk.get_by_role("link", name="似た質問").click()
    journey.axe(desk)
    number = _number(desk, ASKED)
    pair = desk.locator(".pair", has_text=ASKED).filter(has_text=ALIKE)
    pair.get_by_role("button", name=f"{number}番にまとめる").first.click()
    desk.get_by_role("link", name="質問", exact=True).click()
    _question(desk, ASKED).get_by_role("button", name="公開する").click()
    expect(_question(desk, ASKED)).to_have_count(0)


def _question(page: Page, text: str) -> Locator:
    return page.locator(".ask", has_text=text)


def _number(desk: Page, text: str) -> str:
    side = desk.locator(".pair__side", has_text=text).first
    return (side.locator(".ask__meta .numeric").first.text_content() or "").removesuffix("番")


def project(journey: Journey, floor: Floor) -> None:
    """The merged question stands in the hall; the words of the others never do."""
    desk, hall = floor.desk, floor.hall
    journey.open(desk, "/floor/moderation?state=accepted")
    _question(desk, ASKED).get_by_role("button", name="会場に映す").click()
    expect(hall.locator(".hall__question")).to_have_text(ASKED)
    journey.axe(hall)
    for text in (ALIKE, RUDE):
        expect(hall.locator("body")).not_to_contain_text(text)


def vote(journey: Journey, floor: Floor, guest: Page) -> None:
    """A third guest supports it once more; the hall counts the voices."""
    voter = _join(journey, floor)
    before = int(floor.hall.locator(".hall__votes .numeric").text_content() or "")
    button = _question(voter, ASKED).get_by_role("button", name="わたしも聞きたい")
    button.click()
    expect(voter.locator(".vote--on")).to_have_count(1)
    expect(floor.hall.locator(".hall__votes .numeric")).to_have_text(str(before + 1))
    journey.axe(voter)
    guest.reload()
    own = guest.locator(".ask--own")
    expect(own.filter(has_text=ALIKE)).to_contain_text("似た質問とまとめて扱っています。")
    expect(own.filter(has_text=RUDE)).to_contain_text("理由：質問ではないため。")
    expect(guest.locator("#floor-list")).not_to_contain_text(RUDE)
    expect(floor.hall.locator("body")).not_to_contain_text(RUDE)
