"""Requests that nobody offered: fields that are columns, ids of other things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Integer, Numeric, Uuid

from matchmaker.core.db import Base
from tests.architecture.access_rules import ROLES, Row
from tests.architecture.world import World
from tests.attacks.found_forms import UUID, FoundForm, Pairs, number_of, send, stored

REFUSED = frozenset({401, 403, 404})
TARGETS = ("next", "back", "return_to", "url", "target", "redirect", "from_page", "came_from")
MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?|DTSTAMP:\d{8}T\d{6}Z"
    r'|(?<="seconds": )\d+\.\d+'  # what a plan of the tables took is another each time
)
NEW_ID = re.compile(r"'[0-9a-f]{32}'|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b[0-9a-f]{64}\b")


def commands(rows: Iterable[Row]) -> list[tuple[Row, str]]:
    """Each command with somebody who may give it."""
    found = []
    for row in rows:
        able = [role for role in ROLES if row.statuses[role] not in REFUSED]
        if row.method == "POST" and able:
            found.append((row, able[-1]))
    return found


def check_tokens(world: World, rows: Iterable[Row]) -> None:
    """No command works without its token; the world must ask for tokens."""
    before = stored(world)
    for row, role in commands(rows):
        with world.client(role) as client:
            answer = client.post(world.address(row.endpoint, row.values), data=dict(row.data))
        assert answer.status_code in {302, 400}, row.label
        assert stored(world) == before, row.label


def ids_taken(
    world: World, forms: Iterable[FoundForm], foreign: Mapping[str, str], shared: Sequence[str] = ()
) -> list[tuple[str, str, str]]:
    """Form, field and name of each foreign id that was stored though the form did not offer it.

    Args:
        foreign: ids by name.
        shared: addresses in which names that begin alike do belong together.
    """
    before = stored(world)
    taken = []
    for form in forms:
        for each in [i for i in form.inputs if UUID.search(i.value) or _offers_ids(i.offered)]:
            for name, id_ in foreign.items():
                if any(id_ in value for value in each.offered) or id_ in form.address:
                    continue
                if name.startswith("todays") and any(part in form.address for part in shared):
                    continue
                answer = send(world, form, form.filled({each.name: id_}))
                assert answer.status_code < 500, (form.endpoint, each.name)
                if answer.status_code < 400:
                    if number_of(stored(world), id_) > number_of(before, id_):
                        taken.append((form.endpoint, each.name, name))
                    world.restore()
    return taken


def led_elsewhere(world: World, forms: Iterable[FoundForm]) -> list[str]:
    """Endpoints that lead to another site when a field they do not offer names one as target."""
    led = []
    for form in forms:
        bait = [(name, "https://thief.example/") for name in TARGETS if name not in form.names]
        answer = send(world, form, [*form.filled(), *bait])
        if "thief.example" in answer.headers.get("Location", ""):
            led.append(form.endpoint)
        if answer.status_code < 400:
            world.restore()
    return led


def _offers_ids(offered: tuple[str, ...]) -> bool:
    return any(UUID.search(value) for value in offered)


def changed_by_columns(
    world: World, forms: Sequence[FoundForm], tables: tuple[str, ...], words: tuple[str, ...]
) -> list[tuple[str, list[str]]]:
    """Forms with which columns, sent as fields, do change something.

    Args:
        tables: how the names of tables begin.
        words: what columns of text are to become.
    """
    before = "\n".join(stored(world))
    changed = []
    for form in forms:
        extra = _columns(world, _known(form, forms), tables, words)
        outcomes = [_outcome(world, form, before, more) for more in ([], [], extra)]
        if outcomes[0] == outcomes[1] != outcomes[2]:
            differing = set(outcomes[2].splitlines()) ^ set(outcomes[0].splitlines())
            changed.append((form.endpoint, sorted(differing)[:4]))
    return changed


def _outcome(world: World, form: FoundForm, before: str, extra: Pairs) -> str:
    """What the database holds afterwards, with new ids and moments made alike."""
    status = send(world, form, [*form.filled(), *extra]).status_code
    if status >= 400:
        return str(status)
    lines = [line for line in stored(world) if line not in before]
    world.restore()
    text = MOMENT.sub("moment", "\n".join(lines))
    return NEW_ID.sub(lambda match: match[0] if match[0] in before else "new", text)


def _known(form: FoundForm, forms: Iterable[FoundForm]) -> set[str]:
    """What any form that is sent there has: one of its steps may ask for a reason, another not."""
    names = {name for each in forms if each.endpoint == form.endpoint for name in each.names}
    return {re.sub(r"-.*", "", name) for name in names} | {"reason"}


def _columns(
    world: World, known: set[str], tables: tuple[str, ...], words: tuple[str, ...]
) -> Pairs:
    """A value for every column of the tables that no form there offers."""
    found: dict[str, str] = {}
    for table in Base.metadata.tables.values():
        if table.name.startswith(tables):
            for column in table.columns:
                found[column.name] = _wished(column.type, column.name, world, words)
    return [(name, value) for name, value in found.items() if name not in known]


def _wished(kind: Any, name: str, world: World, words: tuple[str, ...]) -> str:
    match kind:
        case Uuid():
            return str(world.ids["stranger_id"])
        case Boolean():
            return "y"
        case Integer() | Numeric():
            return "987"
        case DateTime() | Date():
            return "2020-01-01"
        case _:
            return words[len(name) % len(words)]
