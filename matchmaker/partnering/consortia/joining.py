"""A consortium answers calls: a proposal with its content and its partners carried over."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.partnering.consortia import queries
from matchmaker.partnering.consortia.carrying import carried_answers
from matchmaker.partnering.consortia.domain import (
    CONSORTIUM_STATES,
    ConsortiumMove,
    PartnerState,
)
from matchmaker.partnering.consortia.events import ConsortiumProposed
from matchmaker.partnering.consortia.models import (
    Consortium,
    ConsortiumPartner,
    ConsortiumProposal,
)
from matchmaker.partnering.consortia.settling import (
    GIVEN_UP,
    move,
    move_if_possible,
    settle_state,
)
from matchmaker.questions.domain import Questionnaire
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.proposals import authorship, origins
from matchmaker.working_groups.proposals import queries as proposal_queries
from matchmaker.working_groups.proposals import service as proposals
from matchmaker.working_groups.proposals.domain import (
    TITLE_LENGTH,
    Origin,
    ProposalMove,
    ProposalText,
)
from matchmaker.working_groups.proposals.events import ProposalMoved
from matchmaker.working_groups.proposals.models import Proposal


def begin_proposal(consortium: Consortium, call: Call, actor: Actor, now: datetime) -> Proposal:
    """Answer a call for a consortium: its lead writes, the other partners are asked to.

    Pressing twice gives the proposal that stands.

    Args:
        consortium: with its partners; agreed, or with a proposal for this call already.
        call: open now.

    Raises:
        IllegalMove: the partners have not agreed.
        NotAllowed, ProductError: the call does not take proposals, or not from the lead.
    """
    standing = _standing_proposal(consortium, call)
    if standing is not None:
        return standing
    CONSORTIUM_STATES.check(consortium.state, ConsortiumMove.ANSWER)
    lead = lead_of(consortium)
    title = f"{consortium.name}の提案"[:TITLE_LENGTH]
    origin = _origin(consortium, actor)
    proposal = proposals.create_proposal(call, _organization_id(lead), title, origin, actor, now)
    _carry_content(consortium, proposal, actor, now)
    _ask_partners(consortium, proposal, actor, now)
    _link(consortium, proposal, now)
    record(
        ConsortiumProposed(
            actor=actor, now=now, subject_id=consortium.id, proposal_id=proposal.id,
            organization_id=lead.organization_id,
        )
    )  # fmt: skip
    move(consortium, ConsortiumMove.ANSWER, f"公募「{call.title}」", actor, now)
    return proposal


def lead_of(consortium: Consortium) -> ConsortiumPartner:
    """The partner that leads.

    Raises:
        Conflict: nobody does.
    """
    for each in consortium.partners:
        if each.is_lead and each.state is PartnerState.ACCEPTED:
            return each
    raise Conflict("この座組には、いま代表がいません。")


def _organization_id(partner: ConsortiumPartner) -> uuid.UUID:
    if partner.organization_id is None:
        raise Conflict("代表は、会員の団体でなければなりません。")
    return partner.organization_id


def _standing_proposal(consortium: Consortium, call: Call) -> Proposal | None:
    for link in queries.proposals_of(consortium.id):
        if link.proposal.call_id == call.id and link.proposal.state not in GIVEN_UP:
            return link.proposal
    return None


def _origin(consortium: Consortium, actor: Actor) -> Origin:
    """The posts behind the consortium; those the writer cannot see any more are left out."""
    try:
        return origins.origin_of(consortium.need_id, consortium.offering_id, actor)
    except NotFound:
        return Origin()


def _carry_content(consortium: Consortium, proposal: Proposal, actor: Actor, now: datetime) -> None:
    proposal = proposal_queries.get_proposal(proposal.id)
    questionnaire = Questionnaire.from_data(proposal.call.questions)
    answers = carried_answers(questionnaire, consortium, queries.content_of(consortium))
    if answers:
        text = ProposalText(proposal.title, {**proposal.answers, **answers})
        note = f"座組の第{consortium.revision}版から写した"
        proposals.save(proposal, text, proposal.revision, actor, now, note=note)


def _ask_partners(consortium: Consortium, proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Ask the writers of every other partner; one without any is passed over."""
    for partner in consortium.partners:
        if partner.state is not PartnerState.ACCEPTED or partner.is_lead:
            continue
        proposal = proposal_queries.get_proposal(proposal.id)
        try:
            authorship.invite(proposal, _organization_id(partner), "", actor, now)
        except ProductError:
            continue


