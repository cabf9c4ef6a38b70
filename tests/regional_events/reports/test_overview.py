"""The coordinator's overview: right figures, few statements, fast with thousands of people."""

from __future__ import annotations

import io
import random
from datetime import date, timedelta

import openpyxl
from flask import Flask
from sqlalchemy import event as hooks
from sqlalchemy import insert

from matchmaker.core import clock
from matchmaker.core.db import db, new_id
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations.domain import AttendeeRole, AttendeeState, HistoryKind
from matchmaker.regional_events.registrations.models import Attendee, RegistrationHistory
from matchmaker.regional_events.reports import comparing, costs, overview
from matchmaker.regional_events.reports.comparing import Grouping
from matchmaker.regional_events.reports.costs import CostRow
from matchmaker.regional_events.reports.overview import OverviewFilter
from tests.regional_events.builders import make_event, make_registration, make_track
from tests.regional_events.reports.conftest import COORDINATOR, Hold, SignIn

MANY, MOST_STATEMENTS = 5000, 8


def test_figures_rates_and_costs_stand_beside_each_other(app: Flask, hold: Hold) -> None:
    held = hold(came=6, missed=2)
    with app.app_context():
        event = get_event(held.event_id)
        rows = [CostRow("会場費", "60000", ""), CostRow("配信", "60000", "")]
        costs.save_costs(event, rows, COORDINATOR, held.now)
        make_event(held.now, name="何もない催し")
        found = {row.event.name: row for row in overview.overview(OverviewFilter(), held.now)}
        row = found["名古屋 資源循環の対話"]
        assert (row.figures.confirmed, row.figures.present, row.figures.capacity) == (8, 6, 10)
        assert (row.figures.fill_rate, row.figures.no_show_rate) == (0.8, 0.25)
        assert (row.costs.planned_yen, row.yen_per_participant) == (120_000, 20_000)
        empty = found["何もない催し"]
        assert (empty.figures.no_show_rate, empty.yen_per_participant) == (None, None)
        (region,) = comparing.compare(list(found.values()), Grouping.REGION)
        assert (region.label, region.events, region.present) == ("愛知県", 2, 6)
        assert region.yen_per_participant == 20_000


def test_nobody_counts_as_absent_before_the_end(app: Flask, hold: Hold) -> None:
    held = hold(came=6, missed=2)
    with app.app_context():
        before = get_event(held.event_id).ends_at - timedelta(microseconds=1)
        (row,) = overview.overview(OverviewFilter(), before)
        assert (row.figures.present, row.figures.no_show_rate) == (6, None)
        (region,) = comparing.compare([row], Grouping.REGION)
        assert region.no_show_rate is None


def test_events_of_the_past_that_were_only_loaded_are_left_out(app: Flask) -> None:
    with app.app_context():
        event = make_event(key="assembly-of-old", name="昔の総会")
        assert overview.overview(OverviewFilter(), clock.now()) == []
        make_registration(event, make_track(event))
        assert len(overview.overview(OverviewFilter(), clock.now())) == 1


def test_the_filter_takes_fiscal_years_at_their_edge(app: Flask) -> None:
    with app.app_context():
        first = clock.start_of_day(date(2027, 4, 1))
        make_event(starts_at=first, name="四月の催し")
        make_event(starts_at=first - timedelta(seconds=1), name="三月の催し")
        for year, name in ((2027, "四月の催し"), (2026, "三月の催し")):
            found = overview.overview(OverviewFilter(fiscal_year=year), clock.now())
            assert [row.event.name for row in found] == [name]
        assert overview.fiscal_years() == [2027, 2026]


def test_the_pages_are_for_the_secretariat_and_the_staff_of_the_event(
    app: Flask, hold: Hold, signed_in: SignIn
) -> None:
    held = hold()
    client, planner = signed_in("secretariat"), signed_in("planning", held.event_id)
    door = signed_in("reception", held.event_id)
    statistics = f"/regional-events/{held.event_id}/report/statistics"
    for query in ("", "?by=year", "?by=rubbish&fiscal_year=abc&series=x&kind=y&prefecture=z"):
        assert client.get(f"/event-overview{query}").status_code == 200
    assert "申し込みの推移" in client.get(statistics).text
    for path in ("/event-overview/export", "/event-overview/parts/export", f"{statistics}/export"):
        book = openpyxl.load_workbook(io.BytesIO(client.get(path).data))
        assert "項目の説明" in book.sheetnames
        assert (book.worksheets[0].max_row or 0) > 1
    assert planner.get(statistics).status_code == 200
    assert planner.get("/event-overview").status_code == 403
    assert door.get(statistics).status_code == 403


def test_an_event_without_anything_says_so(app: Flask, signed_in: SignIn) -> None:
    client = signed_in("secretariat")
    assert "当てはまるイベントがありません" in client.get("/event-overview").text
    with app.app_context():
        event_id = make_event().id
        db.session.commit()
    page = client.get(f"/regional-events/{event_id}/report/statistics")
    assert "申し込みは、まだありません" in page.text


def fill(app: Flask) -> None:
    """One event with 5,000 people and their history, written straight into the tables."""
    dice = random.Random(4)  # noqa: S311
    with app.app_context():
        now = clock.now()
        event = make_event(now)
        track = make_track(event, capacity=MANY)
        registration = make_registration(event, track)
        people, history = [], []
        for number in range(MANY):
            person, category = new_id(), dice.choice(("company", "municipality", "citizen"))
            home = dice.choice(list(PREFECTURES))
            people.append({
                "id": person, "registration_id": registration.id, "event_id": event.id,
                "position": number + 1, "category": category, "prefecture": home, "name": "人",
                "person_key": f"k{number}", "state": AttendeeState.CONFIRMED, "code": f"c{number}",
                "role": AttendeeRole.PARTICIPANT, "track_id": track.id,
                "wanted_track_id": track.id, "created_at": now, "updated_at": now,
            })  # fmt: skip
            for kind in (HistoryKind.REQUESTED, HistoryKind.CONFIRMED):
                history.append({
                    "id": new_id(), "event_id": event.id, "attendee_id": person, "kind": kind,
                    "track_id": track.id, "category": category, "prefecture": home,
                    "at": now - timedelta(days=dice.randrange(40)),
                })  # fmt: skip
        db.session.execute(insert(Attendee), people)
        db.session.execute(insert(RegistrationHistory), history)
        db.session.commit()


def test_five_thousand_people_need_few_statements(app: Flask) -> None:
    fill(app)
    with app.app_context():
        statements: list[str] = []
        hooks.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        (row,) = overview.overview(OverviewFilter(), clock.now())
        assert row.figures.confirmed == MANY + 1
        assert len(statements) <= MOST_STATEMENTS
        timeline = overview.timeline_of(get_event(row.event.id))
        assert timeline is not None
        assert timeline.seats.values[-1] == MANY + 1
