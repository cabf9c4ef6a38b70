"""Every page of an event, for everybody, in every phase and for every audience, over HTTP."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from matchmaker.app import create_app
from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import Audience, Phase
from tests.conftest import make_settings
from tests.regional_events.attacks import matrix_world as who
from tests.regional_events.attacks.matrix_world import EVERYBODY, STAFF, People, event_in

REFUSED = frozenset({401, 403, 404})
ADMITTED = {
    Audience.PUBLIC: EVERYBODY,
    Audience.MEMBERS: tuple(key for key in EVERYBODY if key not in (who.VISITOR, who.ALONE)),
    Audience.INVITED: (who.INVITED, who.REGISTERED, *STAFF),
}
READ = (
    "regional_events.show", "regional_events.print", "regional_events.calendar",
    "event_registrations.new", "event_registrations.sent", "floor_questions.index",
)  # fmt: skip
PLANNING = (who.PLANNER, who.SECRETARIAT)
RECEIVING, MODERATING = (who.RECEIVER, *PLANNING), (who.MODERATOR, *PLANNING)
BY_BLUEPRINT = {
    "regional_events": PLANNING, "event_attendees": PLANNING, "event_people": PLANNING,
    "event_imports": PLANNING,
    "event_materials": PLANNING, "event_programme": PLANNING, "event_questions": PLANNING,
    "event_registrations": PLANNING, "event_speakers": PLANNING, "event_tables": PLANNING,
    "event_tracks": PLANNING, "event_waiting": PLANNING, "event_reports": PLANNING,
    "event_reception": RECEIVING, "event_badges": RECEIVING, "reception_devices": RECEIVING,
    "online_attendances": RECEIVING, "walk_ins": RECEIVING,
    "floor_moderation": MODERATING, "floor_polls": MODERATING,
}  # fmt: skip
OWN = {
    "own_event_tables.show": (), "own_event_tables.calendar": (),
    "event_reports.show": STAFF, "event_reports.print_form": STAFF,
}  # fmt: skip
"""Nobody sits at a table here; no report is published."""
JOINED = ("floor_questions.updates", "floor_questions.enter")


@pytest.fixture(scope="module")
def matrix_app(
    migrated_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An application on a database of this module alone."""
    folder = tmp_path_factory.mktemp("event-matrix")
    shutil.copy(migrated_database, folder / "meguriawase.db")
    app = create_app(make_settings(folder))
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def people(matrix_app: Flask) -> People:
    """Everybody."""
    with matrix_app.app_context():
        made = People(matrix_app)
        db.session.commit()
        return made


def readers(audience: Audience, phase: Phase) -> tuple[str, ...]:
    """Who may know of the event; the secretariat's drafts are for its staff."""
    return STAFF if phase is Phase.DRAFT else ADMITTED[audience]


def opens(people: People, key: str, path: str) -> tuple[bool, str]:
    """Whether somebody gets a page, and what it says."""
    with people.browser(key) as client:
        answer = client.get(path)
    assert answer.status_code < 500, (key, path)
    to_sign_in = answer.headers.get("Location", "").startswith("/sign-in")
    return answer.status_code not in REFUSED and not to_sign_in, answer.get_data().decode(
        errors="replace"
    )


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("phase", list(Phase))
def test_what_everybody_reads(
    matrix_app: Flask, people: People, phase: Phase, audience: Audience
) -> None:
    with matrix_app.app_context():
        event_id, token = event_in(people, phase, audience)
    allowed = readers(audience, phase)
    adapter = matrix_app.url_map.bind("localhost")
    for endpoint in (*READ, *JOINED):
        path = adapter.build(endpoint, {"event_id": event_id})
        for key in EVERYBODY:
            is_open, text = opens(people, key, path)
            if endpoint not in JOINED:
                assert is_open == (key in allowed), (endpoint, key)
            if key not in allowed:
                assert who.NAME_MARK not in text, (endpoint, key)
                assert "stream.example.com" not in text, (endpoint, key)
            assert who.GUEST_MARK not in text, (endpoint, key)
    _check_lists(people, event_id, allowed)
    _check_ticket(people, token)


def _check_lists(people: People, event_id: uuid.UUID, allowed: tuple[str, ...]) -> None:
    pages = ("/regional-events", "/regional-events/calendar", f"/search?q={who.NAME_MARK}",
             "/regional-events?phase=all", "/regional-events?period=past", "/")  # fmt: skip
    for key in set(EVERYBODY) - set(allowed):
        for path in pages:
            assert str(event_id) not in opens(people, key, path)[1], (key, path)


def _check_ticket(people: People, token: str) -> None:
    """The guest's link works in every phase, tells nothing of others, and a GET changes nothing."""
    is_open, text = opens(people, who.VISITOR, f"/event-tickets/{token}")
    assert is_open
    assert who.GUEST_MARK in text
    assert f"{who.REGISTERED}@example.com" not in text


@pytest.mark.parametrize("phase", [Phase.DRAFT, Phase.OPEN, Phase.HELD, Phase.CANCELLED])
def test_pages_of_the_staff(matrix_app: Flask, people: People, phase: Phase) -> None:
    """Nobody else opens them; what is not there yet (tables, a report) is there for nobody."""
    audience = Audience.INVITED if phase is Phase.OPEN else Audience.PUBLIC
    with matrix_app.app_context():
        event_id, _token = event_in(people, phase, audience)
    adapter = matrix_app.url_map.bind("localhost")
    wrong: list[tuple[str, str]] = []
    leaks: list[tuple[str, str]] = []
    for endpoint in staff_pages(matrix_app):
        allowed = OWN.get(endpoint, BY_BLUEPRINT.get(endpoint.partition(".")[0], ()))
        path = adapter.build(endpoint, {"event_id": event_id})
        for key in EVERYBODY:
            is_open, text = opens(people, key, path)
            if is_open and key not in allowed:
                wrong.append((endpoint, key))
            if key not in allowed and who.GUEST_MARK in text:
                leaks.append((endpoint, key))
    assert (wrong, leaks) == ([], [])


def staff_pages(app: Flask) -> list[str]:
    """Every page below an event but those that everybody may read."""
    return sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/regional-events/<")
        and "GET" in (rule.methods or ())
        and rule.arguments == {"event_id"}
        and rule.endpoint not in (*READ, *JOINED)
    )
