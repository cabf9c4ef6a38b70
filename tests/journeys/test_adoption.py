"""Decisions are prepared, checked and released at one moment; an adoption becomes a sub-WG."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from matchmaker.core import clock
from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service
from tests.journeys.call_steps import DEMO_CALL, Round, choose_day, open_call
from tests.journeys.mailbox import letters_to
from tests.journeys.meeting_steps import press, press_and_confirm, told

pytestmark = pytest.mark.browser

CALL = "採択をたどる公募"
COMPOST, PLASTIC = "給食の残りを畑へ", "町の廃プラスチックの再生"
GROUP, SECOND_GROUP = "給食残さ堆肥サブWG", "廃プラスチック再生サブWG"
PRAISE = "集める量と使い道が、数字で示されています。"
REFUSAL = "選別の方法が、まだ決まっていません。"
CORRECTION = "選別の方法を書いた資料を、事務局が見落としていました。"


@dataclass
class Adoption:
    """The call whose decisions are made.

    Args:
        round: the call with its proposals.
        desk: window of who prepares.
        checker: window of who checks.
        group: address of the page of the group that grows out of it.
    """

    round: Round
    desk: Page
    checker: Page
    group: str = ""

    def decision(self, page: Page, title: str) -> Page:
        """Open the decision about a proposal."""
        page.goto(f"{self.round.path}/decisions/{self.round.proposals[title]}")
        return page


@pytest.fixture
def adoption(visit: Visit, service: Service, axe: AxeCheck) -> Adoption:
    """A call without reviews that waits for its decisions: they need none."""
    made = Round(service, visit, axe)
    desk = open_call(made, CALL)
    made.hand_in("officer", COMPOST, "給食の残りを堆肥にします。", partner="startup")
    made.hand_in("recycler", PLASTIC, "プラスチックを選別します。")
    made.end()
    return Adoption(made, desk, visit("coordinator2"))


def test_from_two_decisions_to_a_sub_group(adoption: Adoption) -> None:
    prepare(adoption)
    hold_back(adoption)
    check(adoption)
    release(adoption)
    tell_the_authors(adoption)
    show_the_group(adoption)
    recruit_an_observer(adoption)
    correct(adoption)


def prepare(adoption: Adoption) -> None:
    """One adoption and one refusal are written; what is missing is told at its field."""
    page = adoption.decision(adoption.desk, COMPOST)
    page.get_by_text("採択", exact=True).click()
    page.get_by_label("オブザーバーを募集する").check()
    describe_group(page, GROUP, "4")
    press(page, "案を保存する")
    expect(page.get_by_label("決定の理由")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("立ち上げるWGの名前")).to_have_value(GROUP)
    adoption.round.axe(page)
    page.get_by_label("決定の理由").fill(PRAISE)
    press(page, "案を保存する")
    told(page, "決定の案を保存しました。")
    told(page, "自分が作った案は、自分では確認できません。")
    expect(page.get_by_role("button", name="この案を確認する")).to_have_count(0)
    adoption.round.axe(page)
    page = adoption.decision(adoption.desk, PLASTIC)
    page.get_by_text("不採択", exact=True).click()
    page.get_by_label("決定の理由").fill(REFUSAL)
    press(page, "案を保存する")
    told(page, "決定の案を保存しました。")


def describe_group(page: Page, name: str, meetings: str) -> None:
    """Name, half a year from next month on, and how many meetings."""
    page.get_by_label("立ち上げるWGの名前").fill(name)
    choose_day(page, "WGの活動の始まり", day_from_now(30))
    choose_day(page, "WGの活動の終わり", day_from_now(210))
    page.get_by_label("予定する会合の数").fill(meetings)


def day_from_now(days: int) -> datetime:
    """A day in Japan."""
    return (clock.now() + timedelta(days=days)).astimezone(clock.JST)


def hold_back(adoption: Adoption) -> None:
    """Nothing goes out before a second person has looked, and authors see nothing of it."""
    adoption.desk.goto(f"{adoption.round.path}/decisions/releases")
    told(adoption.desk, "まだ通知できません")
    expect(adoption.desk.get_by_text("ほかの人の確認がまだです。")).to_have_count(2)
    adoption.round.axe(adoption.desk)
    author = adoption.round.visit("officer")
    author.goto(f"/proposals/{adoption.round.proposals[COMPOST]}")
    expect(author.get_by_role("heading", level=1)).to_have_text(COMPOST)
    for words in ("審査の結果", PRAISE, GROUP):
        expect(author.get_by_text(words)).to_have_count(0)
    assert results_for(adoption, "officer") == []


def results_for(adoption: Adoption, who: str) -> list[str]:
    """Subjects of the mail about results that somebody has got."""
    service = adoption.round.service
    mails = letters_to(service.folder, service.email(who))
    return [mail.subject for mail in mails if "審査の結果" in mail.subject]


def check(adoption: Adoption) -> None:
    """The colleague reads and confirms both."""
    page = adoption.checker
    page.goto(f"{adoption.round.path}/decisions")
    expect(page.get_by_text("あなたの確認待ち")).to_have_count(2)
    adoption.round.axe(page)
    for title, reason in ((COMPOST, PRAISE), (PLASTIC, REFUSAL)):
        adoption.decision(page, title)
        expect(page.get_by_text(reason).first).to_be_visible()
        press(page, "この案を確認する")
        told(page, "決定の案を確認しました。")
    expect(page.get_by_role("cell", name="確認済み")).to_have_count(2)


def release(adoption: Adoption) -> None:
    """Both have the page open and both press; the second press changes nothing."""
    for page in (adoption.desk, adoption.checker):
        page.goto(f"{adoption.round.path}/decisions/releases")
        told(page, "次の2件を、同時に通知します。")
    adoption.round.axe(adoption.desk)
    press_and_confirm(adoption.desk, "2件の結果を通知する")
    told(adoption.desk, "2件の結果を通知しました。WGが1件できました。")
    press_and_confirm(adoption.checker, "2件の結果を通知する")
    told(adoption.checker, "通知する決定はありません。すでに通知済みです。")
    adoption.round.axe(adoption.desk)
    visitor = adoption.round.visit()
    visitor.goto(adoption.round.path)
    told(visitor, "採択：1件")
    told(visitor, f"{COMPOST}（代表：")
    expect(visitor.get_by_text(PLASTIC)).to_have_count(0)


def tell_the_authors(adoption: Adoption) -> None:
    """Everybody who wrote gets the own result once, with the reason and the way to the group."""
    for who in ("officer", "startup"):
        letter = adoption.round.mail(who, "審査の結果（採択）")
        assert PRAISE in letter.text
        assert GROUP in letter.text
        assert len(results_for(adoption, who)) == 1
        found = re.search(r"https?://\S+(/working-groups/\S+)", letter.text)
        assert found is not None
        adoption.group = urlsplit(found[0]).path
    letter = adoption.round.mail("recycler", "審査の結果（不採択）")
    assert REFUSAL in letter.text
    assert PRAISE not in letter.text


def show_the_group(adoption: Adoption) -> None:
    """Lead, members, meetings in the calendar of the group, and how it began."""
    lead = adoption.round.visit("officer")
    lead.goto(adoption.group)
    expect(lead.get_by_role("heading", level=1)).to_have_text(GROUP)
    people = lead.get_by_role("list", name="参加している人")
    expect(people.get_by_role("listitem").filter(has_text="梅野 千里")).to_contain_text("リーダー")
    expect(people.get_by_role("listitem")).to_have_count(2)
    expect(people).to_contain_text("小布施 航")
    for number in range(1, 5):
        expect(lead.get_by_text(f"第{number}回会合").first).to_be_visible()
    began = lead.get_by_role("region", name="このWGの始まり")
    expect(began.get_by_role("link", name=CALL)).to_be_visible()
    adoption.round.axe(lead)
    began.get_by_role("link", name=COMPOST).click()
    told(lead, "審査の結果")
    told(lead, PRAISE)
    lead.get_by_role("link", name=f"WG「{GROUP}」を開く").click()
    expect(lead.get_by_role("heading", level=1)).to_have_text(GROUP)


def recruit_an_observer(adoption: Adoption) -> None:
    """A member who did not write applies, and the lead accepts."""
    other = adoption.round.visit("recycler")
    other.goto(adoption.group)
    began = other.get_by_role("region", name="このWGの始まり")
    expect(began.get_by_text(COMPOST)).to_be_visible()
    expect(began.get_by_role("link", name=COMPOST)).to_have_count(0)
    told(other, "オブザーバーを募集しています。")
    other.get_by_role("link", name="オブザーバーに申し込む").click()
    other.get_by_label("ひとこと").fill("集めた容器を、うちの工場で再生できます。")
    adoption.round.axe(other)
    press(other, "申し込む")
    told(other, "申し込みに、返事を待っています")
    adoption.round.mail("officer", GROUP)
    lead = adoption.round.visit("officer")
    lead.goto(adoption.group)
    lead.get_by_role("link", name="返事を待っている申し込み").click()
    lead.get_by_role("link", name="返事をする").click()
    told(lead, "うちの工場で再生できます")
    press(lead, "承認する")
    told(lead, "承認しました。")
    adoption.round.axe(lead)
    other.goto(adoption.group)
    told(other, "として参加しています")
    expect(other.locator("#participation + *")).to_contain_text("オブザーバー")


def correct(adoption: Adoption) -> None:
    """The refusal was a mistake: with a reason it becomes an adoption, and all of it is told."""
    page = adoption.decision(adoption.desk, PLASTIC)
    page.get_by_role("link", name="決定を訂正する").click()
    page.get_by_text("採択", exact=True).click()
    page.get_by_label("決定の理由").fill(PRAISE)
    describe_group(page, SECOND_GROUP, "2")
    press(page, "訂正して知らせる")
    expect(page.get_by_label("訂正の理由")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("立ち上げるWGの名前")).to_have_value(SECOND_GROUP)
    adoption.round.axe(page)
    page.get_by_label("訂正の理由").fill(CORRECTION)
    press(page, "訂正して知らせる")
    told(page, "決定を訂正し、提案した人に知らせました。")
    letter = adoption.round.mail("recycler", "審査の結果の訂正（採択）")
    assert CORRECTION in letter.text
    assert SECOND_GROUP in letter.text
    author = adoption.round.visit("recycler")
    author.goto(f"/proposals/{adoption.round.proposals[PLASTIC]}")
    author.get_by_text("これまでの決定（1件）").click()
    told(author, "「不採択」から変わりました")
    told(author, REFUSAL)
    adoption.round.axe(author)
    visitor = adoption.round.visit()
    visitor.goto(adoption.round.path)
    told(visitor, "採択：2件")
    visitor.goto("/calls?phase=open")
    told(visitor, DEMO_CALL)
