"""Text that is made to break out: of pages, mails, tables, calendars, limits and databases."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from tests.architecture.access_parts import ROWS
from tests.architecture.access_rules import ROLES, VISITOR
from tests.architecture.world import World
from tests.working_groups.attacks.found_forms import FoundForm, Pairs, send

MARK = "<b id=broken-out>"
SCRIPT = f"{MARK}</textarea><script>alert(1)</script>'\">"
TEXTS = {
    "script": SCRIPT,
    "template": "{{ 7 * 7 }}{% raw %}",
    "formula": "=cmd|'/C calc'!A0",
    "header": "件名\r\nBcc: thief@example.com\r\n\r\n本文",
    "null": "竹\x00林\x1b[31m\x0b\u2028\ufffe",
    "emoji": "葛\U000e0100城👨\u200d👩\u200d👧🇯🇵\u202e",
    "digits": "9" * 5000,
    "negative": "-1",
    "infinite": "1e400",
    "power": "²",
    "era": "令和0",
    "far": "9999",
    "thirty-first": "31",
    "no id": "urn:uuid:nothing",
}
HUGE = "長" * 350_000
LARGEST_FORM = 400_000


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_breaks_a_command(attacked: World, forms: list[FoundForm], name: str) -> None:
    """In all fields at once, and in the hidden ones and choices too."""
    for form in forms:
        for pairs in (form.with_all_texts(TEXTS[name]), _everywhere(form, TEXTS[name])):
            status = send(attacked, form, pairs).status_code
            assert status < 500, (form.endpoint, status)
            if status < 400:
                attacked.restore()


def _everywhere(form: FoundForm, text: str) -> Pairs:
    return form.filled(dict.fromkeys(form.names, text))


def test_a_million_bytes_are_refused_in_words(attacked: World, forms: list[FoundForm]) -> None:
    kept: list[tuple[str, str]] = []
    for form in forms:
        typed = [each for each in form.inputs if each.is_typed][-1:]
        for each in typed:
            answer = send(attacked, form, form.filled({each.name: HUGE}))
            assert answer.status_code < 500
            if answer.status_code < 400:
                kept.extend(_kept(attacked, form, each.name))
                attacked.restore()
    assert kept == []


def _kept(world: World, form: FoundForm, name: str) -> Iterator[tuple[str, str]]:
    with sqlite3.connect(world.app.config["SQLALCHEMY_DATABASE_URI"][10:]) as connection:
        if any(HUGE[:LARGEST_FORM] in line for line in connection.iterdump()):
            yield form.endpoint, name
    connection.close()


@pytest.fixture(scope="module")
def soiled(attacked: World, forms: list[FoundForm]) -> Iterator[World]:
    """The world after the same attack on all its forms, one after the other."""
    for form in forms:
        for text in (SCRIPT, TEXTS["header"], TEXTS["formula"]):
            send(attacked, form, form.with_words(text))
    yield attacked
    attacked.restore()


def answers(world: World) -> Iterator[TestResponse]:
    """What everybody sees everywhere."""
    for row in ROWS:
        for role in ROLES if row.method == "GET" else ():
            if role == VISITOR or row.statuses[role] != 200:
                continue
            with world.client(role) as client:
                yield client.get(world.address(row.endpoint, row.values))
            break


def test_what_was_typed_stays_text(soiled: World) -> None:
    pages = 0
    for answer in answers(soiled):
        assert answer.status_code < 500, answer.request.path
        kind = answer.mimetype or ""
        if kind == "text/html":
            assert MARK not in answer.text, answer.request.path
            pages += "broken-out" in answer.text
        elif kind == "text/calendar":
            assert "\nBcc" not in answer.text
        elif kind == "text/csv":
            assert not [line for line in answer.text.splitlines() if line.startswith("=")]
        elif "spreadsheet" in kind:
            assert _formulas(answer) == []
    assert pages > 0, "the attack is to be seen somewhere, as text"


def _formulas(answer: TestResponse) -> list[str]:
    book = load_workbook(_file(answer))
    return [
        str(cell.value)
        for sheet in book.worksheets
        for cells in sheet.iter_rows()
        for cell in cells
        if cell.data_type == "f"
    ]


def _file(answer: TestResponse) -> io.BytesIO:
    return io.BytesIO(answer.data)


def test_no_subject_and_no_calendar_takes_a_header(soiled: World) -> None:
    with sqlite3.connect(soiled.app.config["SQLALCHEMY_DATABASE_URI"][10:]) as connection:
        query = "SELECT subject, recipient_name, address, calendar FROM outbox_messages"
        mails = connection.execute(query).fetchall()
    connection.close()
    assert mails
    for subject, name, address, calendar in mails:
        assert not {"\r", "\n"} & set(f"{subject}{name}{address}")
        assert "\nBcc" not in (calendar or "")
