"""Commands on events: states, notices, copies, calendar entries, clocks, reference data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.regional_events.planning import extensions, queries, service
from matchmaker.regional_events.planning.calendar_entries import event_calendar
from matchmaker.regional_events.planning.content import EventData, OrganizerData
from matchmaker.regional_events.planning.domain import (
    EventMove,
    EventState,
    OrganizerRole,
    Phase,
    Seating,
    TrackKind,
    phase_of,
)
from matchmaker.regional_events.planning.models import RegionalEvent, SeatWave, TrackQuota
from matchmaker.regional_events.planning.notices import when_text
from matchmaker.regional_events.planning.reference import save_reference_event
from matchmaker.seeding.files import REFERENCE, read_entries, read_mapping
from matchmaker.seeding.past_events import assemblies_by_day, event_from
from tests.regional_events.builders import event_data, make_event, make_registration, make_track
from tests.regional_events.planning.planning_world import World, at, forget_mail, mails

NOW = at("2026-11-02", "12:00")
TICK = timedelta(microseconds=1)
URL = "https://example.com"


@pytest.fixture(name="world")
def world_of(app: Flask) -> Iterator[World]:
    """A world in an application context."""
    world = World(app)
    with app.app_context():
        yield world


def entry_of(event: RegionalEvent) -> dict[str, object]:
    calendar = Calendar.from_ical(event_calendar([event], URL))
    (entry,) = calendar.walk("VEVENT")
    return {key: entry[key] for key in ("SEQUENCE", "STATUS", "UID", "SUMMARY")}


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "words"),
    [
        (at("2026-12-31", "22:00"), at("2027-01-01", "01:00"),
         "2026年12月31日（令和8年）木曜日 22:00〜翌日1:00"),
        (at("2027-03-31", "13:00"), at("2027-04-01", "00:00"),
         "2027年3月31日（令和9年）水曜日 13:00〜24:00"),
        (at("2027-04-01", "00:00"), at("2027-04-01", "12:00"),
         "2027年4月1日（令和9年）木曜日 0:00〜12:00"),
        (at("2026-12-30", "10:00"), at("2027-01-02", "16:00"),
         "2026年12月30日（令和8年）水曜日 10:00〜2027年1月2日（令和9年）土曜日 16:00"),
        (at("2027-02-01", "10:00"), at("2027-02-03", "16:00"),
         "2027年2月1日（令和9年）月曜日 10:00〜2月3日水曜日 16:00"),
    ],
)  # fmt: skip
def test_times_in_words(starts_at: datetime, ends_at: datetime, words: str) -> None:
    assert when_text(starts_at, ends_at) == words


@pytest.mark.parametrize("end", [at("2027-01-01", "00:00"), at("2027-03-31", "23:59")])
def test_phases_change_at_the_last_microsecond(world: World, end: datetime) -> None:
    event = make_event(
        NOW, starts_at=end - timedelta(days=2), ends_at=end, opens_at=at("2026-12-01", "00:00"),
        closes_at=end - timedelta(days=1),
    )  # fmt: skip
    assert event.opens_at is not None
    assert event.closes_at is not None
    for moment, before, after in (
        (event.opens_at, Phase.ANNOUNCED, Phase.OPEN),
        (event.closes_at, Phase.OPEN, Phase.CLOSED),
        (event.ends_at, Phase.CLOSED, Phase.HELD),
    ):
        assert phase_of(event, moment - TICK) is before
        assert phase_of(event, moment) is after
    page = queries.list_events(SYSTEM, queries.EventFilter(), event.ends_at - TICK, 1)
    assert page.total == 1
    assert queries.list_events(SYSTEM, queries.EventFilter(), event.ends_at, 1).total == 0
    past = queries.list_events(SYSTEM, queries.EventFilter(past=True), event.ends_at, 1)
    assert past.total == 1


def test_publishing_asks_for_what_people_need(world: World) -> None:
    data = replace(event_data(NOW), venue="", contact_email="")
    event = service.create_event(data, SYSTEM, NOW)
    with pytest.raises(ProductError) as refused:
        service.move_event(event, EventMove.PUBLISH, "", SYSTEM, NOW)
    for words in ("会場か、オンライン", "参加方法を、1つ以上", "問い合わせ先"):
        assert words in refused.value.message
    service.update_event(event, event_data(NOW), SYSTEM, NOW)
    event = queries.get_event(event.id)
    make_track(event)
    with pytest.raises(ProductError, match="日時がもう過ぎています"):
        service.move_event(event, EventMove.PUBLISH, "", SYSTEM, event.ends_at)
    service.move_event(event, EventMove.PUBLISH, "", SYSTEM, NOW)
    assert event.state is EventState.PUBLISHED


def test_a_later_part_may_refuse_a_step(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    event = make_event(NOW)
    monkeypatch.setattr(extensions, "_move_checks", [])
    extensions.add_move_check(
        lambda _id, move: "参加登録があります。" if move is EventMove.WITHDRAW else None
    )
    with pytest.raises(ProductError, match="参加登録があります"):
        service.move_event(event, EventMove.WITHDRAW, "直します。", SYSTEM, NOW)
    assert event.state is EventState.PUBLISHED


def test_an_event_with_registrations_is_not_hidden(world: World) -> None:
    event = make_event()
    make_registration(event, make_track(event))
    with pytest.raises(ProductError, match="参加登録をした方"):
        service.move_event(event, EventMove.WITHDRAW, "直します。", SYSTEM, clock.now())


def test_the_calendar_entry_grows_and_is_cancelled(world: World) -> None:
    event = make_event(NOW, name="循環の会, 第2回; \\改行\nと記号", online_url=f"{URL}/secret")
    first = entry_of(event)
    assert b"secret" not in event_calendar([event], URL)
    service.update_event(
        event, replace(_same(event), venue="別の会場", online_url=event.online_url), SYSTEM, NOW
    )
    second = entry_of(queries.get_event(event.id))
    service.move_event(event, EventMove.CANCEL, "大雪。", SYSTEM, NOW)
    third = entry_of(event)
    sequences = [int(str(each["SEQUENCE"])) for each in (first, second, third)]
    assert sequences == sorted(set(sequences))
    assert first["UID"] == third["UID"]
    assert [str(each["STATUS"]) for each in (second, third)] == ["CONFIRMED", "CANCELLED"]
    assert b"METHOD:CANCEL" in event_calendar([event], URL)


def _same(event: RegionalEvent) -> EventData:
    return event_data(NOW, name=event.name)


def test_a_changed_place_is_told_once_and_a_changed_text_is_not(world: World) -> None:
    host = OrganizerData(OrganizerRole.HOST, world.organizations["緑山工業"])
    event = make_event(NOW, organizers=(host,))
    data = event_data(NOW, organizers=(host,))
    forget_mail()
    assert service.update_event(event, replace(data, description="くわしく。"), SYSTEM, NOW) == ()
    assert mails() == []
    event = queries.get_event(event.id)
    told = service.update_event(event, replace(data, venue="別の会場"), SYSTEM, NOW)
    assert [change.label for change in told] == ["会場"]
    assert [mail.address for mail in mails()] == ["host@example.com"]
    assert "別の会場" in mails()[0].body
    event = queries.get_event(event.id)
    assert service.update_event(event, replace(data, venue="別の会場"), SYSTEM, NOW) == ()
    assert len(mails()) == 1


def test_of_two_who_change_at_once_one_wins(world: World) -> None:
    event = make_event(NOW)
    db.session.execute(
        RegionalEvent.__table__.update().values(revision=7)  # type: ignore[attr-defined]
    )
    with pytest.raises(Conflict):
        service.move_event(event, EventMove.CANCEL, "大雪。", SYSTEM, NOW)


def test_steps_that_the_state_does_not_allow(world: World) -> None:
    event = make_event(NOW)
    for move in (EventMove.PUBLISH, EventMove.RESUME, EventMove.REVIVE, EventMove.UNARCHIVE):
        with pytest.raises(IllegalMove):
            service.move_event(event, move, "理由", SYSTEM, NOW)
    with pytest.raises(ProductError, match="まだ終わっていません"):
        service.move_event(event, EventMove.ARCHIVE, "", SYSTEM, NOW)
    with pytest.raises(ProductError, match="もう終わった"):
        service.move_event(event, EventMove.CANCEL, "大雪。", SYSTEM, event.ends_at)
    service.move_event(event, EventMove.ARCHIVE, "", SYSTEM, event.ends_at)
    with pytest.raises(Conflict):
        service.update_event(event, event_data(NOW), SYSTEM, NOW)


def test_a_copy_drops_what_was_true_of_the_original_alone(world: World) -> None:
    event = make_event(
        NOW, online_url=f"{URL}/room", closes_at=NOW + timedelta(days=9), time_note="開場13時",
        questions=[{"id": "q1"}], state_reason="前の理由",
        organizers=(OrganizerData(OrganizerRole.HOST, name="県"),),
    )  # fmt: skip
    make_track(
        event, capacity=200, first_seats=50, quotas=[TrackQuota(category="citizen", seats=20)],
        waves=[SeatWave(release_at=NOW + timedelta(days=5), seats=200)],
    )  # fmt: skip
    copy = service.copy_event(queries.get_event(event.id), SYSTEM, NOW)
    assert copy.state is EventState.DRAFT
    assert copy.copied_from_id == event.id
    assert (copy.name, copy.venue, copy.questions) == (event.name, event.venue, event.questions)
    assert [each.name for each in copy.organizers] == ["県"]
    assert not copy.times_known
    assert copy.starts_at > NOW
    assert (copy.online_url, copy.opens_at, copy.closes_at, copy.key) == ("", None, None, None)
    assert (copy.state_reason, copy.time_note, copy.calendar_sequence) == ("", "", 0)
    (track,) = copy.tracks
    assert (track.capacity, track.first_seats, track.waves) == (200, 50, [])
    assert [quota.seats for quota in track.quotas] == [20]
    with pytest.raises(ProductError, match="日時を入れて"):
        service.move_event(copy, EventMove.PUBLISH, "", SYSTEM, NOW)


def test_past_events_are_loaded_once_with_what_is_known(world: World) -> None:
    assemblies = assemblies_by_day(read_mapping(REFERENCE / "partnership.yaml"))
    loaded = [
        event_from(entry, assemblies.get(entry["date"], {}))
        for entry in read_entries(REFERENCE / "events.yaml")
    ]
    for _again in range(2):
        for each in loaded:
            save_reference_event(each, SYSTEM, NOW)
    past = queries.list_events(SYSTEM, queries.EventFilter(past=True), NOW, 1, 50)
    assert past.total == len(loaded)
    assert all(event.revision == 1 and event.source for event in past.items)
    assembly = queries.event_with_key("general-assembly-3")
    assert assembly is not None
    assert assembly.starts_at == at("2025-03-11", "09:00")
    assert [(track.kind, track.seating, track.capacity) for track in assembly.tracks] == [
        (TrackKind.ON_SITE, Seating.THEATRE, 200),
        (TrackKind.ON_SITE, Seating.DESK, 200),
        (TrackKind.ONLINE, Seating.NONE, None),
    ]
    assert "会員間交流会と会員プレゼンテーション" in assembly.description
    assert "机つきの席が30%" in assembly.description
    dialogue = queries.event_with_key("regional-dialogue-nagoya-2024")
    assert dialogue is not None
    assert not dialogue.times_known
