"""Calendar feeds: read without signing in by whoever has the secret, and by nobody else."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from sqlalchemy import select

from matchmaker.core.actor import Actor
from matchmaker.core.calendar_files import CalendarEntry
from matchmaker.core.db import db
from matchmaker.working_groups.groups.activity.feeds import register_calendar_source
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.groups.models import CalendarToken, GroupMember
from tests.working_groups.activity.conftest import Cast, add_group

ADDRESS = re.compile(r"<code>([^<]+)</code>")
NEW_YEAR = datetime(2026, 12, 31, 14, 0, tzinfo=UTC)
"""23:00 on the last day of the year in Japan."""


@pytest.fixture(autouse=True)
def entries(cast: Cast) -> None:
    """Each group has one thing in its calendar that goes over the end of the year."""

    def source(groups: Sequence[uuid.UUID], actor: Actor, now: datetime) -> list[CalendarEntry]:
        assert actor.is_signed_in
        return [
            CalendarEntry(
                uid=f"{group}@test",
                sequence=1,
                starts_at=NEW_YEAR,
                ends_at=NEW_YEAR + timedelta(hours=3),
                title="年越しの会合",
                changed_at=now,
                location="青空町役場",
            )
            for group in groups
        ]

    register_calendar_source(cast.app, source)


def addresses(cast: Cast, who: str) -> list[str]:
    """Make a new secret; gives path and query of the person's addresses."""
    page = cast.browser(who).send("/calendars")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    parts = [urlsplit(found.replace("&amp;", "&")) for found in ADDRESS.findall(page.text)]
    return [f"{part.path}?{part.query}" for part in parts]


def uids(cast: Cast, address: str) -> list[str]:
    answer = cast.browser("visitor").client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    calendar = Calendar.from_ical(answer.data)
    ours = {str(event["uid"]) for event in calendar.walk("VEVENT")}
    return sorted(uid for uid in ours if uid.endswith("@test"))


def test_the_feed_holds_the_groups_of_the_person(cast: Cast) -> None:
    with cast.app.app_context():
        second = add_group("木くずWG", cast.ids)
    mine, *groups = addresses(cast, "member")
    assert uids(cast, mine) == sorted(f"{each}@test" for each in (cast.group_id, second))
    assert sorted(uid for each in groups for uid in uids(cast, each)) == uids(cast, mine)
    assert uids(cast, addresses(cast, "stranger")[0]) == []


def test_an_entry_over_the_end_of_the_year_keeps_its_times_in_japan(cast: Cast) -> None:
    answer = cast.browser("visitor").client.get(addresses(cast, "member")[0])
    calendar = Calendar.from_ical(answer.data)
    event: Any = next(e for e in calendar.walk("VEVENT") if str(e["uid"]).endswith("@test"))
    start, end = event["dtstart"].dt, event["dtend"].dt
    assert (start.year, start.hour, end.year, end.hour) == (2026, 23, 2027, 2)
    assert start.astimezone(UTC) == NEW_YEAR
    assert str(event["location"]) == "青空町役場"


def test_a_renewed_secret_makes_the_old_address_worthless(cast: Cast) -> None:
    old, new = addresses(cast, "member")[0], addresses(cast, "member")[0]
    client = cast.browser("visitor").client
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    cast.browser("member").send("/calendars/cancellations", from_page="/calendars")
    assert client.get(new).status_code == 404


def test_the_secret_is_kept_nowhere(cast: Cast) -> None:
    token = addresses(cast, "member")[0].partition("token=")[2]
    with cast.app.app_context():
        (kept,) = db.session.scalars(select(CalendarToken.token_hash)).all()
        connection = db.session.connection().connection.driver_connection
        assert connection is not None
        dump = "\n".join(connection.iterdump())
    assert kept != token
    assert token not in dump
    assert token not in cast.browser("member").open("/calendars").text


@pytest.mark.parametrize("token", ["", "x", "a" * 5000, "%00", "竹"])
def test_a_wrong_secret_opens_nothing(cast: Cast, token: str) -> None:
    addresses(cast, "member")
    client = cast.browser("member").client
    assert client.get(f"/calendars/mine.ics?token={token}").status_code == 404
    assert client.get(cast.path(f"/calendar.ics?token={token}")).status_code == 404


def test_leaving_a_group_or_closing_the_account_ends_the_feed(cast: Cast) -> None:
    with cast.app.app_context():
        cast.group_id = add_group("内部WG", cast.ids, Visibility.GROUP)
    mine, *groups = addresses(cast, "member")
    inside = next(each for each in groups if str(cast.group_id) in each)
    client = cast.browser("visitor").client
    assert client.get(inside).status_code == 200
    with cast.app.app_context():
        rows = db.session.scalars(
            select(GroupMember).where(
                GroupMember.user_id == cast.ids["member"], GroupMember.group_id == cast.group_id
            )
        )
        for row in rows:
            row.starts_on -= timedelta(days=2)
            row.ends_on = row.starts_on
        db.session.commit()
    assert client.get(inside).status_code == 404
    assert f"{cast.group_id}@test" not in uids(cast, mine)
    with cast.app.app_context():
        cast.user("member").active = False
        db.session.commit()
    assert client.get(mine).status_code == 404


def test_the_secretariat_sees_by_the_feed_only_what_a_member_sees(cast: Cast) -> None:
    with cast.app.app_context():
        cast.group_id = add_group("内部WG", cast.ids, Visibility.GROUP)
    mine = addresses(cast, "secretariat")[0]
    token = mine.partition("token=")[2]
    answer = cast.browser("visitor").client.get(cast.path(f"/calendar.ics?token={token}"))
    assert answer.status_code == 404
