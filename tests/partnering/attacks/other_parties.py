"""Two organisations beside those of the access table, with a thing of every kind between them."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook

from matchmaker.accounts.service import add_member, create_user
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor, OrganizationRole
from matchmaker.core.db import db, new_id
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.service import create_organization
from matchmaker.partnering.coalitions.domain import MemberSide
from matchmaker.partnering.coalitions.models import Coalition, CoalitionMember
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia import service as consortium_service
from matchmaker.partnering.consortia.documents.pack_layout import CONTENT as CONTENT_SHEET
from matchmaker.partnering.consortia.documents.pack_writing import write_pack
from matchmaker.partnering.consortia.documents.packing import source_of
from matchmaker.partnering.consortia.documents.service import take_pack
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.consortia.origins import beginning_of
from matchmaker.partnering.introductions import queries, service
from matchmaker.partnering.introductions.domain import Answer, Interest, IntroductionMove
from matchmaker.partnering.introductions.matches import appointments, facts, files
from matchmaker.partnering.introductions.matches import queries as matches
from matchmaker.partnering.introductions.matches import service as match_service
from matchmaker.partnering.introductions.matches.appointments import Proposal
from matchmaker.partnering.introductions.matches.models import Match
from matchmaker.partnering.introductions.post_questions import service as questions
from matchmaker.partnering.pilots import service as pilots
from matchmaker.partnering.pilots.models import Pilot, PilotReport
from matchmaker.posts import queries as post_queries
from matchmaker.posts import service as posts
from matchmaker.posts.domain import Move
from matchmaker.posts.models import Material
from matchmaker.posts.types import PostType
from matchmaker.posts.vocabularies import DatabaseVocabularies
from tests.architecture.world import CONTENT, PASSWORD
from tests.partnering.pilots.site import FRAME, START, add_plan

SECRET = "よそには見せない話"
"""Stands in everything that only the two may read."""
CODE = "232301"
TOWN, FIRM = "黒潮町", "赤土建材"


def add_others() -> dict[str, uuid.UUID]:
    """Write everything; gives the ids by the names that parameters of addresses have."""
    town, firm = _member(TOWN, "municipality"), _member(FIRM, "company")
    need_id = _published(NEED, town)
    offering_id = _published(OFFERING, firm)
    match = _matched(need_id, offering_id, town, firm)
    return {
        "introduction_id": match.introduction_id,
        "post_id": need_id,
        **_shared(match, town, firm),
        "question_id": _question(need_id, firm),
        **_coalition(offering_id, firm),
        **_consortium(match, town),
    }


def _member(name: str, category: str) -> Actor:
    """Somebody who writes for a new organisation."""
    now = clock.now()
    data = OrganizationData(name=name, category=category, prefecture="高知県")
    made = create_organization(data, SYSTEM, now)
    user = create_user(f"{category}@other.example", f"{name}の人", PASSWORD, now)
    add_member(user, made, OrganizationRole.EDITOR, SYSTEM, now)
    return Actor(user.id, user.name, {made.id: OrganizationRole.EDITOR})


def _home(actor: Actor) -> uuid.UUID:
    return next(iter(actor.roles))


def _published(post_type: PostType, actor: Actor) -> uuid.UUID:
    now = clock.now()
    made = posts.create(post_type, _home(actor), CONTENT[str(post_type.kind)], actor, now)
    posts.move(post_type, made, Move.SUBMIT, actor, now)
    posts.move(post_type, made, Move.PUBLISH, SYSTEM, now)
    return uuid.UUID(str(made.id))


def _matched(need_id: uuid.UUID, offering_id: uuid.UUID, town: Actor, firm: Actor) -> Match:
    now = clock.now()
    sent = service.send(Interest(need_id, offering_id, SECRET, SECRET), firm, now)
    service.move(queries.get(sent.id), IntroductionMove.ACCEPT, Answer(words=SECRET), town, now)
    match = matches.of_introduction(sent.id)
    assert match is not None
    return match


def _shared(match: Match, town: Actor, firm: Actor) -> Mapping[str, uuid.UUID]:
    now = clock.now()
    match_service.post_message(match, SECRET, "", town, now)
    fact = facts.add(match, "量", SECRET, firm, now)
    file = files.add(match, f"{SECRET}.txt", SECRET.encode(), SECRET, firm, now)
    dates = Proposal(SECRET, SECRET, 60, [now + timedelta(days=9)])
    proposed = appointments.propose(match, dates, firm, now)
    found = matches.get_appointment(match.id, proposed.id)
    appointments.agree(match, found, found.dates[0].id, town, now)
    return {
        "match_id": match.id, "fact_id": fact.id, "file_id": file.id, "appointment_id": found.id,
    }  # fmt: skip


def _question(need_id: uuid.UUID, asker: Actor) -> uuid.UUID:
    need = post_queries.get(NEED, need_id)
    asked = questions.ask(NEED, need, SECRET, is_named=False, key="", actor=asker, now=clock.now())
    return asked.id


def _coalition(offering_id: uuid.UUID, firm: Actor) -> Mapping[str, uuid.UUID]:
    now, home = clock.now(), _home(firm)
    material = db.session.scalars(db.select(Material).limit(1)).one()
    coalition = Coalition(
        id=new_id(), offering_id=offering_id, material_code=material.code, organization_id=home,
        lot_tonnes=Decimal(300), max_km=100, max_members=8, submission_key=new_id().hex,
        note=SECRET, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(coalition)
    db.session.flush()
    outside: dict[str, Any] = {
        "organization_id": None,
        "municipality_code": CODE,
        "side": MemberSide.TOWN,
    }
    inside: dict[str, Any] = {
        "organization_id": home,
        "municipality_code": None,
        "side": MemberSide.BUSINESS,
    }
    rows = [
        CoalitionMember(
            id=new_id(), coalition_id=coalition.id, position=position, low_tonnes=Decimal(0),
            high_tonnes=Decimal(100), **values,
        )
        for position, values in enumerate((inside, outside))
    ]  # fmt: skip
    db.session.add_all(rows)
    db.session.flush()
    return {"coalition_id": coalition.id, "member_id": rows[1].id}


def _consortium(match: Match, town: Actor) -> Mapping[str, uuid.UUID]:
    now = clock.now()
    made = consortium_service.found(
        beginning_of(match.id, None), _home(town), f"{SECRET}の座組", town, now
    )
    consortium = consortia.get(made.id)
    partner = next(each for each in consortium.partners if each.organization_id == _home(town))
    return {
        "consortium_id": consortium.id, "partner_id": partner.id,
        "pack_id": _pack(consortium, town), **_pilot(consortium, town),
    }  # fmt: skip


def _pack(consortium: Consortium, actor: Actor) -> uuid.UUID:
    source = source_of(consortium, "https://example.com/", clock.now())
    workbook = load_workbook(io.BytesIO(write_pack(source, DatabaseVocabularies())))
    workbook[CONTENT_SHEET]["C2"] = f"{SECRET}の輪"
    target = io.BytesIO()
    workbook.save(target)
    return take_pack(consortium, "よそ.xlsx", target.getvalue(), actor, clock.now()).id


def _pilot(consortium: Consortium, actor: Actor) -> Mapping[str, uuid.UUID]:
    pilot = plan(consortium, actor, is_public=False, title=SECRET, summary=SECRET)
    report = PilotReport(
        id=new_id(), pilot_id=pilot.id, period_from=pilot.starts_on, period_to=pilot.ends_on,
        due_on=pilot.ends_on + timedelta(days=14), draft={},
    )  # fmt: skip
    db.session.add(report)
    db.session.flush()
    return {"pilot_id": pilot.id, "report_id": report.id}


def plan(consortium: Consortium, actor: Actor, **changes: Any) -> Pilot:
    """A planned pilot with milestones, budget and indicators."""
    frame = replace(FRAME, municipality_code=CODE, **changes)
    pilot = pilots.plan_pilot(consortium, frame, actor, START)
    add_plan(pilot, actor)
    return pilot
