"""Text that is made to break out: of pages, mails, tables, calendars, limits and databases."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from openpyxl import load_workbook
from werkzeug.test import TestResponse

from tests.architecture.access_rules import ROLES, VISITOR, Row
from tests.architecture.world import World
from tests.attacks.found_forms import FoundForm, Pairs, send

MARK = "<b id=broken-out>"
SCRIPT = f"{MARK}</textarea><script>alert(1)</script>'\">"
TEXTS: Mapping[str, str] = {
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
FIRST_SERVER_ERROR = 500


def everywhere(form: FoundForm, text: str) -> Pairs:
    """The form with the text in all its inputs, hidden ones and choices too."""
    return form.filled(dict.fromkeys(form.names, text))


def broken_by(world: World, forms: Iterable[FoundForm], text: str) -> list[tuple[str, int]]:
    """Commands that end in an error page: the text in all typed fields, then in all there are."""
    broken = []
    for form in forms:
        for pairs in (form.with_all_texts(text), everywhere(form, text)):
            status = send(world, form, pairs).status_code
            if status >= FIRST_SERVER_ERROR:
                broken.append((form.endpoint, status))
            if status < 400:
                world.restore()
    return broken


def keepers_of(world: World, forms: Iterable[FoundForm], text: str) -> list[tuple[str, str]]:
    """Forms and fields that store a text of this length, or end in an error page."""
    kept: list[tuple[str, str]] = []
    for form in forms:
        for each in [each for each in form.inputs if each.is_typed][-1:]:
            status = send(world, form, form.filled({each.name: text})).status_code
            if status >= FIRST_SERVER_ERROR:
                kept.append((form.endpoint, str(status)))
            if status < 400:
                if _holds(world, text[:LARGEST_FORM]):
                    kept.append((form.endpoint, each.name))
                world.restore()
    return kept


def _holds(world: World, text: str) -> bool:
    with sqlite3.connect(world.app.config["SQLALCHEMY_DATABASE_URI"][10:]) as connection:
        found = any(text in line for line in connection.iterdump())
    connection.close()
    return found


def soil(world: World, forms: Iterable[FoundForm]) -> None:
    """Attack all forms one after the other, where words are asked for; nothing is undone."""
    for form in forms:
        for text in (SCRIPT, TEXTS["header"], TEXTS["formula"]):
            send(world, form, form.with_words(text))


def answers(world: World, rows: Iterable[Row]) -> Iterator[TestResponse]:
    """What everybody sees everywhere."""
    for row in rows:
        for role in ROLES if row.method == "GET" else ():
            if role == VISITOR or row.statuses[role] != 200:
                continue
            with world.client(role) as client:
                yield client.get(world.address(row.endpoint, row.values))
            break


def check_that_texts_stay_texts(answer: TestResponse) -> bool:
    """Whether the attack is seen on a page; fails where it is more than text."""
    path = answer.request.path
    assert answer.status_code < FIRST_SERVER_ERROR, path
    kind = answer.mimetype or ""
    if kind == "text/html":
        assert MARK not in answer.text, path
        return "broken-out" in answer.text
    if kind == "text/calendar":
        assert "\nBcc" not in answer.text, path
    elif kind == "text/csv":
        assert not [line for line in answer.text.splitlines() if line.startswith("=")], path
    elif "spreadsheet" in kind:
        assert formulas_in(answer.data) == [], path
    return False


def formulas_in(workbook: bytes) -> list[str]:
    """Cells of a workbook that a spreadsheet would compute."""
    book = load_workbook(io.BytesIO(workbook))
    return [
        str(cell.value)
        for sheet in book.worksheets
        for cells in sheet.iter_rows()
        for cell in cells
        if cell.data_type == "f"
    ]


def check_mails(world: World) -> None:
    """No subject, address or calendar took a header."""
    with sqlite3.connect(world.app.config["SQLALCHEMY_DATABASE_URI"][10:]) as connection:
        query = "SELECT subject, recipient_name, address, calendar FROM outbox_messages"
        mails = connection.execute(query).fetchall()
    connection.close()
    assert mails
    for subject, name, address, calendar in mails:
        assert not {"\r", "\n"} & set(f"{subject}{name}{address}")
        assert "\nBcc" not in (calendar or "")
