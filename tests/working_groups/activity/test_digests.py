"""News by mail: each, daily, weekly or none; once, nothing lost, nothing when nothing is new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from matchmaker.notifications.registry import can_still_receive
from matchmaker.working_groups.groups.activity.decisions import log_decision
from matchmaker.working_groups.groups.activity.digest_choice import (
    choose_digest,
    settings_token,
)
from matchmaker.working_groups.groups.activity.digests import SUBJECT_KIND, send_news
from matchmaker.working_groups.groups.activity.documents import (
    Upload,
    add_document,
    remove_document,
    replace_document,
)
from matchmaker.working_groups.groups.activity.domain import PostData, news_until
from matchmaker.working_groups.groups.activity.posts import draft_post, publish_post
from matchmaker.working_groups.groups.domain import DigestFrequency, Visibility
from matchmaker.working_groups.groups.models import GroupMember
from tests.working_groups.activity.conftest import Cast, add_group

JOINED = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
EACH, DAILY, WEEKLY, NONE = (
    DigestFrequency.EACH,
    DigestFrequency.DAILY,
    DigestFrequency.WEEKLY,
    DigestFrequency.NONE,
)


def japan(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    """A moment given in Japan's time."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=9)


def choose(cast: Cast, frequency: DigestFrequency, *people: str) -> None:
    """Everybody joined long ago; the people named get news at this frequency, others never."""
    for row in db.session.scalars(select(GroupMember)):
        row.created_at, row.digest_sent_at = JOINED, None
        chosen = row.user_id in {cast.ids[who] for who in people}
        row.digest = frequency if chosen else NONE
    db.session.commit()


def publish(cast: Cast, moment: datetime, title: str = "竹の回収", actor: Actor = SYSTEM) -> None:
    data = PostData(title, f"{title}の本文", Visibility.GROUP)
    post = draft_post(cast.group(), data, actor, moment)
    publish_post(post, actor, moment, expected_revision=1)
    db.session.commit()


def news() -> Sequence[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.dedupe_key.startswith("group-news:"))
    return db.session.scalars(query.order_by(OutboxMessage.id)).all()


@pytest.mark.parametrize(
    ("frequency", "now", "until"),
    [
        (EACH, japan(12, 31, 23, 59), japan(12, 31, 23, 58)),
        (DAILY, japan(12, 31, 7), japan(12, 31, 7)),
        (DAILY, japan(12, 31, 6, 59), japan(12, 30, 7)),
        (DAILY, japan(1, 1, 0, 0, 2027), japan(12, 31, 7)),
        (WEEKLY, japan(12, 28, 7), japan(12, 28, 7)),
        (WEEKLY, japan(12, 28, 6, 59), japan(12, 21, 7)),
        (WEEKLY, japan(1, 3, 23, 59, 2027), japan(12, 28, 7)),
        (WEEKLY, japan(1, 4, 7, 0, 2027), japan(1, 4, 7, 0, 2027)),
    ],
)
def test_news_is_cut_at_seven_in_japan(
    frequency: DigestFrequency, now: datetime, until: datetime
) -> None:
    assert news_until(frequency, now) == until


def test_each_tells_at_once_all_that_came_together(cast: Cast) -> None:
    with cast.app.app_context():
        choose(cast, EACH, "member")
        moment = japan(12, 10, 9)
        publish(cast, moment)
        upload = Upload("案.txt", b"memo")
        add_document(cast.group(), "回収の案", upload, Visibility.PUBLIC, SYSTEM, moment)
        log_decision(cast.group(), "月に1回集まる", clock_day(moment), SYSTEM, moment)
        db.session.commit()
        assert send_news(moment + timedelta(seconds=30)) == 0
        assert send_news(moment + timedelta(minutes=1)) == 1
        assert send_news(moment + timedelta(minutes=2)) == 0
        (mail,) = news()
        assert mail.recipient_name == "member"
        assert "竹の資源循環WG" in mail.subject
        for words in ("竹の回収の本文", "回収の案", "案.txt", "決定 1", "月に1回集まる"):
            assert words in mail.body


def clock_day(moment: datetime) -> date:
    return (moment + timedelta(hours=9)).date()


def test_daily_news_is_one_mail_a_day_over_all_groups(cast: Cast) -> None:
    with cast.app.app_context():
        first = cast.group_id
        second = add_group("木くずWG", cast.ids)
        choose(cast, DAILY, "member")
        publish(cast, japan(12, 30, 6, 59), "きのうの朝")
        publish(cast, japan(12, 30, 23, 59), "真夜中の前")
        cast.group_id = second
        publish(cast, japan(12, 31, 0, 0), "真夜中")
        publish(cast, japan(12, 31, 7, 1), "朝の後")
        cast.group_id = first
        assert send_news(japan(12, 30, 7, 0)) == 1
        assert send_news(japan(12, 31, 6, 59)) == 0
        assert send_news(japan(12, 31, 7, 0)) == 1
        assert send_news(japan(12, 31, 23, 0)) == 0
        assert send_news(japan(1, 1, 7, 0, 2027)) == 1
        assert send_news(japan(1, 2, 7, 0, 2027)) == 0
        bodies = [mail.body for mail in news()]
        assert [("きのうの朝" in b, "真夜中の前" in b, "朝の後" in b) for b in bodies] == [
            (True, False, False),
            (False, True, False),
            (False, False, True),
        ]
        assert "竹の資源循環WG" in bodies[1]
        assert "木くずWG" in bodies[1]


