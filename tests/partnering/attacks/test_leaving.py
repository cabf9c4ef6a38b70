"""An organisation leaves the partnership, at every stage from an introduction to a pilot."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.organizations.models import Municipality, Organization
from matchmaker.organizations.service import withdraw
from matchmaker.partnering.coalitions import queries as coalitions
from matchmaker.partnering.coalitions import service as coalition_service
from matchmaker.partnering.coalitions.domain import CoalitionState, MemberMove, MemberState
from matchmaker.partnering.coalitions.models import Coalition
from matchmaker.partnering.consortia.domain import PRESENT_STATES
from matchmaker.partnering.introductions import queries
from matchmaker.partnering.introductions.domain import IntroductionMove
from matchmaker.partnering.lineage.checking import differences
from matchmaker.partnering.pilots import life, service
from matchmaker.partnering.pilots import queries as pilots
from matchmaker.partnering.pilots.domain import PilotMove
from tests.partnering.coalitions.world import PEOPLE, PLANT
from tests.partnering.coalitions.world import World as CoalitionWorld
from tests.partnering.coalitions.world import build_world as build_coalition_world
from tests.partnering.consortia.founding import FIRM, TOWN, Founded, found_from_match
from tests.partnering.introductions.world import World
from tests.partnering.matches.conftest import world
from tests.partnering.pilots.site import FRAME, START, add_plan

__all__ = ["world"]

CODE = "393860"
REMAINING = {TOWN: "maker", FIRM: "officer"}


def leave(organization_id: uuid.UUID) -> None:
    """The secretariat notes that it left; commits."""
    organization = db.session.get_one(Organization, organization_id)
    withdraw(organization, "退会届が届いたため", SYSTEM, clock.now())
    db.session.commit()
    db.session.expire_all()


def _open(world: World) -> list[str]:
    return [f"/introductions/{world.send()}"]


def _asked_back(world: World) -> list[str]:
    sent = world.send()
    world.move(sent, IntroductionMove.ASK_BACK)
    return [f"/introductions/{sent}"]


def _declined(world: World) -> list[str]:
    sent = world.send()
    world.move(sent, IntroductionMove.DECLINE)
    return [f"/introductions/{sent}"]


def _invited(world: World) -> list[str]:
    founded = found_from_match(world)
    return _pages(founded)


def _agreed(world: World) -> list[str]:
    founded = found_from_match(world)
    founded.make_agreed()
    return _pages(founded)


def _running(world: World) -> list[str]:
    return _with_pilot(world, PilotMove.START)


def _planned(world: World) -> list[str]:
    return _with_pilot(world)


def _with_pilot(world: World, *moves: PilotMove) -> list[str]:
    db.session.add(
        Municipality(
            code=CODE, prefecture="高知県", name="いの町", kana="いのちょう", latitude=33.5,
            longitude=133.4, population=21_000, url="",
        )
    )  # fmt: skip
    founded = found_from_match(world)
    founded.make_agreed()
    actor = world.actor("officer")
    pilot = service.plan_pilot(
        founded.consortium, replace(FRAME, municipality_code=CODE), actor, START
    )
    add_plan(pilot, actor)
    db.session.commit()
    for move in moves:
        whole = pilots.get_whole(pilot.id)
        life.move_pilot(whole, founded.consortium, move, "", actor, START)
        db.session.commit()
    return [*_pages(founded), f"/pilots/{pilot.id}", "/pilots"]


def _pages(founded: Founded) -> list[str]:
    base = founded.path
    pages = ("", "/partners", "/versions", "/candidates", "/documents")
    return [f"/matches/{founded.match_id}", *(base + page for page in pages)]


STAGES: dict[str, Callable[[World], list[str]]] = {
    "open": _open, "asked back": _asked_back, "declined": _declined, "invited": _invited,
    "agreed": _agreed, "planned": _planned, "running": _running,
}  # fmt: skip


@pytest.mark.parametrize("gone", [TOWN, FIRM])
@pytest.mark.parametrize("stage", STAGES)
def test_whoever_stays_reads_on_and_nothing_waits_for_who_left(
    world: World, stage: str, gone: str
) -> None:
    pages = STAGES[stage](world)
    leave(world.organizations[gone])
    lists = ["/introductions", "/matches", "/consortia", "/pilots", "/dashboard"]
    staying, secretariat = world.browser(REMAINING[gone]), world.browser("secretariat")
    for path in [*pages, *lists]:
        assert staying.get(path).status_code == 200, path
        assert secretariat.get(path).status_code in {200, 302, 403}, path
    left = world.browser(REMAINING[FIRM if gone == TOWN else TOWN])
    for path in pages:
        assert left.get(path).status_code in {403, 404}, path
    assert not list(queries.live_of_organization(world.organizations[gone]))
    assert differences() == []


@pytest.mark.parametrize("gone", [TOWN, FIRM])
def test_a_lead_or_a_partner_that_left_takes_no_part_and_another_may_lead(
    world: World, gone: str
) -> None:
    founded = found_from_match(world)
    founded.make_agreed()
    leave(world.organizations[gone])
    assert founded.partner(gone).state not in PRESENT_STATES
    assert not founded.partner(gone).is_lead
    if gone == TOWN:
        row = founded.partner(FIRM)
        path = f"{founded.path}/partners/{row.id}/lead-takings"
        assert founded.browser("maker").post(path).status_code == 302
        db.session.expire_all()
        assert founded.partner(FIRM).is_lead


def test_a_second_withdrawal_tells_nobody_twice(world: World) -> None:
    founded = found_from_match(world)
    founded.make_agreed()
    leave(world.organizations[FIRM])
    mails = world.mails("")
    assert len(set(mails)) == len(mails)


def member(coalition: Coalition, name: str) -> MemberState:
    """What a member says now."""
    return next(each.state for each in coalition.members if each.name == name)


def reached(world: CoalitionWorld) -> Coalition:
    """A coalition that all joined; commits."""
    coalition = world.form()
    coalition_id = coalition.id
    rows = {each.name: each.id for each in coalition.members}
    for name in ("west", "south", "maker"):
        row, actor = rows[PEOPLE[name]], world.actor(name)
        coalition_service.answer(coalition_id, row, MemberMove.JOIN, "", actor, world.now)
        db.session.commit()
    db.session.expire_all()
    return coalitions.get(coalition_id)


@pytest.mark.parametrize("is_reached", [False, True])
def test_a_town_that_leaves_is_out_of_its_coalitions(app: Flask, is_reached: bool) -> None:
    with app.app_context():
        world = build_coalition_world(app)
        coalition_id = (reached(world) if is_reached else world.form()).id
        gone = PEOPLE["west"]
        leave(world.organizations[gone])
        found = coalitions.get(coalition_id)
        assert member(found, gone) is MemberState.OUT
        assert found.state is CoalitionState.FORMING
        told = [address for kind, address in world.mails() if kind == "coalition-answered"]
        assert told.count("east@example.com") == (4 if is_reached else 1)
        assert differences() == []
        db.session.remove()


@pytest.mark.parametrize("is_reached", [False, True])
def test_without_its_business_a_coalition_is_given_up(app: Flask, is_reached: bool) -> None:
    with app.app_context():
        world = build_coalition_world(app)
        coalition_id = (reached(world) if is_reached else world.form()).id
        leave(world.organizations[PLANT])
        found = coalitions.get(coalition_id)
        assert found.state is CoalitionState.CLOSED
        assert PLANT in found.state_reason
        told = {address for kind, address in world.mails() if kind == "coalition-closed"}
        assert {"east@example.com", "west@example.com", "south@example.com"} <= told
        assert differences() == []
        db.session.remove()
