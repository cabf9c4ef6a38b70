"""Who may open the pages of pilots.

The town leads the consortium, so that its editor and its representative write. One pilot runs and
is public, another has ended and became the draft of a case.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.core.db import db, new_id
from matchmaker.organizations.models import Municipality
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia.content import ConsortiumContent
from matchmaker.partnering.consortia.domain import ConsortiumState, PartnerRole, PartnerState
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner
from matchmaker.partnering.consortia.saving import keep_version
from matchmaker.partnering.pilots.case_drafting import begin_case
from matchmaker.partnering.pilots.domain import Outcome, PilotFormat, PilotState
from matchmaker.partnering.pilots.models import Pilot, PilotReport
from tests.architecture.access_rules import (
    OWNERS,
    READER,
    SECRETARIAT,
    STRANGER,
    WRITERS,
    Row,
    Statuses,
    Things,
    everyone,
    get,
    hidden_except,
    only,
    post,
)

CONSORTIUM: dict[str, Any] = {"consortium_id": "pilots_consortium_id"}
PILOT: dict[str, Any] = {"pilot_id": "running_pilot_id"}
ENDED: dict[str, Any] = {"pilot_id": "ended_pilot_id"}
REPORT: dict[str, Any] = {**PILOT, "report_id": "pilot_report_id"}
VIEWERS = (*OWNERS, SECRETARIAT)


def _writers(status: int = 200) -> Statuses:
    """Those who write; whoever only reads the consortium is refused, to others it is hidden."""
    return {**hidden_except(*WRITERS, SECRETARIAT, status=status), READER: 403}


def _rows() -> Iterator[Row]:
    listed = only(*OWNERS, STRANGER, SECRETARIAT)
    yield get("pilots.index", listed)
    yield get("pilots.export_list", listed)
    yield get("pilots.new", _writers(), **CONSORTIUM)
    yield post("pilots.create", _writers(422), **CONSORTIUM)
    for page in ("show", "export"):
        yield get(f"pilots.{page}", hidden_except(*VIEWERS), **PILOT)
    for page, command in (("edit", "update"), ("edit_outcome", "end")):
        yield get(f"pilots.{page}", _writers(), **PILOT)
        yield post(f"pilots.{command}", _writers(422), **PILOT)
    for part in ("milestones", "budget", "indicators"):
        yield get("pilots.edit_rows", _writers(), part=part, **PILOT)
        yield post("pilots.update_rows", _writers(409), part=part, **PILOT)
    # No step is named, and no organisation.
    yield post("pilots.move", hidden_except(), **PILOT)
    yield post("pilots.consent", hidden_except(*VIEWERS, status=403), **PILOT)
    yield get("pilots.show_report", hidden_except(*VIEWERS), **REPORT)
    yield get("pilots.edit_report", _writers(), **REPORT)
    # It was changed meanwhile: the form tells of no revision.
    yield post("pilots.hand_in_report", _writers(409), **REPORT)
    yield get("pilots.edit_case", _writers(), **ENDED)
    yield post("pilots.save_case_draft", _writers(409), **ENDED)
    yield post("pilots.move_case_draft", _writers(404), **ENDED)
    yield get("public_pilots.index", everyone())
    yield get("public_pilots.show", everyone(), **PILOT)


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """A consortium of the town with a running and an ended pilot."""
    consortium = _consortium(world.ids["organization_id"])
    running = _pilot(consortium, PilotState.RUNNING)
    ended = _pilot(consortium, PilotState.ENDED)
    begin_case(ended, SYSTEM, clock.now(), "https://example.jp")
    report = PilotReport(
        id=new_id(), pilot_id=running.id, period_from=running.starts_on,
        period_to=running.ends_on, due_on=running.ends_on + timedelta(days=14), draft={},
    )  # fmt: skip
    db.session.add(report)
    db.session.flush()
    world.ids.update(
        pilots_consortium_id=consortium.id, running_pilot_id=running.id, ended_pilot_id=ended.id,
        pilot_report_id=report.id,
    )  # fmt: skip


def _consortium(town_id: uuid.UUID) -> Consortium:
    now = clock.now()
    content = ConsortiumContent(
        name="実証をする座組", aim="竹を使い切ります。", schedule="10月から。"
    )
    consortium = Consortium(
        id=new_id(), name=content.name, state=ConsortiumState.ACTIVE, content=content.stored(),
        revision=1, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(consortium)
    db.session.flush()
    partner = ConsortiumPartner(
        id=new_id(), consortium_id=consortium.id, organization_id=town_id,
        roles=[PartnerRole.MUNICIPALITY.value], is_lead=True, state=PartnerState.ACCEPTED,
        agreed_number=1, invited_at=now,
    )  # fmt: skip
    db.session.add(partner)
    db.session.flush()
    consortium = consortia.get(consortium.id)
    keep_version(consortium, "立ち上げ", SYSTEM, now)
    return consortium


def _pilot(consortium: Consortium, state: PilotState) -> Pilot:
    now = clock.now()
    code = _town_code()
    first: date = today(now) - timedelta(days=90)
    is_over = state is PilotState.ENDED
    pilot = Pilot(
        id=new_id(), consortium_id=consortium.id, title=f"竹の実証（{state.value}）",
        format=PilotFormat.MATCHED, starts_on=first, ends_on=first + timedelta(days=60),
        municipality_code=code, field_name="", summary="たい肥の質を確かめます。",
        report_interval=3, report_days=14, is_public=True, state=state, started_at=now,
        outcome=Outcome.CONTINUED if is_over else None, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(pilot)
    db.session.flush()
    return pilot


def _town_code() -> str:
    """The code of a town; one is made where there is none."""
    code = db.session.scalar(select(Municipality.code).order_by(Municipality.code).limit(1))
    if code is not None:
        return code
    town = Municipality(
        code="393860", prefecture="高知県", name="いの町", kana="いのちょう", latitude=33.5,
        longitude=133.4, population=21_000, url="",
    )  # fmt: skip
    db.session.add(town)
    db.session.flush()
    return town.code
