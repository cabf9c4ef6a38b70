"""Moments as people type them: both calendars, full width, the end of the day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from matchmaker.core.forms import ProductForm
from matchmaker.core.moment_field import UNREADABLE_DAY, UNREADABLE_TIME, MomentField


class MomentForm(ProductForm):
    """A form with one moment."""

    at = MomentField("日時")


def typed(app: Flask, year: str, month: str, day: str, time: str) -> MomentForm:
    """The form as sent."""
    values = {"at-year": year, "at-month": month, "at-day": day, "at-time": time}
    with app.test_request_context(method="POST"):
        form = MomentForm(MultiDict(values), meta={"csrf": False})
        form.validate()
        return form


@pytest.mark.parametrize(
    ("parts", "moment"),
    [
        (("2026", "4", "1", "9:30"), datetime(2026, 4, 1, 0, 30, tzinfo=UTC)),
        (("令和9", "３", "３１", "１７：００"), datetime(2027, 3, 31, 8, 0, tzinfo=UTC)),
        (("R8", "12", "31", "24:00"), datetime(2026, 12, 31, 15, 0, tzinfo=UTC)),
        (("2027", "1", "1", "0:00"), datetime(2026, 12, 31, 15, 0, tzinfo=UTC)),
        (("2026", "4", "1", "17時"), datetime(2026, 4, 1, 8, 0, tzinfo=UTC)),
    ],
)
def test_moments_are_understood(
    app: Flask, parts: tuple[str, str, str, str], moment: datetime
) -> None:
    form = typed(app, *parts)
    assert form.errors == {}
    assert form.at.data == moment


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (("2026", "2", "30", "9:00"), UNREADABLE_DAY),
        (("", "", "", "9:00"), UNREADABLE_DAY),
        (("2026", "4", "1", "25:00"), UNREADABLE_TIME),
        (("2026", "4", "1", "24:01"), UNREADABLE_TIME),
        (("2026", "4", "1", ""), UNREADABLE_TIME),
        (("2026", "4", "1", "昼"), UNREADABLE_TIME),
    ],
)
def test_what_cannot_be_read_is_told_and_kept(
    app: Flask, parts: tuple[str, str, str, str], message: str
) -> None:
    form = typed(app, *parts)
    assert form.at.errors == [message]
    assert (*form.at.parts, form.at.typed_time) == parts


def test_nothing_typed_is_no_moment(app: Flask) -> None:
    form = typed(app, "", "", "", "")
    assert form.errors == {}
    assert form.at.data is None


def test_a_stored_moment_is_shown_in_the_time_of_japan(app: Flask) -> None:
    stored = datetime(2026, 12, 31, 15, 5, tzinfo=UTC)
    with app.test_request_context():
        form = MomentForm(data={"at": stored})
    assert (*form.at.parts, form.at.typed_time) == ("2027", "1", "1", "00:05")
    assert form.at.data == stored
