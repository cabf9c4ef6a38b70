"""A consortium that answered a call and was adopted, put in by the services."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from matchmaker.core.clock import today
from matchmaker.core.db import db, new_id
from matchmaker.partnering.consortia import joining, partners, queries, service
from matchmaker.partnering.consortia.domain import PartnerState
from matchmaker.partnering.consortia.origins import beginning_of
from matchmaker.questions.domain import Questionnaire
from matchmaker.working_groups.calls.domain import CallKind, CallState
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.queries import get_call
from matchmaker.working_groups.proposals import authorship
from matchmaker.working_groups.proposals.queries import get_proposal
from matchmaker.working_groups.proposals.service import submit
from matchmaker.working_groups.reviews import decision_queries, decisions
from matchmaker.working_groups.reviews.decision_data import DecisionData
from matchmaker.working_groups.reviews.domain import Outcome
from tests.journeys.call_steps import DEMO_CALL
from tests.journeys.consortium_world import Pair, acting, home_of, matched

NAME = "笹野原町 給食の残りをたい肥にする座組"
CALL, GROUP = "給食の残りをいかす公募", "給食たい肥サブWG"
PROPOSAL = f"{NAME}の提案"
QUESTIONS = Questionnaire.from_data(
    [{"id": "plan", "kind": "text", "label": "取り組みの内容", "required": True}]
)


@dataclass(frozen=True, slots=True)
class Grown:
    """What there is on the day of the journey."""

    pair: Pair
    consortium_id: uuid.UUID
    proposal_id: uuid.UUID


def grown(now: datetime) -> Grown:
    """Match, agreed consortium, answer to a call, adoption with its group: each days apart."""
    pair = matched(now)
    consortium_id = _agreed(pair, now - timedelta(days=15))
    proposal_id = _answered(consortium_id, now - timedelta(days=12))
    _adopted(proposal_id, now - timedelta(days=9))
    return Grown(pair, consortium_id, proposal_id)


def _agreed(pair: Pair, now: datetime) -> uuid.UUID:
    town = acting("officer")
    beginning = beginning_of(pair.match_id, None)
    made = service.found(beginning, home_of("officer"), NAME, town, now)
    firm = next(each for each in made.partners if each.state is PartnerState.INVITED)
    partners.answer(made, firm, True, "", acting("startup"), now)
    content = replace(
        queries.content_of(queries.get(made.id)),
        purposes=("resource_limits",), aim="給食の残りを、町の畑の土に戻します。",
        tonnes_min=Decimal(30), schedule="春に試し、秋に広げます。",
    )  # fmt: skip
    service.save(queries.get(made.id), content, 1, town, now)
    for who in ("officer", "startup"):
        consortium = queries.get(made.id)
        own = next(p for p in consortium.partners if p.organization_id == home_of(who))
        service.agree(consortium, own, consortium.revision, acting(who), now)
    return made.id


def _answered(consortium_id: uuid.UUID, now: datetime) -> uuid.UUID:
    call = Call(
        id=new_id(), kind=CallKind.SUB_WG, title=CALL, categories=[], timetable=[],
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=2),
        questions=QUESTIONS.to_data(), state=CallState.PUBLISHED, created_at=now, updated_at=now,
        published_at=now - timedelta(days=1), parent_group_id=_upper_group(),
    )  # fmt: skip
    db.session.add(call)
    db.session.flush()
    made = joining.begin_proposal(
        queries.get(consortium_id), get_call(call.id), acting("officer"), now
    )
    authorship.answer(get_proposal(made.id), True, acting("startup"), now)
    db.session.expire_all()
    submit(get_proposal(made.id), acting("officer"), now)
    return made.id


def _upper_group() -> uuid.UUID | None:
    """The group under which the call of the demo founds its own."""
    query = select(Call.parent_group_id).where(Call.title == DEMO_CALL)
    return db.session.scalars(query).one()


def _adopted(proposal_id: uuid.UUID, now: datetime) -> None:
    """One of the secretariat prepares, another checks; then it is released."""
    call_id, day = get_proposal(proposal_id).call_id, today(now)
    data = DecisionData(
        Outcome.ADOPTED, "集める量と使い道が、数字で示されています。", group_name=GROUP,
        group_starts_on=day + timedelta(days=1), group_ends_on=day + timedelta(days=180),
    )  # fmt: skip
    proposal = decision_queries.proposal_for_decision(call_id, proposal_id)
    decision = decisions.prepare(proposal, data, 0, acting("coordinator"), now)
    db.session.expire_all()
    decision = decision_queries.decision_of(proposal_id) or decision
    decisions.check(decision, decision.revision, acting("coordinator2"), now)
    db.session.expire_all()
    decisions.release(get_call(call_id), acting("coordinator"), now)