def test_weekly_news_comes_on_monday_and_is_caught_up_with(cast: Cast) -> None:
    with cast.app.app_context():
        choose(cast, WEEKLY, "member")
        publish(cast, japan(12, 22, 12), "今週")
        assert send_news(japan(12, 27, 23, 59)) == 0
        assert send_news(japan(12, 30, 15)) == 1
        assert send_news(japan(12, 31, 15)) == 0
        publish(cast, japan(1, 1, 0, 0, 2027), "年明け")
        assert send_news(japan(1, 4, 6, 59, 2027)) == 0
        assert send_news(japan(1, 4, 7, 0, 2027)) == 1


def test_documents_are_told_when_they_come_out_and_when_they_are_replaced(cast: Cast) -> None:
    with cast.app.app_context():
        choose(cast, EACH, "member")
        early, moment = japan(12, 10, 9), japan(12, 12, 9)
        upload = Upload("案.txt", b"memo")
        waiting = add_document(
            cast.group(), "待つ資料", upload, Visibility.PUBLIC, SYSTEM, early, publish_at=moment
        )
        replace_document(waiting, Upload("二.txt", b"memo 2"), "直した", SYSTEM, early)
        gone = add_document(cast.group(), "消えた資料", upload, Visibility.PUBLIC, SYSTEM, early)
        remove_document(gone, "誤り", SYSTEM, early)
        db.session.commit()
        assert send_news(early + timedelta(hours=1)) == 0
        assert send_news(moment + timedelta(minutes=1)) == 1
        assert "二.txt" in news()[0].body
        assert "差し替え" not in news()[0].body
        later = moment + timedelta(days=1)
        replace_document(waiting, Upload("三.txt", b"memo 3"), "数字を直した", SYSTEM, later)
        db.session.commit()
        assert send_news(later + timedelta(minutes=1)) == 1
        assert "【資料の差し替え】待つ資料（第3版）" in news()[1].body
        assert "数字を直した" in news()[1].body


def test_nobody_is_told_of_what_they_did_themselves(cast: Cast) -> None:
    with cast.app.app_context():
        choose(cast, EACH, "member", "chair")
        publish(cast, japan(12, 10, 9), actor=cast.actor("chair"))
        assert send_news(japan(12, 10, 9, 1)) == 1
        assert [mail.recipient_name for mail in news()] == ["member"]
        assert send_news(japan(12, 10, 9, 2)) == 0


def test_whoever_left_or_chose_none_gets_nothing(cast: Cast) -> None:
    with cast.app.app_context():
        choose(cast, EACH, "member")
        row = db.session.scalars(
            select(GroupMember).where(GroupMember.user_id == cast.ids["member"])
        ).one()
        row.starts_on, row.ends_on = clock_day(JOINED), clock_day(japan(12, 9, 9))
        publish(cast, japan(12, 10, 9))
        assert send_news(japan(12, 10, 10)) == 0
        assert news() == []


def test_news_from_a_time_without_mail_is_not_sent_later(cast: Cast) -> None:
    with cast.app.app_context():
        choose(cast, NONE)
        publish(cast, japan(12, 10, 9), "その間")
        choose_digest(cast.group_id, EACH, cast.actor("member"), japan(12, 11, 9))
        db.session.commit()
        assert send_news(japan(12, 11, 10)) == 0
        publish(cast, japan(12, 12, 9), "その後")
        assert send_news(japan(12, 12, 9, 1)) == 1


def test_a_mail_is_dropped_when_the_person_has_left_before_it_goes_out(cast: Cast) -> None:
    with cast.app.app_context():
        group_id = cast.group_id
        assert can_still_receive(SUBJECT_KIND, cast.ids["member"], group_id)
        assert not can_still_receive(SUBJECT_KIND, cast.ids["stranger"], group_id)


def test_a_person_chooses_on_the_page_of_the_group(cast: Cast) -> None:
    browser, path = cast.browser("observer"), cast.path("/digest")
    assert "そのつど" in browser.open(path).text
    assert browser.send(path, frequency="hourly").status_code == 422
    assert browser.send(path, frequency="weekly").status_code == 302
    assert "1週間に1回まとめて" in browser.open(cast.path()).text
    assert cast.browser("stranger").client.get(path).status_code == 404
    assert cast.browser("secretariat").client.get(path).status_code == 404


def test_the_link_in_a_mail_stops_it_without_signing_in(cast: Cast) -> None:
    with cast.app.app_context():
        token = settings_token(cast.ids["member"])
        second = add_group("木くずWG", cast.ids)
    path = f"/digest-settings?token={token}"
    browser = cast.browser("visitor")
    page = browser.open(path)
    assert "竹の資源循環WG" in page.text
    assert "木くずWG" in page.text

    def stop(group: str) -> list[str]:
        answer = browser.send("/digest-settings", from_page=path, token=token, group=group)
        assert answer.status_code == 302
        with cast.app.app_context():
            query = select(GroupMember.group_id).where(
                GroupMember.user_id == cast.ids["member"], GroupMember.digest != NONE
            )
            return [str(each) for each in db.session.scalars(query)]

    assert stop(str(second)) == [str(cast.group_id)]
    assert stop("nonsense") == [str(cast.group_id)]
    assert stop("all") == []


@pytest.mark.parametrize("change", ["", "x", "."])
def test_a_forged_link_opens_nothing(cast: Cast, change: str) -> None:
    with cast.app.app_context():
        token = settings_token(cast.ids["member"])
    forged = change + token[1:] if change else ""
    client = cast.browser("visitor").client
    assert client.get(f"/digest-settings?token={forged}").status_code == 404
