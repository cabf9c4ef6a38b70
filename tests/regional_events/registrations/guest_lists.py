"""Lists of guests, and an event whose staff import them, for tests."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Sequence

from flask import Flask
from openpyxl import Workbook
from sqlalchemy import select

from matchmaker.accounts.queries import actor_of_today, user_with_email
from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations.imports import jobs, queries, service
from matchmaker.regional_events.registrations.imports.domain import Choices
from matchmaker.regional_events.registrations.imports.models import GuestImport, GuestImportRow
from matchmaker.regional_events.registrations.models import Attendee
from tests.regional_events.registrations.booking_world import BookingWorld

HEADERS = ("氏名", "フリガナ", "所属", "役職", "メール", "参加方法", "区分", "配慮", "メモ")


def guest(number: int, **changes: Cell) -> list[Cell]:
    """One row of a list, in the order of the columns."""
    row: dict[str, Cell] = {
        "氏名": f"来客 {number}",
        "フリガナ": "ライキャク",
        "所属": "見本商事",
        "役職": "係長",
        "メール": f"guest-{number}@example.jp",
        "参加方法": "会場",
        "区分": "参加者",
        "配慮": None,
        "メモ": None,
    }
    row.update(changes)
    return list(row.values())


def workbook(rows: Sequence[Sequence[Cell]], headers: Sequence[str] = HEADERS) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名簿")
    for row in (headers, *rows):
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv_file(rows: Sequence[Sequence[Cell]], encoding: str) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target).writerows([HEADERS, *rows])
    return target.getvalue().encode(encoding)


class ListWorld:
    """An event whose staff import a list, within an application context."""

    def __init__(self, app: Flask, capacity: int = 100) -> None:
        self.booking = BookingWorld(app, capacity=capacity)
        self.event_id, self.room_id = self.booking.event_id, self.booking.room_id

    @property
    def desk(self) -> Actor:
        user = user_with_email("desk@example.com")
        assert user is not None
        return actor_of_today(user.id, user.name)

    def check(self, rows: Sequence[Sequence[Cell]]) -> GuestImport:
        return self.check_file("名簿.xlsx", workbook(rows))

    def check_file(self, name: str, content: bytes) -> GuestImport:
        made = service.check(get_event(self.event_id), name, content, self.desk, clock.now())
        db.session.commit()
        return made

    def start(self, made: GuestImport, choices: Choices | None = None) -> uuid.UUID:
        event = get_event(self.event_id)
        service.start(made, event, choices or Choices(), self.desk, clock.now())
        import_id = made.id
        db.session.commit()
        return import_id

    def registered(
        self, rows: Sequence[Sequence[Cell]], choices: Choices | None = None
    ) -> GuestImport:
        import_id = self.start(self.check(rows), choices)
        jobs.run_due_imports(clock.now())
        made = queries.get_import(import_id)
        assert made is not None
        return made

    def states(self, made: GuestImport) -> list[str]:
        query = select(GuestImportRow.state).where(GuestImportRow.import_id == made.id)
        rows = db.session.scalars(query.order_by(GuestImportRow.row_number))
        return [state.value for state in rows]

    def people(self) -> list[Attendee]:
        return list(db.session.scalars(select(Attendee).order_by(Attendee.created_at, Attendee.id)))
