"""Consortia and the pilot of the demo, told by the normal services."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from matchmaker.core.clock import today
from matchmaker.partnering.consortia import partners, queries, saving
from matchmaker.partnering.consortia.content import ConsortiumContent
from matchmaker.partnering.consortia.domain import PartnerRole, PartnerState
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.consortia.origins import beginning_of
from matchmaker.partnering.consortia.service import agree, found
from matchmaker.partnering.pilots import plans, reporting
from matchmaker.partnering.pilots import queries as pilot_queries
from matchmaker.partnering.pilots import service as pilot_service
from matchmaker.partnering.pilots.domain import PilotMove
from matchmaker.partnering.pilots.life import move_pilot
from matchmaker.partnering.pilots.models import Pilot
from matchmaker.seeding.files import Entry, read_mapping
from matchmaker.seeding.moments import moment_of
from matchmaker.seeding.partnering import FILE, match_of
from matchmaker.seeding.people import actor_of
from matchmaker.seeding.progress import Seeder

LISTS = ("purposes", "materials", "circulation_methods", "model_elements")


def load_consortia(seeder: Seeder) -> int:
    """One consortium that agreed, one that waits for answers, one whose content is agreed to."""
    entries = read_mapping(FILE)["consortia"]
    return seeder.load_story("consortium", "key", entries, partial(_consortium, seeder))


def _consortium(seeder: Seeder, entry: Entry) -> uuid.UUID:
    match_id = match_of(seeder, entry["talk"]).id if "talk" in entry else None
    coalition_id = seeder.record_id(f"coalition:{entry['coalition']}") if not match_id else None
    founder = seeder.record_id(f"organization:{entry['organization']}")
    made = found(
        beginning_of(match_id, coalition_id), founder, entry["name"],
        actor_of(seeder, entry["by"]), moment_of(entry["at"], seeder.now),
    )  # fmt: skip
    made.is_demo = True
    for answer in entry["answers"]:
        _answer(seeder, queries.get(made.id), answer)
    if "external" in entry:
        _external(seeder, queries.get(made.id), entry)
    if "content" in entry:
        _write(seeder, queries.get(made.id), entry)
        if "agreed_at" in entry:
            _all_agree(seeder, made.id, entry)
    return made.id


def _answer(seeder: Seeder, consortium: Consortium, entry: Entry) -> None:
    organization_id = seeder.record_id(f"organization:{entry['organization']}")
    partner = next(p for p in consortium.partners if p.organization_id == organization_id)
    actor, moment = actor_of(seeder, entry["by"]), moment_of(entry["at"], seeder.now)
    partners.answer(consortium, partner, True, "", actor, moment)


def _external(seeder: Seeder, consortium: Consortium, entry: Entry) -> None:
    other = entry["external"]
    partners.add_external(
        consortium, other["name"], other["note"], [PartnerRole(each) for each in other["roles"]],
        actor_of(seeder, entry["by"]), moment_of(other["at"], seeder.now),
    )  # fmt: skip


def _write(seeder: Seeder, consortium: Consortium, entry: Entry) -> None:
    told = entry["content"]
    duties = {
        str(each.id): told["duties"][key]
        for key in told.get("duties", {})
        for each in consortium.partners
        if each.organization_id == seeder.record_id(f"organization:{key}")
    }
    content = replace(_content(entry["name"], told, today(seeder.now)), responsibilities=duties)
    actor, moment = actor_of(seeder, entry["by"]), moment_of(entry["written_at"], seeder.now)
    saving.save(consortium, content, consortium.revision, actor, moment)


def _content(name: str, entry: Entry, day: date) -> ConsortiumContent:
    values: dict[str, Any] = {
        **{key: tuple(entry.get(key, ())) for key in LISTS},
        "quantity_note": entry.get("quantity_note", ""),
        **{key: entry[key] for key in ("aim", "area", "schedule", "risks")},
        "tonnes_min": Decimal(entry["tonnes_min"]),
        "tonnes_max": Decimal(entry["tonnes_max"]),
        "starts_on": day + timedelta(days=entry["starts_days"]),
        "ends_on": day + timedelta(days=entry["ends_days"]),
    }
    return ConsortiumContent(name=name, **values)


def _all_agree(seeder: Seeder, consortium_id: uuid.UUID, entry: Entry) -> None:
    """Everybody who takes part agrees to the present version."""
    people = {entry["organization"]: entry["by"]}
    people |= {each["organization"]: each["by"] for each in entry["answers"]}
    moment = moment_of(entry["agreed_at"], seeder.now)
    for organization, by in people.items():
        consortium = queries.get(consortium_id)
        organization_id = seeder.record_id(f"organization:{organization}")
        partner = next(p for p in consortium.partners if p.organization_id == organization_id)
        if partner.state is PartnerState.ACCEPTED:
            agree(consortium, partner, consortium.revision, actor_of(seeder, by), moment)


def load_pilots(seeder: Seeder) -> int:
    """A pilot with milestones, budget and indicators, and its first report."""
    return seeder.load_story("pilot", "key", read_mapping(FILE)["pilots"], partial(_pilot, seeder))


def _pilot(seeder: Seeder, entry: Entry) -> uuid.UUID:
    consortium = queries.get(seeder.record_id(f"consortium:{entry['consortium']}"))
    actor, moment = actor_of(seeder, entry["by"]), moment_of(entry["planned_at"], seeder.now)
    pilot = pilot_service.plan_pilot(consortium, _plan(entry, today(seeder.now)), actor, moment)
    _fill(seeder, pilot, entry)
    started = moment_of(entry["started_at"], seeder.now)
    consortium = queries.get(consortium.id)
    move_pilot(pilot_queries.get(pilot.id), consortium, PilotMove.START, "", actor, started)
    _report(seeder, pilot.id, entry)
    return pilot.id


def _plan(entry: Entry, day: date) -> plans.PlanInput:
    return plans.PlanInput(
        title=entry["title"],
        format=entry["format"],
        starts_on=_day(day, entry["starts_days"]),
        ends_on=_day(day, entry["ends_days"]),
        municipality_code=entry["municipality_code"],
        field_name=entry["field"],
        summary=entry["summary"],
        report_interval="1",
        is_public=True,
    )


def _day(begin: date, days: int | None) -> str:
    return "" if days is None else (begin + timedelta(days=days)).isoformat()


def _fill(seeder: Seeder, pilot: Pilot, entry: Entry) -> None:
    day, actor = today(seeder.now), actor_of(seeder, entry["by"])
    moment = moment_of(entry["planned_at"], seeder.now)
    milestones = [
        {
            "title": each["title"],
            "due": _day(day, each["due_days"]),
            "done": _day(day, each.get("done_days")),
        }
        for each in entry["milestones"]
    ]
    budget = [{"actual": "", **each} for each in entry["budget"]]
    indicators = [
        {"id": "", "name": "", "unit": "", **each, "public": "1" if "public" in each else ""}
        for each in entry["indicators"]
    ]
    rows = plans.read_milestones(milestones, pilot.starts_on, pilot.ends_on, day)
    pilot_service.save_milestones(pilot, rows, actor, moment, expected_revision=pilot.revision)
    lines = plans.read_budget(budget)
    pilot_service.save_budget(pilot, lines, actor, moment, expected_revision=pilot.revision)
    wanted = plans.read_indicators(indicators)
    pilot_service.save_indicators(pilot, wanted, actor, moment, expected_revision=pilot.revision)


def _report(seeder: Seeder, pilot_id: uuid.UUID, entry: Entry) -> None:
    pilot = pilot_queries.get_whole(pilot_id)
    said: Mapping[str, str] = entry["report"]["values"]
    values = {
        str(each.id): reporting.ValueInput(said[each.kind.value])
        for each in pilot.indicators
        if each.kind.value in said
    }
    words = {key: entry["report"][key] for key in ("done", "troubles", "next_steps")}
    first = min(pilot.reports, key=lambda each: each.period_from)
    reporting.hand_in(
        pilot, first, reporting.ReportInput(**words, values=values),
        actor_of(seeder, entry["by"]), moment_of(entry["report"]["at"], seeder.now),
        expected_revision=first.revision,
    )  # fmt: skip
