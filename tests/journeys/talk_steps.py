"""What both do on the shared page of a match: dates, a message, the next step, the lineage."""

from __future__ import annotations

from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from matchmaker.core import clock
from matchmaker.core.formatting import format_moment, format_span
from tests.journeys.introduction_steps import KITCHEN, TRIAL
from tests.journeys.meeting_steps import day_in_words, press, told, type_day, type_moment
from tests.journeys.partnering_world import Partners, path_in

PLACE = "給食センター 事務室"
MESSAGE = "見取り図をお送りください。置き場所を書きこんで返します。"
STEP = "搬入口の幅を測って知らせる"
HOURS_OF_DAY = (10, 14, 16)
DAYS_OFF = (7, 9, 12)
CHOSEN = 1


def agree_on_a_date(partners: Partners, talk: str, startup: Page, officer: Page) -> None:
    """Three dates are proposed, one is chosen from the mail, both get it for their calendars."""
    dates = _dates()
    startup.goto(talk)
    startup.get_by_role("link", name="候補の日を出す").click()
    startup.get_by_label("場所・方法").fill(PLACE)
    for number, moment in enumerate(dates, start=1):
        type_moment(startup, f"候補{number}", moment)
    partners.look(startup)
    press(startup, "候補を知らせる")
    told(startup, "候補の日を相手に知らせました。")
    told(startup, "相手が選ぶのを待っています。")
    letter = partners.mail("officer", f"打合せの候補の日が届きました：{KITCHEN}")
    for moment in dates:
        assert _span(moment) in letter.text
    officer.goto(path_in(letter, "/matches/"))
    told(officer, "返事をお願いします")
    press(officer, f"{_span(dates[CHOSEN])}に決める")
    told(officer, "日時を決めました。")
    told(officer, "決まった打合せ")
    for who in ("officer", "startup"):
        agreed = partners.mail(who, f"打合せの日時が決まりました：{format_moment(dates[CHOSEN])}")
        entry = agreed.entry()
        assert entry.start == dates[CHOSEN]
        assert entry.end == dates[CHOSEN] + timedelta(hours=1)
        assert str(entry["LOCATION"]) == PLACE
    startup.reload()
    expect(startup.get_by_role("link", name="カレンダーに入れる")).to_be_visible()
    expect(startup.get_by_role("button", name="に決める")).to_have_count(0)


def _span(moment: datetime) -> str:
    """A proposed hour as people read it, with the day of the week."""
    return format_span(moment, moment + timedelta(hours=1))


def _dates() -> list[datetime]:
    """Three moments in the coming weeks, on the hour in Japan."""
    today = clock.today(clock.now())
    return [
        clock.start_of_day(today + timedelta(days=days)) + timedelta(hours=hours)
        for days, hours in zip(DAYS_OFF, HOURS_OF_DAY, strict=True)
    ]


def decide_what_is_next(partners: Partners, talk: str, startup: Page, officer: Page) -> None:
    """A message reaches the other by mail; the next step has a date and somebody who does it."""
    startup.goto(talk)
    startup.get_by_label("メッセージ").fill(MESSAGE)
    press(startup, "送る")
    told(startup, MESSAGE)
    letter = partners.mail("officer", f"メッセージが届きました：{KITCHEN}")
    assert MESSAGE in letter.text
    officer.goto(path_in(letter, "/matches/"))
    officer.get_by_role("link", name="次にすることを決める").click()
    due = _dates()[0]
    officer.get_by_label("次にすること").fill(STEP)
    type_day(officer, "いつまでに", due)
    officer.get_by_label("だれが").select_option(label="笹野原町：梅野 千里さん")
    press(officer, "決める")
    told(officer, "次にすることを決めました。")
    for page in (officer, startup):
        page.goto(talk)
        step = page.locator(".match-step")
        expect(step).to_contain_text(STEP)
        expect(step).to_contain_text(day_in_words(due))
        expect(step).to_contain_text("梅野 千里")
    partners.look(officer)


def read_the_lineage(partners: Partners, talk: str, startup: Page) -> None:
    """「経緯」 of the match names the posts, the interest, the yes and the date."""
    startup.goto(talk)
    startup.locator("main").get_by_role("link", name="経緯").click()
    expect(startup.get_by_role("heading", level=1)).to_contain_text("の経緯")
    record = startup.get_by_role("region", name="これまでのできごと").or_(
        startup.locator("section[aria-labelledby=happenings]")
    )
    for words in (
        "関心を伝えました",
        "双方が話してみたいと答えました",
        "打合せの日程が変わりました",
    ):
        expect(record.first).to_contain_text(words)
    table = startup.locator("section[aria-labelledby=connections]")
    for title in (KITCHEN, TRIAL):
        expect(table).to_contain_text(title)
    partners.look(startup)
