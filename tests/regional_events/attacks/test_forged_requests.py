"""Requests that nobody offered: things of other events, foreign ids, columns as fields."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Boolean, Date, DateTime, Integer, Numeric, Uuid

from matchmaker.core.db import Base
from tests.architecture.access_parts import ROWS
from tests.architecture.access_rules import SECRETARIAT, Row
from tests.architecture.world import World
from tests.regional_events.attacks.conftest import is_of_events
from tests.working_groups.attacks.found_forms import (
    UUID,
    FoundForm,
    Pairs,
    number_of,
    send,
    stored,
)

FOREIGN = (
    "booked_track_id", "planned_track_id", "booked_attendee_id", "todays_attendee_id",
    "booked_registration_id", "booked_wave_id", "programme_session_id", "shown_speaker_id",
    "event_material_id", "floor_question_id", "floor_poll_id", "tables_version_id",
    "tables_reader_id", "event_photo_id", "event_invitee_id", "todays_device_id", "stranger_id",
    "draft_event_id", "survey_file_id", "attachment_id",
)  # fmt: skip
MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?|DTSTAMP:\d{8}T\d{6}Z"
    r'|(?<="seconds": )\d+\.\d+'  # what a plan of the tables took is another each time
)
NEW_ID = re.compile(r"'[0-9a-f]{32}'|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b[0-9a-f]{64}\b")
EVENT_TABLES = ("regional_event", "event_", "track", "seat_", "registration", "attendee",
                "waiting", "check_in", "floor", "poll", "table", "speaker", "session",
                "reception", "walk")  # fmt: skip
WISHED = ("confirmed", "published", "given", "public", "answered", "released")


def below_events() -> list[Row]:
    """Each address below an event that names a thing of it."""
    found = []
    for row in ROWS:
        inner = [n for n in row.values if n.endswith("_id") and n not in ("event_id", "user_id")]
        if is_of_events(row.endpoint) and "event_id" in row.values and inner:
            found.append(row)
    return found


@pytest.mark.parametrize("other", ["members_event_id", "draft_event_id", "booked_event_id"])
def test_things_of_another_event_do_not_exist_below_this_one(attacked: World, other: str) -> None:
    before = stored(attacked)
    tried, wrong = 0, []
    for row in below_events():
        if row.values["event_id"] == other:
            continue
        values = {**row.values, "event_id": other}
        with attacked.client(SECRETARIAT) as client:
            address = attacked.address(row.endpoint, values)
            ask = client.get if row.method == "GET" else client.post
            answer = ask(address, data=dict(row.data))
        tried += 1
        if answer.status_code != 404:
            wrong.append((row.label, answer.status_code))
    assert tried > 30
    assert wrong == []
    assert stored(attacked) == before


def test_ids_that_were_not_offered_are_not_stored(attacked: World, forms: list[FoundForm]) -> None:
    before = stored(attacked)
    foreign = {name: str(attacked.ids[name]) for name in FOREIGN if name in attacked.ids}
    assert len(foreign) > 15
    today = str(attacked.ids["todays_event_id"])
    taken = []
    for form in forms:
        for each in [i for i in form.inputs if UUID.search(i.value) or _offers_ids(i.offered)]:
            for name, id_ in foreign.items():
                if any(id_ in value for value in each.offered) or id_ in form.address:
                    continue
                if name.startswith("todays") and today in form.address:
                    continue  # badges of an unknown track are those of all: of its own people
                answer = send(attacked, form, form.filled({each.name: id_}))
                assert answer.status_code < 500, (form.endpoint, each.name)
                if answer.status_code < 400:
                    if number_of(stored(attacked), id_) > number_of(before, id_):
                        taken.append((form.endpoint, each.name, name))
                    attacked.restore()
    assert taken == []


def _offers_ids(offered: tuple[str, ...]) -> bool:
    return any(UUID.search(value) for value in offered)


def test_columns_sent_as_fields_change_nothing(attacked: World, forms: list[FoundForm]) -> None:
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
    status = send(world, form, [*form.filled(), *extra]).status_code
    if status >= 400:
        return str(status)
    lines = [line for line in stored(world) if line not in before]
    world.restore()
    text = MOMENT.sub("moment", "\n".join(lines))
    return NEW_ID.sub(lambda match: match[0] if match[0] in before else "new", text)


def _known(form: FoundForm, forms: list[FoundForm]) -> set[str]:
    names = {name for each in forms if each.endpoint == form.endpoint for name in each.names}
    return {re.sub(r"-.*", "", name) for name in names} | {"reason"}


def _columns(world: World, known: set[str]) -> Pairs:
    """A value for every column of the parts that no form there offers."""
    found: dict[str, str] = {}
    for table in Base.metadata.tables.values():
        if table.name.startswith(EVENT_TABLES):
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


def test_the_way_back_never_leads_to_another_site(attacked: World, forms: list[FoundForm]) -> None:
    """Addresses in the query or in fields that could be a target after a command."""
    bait = "https://thief.example/"
    names = ("next", "back", "return_to", "url", "target", "redirect", "from_page", "came_from")
    led = []
    for form in forms:
        offered = [(name, bait) for name in names if name not in form.names]
        answer = send(attacked, form, [*form.filled(), *offered])
        if "thief.example" in answer.headers.get("Location", ""):
            led.append(form.endpoint)
        if answer.status_code < 400:
            attacked.restore()
    assert led == []
