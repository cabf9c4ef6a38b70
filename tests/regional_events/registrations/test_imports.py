"""Lists of guests: checked cell by cell, registered by the worker, never twice."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select

from matchmaker.accounts.queries import user_with_email
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.core.uploads import RefusedFile
from matchmaker.regional_events.planning.domain import ReserveKind
from matchmaker.regional_events.planning.models import SeatReserve
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations.checking import seat_report
from matchmaker.regional_events.registrations.domain import AttendeeRole, AttendeeState, Source
from matchmaker.regional_events.registrations.imports import jobs, queries, service, writing
from matchmaker.regional_events.registrations.imports.domain import (
    BATCH_ROWS,
    CHECKED_KEPT,
    ROWS_KEPT,
    Choices,
    ImportState,
    People,
    RowState,
    needs_of,
)
from matchmaker.regional_events.registrations.imports.files import template_workbook
from matchmaker.regional_events.registrations.imports.models import GuestImport, GuestImportRow
from matchmaker.regional_events.registrations.models import Registration
from matchmaker.regional_events.registrations.seats import ensure_counters
from tests.regional_events.registrations.guest_lists import ListWorld, csv_file, guest, workbook


def faults(made: GuestImport) -> dict[int, dict[str, Any]]:
    return {row.row_number: row.errors for row in queries.rows_in(made.id, [RowState.FAULTY])}


def test_every_faulty_cell_is_named(app: Flask) -> None:
    world = ListWorld(app)
    with app.app_context():
        made = world.check(
            [
                guest(1),
                guest(2, 氏名=None, メール="どこか"),
                guest(3, フリガナ="漢字", 参加方法="屋上", 区分="見物人"),
                guest(4, 参加方法=None, 役職="長" * 101),
            ]
        )
        assert (made.good_count, made.faulty_count) == (1, 3)
        found = faults(made)
        assert set(found[3]) == {"name", "email"}
        assert set(found[4]) == {"kana", "track", "role"}
        assert set(found[5]) == {"track", "job_title"}
        assert "「屋上」は選べません" in found[4]["track"]


def test_doubles_in_the_file_and_of_those_registered_are_named(app: Flask) -> None:
    world = ListWorld(app)
    world.booking.fill("先に来た人")
    with app.app_context():
        held = world.people()[0]
        made = world.check(
            [
                guest(1, 氏名="別の名前", メール=held.email.upper()),
                guest(2),
                guest(3, メール="GUEST-2@example.jp"),
                guest(4, 氏名="同姓同名", メール=None),
                guest(5, 氏名="同姓 同名", メール=None, 所属="よその会社"),
                guest(6, 氏名="同姓同名", メール=None),
                guest(7, 氏名="先に来た人", メール=None, 所属="循環商店"),
            ]
        )
        assert world.states(made) == [
            "duplicate", "good", "duplicate", "good", "good", "duplicate", "duplicate",
        ]  # fmt: skip
        notes = [row.note for row in queries.rows_in(made.id, [RowState.DUPLICATE])]
        assert notes == [
            "もう登録されています。",
            "3行目と同じ人です。",
            "5行目と同じ人です。",
            "もう登録されています。",
        ]


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_whatever_its_encoding(app: Flask, encoding: str) -> None:
    world = ListWorld(app)
    with app.app_context():
        made = world.check_file("名簿.csv", csv_file([guest(1, 氏名="髙橋 花子")], encoding))
        assert made.good_count == 1
        assert queries.rows_in(made.id, [RowState.GOOD])[0].values["name"] == "髙橋 花子"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_ten_thousand_rows_are_refused(app: Flask, kind: str) -> None:
    rows = [guest(number) for number in range(10_000)]
    content = workbook(rows) if kind == "xlsx" else csv_file(rows, "cp932")
    world = ListWorld(app)
    with app.app_context():
        with pytest.raises(RefusedFile, match="2,000行まで"):
            world.check_file(f"名簿.{kind}", content)
        assert not db.session.scalar(select(func.count()).select_from(GuestImport))


def test_good_rows_take_seats_and_nobody_is_told_unless_wanted(app: Flask) -> None:
    world = ListWorld(app)
    rows = [
        guest(1, 区分="登壇者", 配慮="車いすの席、くるみのアレルギー", メモ="控室あり"),
        guest(2, 参加方法="配信", メール=None),
        guest(3, 氏名=None),
    ]
    with app.app_context():
        made = world.registered(rows)
        assert made.state is ImportState.DONE
        assert world.states(made) == ["seated", "seated", "faulty"]
        speaker, viewer = world.people()
        assert (speaker.state, speaker.role) == (AttendeeState.CONFIRMED, AttendeeRole.SPEAKER)
        assert (speaker.assistance, speaker.assistance_note) == (
            ["wheelchair"], "くるみのアレルギー",
        )  # fmt: skip
        assert viewer.track_id == world.booking.stream_id
        first = db.session.get_one(Registration, speaker.registration_id)
        assert (first.source, first.desk_note) == (Source.IMPORT, "控室あり")
        cells = db.session.scalars(
            select(GuestImportRow).where(GuestImportRow.registration_id.is_not(None))
        )
        assert [row.values for row in cells] == [{}, {}]
    assert world.booking.mails() == []


def test_guests_are_told_when_the_staff_say_so(app: Flask) -> None:
    world = ListWorld(app, capacity=1)
    with app.app_context():
        world.registered([guest(1), guest(2), guest(3, メール=None)], Choices(tells=True))
    addresses = {mail.address for mail in world.booking.mails()}
    assert addresses == {"guest-1@example.jp", "guest-2@example.jp"}


def test_what_follows_later_is_told_to_quiet_guests_too(app: Flask) -> None:
    world = ListWorld(app)
    with app.app_context():
        world.registered([guest(1)])
        person = world.people()[0].id
    path = f"/regional-events/{world.event_id}/attendees/{person}/cancel"
    world.booking.visitor("desk@example.com").send(path, reason="お電話で取り消し")
    assert [mail.address for mail in world.booking.mails()] == ["guest-1@example.jp"]


@pytest.mark.parametrize(
    ("choices", "second"),
    [(Choices(waits=True), "waiting"), (Choices(waits=False), "no-seat")],
)
def test_without_a_seat_guests_wait_or_are_left_out(
    app: Flask, choices: Choices, second: str
) -> None:
    world = ListWorld(app, capacity=1)
    with app.app_context():
        made = world.registered([guest(1), guest(2)], choices)
        assert world.states(made) == ["seated", second]
        assert len(world.people()) == (2 if choices.waits else 1)
        assert seat_report(world.event_id) == []


def test_speakers_sit_on_kept_seats_as_far_as_there_are_any(app: Flask) -> None:
    world = ListWorld(app, capacity=5)
    with app.app_context():
        db.session.add(SeatReserve(track_id=world.room_id, kind=ReserveKind.SPEAKER, seats=1))
        db.session.flush()
        ensure_counters(world.room_id)
        db.session.commit()
        world.registered([guest(1, 区分="登壇者"), guest(2, 区分="登壇者")])
        assert [person.reserve_id is None for person in world.people()] == [False, True]
        assert seat_report(world.event_id) == []


def test_a_worker_that_died_is_followed_by_one_that_doubles_nobody(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = ListWorld(app)
    rows = [guest(number) for number in range(BATCH_ROWS * 3)]
    with app.app_context():
        import_id = world.start(world.check(rows))
        real, batches = writing.register_rows, 0

        def dying(*args: Any) -> None:
            nonlocal batches
            batches += 1
            real(*args)
            if batches == 2:
                raise KeyboardInterrupt  # nothing of the product may catch this

        monkeypatch.setattr(writing, "register_rows", dying)
        with pytest.raises(KeyboardInterrupt):
            jobs.run_due_imports(clock.now())
        db.session.rollback()
        assert len(world.people()) == BATCH_ROWS
        db.session.rollback()
        jobs.run_due_imports(clock.now())
        made = queries.get_import(import_id)
        assert made is not None
        assert (made.state, made.steps_done) == (ImportState.DONE, len(rows))
        assert len({person.email for person in world.people()}) == len(world.people()) == len(rows)


def test_a_row_that_was_registered_keeps_its_registration(app: Flask) -> None:
    world = ListWorld(app)
    with app.app_context():
        made = world.registered([guest(1)])
        row = db.session.scalars(select(GuestImportRow)).one()
        registration_id, row.state = row.registration_id, RowState.GOOD
        row.values = {
            "name": "来客 1", "kana": "", "organization_name": "", "job_title": "",
            "email": "guest-1@example.jp", "track": str(world.room_id), "role": "participant",
            "assistance": [], "assistance_note": "", "memo": "",
        }  # fmt: skip
        made.state = ImportState.RUNNING
        db.session.commit()
        jobs.run_due_imports(clock.now())
        assert db.session.scalars(select(GuestImportRow.registration_id)).one() == registration_id
        assert len(world.people()) == 1


def test_an_import_ends_when_its_person_no_longer_runs_the_event(app: Flask) -> None:
    world = ListWorld(app)
    with app.app_context():
        import_id = world.start(world.check([guest(1)]))
        user = user_with_email("desk@example.com")
        assert user is not None
        user.active = False
        db.session.commit()
        jobs.run_due_imports(clock.now())
        made = queries.get_import(import_id)
        assert made is not None
        assert (made.state, made.failure) == (ImportState.FAILED, jobs.NO_LONGER_ALLOWED)
        assert world.people() == []


def test_people_who_are_erased_leave_nothing_in_lists(app: Flask) -> None:
    world = ListWorld(app)
    with app.app_context():
        world.registered([guest(1)])
        made = world.check([guest(1), guest(2)])
        person = world.people()[0]
        service.forget_rows(world.event_id)
        assert world.states(made) == ["good"]
        assert person.email not in str(list(db.session.scalars(select(GuestImportRow.values))))


def test_old_lists_are_forgotten(app: Flask) -> None:
    world = ListWorld(app)
    with app.app_context():
        world.registered([guest(1), guest(2, 氏名=None)])
        world.check([guest(3)])
        jobs.forget_old_imports(clock.now() + CHECKED_KEPT + timedelta(minutes=1))
        assert [made.state for made in queries.recent_imports(world.event_id)] == [ImportState.DONE]
        jobs.forget_old_imports(clock.now() + ROWS_KEPT + timedelta(minutes=1))
        assert not db.session.scalar(select(func.count()).select_from(GuestImportRow))


def test_the_template_offers_the_tracks_and_its_example_is_passed_over(app: Flask) -> None:
    world = ListWorld(app)
    with app.app_context():
        content = template_workbook(get_event(world.event_id))
        book = load_workbook(io.BytesIO(content))
        words = [cell.value for column in book["選べる言葉"].columns for cell in column]
        assert {"会場（大ホール）", "登壇者", "事務局"} <= set(words)
        sheet = book["記入"]
        sheet.append([None, *guest(1, 参加方法="会場（大ホール）")])
        target = io.BytesIO()
        book.save(target)
        assert world.check_file("ひな形.xlsx", target.getvalue()).row_count == 1


def test_needs_are_told_from_other_words() -> None:
    assert needs_of("手話通訳、要約筆記\n盲導犬") == (["sign_language", "captions"], "盲導犬")
    assert needs_of("") == ([], "")


def test_people_of_one_name_with_different_addresses_are_two() -> None:
    people = People()
    people.add("a@example.jp", "環境 花子", "循環市", "前の人")
    assert people.twin("b@example.jp", "環境 花子", "循環市") == ""
    assert people.twin("", "環境花子", "循環市") == people.twin("a@example.jp", "別人", "")


def test_the_pages_lead_from_the_file_to_the_registered_guests(app: Flask) -> None:
    world = ListWorld(app, capacity=1)
    desk = world.booking.visitor("desk@example.com")
    base = f"{world.booking.base}/imports"
    nothing = desk.send(f"{base}/new")
    assert nothing.status_code == 422
    assert "ファイルを選んでください" in nothing.text
    rows = [guest(1), guest(2), guest(3, フリガナ="漢字"), guest(4, メール="guest-1@example.jp")]
    answer = desk.send(f"{base}/new", file=(io.BytesIO(workbook(rows)), "名簿.xlsx"))
    preview = desk.open(answer.location)
    for words in ("4行目", "フリガナ", "2行目と同じ人です。", "登録できる2人を登録する"):
        assert words in preview.text
    assert desk.open(f"{answer.location}/errors").status_code == 200
    started = desk.send(f"{answer.location}/start", from_page=answer.location, full="wait")
    assert "登録しています" in desk.open(started.location).text
    again = desk.send(
        f"{answer.location}/start", from_page=f"{base}/new", full="wait"
    )  # pressed in another tab
    assert service.ALREADY_BEGUN in desk.open(again.location).text
    with app.app_context():
        jobs.run_due_imports(clock.now())
    told = desk.open(f"{answer.location}/progress").json
    assert told is not None
    assert (told["state"], told["done"]) == ("finished", 2)
    result = desk.open(answer.location)
    assert "名簿の登録が終わりました" in result.text
    assert world.booking.people() == [("来客 1", "confirmed"), ("来客 2", "waiting")]


def test_none_at_all_is_a_choice(app: Flask) -> None:
    world = ListWorld(app)
    with app.app_context():
        made = world.check([guest(1)])
        path = f"{world.booking.base}/imports/{made.id}"
    desk = world.booking.visitor("desk@example.com")
    assert desk.send(f"{path}/deletions", from_page=path).status_code == 302
    assert desk.open(path).status_code == 404
    assert world.booking.people() == []
