"""Requests that people did not mean: without a token, with fields nobody offered, foreign ids."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import Boolean, Date, DateTime, Integer, Numeric, Uuid

from matchmaker.core.db import Base
from tests.architecture.access_parts import ROWS
from tests.architecture.access_rules import ROLES, Row
from tests.architecture.world import World
from tests.working_groups.attacks.found_forms import (
    UUID,
    FoundForm,
    Pairs,
    number_of,
    send,
    stored,
)

REFUSED = {401, 403, 404}
NEW_ID = re.compile(r"'[0-9a-f]{32}'|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?|DTSTAMP:\d{8}T\d{6}Z")
WISHED = ("released", "published", "adopted", "submitted", "chair", "public")
STRANGERS = ("stranger_id", "operator_id", "closed_group_id", "draft_call_id",
             "reviewed_proposal_id", "waiting_document_id", "survey_file_id", "attachment_id",
             "published_need_id", "review_id")  # fmt: skip


@pytest.fixture
def guarded(attacked: World) -> Iterator[World]:
    """The world with tokens asked for, as it is in service."""
    attacked.app.config["WTF_CSRF_ENABLED"] = True
    yield attacked
    attacked.app.config["WTF_CSRF_ENABLED"] = False
    attacked.restore()


def posts() -> list[tuple[Row, str]]:
    """Each command with somebody who may give it."""
    found = []
    for row in ROWS:
        able = [role for role in ROLES if row.statuses[role] not in REFUSED]
        if row.method == "POST" and able:
            found.append((row, able[-1]))
    return found


def test_no_command_works_without_its_token(guarded: World) -> None:
    before = stored(guarded)
    for row, role in posts():
        with guarded.client(role) as client:
            answer = client.post(guarded.address(row.endpoint, row.values), data=dict(row.data))
        assert answer.status_code in {302, 400}, row.label
        assert stored(guarded) == before, row.label


def test_ids_that_were_not_offered_are_not_stored(attacked: World, forms: list[FoundForm]) -> None:
    before = stored(attacked)
    foreign = {name: str(attacked.ids[name]) for name in STRANGERS}
    taken = []
    for form in forms:
        for each in [i for i in form.inputs if UUID.fullmatch(i.value) or _offers_ids(i.offered)]:
            for name, id_ in foreign.items():
                if id_ in each.offered or id_ in form.address:
                    continue
                answer = send(attacked, form, form.filled({each.name: id_}))
                assert answer.status_code < 500
                if answer.status_code < 400:
                    if number_of(stored(attacked), id_) > number_of(before, id_):
                        taken.append((form.endpoint, each.name, name))
                    attacked.restore()
    assert taken == []


def _offers_ids(offered: tuple[str, ...]) -> bool:
    return any(UUID.fullmatch(value) for value in offered)


def test_fields_that_no_form_has_change_nothing(attacked: World, forms: list[FoundForm]) -> None:
    before = "\n".join(stored(attacked))
    changed = []
    for form in forms:
        outcomes = [
            _outcome(attacked, form, before, extra)
            for extra in ([], [], _columns(attacked, _known(form, forms)))
        ]
        if outcomes[0] == outcomes[1] != outcomes[2]:
            differing = set(outcomes[2].splitlines()) ^ set(outcomes[0].splitlines())
            changed.append((form.endpoint, sorted(differing)[:4]))
    assert changed == []


def _outcome(world: World, form: FoundForm, before: str, extra: Pairs) -> str:
    """What the database holds afterwards, with new ids and moments made alike."""
    status = send(world, form, [*form.filled(), *extra]).status_code
    if status >= 400:
        return str(status)
    lines = [line for line in stored(world) if line not in before]
    world.restore()
    text = MOMENT.sub("moment", "\n".join(lines))
    return NEW_ID.sub(lambda match: match[0] if match[0] in before else "new", text)


def _known(form: FoundForm, forms: list[FoundForm]) -> set[str]:
    """What any form that is sent there has: one of its steps may ask for a reason, another not."""
    names = {name for each in forms if each.endpoint == form.endpoint for name in each.names}
    return {re.sub(r"-.*", "", name) for name in names} | {"reason"}


def _columns(world: World, known: set[str]) -> Pairs:
    """A value for every column of the parts that no form there offers."""
    found: dict[str, str] = {}
    parts = ("call", "proposal", "review", "decision", "meeting", "minutes", "group", "survey",
             "working", "criteri", "agenda", "task", "coordination")  # fmt: skip
    for table in Base.metadata.tables.values():
        if table.name.startswith(parts) or "_group" in table.name:
            for column in table.columns:
                found[column.name] = _wished(column.type, column.name, world)
    return [(name, value) for name, value in found.items() if name not in known]


def _wished(kind: object, name: str, world: World) -> str:
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
            return WISHED[len(name) % len(WISHED)]


def test_strangers_ids_in_addresses_lead_nowhere(attacked: World) -> None:
    """Below somebody's own group, call or meeting no thing of another one answers."""
    other = {"group_id": attacked.ids["group_id"], "call_id": attacked.ids["draft_call_id"]}
    for row, role in posts():
        rules = list(attacked.app.url_map.iter_rules(row.endpoint))
        arguments = set().union(*(rule.arguments for rule in rules))
        outer = [name for name in other if name in arguments]
        inner = {name for name in arguments if name.endswith("_id")} - set(other)
        if not outer or not inner:
            continue
        own = attacked.ids.get(row.values.get(outer[0], outer[0]))
        if own == other[outer[0]] or not isinstance(other[outer[0]], uuid.UUID):
            continue
        values = {**row.values, outer[0]: "foreign"}
        attacked.ids["foreign"] = other[outer[0]]
        with attacked.client(role) as client:
            answer = client.post(attacked.address(row.endpoint, values), data=dict(row.data))
        assert answer.status_code in REFUSED | {302} - {302}, (row.label, answer.status_code)
