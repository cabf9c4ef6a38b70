"""The world of the access table, with more states of each thing, and with other people's things."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from matchmaker.core import clock
from matchmaker.core.actor import Actor, OrganizationRole
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.organizations.models import Organization
from matchmaker.partnering.consortia import partners, saving
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia.content import ConsortiumContent
from matchmaker.partnering.consortia.domain import PartnerRole
from matchmaker.partnering.introductions.domain import Side
from matchmaker.partnering.introductions.matches import appointments, facts, service
from matchmaker.partnering.introductions.matches import queries as matches
from matchmaker.partnering.introductions.matches.appointments import Proposal
from matchmaker.partnering.introductions.matches.service import NextStep
from tests.architecture.access_parts import (
    blank_map,
    coalitions,
    consortium_documents,
    introductions,
    lineage,
    pilots,
    support_programmes,
)
from tests.architecture.access_parts import (
    consortia as consortium_rows,
)
from tests.architecture.access_parts import (
    matches as match_rows,
)
from tests.architecture.access_rules import EDITOR, SECRETARIAT, STRANGER, Row
from tests.architecture.world import World
from tests.attacks.found_forms import FoundForm, collect, forms_at
from tests.partnering.attacks.other_parties import add_others, plan
from tests.partnering.consortia.founding import WRITTEN

ROWS: tuple[Row, ...] = tuple(
    row
    for part in (
        introductions, match_rows, coalitions, consortium_rows, consortium_documents,
        support_programmes, lineage, blank_map, pilots,
    )
    for row in part.ROWS
)  # fmt: skip


class PartneringWorld(World):
    """People of every role, things in more states, and what belongs to others.

    Args:
        folder: where the database and files live.
        migrated_database: a migrated, empty database.
    """

    def __init__(self, folder: Path, migrated_database: Path) -> None:
        super().__init__(folder, migrated_database)
        with self.app.app_context():
            self._more_of_the_match()
            self._more_of_the_consortium()
            self.others = add_others()
            db.session.commit()
            db.session.remove()
        self.keep()

    def writer(self, organization: str) -> Actor:
        """Somebody who writes for one organisation alone."""
        home = db.session.scalars(
            db.select(Organization.id).where(Organization.name == organization)
        ).one()
        name = STRANGER if organization == "白浜運輸" else EDITOR
        return Actor(self.ids[f"{name}_id"], name, {home: OrganizationRole.EDITOR})

    def _more_of_the_match(self) -> None:
        """A fact and dates of the business that wait for the town, and a next step."""
        now, match = clock.now(), matches.get(self.ids["match_id"])
        maker = self.writer("緑山工業")
        facts.add(match, "場所", "町のたい肥センター", maker, now)
        dates = Proposal("つぎの打合せ", "", 60, [now + timedelta(days=3 + n) for n in range(3)])
        appointments.propose(match, dates, maker, now)
        due = today(now) + timedelta(days=5)
        step = NextStep("サンプルを送る", due, Side.BUSINESS)
        service.set_next_step(match, step, match.revision, maker, now)

    def _more_of_the_consortium(self) -> None:
        """Content, a third member that accepted and is offered the lead, one from outside."""
        now, town = clock.now(), self.writer("青空町")
        hauler = self.writer("白浜運輸")
        consortium_id = self.ids["consortium_id"]
        partner = partners.invite(
            consortia.get(consortium_id), _home(hauler), [PartnerRole.COLLECTOR], "", town, now
        )
        partner_id = partner.id
        consortium = consortia.get(consortium_id)
        partner = consortia.partner_of(consortium, partner_id)
        partners.answer(consortium, partner, True, "", hauler, now)
        partners.add_external(
            consortia.get(consortium_id), "農家の会", "", [PartnerRole.USER], town, now
        )
        consortium = consortia.get(consortium_id)
        content = ConsortiumContent(**WRITTEN)
        saving.save(consortium, content, consortium.revision, town, now)
        consortium = consortia.get(consortium_id)
        partner = consortia.partner_of(consortium, partner_id)
        partners.offer_lead(consortium, partner, "担当が変わるため", town, now)
        planned = plan(consortia.get(self.ids["pilots_consortium_id"]), town)
        self.ids.update(planned_pilot_id=planned.id, joined_partner_id=partner_id)


def _home(actor: Actor) -> uuid.UUID:
    return next(iter(actor.roles))


def all_forms(world: World) -> list[FoundForm]:
    """Every form of these parts that is shown to anybody, each kind once."""
    found = collect(world, [*ROWS, *_pages_of_plans()], (EDITOR, SECRETARIAT, STRANGER))
    pair = f"need={world.ids['published_need_id']}&offering={world.ids['published_offering_id']}"
    for role, address in (
        (EDITOR, f"/introductions/new?{pair}"),
        (SECRETARIAT, f"/introductions/new?{pair}"),
        (EDITOR, f"/consortia/new?match={world.ids['match_id']}"),
        (STRANGER, f"/consortia/{world.ids['consortium_id']}"),
    ):
        found.extend(forms_at(world, role, address))
    return found


def _pages_of_plans() -> list[Row]:
    """The pages of the pilot that runs, for the one that is only planned."""
    return [
        replace(row, values={**row.values, "pilot_id": "planned_pilot_id"})
        for row in pilots.ROWS
        if row.method == "GET" and set(row.values) - {"part"} == {"pilot_id"}
        if row.endpoint.startswith("pilots.") and "case" not in row.endpoint
    ]
