"""Commands on proposals. They flush and record events; they never commit and know no request."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import update

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import NotAllowed, ProductError
from matchmaker.core.formatting import format_moment
from matchmaker.organizations.queries import organization_of
from matchmaker.questions.domain import Questionnaire
from matchmaker.working_groups.calls.domain import CallState
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.policy import can_answer
from matchmaker.working_groups.calls.service import freeze_questions
from matchmaker.working_groups.proposals.domain import (
    PROPOSAL_STATES,
    TITLE_LENGTH,
    AuthorRole,
    Origin,
    ProposalMove,
    ProposalState,
    TooLate,
    check_in_time,
    deadline_of,
)
from matchmaker.working_groups.proposals.events import (
    ProposalBegun,
    ProposalExtended,
    ProposalMoved,
)
from matchmaker.working_groups.proposals.models import (
    Proposal,
    ProposalAuthor,
)
from matchmaker.working_groups.proposals.saving import (
    SUBJECT_KIND,
    SaveOutcome,
    base_text,
    files_subject,
    keep_revision,
    merge_with_stored,
    note_editing,
    restore_revision,
    save,
    text_of,
)

__all__ = [
    "SUBJECT_KIND",
    "SaveOutcome",
    "apply_decision",
    "base_text",
    "create_proposal",
    "deadline_for",
    "extend",
    "files_subject",
    "merge_with_stored",
    "missing_in",
    "note_editing",
    "period_of",
    "restore_revision",
    "revise",
    "save",
    "submit",
    "text_of",
    "withdraw",
]

NOT_TAKING = "この公募は、いま受け付けていません。"


def period_of(call: Call) -> tuple[datetime, datetime]:
    """First moment of a call and the one at which it is over.

    Raises:
        ProductError: the call is a draft whose period is not set yet.
    """
    if call.opens_at is None or call.closes_at is None:
        raise ProductError(NOT_TAKING)
    return call.opens_at, call.closes_at


def deadline_for(proposal: Proposal) -> datetime:
    """The moment from which this proposal is late (its call loaded)."""
    closes_at = period_of(proposal.call)[1]
    return deadline_of(closes_at, proposal.extended_until, proposal.mend_until)


def create_proposal(
    call: Call,
    organization_id: uuid.UUID,
    title: str,
    origin: Origin,
    actor: Actor,
    now: datetime,
) -> Proposal:
    """Begin a proposal in the name of an organisation; its writer leads.

    The first one freezes the questions of the call.

    Raises:
        NotAllowed: the organisation may not answer this call.
        ProductError: the call is not open.
    """
    organization = organization_of(organization_id)
    if not (actor.writes_for(organization_id) and can_answer(actor, call, organization.category)):
        raise NotAllowed(
            "この公募には、この団体からは提案できません。応募できる人を確かめてください。"
        )
    _check_call_takes_proposals(call)
    check_in_time(now, *period_of(call))
    freeze_questions(call, now)
    proposal = _new_proposal(call, organization_id, title, origin, actor, now)
    db.session.add(proposal)
    db.session.flush()
    _add_lead(proposal, organization_id, actor, now)
    keep_revision(proposal, actor, now, "書き始め")
    record(
        ProposalBegun(
            actor=actor, now=now, subject_id=proposal.id, organization_id=organization_id,
            details={"title": proposal.title, "origin": origin.kind.value},
        )
    )  # fmt: skip
    return proposal


def _new_proposal(
    call: Call,
    organization_id: uuid.UUID,
    title: str,
    origin: Origin,
    actor: Actor,
    now: datetime,
) -> Proposal:
    return Proposal(
        id=new_id(),
        call_id=call.id,
        title=title.strip()[:TITLE_LENGTH],
        lead_organization_id=organization_id,
        answers={},
        state=ProposalState.DRAFT,
        origin_kind=origin.kind,
        need_id=origin.need_id,
        offering_id=origin.offering_id,
        origin_facts=dict(origin.facts),
        created_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
        revision=1,
    )


def _add_lead(proposal: Proposal, organization_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    db.session.add(
        ProposalAuthor(
            proposal_id=proposal.id,
            user_id=actor.user_id,
            organization_id=organization_id,
            role=AuthorRole.LEAD,
            invited_at=now,
            accepted_at=now,
        )
    )
    db.session.flush()


def _check_call_takes_proposals(call: Call, *, mending: bool = False) -> None:
    """A cancelled or withdrawn call takes nothing; after its decision only what is mended."""
    fine = {CallState.PUBLISHED, CallState.DECIDED} if mending else {CallState.PUBLISHED}
    if call.state not in fine:
        raise ProductError(NOT_TAKING)


def missing_in(proposal: Proposal) -> dict[str, str]:
    """What stands between the proposal and handing it in: messages by question id."""
    missing = dict(Questionnaire.from_data(proposal.call.questions).missing(proposal.answers))
    return (
        missing if proposal.title.strip() else {"title": "提案の件名を入れてください。", **missing}
    )


def submit(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Hand a proposal in; the first time it gets its number of receipt.

    ``now`` is read while the database is locked for writing, so that the clock decides once.

    Raises:
        IllegalMove: it is handed in already, decided, or joined to another.
        ProductError: too early, too late, something is missing, or the call or the organisation
            does not take part any more.
    """
    state = PROPOSAL_STATES.check(proposal.state, ProposalMove.SUBMIT)
    _check_call_takes_proposals(proposal.call, mending=proposal.mend_until is not None)
    _check_deadline(proposal, now)
    if not proposal.lead_organization.is_active:
        raise ProductError(
            "代表の団体は会員ではなくなったため、提出できません。代表をほかの団体に引き継いでください。"
        )
    missing = missing_in(proposal)
    if missing:
        raise ProductError(f"まだ提出できません。足りないところが{len(missing)}か所あります。")
    if proposal.number is None:
        proposal.number = _next_number(proposal.call_id)
    proposal.submitted_at, proposal.submitted_revision = now, proposal.revision
    _move(proposal, ProposalMove.SUBMIT, state, "", actor, now)


