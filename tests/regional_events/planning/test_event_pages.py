"""Pages of events over HTTP: who sees what, the form, two tabs, steps, hostile text."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event as sql_events
from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.regional_events.planning import policy, queries
from matchmaker.regional_events.planning.domain import Audience, Duty, EventMove, EventState
from matchmaker.regional_events.planning.models import EventInvitee, RegionalEvent
from matchmaker.regional_events.planning.queries import EventFilter
from tests.regional_events.builders import make_event, make_track
from tests.regional_events.planning.planning_world import PEOPLE, World, mails, typed

EVERYBODY = ("visitor", *PEOPLE)
BUDGET_LIST = 20


@pytest.fixture(name="world")
def world_of(app: Flask) -> World:
    """A world over HTTP."""
    return World(app)


def invite(world: World, event_id: uuid.UUID) -> None:
    """Invite one organisation and one person without an organisation."""
    with world.app.app_context():
        db.session.add_all(
            [
                EventInvitee(
                    event_id=event_id, organization_id=world.organizations["緑山工業"], email_key=""
                ),
                EventInvitee(event_id=event_id, email_key="alone@example.com"),
            ]
        )
        db.session.commit()


SEEN = {
    (Audience.PUBLIC, EventState.PUBLISHED): set(EVERYBODY),
    (Audience.MEMBERS, EventState.PUBLISHED): {*EVERYBODY} - {"visitor"},
    (Audience.INVITED, EventState.PUBLISHED): {"host", "alone", "planner", "secretariat"},
    (Audience.PUBLIC, EventState.CANCELLED): set(EVERYBODY),
    (Audience.PUBLIC, EventState.DRAFT): {"planner", "secretariat"},
    (Audience.INVITED, EventState.DRAFT): {"planner", "secretariat"},
}


@pytest.mark.parametrize(("audience", "state"), list(SEEN))
def test_who_sees_an_event(world: World, audience: Audience, state: EventState) -> None:
    event_id = world.make(audience=audience, state=state, name="見える人を調べる会")
    invite(world, event_id)
    world.give_duty(event_id, "planner", Duty.PLANNING)
    seen = SEEN[audience, state]
    for name in EVERYBODY:
        client = world.client(name)
        page = client.get(f"/regional-events/{event_id}")
        assert (page.status_code == 200) is (name in seen), name
        listed = "見える人を調べる会" in client.get("/regional-events").text
        assert listed is (name in seen), f"{name} in the list"
        in_calendar = "見える人を調べる会" in client.get("/regional-events/calendar").text
        assert in_calendar is (name in seen and state is not EventState.DRAFT), name


def test_the_rule_in_sql_is_the_rule(world: World) -> None:
    with world.app.app_context():
        ids = [
            make_event(audience=audience, state=state).id
            for audience in Audience
            for state in EventState
        ]
        db.session.commit()
    for event_id in ids[::2]:
        invite(world, event_id)
    world.give_duty(ids[0], "receiver", Duty.RECEPTION)
    with world.app.app_context():
        for name in EVERYBODY:
            actor = world.actor(name)
            query = select(RegionalEvent.id).where(queries.visible_to(actor))
            found = set(db.session.scalars(query))
            expected = {
                event_id
                for event_id in ids
                if policy.can_view(
                    actor, queries.get_event(event_id), queries.standing_of(actor, event_id)
                )
            }
            assert found == expected, name


def test_an_event_is_begun_published_and_seen(world: World) -> None:
    client = world.client("secretariat")
    made = client.post("/regional-events/new", data=typed())
    assert made.status_code == 302
    path = made.headers["Location"]
    page = client.get(path).text
    assert "13:30〜17:00" in page
    assert "maps.gsi.go.jp/#16/34.352500/134.046600/" in page
    drawn = json.loads(page.partition('id="venue-data">')[2].partition("</script>")[0])
    assert (drawn["prefecture"], drawn["places"][0]["lat"]) == ("香川県", 34.3525)
    assert "香川県の地図。「サンポート高松」のところに印があります" in drawn["label"]
    assert "会場への行き方" in client.get(f"{path}/print").text
    assert "緑山工業" in page
    assert "名簿にない会" in page
    assert "まだ公開していません" in page
    assert client.post(f"{path}/moves", data={"move": "publish"}).status_code == 302
    assert "サンポート高松" in world.client("visitor").get(path).text
    with world.app.app_context():
        event = db.session.scalars(select(RegionalEvent)).one()
        stored = queries.get_event(event.id)
        assert stored.state is EventState.PUBLISHED
        assert stored.organizers[0].organization_id == world.organizations["緑山工業"]
        assert stored.organizers[1].name == "名簿にない会"
        assert stored.series is not None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "名前を入れてください"),
        ({"starts_at-day": "31"}, "日付を、2027年4月1日や"),
        ({"ends_at-time": "13:00"}, "終わりは、始まりより後に"),
        ({"ends_at-time": "１時半"}, "時刻を、9:30や17:00"),
        ({"map_point": "駅の前"}, "緯度と経度を、35.155"),
        ({"map_point": "51.5, -0.1"}, "緯度と経度を、35.155"),
        ({"map_point": "51.5, 100.1"}, "日本の中の場所"),
        ({"online_url": "http://meet.example.com/1"}, "https:// で始まる"),
        ({"contact_email": "だれか"}, "メールアドレスを、name@example.jp"),
        ({"hold_hours": "たくさん"}, "数字で入れてください"),
        ({"hold_hours": "999"}, "0から240までの時間"),
        ({"guest_retention_days": "0"}, "1から730までの日数"),
        ({"audience": "everybody"}, "参加できる人を選んでください"),
        ({"prefecture": "火星"}, "都道府県を選び直して"),
        ({"summary": "長" * 301}, "300文字まで"),
        ({"closes_at-year": "2026", "closes_at-month": "1", "closes_at-day": "1",
          "closes_at-time": "9:00"}, "受付の始まりも入れてください"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(
    world: World, changes: dict[str, str], message: str
) -> None:
    answer = world.client("secretariat").post("/regional-events/new", data=typed(**changes))
    assert answer.status_code == 422
    assert message in answer.text
    assert "香川県高松市サンポート2-1" in answer.text
    assert "名簿にない会" in answer.text
    assert 'value="令和' in answer.text


def test_hostile_text_stays_text(world: World) -> None:
    hostile = "<script>alert(1)</script>\u202e葛\U000e0100城ﾀﾛｳ"
    client = world.client("secretariat")
    made = client.post("/regional-events/new", data=typed(name=hostile, summary=hostile))
    path = made.headers["Location"]
    client.post(f"{path}/moves", data={"move": "publish"})
    for address in (path, f"{path}/print", f"{path}/edit", "/regional-events", "/"):
        text = client.get(address).text
        assert "<script>alert(1)" not in text
        assert "葛\U000e0100城タロウ" in text
    assert "BEGIN:VEVENT" in client.get(f"{path}/calendar").text


def test_searching_with_odd_words(world: World) -> None:
    world.make(name="100%リサイクルの会")
    client = world.client("visitor")
    for word, is_found in (("100%", True), ("%", True), ("1_0", False), ("' OR 1=1", False)):
        found = client.get("/regional-events", query_string={"q": word})
        assert ("100%リサイクルの会" in found.text) is is_found, word
    for query in ("page=99999", "kind=x", "series=x", "time=x", "prefecture=x", "sort=x"):
        assert client.get(f"/regional-events?{query}").status_code == 200


def test_the_list_is_narrowed_and_sorted(world: World) -> None:
    now = clock.now()
    world.make(name="名古屋の会", series_name="秋の会", closes_at=now + timedelta(days=20))
    world.make(name="高松の会", prefecture="香川県", online_policy="どこからでも。",
               starts_at=now + timedelta(days=60), closes_at=now + timedelta(days=2))  # fmt: skip
    world.make(name="終わった会", starts_at=now - timedelta(days=9), opens_at=None)
    client = world.client("visitor")

    def names(query: str) -> list[str]:
        page = client.get(f"/regional-events{query}").text
        found = [name for name in ("名古屋の会", "高松の会", "終わった会") if name in page]
        return sorted(found, key=page.index)

    assert names("") == ["名古屋の会", "高松の会"]
    assert names("?sort=closing") == ["高松の会", "名古屋の会"]
    assert names("?time=past") == ["終わった会"]
    assert names("?prefecture=香川県") == ["高松の会"]
    assert names("?online=1") == ["高松の会"]
    assert names("?q=秋の会") == ["名古屋の会"]


def test_two_tabs(world: World) -> None:
    client = world.client("secretariat")
    path = client.post("/regional-events/new", data=typed()).headers["Location"]
    first = typed(venue="高松市役所", revision="1")
    assert client.post(f"{path}/edit", data=first).status_code == 302
    second = client.post(f"{path}/edit", data=typed(venue="香川県庁", revision="1"))
    assert second.status_code == 422
    assert "ほかの人がこのイベントを変えました" in second.text
    assert "香川県庁" in second.text
    assert "高松市役所" in client.get(path).text
    forged = client.post(f"{path}/edit", data=typed(venue="香川県庁", revision="x"))
    assert forged.status_code == 422


def test_staff_do_what_their_duties_allow(world: World) -> None:
    event_id = world.make()
    path = f"/regional-events/{event_id}"
    secretariat = world.client("secretariat")
    for name, duty in (("planner", "planning"), ("receiver", "reception")):
        sent = {"email": f"{name}@example.com", "duties": [duty]}
        assert secretariat.post(f"{path}/people", data=sent).status_code == 302
    assert world.client("planner").get(f"{path}/edit").status_code == 200
    assert world.client("receiver").get(f"{path}/edit").status_code == 403
    assert "運営のページ" in world.client("receiver").get(path).text
    assert "運営のページ" not in world.client("outsider").get(path).text
    world.client("planner").post(f"{path}/people/{world.users['receiver']}/removals")
    assert "運営のページ" not in world.client("receiver").get(path).text
    nobody = {"email": "nobody@example.com", "duties": "planning"}
    for wrong in (nobody, {"email": "planner@example.com"}):
        assert secretariat.post(f"{path}/people", data=wrong).status_code == 422


def test_invitations_go_out_once_when_published(world: World) -> None:
    event_id = world.make(audience=Audience.INVITED, state=EventState.DRAFT, opens_at=None)
    path, client = f"/regional-events/{event_id}", world.client("secretariat")
    wrong = client.post(f"{path}/invitees", data={"lines": "緑山工業\n知らない団体"})
    assert wrong.status_code == 422
    assert "「知らない団体」が分かりません" in wrong.text
    lines = "緑山工業\n山田 花子, ＡＬＯＮＥ@example.com\nalone@example.com"
    assert client.post(f"{path}/invitees", data={"lines": lines}).status_code == 302
    with world.app.app_context():
        assert mails() == []
    for _again in range(2):
        client.post(f"{path}/moves", data={"move": "publish"})
    with world.app.app_context():
        assert [mail.address for mail in mails()] == ["alone@example.com", "host@example.com"]
    assert world.client("alone").get(path).status_code == 200
    with world.app.app_context():
        invitee = next(each for each in queries.invitees_of(event_id) if each.email_key)
    client.post(f"{path}/invitees/{invitee.id}/removals")
    assert world.client("alone").get(path).status_code == 404


def test_a_double_click_on_cancel_mails_once(world: World) -> None:
    event_id = world.make()
    world.give_duty(event_id, "receiver", Duty.RECEPTION)
    client = world.client("secretariat")
    cancel = {"move": "cancel", "reason": "大雪のため。"}
    for _click in range(2):
        answer = client.post(f"/regional-events/{event_id}/moves", data=cancel)
        assert answer.status_code == 302
    with world.app.app_context():
        found = [mail for mail in mails() if mail.address == "receiver@example.com"]
        assert len(found) == 1
        assert "大雪のため。" in found[0].body
        assert found[0].calendar is not None
        assert "METHOD:CANCEL" in found[0].calendar
    page = world.client("visitor").get(f"/regional-events/{event_id}").text
    assert "このイベントは中止になりました" in page
    assert "大雪のため。" in page


def test_a_postponed_event_goes_on_with_a_new_date(world: World) -> None:
    event_id = world.make()
    path, client = f"/regional-events/{event_id}", world.client("secretariat")
    assert client.post(f"{path}/moves", data={"move": "postpone"}).status_code == 302
    client.post(f"{path}/moves", data={"move": "postpone", "reason": "会場の都合。"})
    assert "延期になりました" in world.client("visitor").get(path).text
    missing = client.post(f"{path}/moves", data={"move": "resume"})
    assert missing.status_code == 422
    assert "日付と時刻を入れてください" in missing.text
    year = clock.today(clock.now()).year
    past = {"starts_at-year": str(year - 1), "starts_at-month": "5", "starts_at-day": "1",
            "starts_at-time": "10:00", "ends_at-time": "12:00", "move": "resume"}  # fmt: skip
    assert client.post(f"{path}/moves", data=past).status_code == 422
    ahead = {**past, "starts_at-year": str(year + 1)}
    assert client.post(f"{path}/moves", data=ahead).status_code == 302
    assert f"{year + 1}年5月1日" in world.client("visitor").get(path).text


def test_made_up_steps_are_refused(world: World) -> None:
    path = f"/regional-events/{world.make()}/moves"
    client = world.client("secretariat")
    assert client.post(path, data={"move": "explode"}).status_code == 404
    assert client.post(path, data={"move": str(EventMove.REVIVE), "reason": "x"}).status_code == 302


def test_a_copy_asks_for_its_date(world: World) -> None:
    event_id = world.make(name="写す会", online_url="https://meet.example.com/secret")
    client = world.client("secretariat")
    made = client.post(f"/regional-events/{event_id}/copies")
    form = client.get(made.headers["Location"]).text
    assert "写す会" in form
    assert "meet.example.com" not in form
    assert 'id="starts_at-year" name="starts_at-year" value=""' in form
    path = made.headers["Location"].removesuffix("/edit")
    assert "日時は未定" in client.get(path).text
    client.post(f"{path}/moves", data={"move": "publish"})
    assert world.client("visitor").get(path).status_code in (401, 302)


def test_five_hundred_events_in_few_statements(world: World) -> None:
    with world.app.app_context():
        for number in range(500):
            event = make_event(name=f"会 {number}")
            if number % 50 == 0:
                make_track(event)
        db.session.commit()
        engine = db.engine
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    client = world.client("outsider")
    sql_events.listen(engine, "before_cursor_execute", note)
    page = client.get("/regional-events?q=会&prefecture=愛知県")
    sql_events.remove(engine, "before_cursor_execute", note)
    assert "500" in page.text
    assert len(statements) <= BUDGET_LIST, statements
    with world.app.app_context():
        found = queries.list_events(world.actor("outsider"), EventFilter(), clock.now(), 25)
        assert found.total == 500
        assert len(found.items) == 20
