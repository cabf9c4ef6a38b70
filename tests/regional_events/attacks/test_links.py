"""Links without sign-in: of others, of other purposes, replaced, cut off, changed; and scanners."""

from __future__ import annotations

import string
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.core.signed_links import InvalidLink, read, sign
from matchmaker.regional_events.floor.presentation import PROJECTION
from matchmaker.regional_events.planning.programme.domain import LINK_PURPOSE
from matchmaker.regional_events.registrations.links import LinkPurpose
from matchmaker.regional_events.registrations.models import Attendee
from tests.architecture.access_parts import ROWS
from tests.architecture.access_rules import ROLES, SECRETARIAT, VISITOR
from tests.architecture.world import World
from tests.attacks.found_forms import stored
from tests.regional_events.attacks.conftest import is_of_events

PURPOSES = (LinkPurpose.TICKET, LinkPurpose.CONFIRM, LINK_PURPOSE, PROJECTION)
TOKENS = ("booked_ticket_token", "booked_confirm_token", "speaker_token", "floor_screen",
          "told_ticket", "tables_token", "todays_token", "floor_ticket")  # fmt: skip
LETTERS = string.ascii_letters + string.digits + "-_"
NAMES = ("環境 花子", "山田 花子", "山田花子")


def test_only_one_spelling_of_a_token_is_good(attacked: World) -> None:
    """The last letter of a signature has two bits that no byte needs: they must not be free."""
    with attacked.app.app_context():
        token, good = sign("ticket", uuid.uuid4(), 1), []
        for letter in LETTERS:
            try:
                read("ticket", token[:-1] + letter)
            except InvalidLink:
                continue
            good.append(letter)
    assert good == [token[-1]]


def bad_tokens(world: World, token: str) -> list[str]:
    """What somebody makes of a token they have."""
    with world.app.app_context():
        purpose = next(p for p in PURPOSES if _reads(p, token))
        subject, version = read(purpose, token)
        others = [sign(other, subject, version) for other in PURPOSES if other != purpose]
        versions = [sign(purpose, subject, version + step) for step in (-1, 1, 10**9)]
        strangers = [sign(purpose, uuid.uuid4(), version)]
    changed = [token[:-1] + letter for letter in "AB_" if letter != token[-1]]
    cut = [token[:-1], token[: len(token) // 2], token.partition(".")[0], token + "A"]
    odd = ["x", "０" * 20, "x" * 5000, "%00", "../secret", token.upper()]
    return [*others, *versions, *strangers, *changed, *cut, *odd]


def _reads(purpose: str, token: str) -> bool:
    try:
        read(purpose, token)
    except InvalidLink:
        return False
    return True


@pytest.mark.parametrize("name", TOKENS)
def test_changed_links_open_nothing_and_change_nothing(attacked: World, name: str) -> None:
    before = stored(attacked)
    rows = [row for row in ROWS if name in row.values.values() and is_of_events(row.endpoint)]
    assert rows
    tokens = bad_tokens(attacked, attacked.ids[name])
    for row in rows:
        for token in tokens:
            values = {k: token if v == name else v for k, v in row.values.items()}
            answer = _ask(attacked, row, values)
            assert answer.status_code in _refusals(row.endpoint), (row.label, token)
            assert not [n for n in NAMES if n in answer.get_data(as_text=True)], row.label
    assert stored(attacked) == before


def _refusals(endpoint: str) -> set[int]:
    """The way to the floor asks for the code instead."""
    return {404, 410, 422} if endpoint == "floor_questions.enter_by_ticket" else {404, 410}


def _ask(world: World, row: Any, values: dict[str, Any]) -> Any:
    with world.client(VISITOR) as client:
        address = world.address(row.endpoint, values)
        ask = client.get if row.method == "GET" else client.post
        return ask(address, data=dict(row.data))


def test_opening_any_page_changes_nothing(attacked: World) -> None:
    """Scanners of mails and browsers that look ahead open every link they see."""
    before = stored(attacked)
    wrong = []
    for row in [r for r in ROWS if r.method == "GET" and is_of_events(r.endpoint)]:
        roles = [VISITOR, *(role for role in ROLES if row.statuses[role] == 200)][:3]
        for role in {*roles, SECRETARIAT}:
            with attacked.client(role) as client:
                client.get(attacked.address(row.endpoint, row.values))
        if stored(attacked) != before:
            wrong.append(row.label)
            attacked.restore()
    assert wrong == []


@pytest.mark.parametrize("thing", ["booked_attendee_id", "told_ticket"])
def test_codes_of_another_event_let_nobody_in(attacked: World, thing: str) -> None:
    """The QR code of one event is shown, typed, and sent by a phone at another one's door."""
    before, code = stored(attacked), _code(attacked, thing)
    event = {"event_id": "todays_event_id"}
    with attacked.client(SECRETARIAT) as client:
        typed = client.post(attacked.address("event_reception.create", event), data={"code": code})
        scan = {"id": uuid.uuid4().hex, "code": code, "at": "2026-11-22T10:00:00Z"}
        body = {"device": str(attacked.ids["todays_device_id"]), "scans": [scan]}
        sent = client.post(attacked.address("event_reception.scans", event), json=body)
    assert typed.status_code in {404, 422}
    assert sent.status_code < 500
    assert "環境" not in typed.text + sent.text
    changed = set(stored(attacked)) - set(before)
    assert not [line for line in changed if line.startswith('INSERT INTO "check_ins"')]
    attacked.restore()


def _code(world: World, thing: str) -> str:
    with world.app.app_context():
        found = world.ids[thing]
        id_ = found if isinstance(found, uuid.UUID) else read(LinkPurpose.TICKET, found)[0]
        return str(db.session.scalars(select(Attendee.code).where(Attendee.id == id_)).one())