def _check_deadline(proposal: Proposal, now: datetime) -> None:
    deadline = deadline_for(proposal)
    try:
        check_in_time(now, period_of(proposal.call)[0], deadline)
    except TooLate:
        raise TooLate(
            f"締切（{format_moment(deadline)}）を過ぎたため、提出できません。"
            "書いた内容は残っています。事情があるときは事務局に連絡してください。"
        ) from None


def _next_number(call_id: uuid.UUID) -> int:
    """The next number of receipt: counted in the database, so that no two are alike."""
    counted = update(Call).where(Call.id == call_id).values(last_number=Call.last_number + 1)
    number = db.session.scalar(
        counted.returning(Call.last_number).execution_options(synchronize_session=False)
    )
    return int(number or 0)


def withdraw(proposal: Proposal, reason: str, actor: Actor, now: datetime) -> None:
    """Take a proposal back, with the reason.

    Raises:
        IllegalMove: the state does not allow it.
        ProductError: the reason is missing.
    """
    state = PROPOSAL_STATES.check(proposal.state, ProposalMove.WITHDRAW, reason)
    _move(proposal, ProposalMove.WITHDRAW, state, reason, actor, now)


def revise(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Bring a proposal back into writing, until the deadline.

    Raises:
        IllegalMove: the state does not allow it.
        TooLate: it could not be handed in again.
    """
    state = PROPOSAL_STATES.check(proposal.state, ProposalMove.REVISE)
    _check_call_takes_proposals(proposal.call, mending=proposal.mend_until is not None)
    _check_deadline(proposal, now)
    _move(proposal, ProposalMove.REVISE, state, "", actor, now)


def extend(proposal: Proposal, until: datetime, reason: str, actor: Actor, now: datetime) -> None:
    """Give one proposal more time, with the reason.

    Raises:
        ProductError: the moment is past or brings no more time, or the reason is missing.
    """
    if not reason.strip():
        raise ProductError("理由を入れてください。", "reason")
    if until <= now or until <= period_of(proposal.call)[1]:
        raise ProductError("いまの締切より後の日時を入れてください。", "until")
    proposal.extended_until, proposal.extension_reason = until, reason.strip()
    proposal.updated_at = now
    db.session.flush()
    record(
        ProposalExtended(
            actor=actor, now=now, subject_id=proposal.id, reason=reason.strip(),
            organization_id=proposal.lead_organization_id,
            details={"until": until.isoformat(), "title": proposal.title},
        )
    )  # fmt: skip


def apply_decision(
    proposal: Proposal,
    move: ProposalMove,
    reason: str,
    actor: Actor,
    now: datetime,
    mend_until: datetime | None = None,
) -> None:
    """Bring a proposal into the state that was decided. Its mail is the decision's own.

    Args:
        move: one of the four decisions.
        mend_until: for what is returned, the last moment for handing it in again.

    Raises:
        IllegalMove: the state does not allow it.
        ProductError: the reason, or the moment of a return, is missing.
    """
    state = PROPOSAL_STATES.check(proposal.state, move, reason)
    if move is ProposalMove.RETURN and (mend_until is None or mend_until <= now):
        raise ProductError("いつまでに直すかを入れてください。", "mend_until")
    proposal.mend_until = mend_until if move is ProposalMove.RETURN else None
    _move(proposal, move, state, reason, actor, now)


def _move(
    proposal: Proposal,
    move: ProposalMove,
    state: ProposalState,
    reason: str,
    actor: Actor,
    now: datetime,
    **details: Any,
) -> None:
    before = proposal.state
    proposal.state, proposal.state_reason, proposal.updated_at = state, reason.strip(), now
    db.session.flush()
    record(
        ProposalMoved(
            actor=actor, now=now, subject_id=proposal.id, reason=reason.strip(), move=move,
            organization_id=proposal.lead_organization_id,
            details={
                "move": move.value, "before": before.value, "after": state.value,
                "number": proposal.number, "revision": proposal.revision, **details,
            },
        )
    )  # fmt: skip
