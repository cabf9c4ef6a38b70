"""Three reviewers score the proposals of a call; one of them has an interest in one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service
from tests.journeys.call_steps import Round, open_call
from tests.journeys.meeting_steps import PHONE, fits, press, told

pytestmark = pytest.mark.browser

CALL = "審査をたどる公募"
REVIEWERS = ("葛西 正樹", "長田 由紀", "堀内 剛")
COMPOST, PLASTIC, FURNITURE = "給食の残りを畑へ", "町の廃プラスチックの再生", "庁舎の机を使い回す"
PLANS = {
    COMPOST: "学校給食の残りを集め、堆肥にして町の畑で使います。",
    PLASTIC: "集めたプラスチックを選別し、収集箱に戻します。",
    FURNITURE: "建て替えで余る机を、会員の事務所で使います。",
}
CRITERIA = ("課題への合い方", "循環の効果", "実現の見通し", "広がり")
WAITING = "ほかの審査員の採点と討議は、自分の採点を提出すると読めます。"
SECRETS = (PLASTIC, PLANS[PLASTIC])


@pytest.fixture
def under_review(visit: Visit, service: Service, axe: AxeCheck) -> Round:
    """A call with three reviewers and three proposals, whose deadline is over."""
    made = Round(service, visit, axe)
    open_call(made, CALL, REVIEWERS)
    made.hand_in("officer", COMPOST, PLANS[COMPOST], partner="startup")
    made.hand_in("recycler", PLASTIC, PLANS[PLASTIC])
    made.hand_in("startup", FURNITURE, PLANS[FURNITURE])
    early = visit("reviewer")
    early.goto("/reviews")
    expect(early.get_by_text(COMPOST)).to_have_count(0)
    made.end()
    return made


def test_from_the_deadline_to_the_ranking(under_review: Round) -> None:
    hand_out(under_review)
    exclude(under_review)
    first, second = score_one_after_the_other(under_review)
    discuss(under_review, first, second)
    score_the_rest(under_review, first, second)
    rank(under_review, first)
    take_along(under_review)


def hand_out(round_: Round) -> None:
    """The worker hands out by itself; the secretariat need not wait for it."""
    desk = round_.visit("coordinator")
    desk.goto(f"{round_.path}/reviews")
    press(desk, "いま割り当てる")
    for name, waiting, closed in zip(REVIEWERS, "332", "001", strict=True):
        cells = desk.get_by_role("row", name=name).get_by_role("cell")
        expect(cells.nth(-3)).to_contain_text(waiting)
        expect(cells.nth(-2)).to_contain_text(closed)
    letter = round_.mail("reviewer3", f"{CALL}（2件）")
    assert "審査する提案：2件" in letter.text
    round_.axe(desk)


def exclude(round_: Round) -> None:
    """Who belongs to the organisation that proposes reads neither text nor scores as a reviewer."""
    page = round_.visit("reviewer3")
    open_list(page, round_)
    expect(page.get_by_text(PLASTIC)).to_have_count(0)
    page.get_by_role("link", name="受付2", exact=True).click()
    told(page, "この提案は審査しません")
    told(page, "提案した団体に所属しているため")
    round_.axe(page)
    closed = round_.proposals[PLASTIC]
    for path in (page.url, f"/proposals/{closed}/reviews"):
        page.goto(path)
        for secret in SECRETS:
            expect(page.get_by_text(secret)).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("審査")


def score_one_after_the_other(round_: Round) -> tuple[Page, Page]:
    """The second reviewer has scored; the first sees it only after handing in."""
    second = round_.visit("reviewer2")
    open_review(second, round_, COMPOST)
    told(second, WAITING)
    score(second, (4, 4, 4, 4), "集める量が数字で書かれています。")
    first = round_.visit("reviewer")
    open_review(first, round_, COMPOST)
    expect(first.get_by_text(PLANS[COMPOST])).to_be_visible()
    expect(first.get_by_text("長田 由紀")).to_have_count(0)
    told(first, WAITING)
    round_.axe(first)
    leave_a_reason_out(first)
    round_.axe(first)
    score(first, (5, 4, 4, 5), "畑の持ち主との約束があります。")
    row = first.get_by_role("table", name="提出された採点").get_by_role("row", name="長田 由紀")
    expect(row).to_contain_text("80")
    first.get_by_text("長田 由紀さんの理由").click()
    expect(first.get_by_text("集める量が数字で書かれています。").first).to_be_visible()
    round_.axe(first)
    return first, second


def leave_a_reason_out(page: Page) -> None:
    """Points need their reason; what was given stays."""
    group = page.get_by_role("group", name=re.compile(f"^{CRITERIA[0]}"))
    group.get_by_text("5点", exact=True).click()
    press(page, "採点を提出する")
    told(page, "理由")
    expect(group.get_by_role("radio", name="5点", exact=True)).to_be_checked()
    expect(page.get_by_text(WAITING)).to_be_visible()


def discuss(round_: Round, first: Page, second: Page) -> None:
    """Both have scored, so both discuss."""
    first.locator("#discussion textarea").fill("冬に集める量は、減らないでしょうか。")
    press(first, "書き込む")
    told(first, "書き込みました")
    open_review(second, round_, COMPOST)
    told(second, "冬に集める量は、減らないでしょうか。")
    second.locator("#discussion textarea").fill("前の年の数字が、資料にあります。")
    press(second, "書き込む")
    told(second, "前の年の数字が、資料にあります。")
    round_.axe(second)


def score_the_rest(round_: Round, first: Page, second: Page) -> None:
    """Everybody finishes; the second declares an interest in one of them."""
    open_review(second, round_, FURNITURE)
    second.get_by_role("link", name="利益相反の申告").click()
    second.get_by_label("理由").fill("この会社の顧問をしています。")
    press(second, "申告する")
    told(second, "利益相反を申告しました。")
    third = round_.visit("reviewer3")
    for page, title, points in (
        (second, PLASTIC, (3, 2, 3, 3)),
        (first, PLASTIC, (3, 3, 3, 3)),
        (first, FURNITURE, (2, 2, 3, 2)),
        (third, COMPOST, (5, 5, 5, 5)),
        (third, FURNITURE, (1, 2, 2, 1)),
    ):
        open_review(page, round_, title)
        score(page, points, "書かれていることから判断しました。")
    first.goto("/reviews")
    told(first, "すべて済みました")
    round_.axe(first)


def rank(round_: Round, first: Page) -> None:
    """Chart and table for the secretariat and reviewers who are done, without what is closed."""
    desk = round_.visit("coordinator")
    desk.goto(f"{round_.path}/reviews")
    rows = desk.get_by_role("table", name="提案の順位").get_by_role("row")
    for place, (title, mean) in enumerate(((COMPOST, "90.0"), (PLASTIC, "57."), (FURNITURE, "3"))):
        expect(rows.nth(place + 1)).to_contain_text(title)
        expect(rows.nth(place + 1)).to_contain_text(mean)
        expect(rows.nth(place + 1)).to_contain_text(f"{place + 1}位")
    expect(desk.locator("#ranking-chart svg, #ranking-chart canvas").first).to_be_visible()
    round_.axe(desk)
    desk.set_viewport_size(PHONE)  # type: ignore[arg-type]
    fits(desk)
    round_.axe(desk)
    first.goto(f"{round_.path}/reviews")
    expect(first.get_by_role("heading", level=1)).to_have_text("審査の順位")
    third = round_.visit("reviewer3")
    third.goto(f"{round_.path}/reviews")
    expect(third.get_by_text(COMPOST).first).to_be_visible()
    expect(third.get_by_text(PLASTIC)).to_have_count(0)


def take_along(round_: Round) -> None:
    """The workbook has the ranking, all points with their reasons, and who was excluded."""
    desk = round_.visit("coordinator")
    desk.goto(f"{round_.path}/reviews")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Excelで受け取る").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    book = load_workbook(BytesIO(download.value.path().read_bytes()), read_only=True)
    ranking = list(book["順位"].iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in ranking] == [COMPOST, PLASTIC, FURNITURE]
    assert ranking[0][4] == pytest.approx(90)
    scores = list(book["採点"].iter_rows(min_row=2, values_only=True))
    assert {row[2] for row in scores} == set(REVIEWERS)
    assert "畑の持ち主との約束があります。" in {row[8] for row in scores}
    discussion = [row[4] for row in book["討議"].iter_rows(min_row=2, values_only=True)]
    assert len(discussion) == 2
    conflicts = list(book["利益相反"].iter_rows(min_row=2, values_only=True))
    assert {(row[1], row[2]) for row in conflicts} == {
        (PLASTIC, "堀内 剛"), (FURNITURE, "長田 由紀"),
    }  # fmt: skip


def open_list(page: Page, round_: Round) -> None:
    """The reviewer's list of this call."""
    page.goto(f"/reviews?call={round_.call_id}")


def open_review(page: Page, round_: Round, title: str) -> None:
    """The reviewer's page of one proposal."""
    open_list(page, round_)
    page.get_by_role("link", name=re.compile(title)).click()


def score(page: Page, points: Sequence[int], reason: str) -> None:
    """Give points with a reason to every criterion and hand them in."""
    for name, given in zip(CRITERIA, points, strict=True):
        group = page.get_by_role("group", name=re.compile(f"^{name}"))
        group.get_by_text(f"{given}点", exact=True).click()
        group.get_by_label("理由").fill(reason)
    press(page, "採点を提出する")
    told(page, "採点を提出しました。")
