"""Commands whose process is killed leave nothing; pressed by many at once they happen once."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from matchmaker.core.db import db, new_id
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia import service as consortium_service
from matchmaker.partnering.consortia.origins import beginning_of
from matchmaker.partnering.introductions import service as introductions
from matchmaker.partnering.introductions.domain import Interest
from matchmaker.partnering.introductions.matches import appointments
from matchmaker.partnering.introductions.matches import queries as matches
from matchmaker.partnering.introductions.matches.appointments import Proposal
from matchmaker.partnering.pilots import service as pilots
from matchmaker.partnering.pilots.domain import PilotState
from tests.attacks.pressing import SERVICE, Service, ask
from tests.partnering.coalitions.world import CODE_OUTSIDE, PLANT, TOWNS, World, build_world
from tests.partnering.pilots.site import FRAME, START
from tests.working_groups.proposals.test_last_second import served

TOWN = "東町"
OFFICER, MAKER = "east", "maker"
BOTH = {f"{OFFICER}@example.com", f"{MAKER}@example.com"}
Mails = Counter[tuple[str, str]]


@pytest.fixture
def town(app: Flask) -> World:
    """Three towns and a plant; nothing has happened between them."""
    with app.app_context():
        world = build_world(app)
        db.session.remove()
    return world


def served_by(port: int, world: World, folder: Path) -> Service:
    """The service, with the officer of the first town and the plant's maker signed in."""
    cookies = {}
    for name in (OFFICER, MAKER):
        cookie = world.browser(name).get_cookie("session")
        assert cookie is not None
        cookies[name] = cookie.value
    return Service(port, folder, cookies)


def sent(folder: Path) -> Mails:
    """How many mails with each subject each address gets."""
    return Counter({
        (str(address), str(subject)): int(str(number))
        for address, subject, number in ask(
            folder, "SELECT address, subject, COUNT(*) FROM outbox_messages GROUP BY 1, 2"
        )
    })  # fmt: skip


def only_id(folder: Path, table: str, condition: str = "1 = 1") -> uuid.UUID:
    """The id of the one row there is."""
    ((id_,),) = ask(folder, f"SELECT id FROM {table} WHERE {condition}")  # noqa: S608 - our words
    return uuid.UUID(str(id_))


def once(
    service: Service, kind: str, who: str, path: str, fields: Mapping[str, str], *,
    number: int = 1, to: set[str],
) -> None:  # fmt: skip
    """Killed at an event, then pressed by many: done once, with one mail for each of these."""
    before = sent(service.folder)
    answers = service.killed_then_pressed(kind, who, path, fields, number)
    assert 302 in answers, answers
    assert set(answers) <= {302, 403, 409}, answers
    told = sent(service.folder) - before
    assert {address for address, _ in told} == to, told
    assert set(told.values()) == {1}, told


def test_all_or_nothing_and_each_mail_once(town: World, tmp_path: Path) -> None:
    """From the answer to an introduction to the draft of a case, each step killed once."""
    with served(tmp_path, SERVICE) as port:
        service = served_by(port, town, tmp_path)
        _ask_a_coalition(service, town)
        _answer_an_introduction(service, town)
        _agree_on_a_date(service, town)
        _take_a_place(service, town)
        _end_a_pilot(service, town)


def _ask_a_coalition(service: Service, town: World) -> None:
    """One press asks the other towns and the plant."""
    fields = {
        "offering": str(town.posts[PLANT]), "material": "bamboo", "km": "100", "members": "8",
        "keys": ",".join(town.keys(*TOWNS)), "submission_key": new_id().hex, "note": "",
    }  # fmt: skip
    others = {f"{name}@example.com" for name in ("west", "south", MAKER)}
    path = f"/needs/{town.posts[TOWN]}/coalitions"
    once(service, "CoalitionMemberAsked", OFFICER, path, fields, number=2, to=others)
    assert len(ask(service.folder, "SELECT id FROM coalitions")) == 1
    states = "SELECT state, COUNT(*) FROM coalition_members GROUP BY state ORDER BY state"
    assert ask(service.folder, states) == [("in", 1), ("invited", 3)]


def _answer_an_introduction(service: Service, town: World) -> None:
    """The town accepts what the plant sent; a match begins."""
    with town.app.app_context():
        interest = Interest(town.posts[TOWN], town.posts[PLANT], "お話ししたいです。")
        introduction_id = introductions.send(interest, town.actor(MAKER), town.now).id
        db.session.commit()
    path = f"/introductions/{introduction_id}/moves"
    once(service, "MatchMade", OFFICER, path, {"move": "accept", "accept-revision": "1"}, to=BOTH)
    assert ask(service.folder, "SELECT state FROM introductions") == [("accepted",)]
    assert ask(service.folder, "SELECT state, times_made FROM matches") == [("talking", 1)]
    assert len(ask(service.folder, "SELECT id FROM match_people")) == len(BOTH)


def _agree_on_a_date(service: Service, town: World) -> None:
    """The town takes one of the dates that the plant proposed."""
    with town.app.app_context():
        match = matches.get(only_id(service.folder, "matches"))
        dates = [town.now + timedelta(days=number) for number in (7, 8, 9)]
        proposal = Proposal("はじめての打合せ", "", 60, dates)
        made = appointments.propose(match, proposal, town.actor(MAKER), town.now)
        address = f"/matches/{match.id}/appointments/{made.id}/agreements"
        db.session.commit()
    chosen = only_id(service.folder, "match_proposed_dates", "position = 2")
    once(service, "AppointmentChanged", OFFICER, address, {"date_id": str(chosen)}, to=BOTH)
    stands = "SELECT state, sequence FROM match_appointments"
    assert ask(service.folder, stands) == [("agreed", 0)]


def _take_a_place(service: Service, town: World) -> None:
    """The plant accepts its place in the consortium that the town began."""
    with town.app.app_context():
        beginning = beginning_of(only_id(service.folder, "matches"), None)
        home, officer = town.organizations[TOWN], town.actor(OFFICER)
        made = consortium_service.found(beginning, home, "竹の座組", officer, town.now).id
        db.session.commit()
    invited = only_id(service.folder, "consortium_partners", "state = 'invited'")
    path = f"/consortia/{made}/partners/{invited}/acceptances"
    once(service, "PartnerMoved", MAKER, path, {}, to={f"{OFFICER}@example.com"})
    states = "SELECT state FROM consortium_partners"
    assert ask(service.folder, states) == [("accepted",)] * 2


def _end_a_pilot(service: Service, town: World) -> None:
    """What came of a pilot becomes the draft of a case."""
    with town.app.app_context():
        consortium = consortia.get(only_id(service.folder, "consortia"))
        frame = replace(FRAME, municipality_code=CODE_OUTSIDE)
        pilot = pilots.plan_pilot(consortium, frame, town.actor(OFFICER), START)
        pilot.state, path = PilotState.RUNNING, f"/pilots/{pilot.id}/outcome"
        db.session.commit()
    words = {"outcome": "continued", "words": "質がそろいました。", "lessons": "雨を避けます。"}
    once(service, "CaseDraftSaved", OFFICER, path, words, to={f"{MAKER}@example.com"})
    assert ask(service.folder, "SELECT state FROM pilots") == [("ended",)]
    drafts = ask(service.folder, "SELECT COUNT(*) FROM case_drafts")
    assert drafts == [(1,)], "none is left over beside that of the pilot"
