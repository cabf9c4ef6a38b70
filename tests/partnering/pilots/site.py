"""A consortium of a town and a company, with what tests do to its pilot."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.notifications.models import OutboxMessage
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia.content import ConsortiumContent
from matchmaker.partnering.consortia.domain import ConsortiumState, PartnerRole, PartnerState
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner
from matchmaker.partnering.consortia.saving import keep_version
from matchmaker.partnering.pilots import life, plans, queries, reporting, service
from matchmaker.partnering.pilots.domain import PilotMove
from matchmaker.partnering.pilots.models import Pilot, PilotReport
from matchmaker.partnering.pilots.plans import PlanInput
from matchmaker.partnering.pilots.reporting import ReportInput, ValueInput
from tests.posts.file_world import World, make_world, published

START = datetime(2026, 10, 1, 1, 0, tzinfo=UTC)
AFTER_FIRST = datetime(2027, 4, 2, 1, 0, tzinfo=UTC)
"""After the first period (to 31 March 2027)."""
AFTER_ALL = datetime(2027, 10, 2, 1, 0, tzinfo=UTC)
FRAME = PlanInput(
    title="竹チップのたい肥化",
    format="matched",
    starts_on="2026年10月1日",
    ends_on="令和9年9月30日",
    municipality_code="393860",
    field_name="町のたい肥センター",
    summary="竹チップを混ぜたたい肥の質と費用を確かめます。",
    report_interval="6",
    is_public=True,
)
INDICATORS = (
    ("collected", "100", "120"),
    ("recycled", "", "100"),
    ("disposed", "100", "20"),
)
"""Kind, baseline, goal."""
R, P = PartnerRole, PartnerState


@dataclass(frozen=True, slots=True)
class PilotSite:
    """The world with one pilot of one consortium that the town leads.

    Args:
        firm_row: the company's row among the partners.
    """

    world: World
    consortium_id: uuid.UUID
    pilot_id: uuid.UUID
    firm_row: uuid.UUID

    @property
    def pilot(self) -> Pilot:
        """The pilot as it stands now."""
        return queries.get_whole(self.pilot_id)

    @property
    def consortium(self) -> Consortium:
        """Its consortium as it stands now."""
        return consortia.get(self.consortium_id)

    @property
    def base(self) -> str:
        """Address of the pilot."""
        return f"/pilots/{self.pilot_id}"

    @property
    def editor(self) -> Actor:
        """Who writes for the town."""
        return self.world.editor

    def move(self, move: PilotMove, reason: str = "", *, now: datetime = START) -> None:
        """Take a step as the town; commits."""
        life.move_pilot(self.pilot, self.consortium, move, reason, self.editor, now)
        db.session.commit()

    def begun(self) -> Sequence[PilotReport]:
        """Start the pilot and give the reports it owes."""
        self.move(PilotMove.START)
        return queries.reports_of(self.pilot_id)

    def typed(self, values: Mapping[str, str], **words: Any) -> ReportInput:
        """A report with values by kind."""
        ids = {each.kind.value: str(each.id) for each in self.pilot.indicators}
        given = {ids[kind]: ValueInput(text) for kind, text in values.items()}
        return ReportInput(**{"done": "集めて混ぜました。", "values": given, **words})

    def hand_in(
        self,
        report: PilotReport,
        values: Mapping[str, str],
        *,
        now: datetime,
        seen: int | None = None,
        **words: Any,
    ) -> None:
        """Hand a report in as the town, who saw revision ``seen``; commits."""
        reporting.hand_in(
            self.pilot, report, self.typed(values, **words), self.editor, now,
            expected_revision=report.revision if seen is None else seen,
        )  # fmt: skip
        db.session.commit()

    def mails(self, template: str) -> list[OutboxMessage]:
        """Mail of one kind that waits to be sent."""
        rows = db.session.scalars(select(OutboxMessage)).all()
        return [row for row in rows if row.dedupe_key.startswith(template)]


@contextmanager
def pilot_site(app: Flask) -> Iterator[PilotSite]:
    """The site in an application context, with a plan that can be started."""
    world = make_world(app)
    with app.app_context():
        consortium, firm_row = _consortium(world)
        pilot = service.plan_pilot(consortium, FRAME, world.editor, START)
        add_plan(pilot, world.editor)
        db.session.commit()
        yield PilotSite(world, consortium.id, pilot.id, firm_row)


def _consortium(world: World) -> tuple[Consortium, uuid.UUID]:
    content = ConsortiumContent(
        name="青空町 竹の座組", aim="竹を使い切ります。", materials=("bamboo_wood",),
        circulation_methods=("local_resource_recycling",), schedule="10月から。",
    )  # fmt: skip
    need_id, now = published(world), clock.now()
    consortium = Consortium(
        id=new_id(), name=content.name, state=ConsortiumState.AGREED, content=content.stored(),
        need_id=need_id, revision=1, created_by_id=world.editor.user_id, created_at=now,
        updated_at=now,
    )  # fmt: skip
    db.session.add(consortium)
    db.session.flush()
    town = _partner(consortium, [R.MUNICIPALITY], organization_id=world.organization_id)
    firm = _partner(consortium, [R.RECYCLER], organization_id=world.other_id)
    town.is_lead = True
    db.session.flush()
    consortium = consortia.get(consortium.id)
    keep_version(consortium, "立ち上げ", world.editor, now)
    return consortium, firm.id


def _partner(consortium: Consortium, roles: list[PartnerRole], **values: Any) -> ConsortiumPartner:
    partner = ConsortiumPartner(
        id=new_id(), consortium_id=consortium.id, roles=[role.value for role in roles],
        state=P.ACCEPTED, agreed_number=1, invited_at=clock.now(), **values,
    )  # fmt: skip
    db.session.add(partner)
    db.session.flush()
    return partner


def add_plan(pilot: Pilot, actor: Actor) -> None:
    """Two milestones, two lines of budget, three indicators."""
    milestones = plans.read_milestones(
        [
            {"title": "回収を始める", "due": "2026-10-15", "done": ""},
            {"title": "最初のたい肥", "due": "2027-03-31", "done": ""},
        ],
        pilot.starts_on, pilot.ends_on, START.date(),
    )  # fmt: skip
    service.save_milestones(pilot, milestones, actor, START, expected_revision=pilot.revision)
    budget = plans.read_budget(
        [
            {"label": "回収", "payer": "青空町", "planned": "1,200,000円", "actual": ""},
            {"label": "分析", "payer": "緑山工業", "planned": "300000", "actual": "250,000"},
        ]
    )
    service.save_budget(pilot, budget, actor, START, expected_revision=pilot.revision)
    rows = [
        {"id": "", "kind": kind, "name": "", "unit": "", "baseline": baseline, "goal": goal,
         "public": "yes" if kind == "collected" else ""}
        for kind, baseline, goal in INDICATORS
    ]  # fmt: skip
    indicators = plans.read_indicators(rows)
    service.save_indicators(pilot, indicators, actor, START, expected_revision=pilot.revision)
