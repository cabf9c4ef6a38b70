"""Commands on the plan of a pilot. They flush and record events; the caller commits."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotFound
from matchmaker.core.text import fold
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.pilots import queries
from matchmaker.partnering.pilots.checking import FaultyInput
from matchmaker.partnering.pilots.domain import OPEN_STATES, PILOT_STATES, PilotState
from matchmaker.partnering.pilots.events import PilotChanged, PilotPlanned
from matchmaker.partnering.pilots.models import (
    Pilot,
    PilotBudgetLine,
    PilotConsent,
    PilotIndicator,
    PilotMilestone,
)
from matchmaker.partnering.pilots.plans import (
    BudgetPlan,
    IndicatorPlan,
    MilestonePlan,
    PlanInput,
    read_plan,
)
from matchmaker.partnering.pilots.report_rows import remake_reports

CHANGED_MEANWHILE = "ほかの人が先に変えました。いまの内容を確かめて、もう一度保存してください。"
REPORTED_ALREADY = "報告に値がある指標は、消したり、数えるものを変えたりできません。"
UNKNOWN_TOWN = "この市区町村が見つかりません。名前かコードを確かめてください。"
FRAME = (
    "title", "format", "starts_on", "ends_on", "municipality_code", "field_name", "summary",
    "report_interval", "report_days", "is_public",
)  # fmt: skip


def plan_pilot(consortium: Consortium, typed: PlanInput, actor: Actor, now: datetime) -> Pilot:
    """Plan a pilot of a consortium.

    Raises:
        FaultyInput: a field does not fit.
    """
    plan = read_plan(typed, today(now))
    _refuse_unknown_town(plan.municipality_code)
    pilot = Pilot(
        id=new_id(),
        consortium_id=consortium.id,
        state=PilotState.PLANNED,
        created_at=now,
        updated_at=now,
        **{name: getattr(plan, name) for name in FRAME},
    )
    db.session.add(pilot)
    db.session.flush()
    record(PilotPlanned(actor=actor, now=now, subject_id=pilot.id, consortium_id=consortium.id))
    return pilot


def change_plan(
    pilot: Pilot, typed: PlanInput, actor: Actor, now: datetime, *, expected_revision: int
) -> None:
    """Change the frame; reports that are not handed in follow a changed period.

    Raises:
        FaultyInput: a field does not fit, or a report was handed in on days that would fall away.
        Conflict: somebody else changed it meanwhile, or it is over.
    """
    plan = read_plan(typed, today(now))
    _refuse_unknown_town(plan.municipality_code)
    _begin(pilot, expected_revision)
    reports = queries.reports_of(pilot.id)
    handed_in = [each for each in reports if each.handed_in_at is not None]
    if handed_in and plan.starts_on != pilot.starts_on:
        raise FaultyInput({"starts_on": "報告を出したあとは、始まる日を変えられません。"})
    if handed_in and plan.ends_on < handed_in[-1].period_to:
        raise FaultyInput({"ends_on": "提出済みの報告の期間より前には縮められません。"})
    before = {name: getattr(pilot, name) for name in FRAME}
    for name in FRAME:
        setattr(pilot, name, getattr(plan, name))
    if pilot.state is not PilotState.PLANNED:
        remake_reports(pilot, reports)
    changed = [name for name in FRAME if before[name] != getattr(pilot, name)]
    _finish(pilot, actor, now, "plan", changed)


def _refuse_unknown_town(code: str) -> None:
    if queries.municipality(code) is None:
        raise FaultyInput({"municipality": UNKNOWN_TOWN})


def _begin(pilot: Pilot, expected_revision: int) -> None:
    """Lock the pilot; it has to be open and as the person saw it."""
    db.session.refresh(pilot, with_for_update=True)
    if pilot.state not in OPEN_STATES:
        raise Conflict(f"「{PILOT_STATES.labels[pilot.state]}」の実証は変えられません。")
    if pilot.revision != expected_revision:
        raise Conflict(CHANGED_MEANWHILE)


def _finish(pilot: Pilot, actor: Actor, now: datetime, part: str, fields: Sequence[str]) -> None:
    pilot.revision += 1
    pilot.updated_at = now
    db.session.flush()
    details = {"part": part, "fields": list(fields)}
    record(PilotChanged(actor=actor, now=now, subject_id=pilot.id, details=details))


def save_milestones(
    pilot: Pilot,
    plans: Sequence[MilestonePlan],
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int,
) -> None:
    """Write the milestones anew.

    Raises:
        Conflict: somebody else changed the pilot meanwhile, or it is over.
    """
    _begin(pilot, expected_revision)
    db.session.execute(delete(PilotMilestone).where(PilotMilestone.pilot_id == pilot.id))
    db.session.add_all(
        PilotMilestone(
            pilot_id=pilot.id, position=place, title=plan.title, due_on=plan.due_on,
            done_on=plan.done_on,
        )
        for place, plan in enumerate(plans)
    )  # fmt: skip
    _finish(pilot, actor, now, "milestones", ())


def save_budget(
    pilot: Pilot,
    plans: Sequence[BudgetPlan],
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int,
) -> None:
    """Write the budget anew; payers that are partners by name are tied to them.

    Raises:
        Conflict: somebody else changed the pilot meanwhile, or it is over.
    """
    _begin(pilot, expected_revision)
    known = {
        fold(each.organization.name): each.organization_id
        for each in queries.partners_of(pilot.consortium_id)
        if each.organization is not None
    }
    db.session.execute(delete(PilotBudgetLine).where(PilotBudgetLine.pilot_id == pilot.id))
    db.session.add_all(
        PilotBudgetLine(
            pilot_id=pilot.id, position=place, label=plan.label, payer=plan.payer,
            payer_organization_id=known.get(fold(plan.payer)), planned_yen=plan.planned_yen,
            actual_yen=plan.actual_yen,
        )
        for place, plan in enumerate(plans)
    )  # fmt: skip
    _finish(pilot, actor, now, "budget", ())


def save_indicators(
    pilot: Pilot,
    plans: Sequence[IndicatorPlan],
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int,
) -> None:
    """Bring the indicators into line; those with results keep what they count.

    Raises:
        FaultyInput: an indicator with results would go or change its kind or unit.
        Conflict: somebody else changed the pilot meanwhile, or it is over.
    """
    _begin(pilot, expected_revision)
    present = {each.id: each for each in queries.indicators_of(pilot.id)}
    reported = queries.reported_indicators(pilot.id)
    kept = {plan.id for plan in plans if plan.id in present}
    if reported - kept:
        raise FaultyInput({"": REPORTED_ALREADY})
    for gone in present.keys() - kept:
        db.session.delete(present[gone])
    db.session.flush()
    taken = {present[each].position for each in kept if each is not None}
    free = iter(place for place in range(len(plans) + len(taken)) if place not in taken)
    for plan in plans:
        indicator = present.get(plan.id) if plan.id else None
        if indicator is None:
            indicator = PilotIndicator(id=new_id(), pilot_id=pilot.id, position=next(free))
            db.session.add(indicator)
        _fill_indicator(indicator, plan, is_reported=indicator.id in reported)
    _finish(pilot, actor, now, "indicators", ())


def _fill_indicator(indicator: PilotIndicator, plan: IndicatorPlan, *, is_reported: bool) -> None:
    if is_reported and (indicator.kind, indicator.unit) != (plan.kind, plan.unit):
        raise FaultyInput({"": REPORTED_ALREADY})
    indicator.kind, indicator.name, indicator.unit = plan.kind, plan.name, plan.unit
    indicator.baseline, indicator.goal = plan.baseline, plan.goal
    indicator.is_public = plan.is_public


def set_named_publicly(
    pilot: Pilot, organization_id: uuid.UUID, named: bool, actor: Actor, now: datetime
) -> None:
    """A partner agrees to be named on the public page, or takes that back. Twice is once.

    Raises:
        NotFound: the organisation takes no part.
    """
    if organization_id not in queries.accepted_organizations(pilot.consortium_id):
        raise NotFound
    if named:
        statement = insert(PilotConsent).values(
            pilot_id=pilot.id, organization_id=organization_id, agreed_at=now
        )
        done = insert_or_skip(db.session(), statement, ["pilot_id", "organization_id"]) > 0
    else:
        done = remove_consents([pilot.id], organization_id) > 0
    if done:
        details = {"part": "named", "named": named}
        record(
            PilotChanged(
                actor=actor, now=now, subject_id=pilot.id, organization_id=organization_id,
                details=details,
            )
        )  # fmt: skip


def remove_consents(pilot_ids: Sequence[uuid.UUID], organization_id: uuid.UUID) -> int:
    """Name an organisation no more on the public pages of these pilots.

    Returns:
        How many pages named it.
    """
    statement = delete(PilotConsent).where(
        PilotConsent.pilot_id.in_(pilot_ids), PilotConsent.organization_id == organization_id
    )
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]
