"""Who may open the pages of consortia.

The organisation of reader, editor and representative leads the one of this table; in a second one
it is invited. The stranger belongs to neither. One that grew from nothing named here is not found.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db, new_id
from matchmaker.partnering.consortia import queries, saving
from matchmaker.partnering.consortia.domain import ConsortiumState, PartnerState
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner
from tests.architecture.access_rules import (
    OWNERS,
    SECRETARIAT,
    STRANGER,
    WRITERS,
    Row,
    Things,
    get,
    hidden_except,
    only,
    post,
)

LED: dict[str, Any] = {"consortium_id": "consortium_id"}
ASKED: dict[str, Any] = {"consortium_id": "asking_consortium_id"}
OWN: dict[str, Any] = {**LED, "partner_id": "consortium_partner_id"}
INVITED: dict[str, Any] = {**ASKED, "partner_id": "invited_partner_id"}
SEEING = (*OWNERS, SECRETARIAT)
LEADING = (*WRITERS, SECRETARIAT)
LISTING = (*OWNERS, STRANGER, SECRETARIAT)


def inside(*roles: str, status: int = 200) -> dict[str, int]:
    """Some of those who read it; others who read it get 403, to everybody else it is hidden."""
    rest = [role for role in SEEING if role not in roles]
    return {**hidden_except(*roles, status=status), **dict.fromkeys(rest, 403)}


def reading() -> Iterator[Row]:
    """Lists, beginning and the pages that partners read."""
    yield get("consortia.index", only(*LISTING))
    yield get("consortia.new", only(*LISTING, status=404))
    yield post("consortia.create", only(*LISTING, status=404))
    for page in ("show", "versions", "list_candidates", "list_partners"):
        yield get(f"consortia.{page}", hidden_except(*SEEING), **LED)
    yield get("consortia.show", hidden_except(*SEEING), **ASKED)


def writing() -> Iterator[Row]:
    """The content, its versions, agreeing."""
    yield get("consortia.edit", inside(*WRITERS), **LED)
    yield get("consortia.edit", inside(), **ASKED)
    yield post("consortia.update", inside(*WRITERS, status=422), {"name": ""}, **LED)
    yield post("consortia.restore", inside(*WRITERS, status=302), **LED, number=1)
    yield post("consortia.agree", inside(*WRITERS, status=302), {"number": "1"}, **LED)


def running() -> Iterator[Row]:
    """Partners, the lead, the end, corrections."""
    for command in ("invite", "add_external", "offer_lead"):
        yield post(f"consortia.{command}", inside(*LEADING, status=422), **LED)
    yield get("consortia.invitable_members", inside(*LEADING), **LED)
    yield post("consortia.accept", inside(*WRITERS, status=302), **INVITED)
    yield get("consortia.ask_leaving", inside(*LEADING), **OWN)
    yield post("consortia.leave", inside(*LEADING, status=422), **INVITED)
    yield get("consortia.ask_roles", inside(*LEADING), **OWN)
    yield post("consortia.change_roles", inside(*LEADING, status=422), **OWN)
    yield post("consortia.answer_lead", inside(*WRITERS, status=409), **OWN)
    yield post("consortia.take_lead", inside(*WRITERS, status=409), **OWN)
    yield get("consortia.ask_ending", inside(*LEADING), **LED)
    yield post("consortia.end", inside(*LEADING, status=422), **LED)
    yield get("consortia.ask_correction", inside(SECRETARIAT), **LED)
    yield post("consortia.correct", inside(SECRETARIAT, status=422), **LED)


def answering() -> Iterator[Row]:
    """Answering a call."""
    proposal: dict[str, Any] = {"proposal_id": "draft_proposal_id"}
    yield get("consortia.choose_call", inside(*WRITERS), **LED)
    yield post("consortia.propose", inside(*WRITERS, status=422), **LED)
    yield get("consortia.ask_unlink", inside(*LEADING), **LED, **proposal)
    yield post("consortia.unlink", inside(*LEADING, status=404), {"reason": "x"}, **LED, **proposal)


ROWS: tuple[Row, ...] = (*reading(), *writing(), *running(), *answering())


def add_things(world: Things) -> None:
    """One consortium that the owners lead, one that asks them."""
    now = clock.now()
    led, asking = _consortium("竹の座組", now), _consortium("木の座組", now)
    own = _partner(led, world, PartnerState.ACCEPTED, now, is_lead=True)
    invited = _partner(asking, world, PartnerState.INVITED, now)
    db.session.flush()
    for each in (led, asking):
        saving.keep_version(queries.get(each.id), "立ち上げ", SYSTEM, now)
    world.ids["consortium_id"], world.ids["asking_consortium_id"] = led.id, asking.id
    world.ids["consortium_partner_id"], world.ids["invited_partner_id"] = own.id, invited.id


def _consortium(name: str, now: datetime) -> Consortium:
    made = Consortium(
        id=new_id(), name=name, state=ConsortiumState.FORMING, content={"name": name}, revision=1,
        created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def _partner(
    consortium: Consortium,
    world: Things,
    state: PartnerState,
    now: datetime,
    *,
    is_lead: bool = False,
) -> ConsortiumPartner:
    made = ConsortiumPartner(
        id=new_id(), consortium_id=consortium.id, organization_id=world.ids["organization_id"],
        roles=["municipality"], is_lead=is_lead, state=state, invited_at=now,
    )  # fmt: skip
    db.session.add(made)
    return made