def _link(consortium: Consortium, proposal: Proposal, now: datetime) -> None:
    db.session.add(
        ConsortiumProposal(
            consortium_id=consortium.id, proposal_id=proposal.id,
            number=consortium.revision, linked_at=now,
        )
    )  # fmt: skip
    db.session.flush()


def unlink(
    consortium: Consortium, proposal_id: uuid.UUID, reason: str, actor: Actor, now: datetime
) -> None:
    """Take the link to a proposal back, with a reason; the proposal itself stays its authors'.

    Raises:
        NotFound: there is no such link.
        ProductError: the reason is missing.
    """
    link = queries.link_of(consortium.id, proposal_id)
    if link is None:
        raise NotFound
    if not reason.strip():
        raise ProductError("理由を入れてください。", "reason")
    link.unlinked_at, link.unlinked_reason = now, reason.strip()
    db.session.flush()
    record(
        ConsortiumProposed(
            actor=actor, now=now, subject_id=consortium.id, proposal_id=proposal_id,
            reason=reason.strip(), is_linked=False,
        )
    )  # fmt: skip
    if not _still_answers(consortium, proposal_id):
        _take_back(consortium, reason, actor, now)


FOLLOWING: Mapping[ProposalMove, ConsortiumMove] = {
    ProposalMove.SUBMIT: ConsortiumMove.ANSWER,
    ProposalMove.REVISE: ConsortiumMove.ANSWER,
    ProposalMove.RETURN: ConsortiumMove.ANSWER,
    ProposalMove.ADOPT: ConsortiumMove.ADOPT,
    ProposalMove.ADOPT_WITH_CONDITIONS: ConsortiumMove.ADOPT,
    ProposalMove.DECLINE: ConsortiumMove.TAKE_BACK,
    ProposalMove.WITHDRAW: ConsortiumMove.TAKE_BACK,
}
"""What the fate of a proposal means for the consortium behind it."""
BACK_REASONS = {
    ProposalMove.DECLINE: "提案「{title}」が不採択になったため。",
    ProposalMove.WITHDRAW: "提案「{title}」が取り下げられたため。",
}


def follow_proposal(event: ProposalMoved) -> None:
    """Bring the consortia behind a proposal into step with its fate (``subscriptions.py``)."""
    step = FOLLOWING.get(event.move)
    if step is None:
        return
    for consortium in queries.consortia_behind(event.subject_id):
        _follow(consortium, step, event)


def _follow(consortium: Consortium, step: ConsortiumMove, event: ProposalMoved) -> None:
    title = _title(event.subject_id)
    if step is ConsortiumMove.TAKE_BACK:
        if not _still_answers(consortium, event.subject_id):
            reason = BACK_REASONS[event.move].format(title=title)
            _take_back(consortium, reason, event.actor, event.now)
        return
    move_if_possible(consortium, step, f"提案「{title}」", event.actor, event.now)


def _title(proposal_id: uuid.UUID) -> str:
    return db.session.get_one(Proposal, proposal_id).title


def _still_answers(consortium: Consortium, but_for: uuid.UUID) -> bool:
    """Whether another proposal of the consortium is still on its way or adopted."""
    return any(
        link.proposal_id != but_for and link.proposal.state not in GIVEN_UP
        for link in queries.proposals_of(consortium.id)
    )


def _take_back(consortium: Consortium, reason: str, actor: Actor, now: datetime) -> None:
    move_if_possible(consortium, ConsortiumMove.TAKE_BACK, reason, actor, now)
    settle_state(consortium, actor, now)
