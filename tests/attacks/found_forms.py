"""Every form that any page shows to anybody, as an attacker would collect them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.architecture.access_parts import ROWS
from tests.architecture.access_rules import ROLES, VISITOR, Row
from tests.architecture.world import World

INPUTS = {"input", "select", "textarea", "button"}
TYPED = {"text", "textarea", "email", "url", "search", "tel"}
ONLY_SHOWS_AGAIN = ("add-rows", "add_rows", "question-action")
PARTS_OF_MOMENTS = {"-year": "2027", "-month": "12", "-day": "30", "-time": "10:00"}
UNTOUCHED = ('INSERT INTO "audit_entries"', 'INSERT INTO "form_stashes"')
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a form: its name, its kind, what it holds, and all it could hold."""

    name: str
    kind: str
    value: str
    offered: tuple[str, ...] = ()

    @property
    def is_typed(self) -> bool:
        """Whether people type into it."""
        return self.kind in TYPED

    @property
    def asks_for_words(self) -> bool:
        """Whether any text will do."""
        is_bounded = self.name.endswith(tuple(PARTS_OF_MOMENTS)) or "@" in self.value
        return self.is_typed and not is_bounded and "://" not in self.value


@dataclass(frozen=True, slots=True)
class FoundForm:
    """A form with the role that was shown it and where it is sent."""

    endpoint: str
    role: str
    address: str
    inputs: tuple[Input, ...]

    @property
    def names(self) -> set[str]:
        """Names of all inputs."""
        return {each.name for each in self.inputs}

    def filled(self, changes: Mapping[str, str] | None = None) -> Pairs:
        """What a browser would send, with some inputs changed."""
        changes = changes or {}
        return [(each.name, changes.get(each.name, each.value)) for each in self.inputs]

    def with_words(self, text: str) -> Pairs:
        """The form with the same text where words are asked for: numbers, days, addresses stay."""
        return self.filled({each.name: text for each in self.inputs if each.asks_for_words})

    def with_all_texts(self, text: str) -> Pairs:
        """The form with the same text in each input that people type into."""
        return self.filled({each.name: text for each in self.inputs if each.is_typed})


def send(world: World, form: FoundForm, pairs: Pairs) -> TestResponse:
    """Send a form as the person who was shown it.

    The page that comes back is not checked: whoever sends broken characters gets them back.
    """
    app, cookie = world.app, world.client(form.role).get_cookie("session")
    client = FlaskClient(app, app.response_class, use_cookies=True)
    if cookie is not None:
        client.set_cookie("session", cookie.value)
    with client:
        return client.post(form.address, data=MultiDict(pairs))


def collect(
    world: World, rows: Sequence[Row] = ROWS, roles: Sequence[str] = ROLES
) -> list[FoundForm]:
    """All forms on the pages of some rows (all of the parts) for these roles, each kind once."""
    found: dict[tuple[str, frozenset[str]], FoundForm] = {}
    for row in rows:
        for role in roles if row.method == "GET" else ():
            if role == VISITOR or row.statuses[role] != 200:
                continue
            for form in forms_at(world, role, world.address(row.endpoint, row.values)):
                kinds = frozenset(re.sub(r"\d+", "0", name) for name in form.names)
                found.setdefault((form.endpoint, kinds), form)
    return list(found.values())


def forms_at(world: World, role: str, address: str) -> list[FoundForm]:
    """The forms that one page shows to somebody."""
    with world.client(role) as client:
        answer = client.get(address)
    if answer.mimetype != "text/html":
        return []
    return list(_forms(world, role, address, answer.get_data(as_text=True)))


def _forms(world: World, role: str, page: str, text: str) -> Iterator[FoundForm]:
    tree = html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)
    adapter = world.app.url_map.bind("localhost")
    for element in tree.iter("form"):
        if element.get("method", "get").lower() != "post":
            continue
        address = element.get("action") or page
        endpoint, _values = adapter.match(address.partition("?")[0], method="POST")
        if not endpoint.startswith("security."):
            yield FoundForm(endpoint, role, address, tuple(_inputs(element)))


def _inputs(form: Element) -> Iterator[Input]:
    seen: set[str] = set()
    for element in form.iter():
        name = element.get("name", "") if element.tag in INPUTS else ""
        kind = element.get("type", "text") if element.tag == "input" else element.tag
        if not name or name == "csrf_token" or name in ONLY_SHOWS_AGAIN or kind == "file":
            continue
        if kind in {"radio", "button"} and name in seen:
            continue
        seen.add(name)
        yield _input(element, name, str(kind))


def _input(element: Element, name: str, kind: str) -> Input:
    if kind == "select":
        values = [option.get("value", "") for option in element.iter("option")]
        chosen = [o.get("value", "") for o in element.iter("option") if "selected" in o.attrib]
        return Input(name, kind, (chosen or values or [""])[-1], tuple(values))
    if kind == "textarea":
        return Input(name, kind, "".join(element.itertext()) or "1")
    value = element.get("value", "")
    return Input(name, kind, value or _usual(name, kind), (value,))


def _usual(name: str, kind: str) -> str:
    if kind not in TYPED:
        return ""
    parts = [value for ending, value in PARTS_OF_MOMENTS.items() if name.endswith(ending)]
    if parts:
        return parts[0]
    return (
        "abc@example.com" if "email" in name else "https://example.com/" if "url" in name else "1"
    )


def stored(world: World) -> list[str]:
    """Every row of the database but the audit log's and forms kept for later."""
    with world.app.app_context():
        connection = sqlite3.connect(world.app.config["SQLALCHEMY_DATABASE_URI"][10:])
    try:
        return [line for line in connection.iterdump() if not line.startswith(UNTOUCHED)]
    finally:
        connection.close()


def number_of(rows: Sequence[str], id_: object) -> int:
    """How often an id stands in the database."""
    text = str(id_)
    return sum(row.count(text) + row.count(text.replace("-", "")) for row in rows)
