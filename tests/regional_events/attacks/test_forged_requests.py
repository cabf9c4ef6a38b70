"""Requests that nobody offered: things of other events, foreign ids, columns as fields."""

from __future__ import annotations

import pytest

from tests.architecture.access_parts import ROWS
from tests.architecture.access_rules import SECRETARIAT, Row
from tests.architecture.world import World
from tests.attacks.forging import changed_by_columns, ids_taken, led_elsewhere
from tests.attacks.found_forms import FoundForm, stored
from tests.regional_events.attacks.conftest import is_of_events

FOREIGN = (
    "booked_track_id", "planned_track_id", "booked_attendee_id", "todays_attendee_id",
    "booked_registration_id", "booked_wave_id", "programme_session_id", "shown_speaker_id",
    "event_material_id", "floor_question_id", "floor_poll_id", "tables_version_id",
    "tables_reader_id", "event_photo_id", "event_invitee_id", "todays_device_id", "stranger_id",
    "draft_event_id", "survey_file_id", "attachment_id",
)  # fmt: skip
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
    foreign = {name: str(attacked.ids[name]) for name in FOREIGN if name in attacked.ids}
    assert len(foreign) > 15
    # Badges of an unknown track are those of all, of the event's own people.
    shared = [str(attacked.ids["todays_event_id"])]
    assert ids_taken(attacked, forms, foreign, shared) == []


def test_columns_sent_as_fields_change_nothing(attacked: World, forms: list[FoundForm]) -> None:
    assert changed_by_columns(attacked, forms, EVENT_TABLES, WISHED) == []


def test_the_way_back_never_leads_to_another_site(attacked: World, forms: list[FoundForm]) -> None:
    assert led_elsewhere(attacked, forms) == []
