"""What events mean for the outbox and for the vectors (named in ``matchmaker/subscriptions.py``).

Each mail carries the facts in its text, since a desk on a closed network cannot open the link.
"""

from __future__ import annotations

from typing import Any

from matchmaker.accounts.models import User
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.core.transaction import after_commit
from matchmaker.matching.engine import current_engine
from matchmaker.notifications.service import mail_people, mail_secretariat, queue_mail
from matchmaker.working_groups.proposals import queries
from matchmaker.working_groups.proposals.domain import (
    CoordinationAnswer,
    CoordinationState,
    ProposalMove,
)
from matchmaker.working_groups.proposals.events import (
    AuthorAnswered,
    AuthorInvited,
    AuthorLeft,
    AuthorsBroughtTogether,
    CoordinationAnswered,
    CoordinationEnded,
    LeadHandedOver,
    LeadOffered,
    ProposalExtended,
    ProposalMoved,
)
from matchmaker.working_groups.proposals.models import Proposal, ProposalAuthor
from matchmaker.working_groups.proposals.service import SUBJECT_KIND, deadline_for
from matchmaker.working_groups.proposals.similarity import encode_waiting

TEMPLATES = {
    ProposalMove.SUBMIT: "proposal-submitted",
    ProposalMove.WITHDRAW: "proposal-withdrawn",
    ProposalMove.UNMERGE: "proposal-unmerged",
}


def mail_about_move(event: ProposalMoved) -> None:
    """Tell all authors: the receipt, a withdrawal, a merge taken back."""
    template = TEMPLATES.get(event.move)
    if template is None:
        return
    proposal = queries.get_proposal(event.subject_id)
    key = f"proposal-{event.move}:{proposal.id}:{event.now.isoformat()}"
    context = {**_context(proposal), "reason": event.reason, "actor_name": event.actor.name}
    _mail_authors(proposal, template, context, key, event)


def encode_soon(event: ProposalMoved) -> None:
    """Make the vector of what was handed in right after the commit, when the encoder is at hand."""
    proposal_id = event.subject_id

    def encode() -> None:
        engine = current_engine()
        if engine.is_warm:
            encode_waiting(engine.encoder, clock.now(), proposal_id)

    if event.move is ProposalMove.SUBMIT:
        after_commit(encode)


def mail_extension(event: ProposalExtended) -> None:
    """Tell all authors of the new deadline."""
    proposal = queries.get_proposal(event.subject_id)
    key = f"proposal-extended:{proposal.id}:{event.now.isoformat()}"
    context = {**_context(proposal), "reason": event.reason}
    _mail_authors(proposal, "proposal-extended", context, key, event)


def mail_invitation(event: AuthorInvited) -> None:
    """Ask the invited person."""
    proposal = queries.get_proposal(event.subject_id)
    context = {**_context(proposal), "inviter_name": event.actor.name}
    _mail_one(event.user_id, "proposal-invitation", context, "proposal-invitation", event)


def mail_answer(event: AuthorAnswered) -> None:
    """Tell the other authors who joined or declined."""
    proposal = queries.get_proposal(event.subject_id)
    context = {**_context(proposal), "person_name": event.actor.name, "accepted": event.accepted}
    key = f"proposal-answered:{proposal.id}:{event.actor.user_id}:{event.now.isoformat()}"
    _mail_authors(proposal, "proposal-answered", context, key, event)


def mail_leaving(event: AuthorLeft) -> None:
    """Tell the authors, and who was taken off, that somebody writes no more."""
    proposal = queries.get_proposal(event.subject_id)
    person = db.session.get_one(User, event.user_id)
    context = {**_context(proposal), "person_name": person.name, "reason": event.reason}
    key = f"proposal-left:{proposal.id}:{person.id}:{event.now.isoformat()}"
    _mail_authors(proposal, "proposal-left", context, key, event)
    if event.actor.user_id != person.id:
        queue_mail(person, "proposal-left", context, key, proposal.id, event.now)


def mail_lead_offer(event: LeadOffered) -> None:
    """Ask the author who is to take over the lead."""
    proposal = queries.get_proposal(event.subject_id)
    context = {**_context(proposal), "actor_name": event.actor.name, "reason": event.reason}
    _mail_one(event.user_id, "proposal-lead-offered", context, "proposal-lead-offered", event)


def mail_hand_over(event: LeadHandedOver) -> None:
    """Tell all authors who leads now, or that the lead was declined."""
    proposal = queries.get_proposal(event.subject_id)
    accepted = bool(event.details.get("accepted"))
    context = {**_context(proposal), "person_name": event.actor.name, "accepted": accepted}
    key = f"proposal-lead:{proposal.id}:{event.now.isoformat()}"
    _mail_authors(proposal, "proposal-lead", context, key, event)


def mail_coordination(event: AuthorsBroughtTogether) -> None:
    """Ask the leads of all proposals of a coordination."""
    coordination = queries.get_coordination(event.subject_id)
    for part in coordination.parts:
        others = [
            f"「{other.proposal.title}」（{other.proposal.lead_organization.name}）"
            for other in coordination.parts
            if other is not part
        ]
        context = {
            **_context(queries.get_proposal(part.proposal_id)),
            "message": coordination.message,
            "others": "\n".join(others),
            "coordination_id": str(coordination.id),
        }
        leads = [a.user for a in part.proposal.authors if _leads(a)]
        key = f"coordination:{coordination.id}:{part.proposal_id}"
        mail_people(leads, "coordination-proposed", context, key, part.proposal_id, event.now)


def mail_coordination_answer(event: CoordinationAnswered) -> None:
    """Tell the secretariat what a lead answered."""
    coordination = queries.get_coordination(event.subject_id)
    proposal_id = event.details["proposal"]
    part = next(each for each in coordination.parts if str(each.proposal_id) == proposal_id)
    context = {
        "proposal_title": part.proposal.title,
        "organization_name": part.proposal.lead_organization.name,
        "willing": part.answer is CoordinationAnswer.WILLING,
        "comment": part.comment,
        "coordination_id": str(coordination.id),
    }
    key = f"coordination-answer:{coordination.id}:{proposal_id}:{event.now.isoformat()}"
    mail_secretariat("coordination-answered", context, key, coordination.id, event.now)


def mail_coordination_end(event: CoordinationEnded) -> None:
    """Tell all authors what became of it."""
    coordination = queries.get_coordination(event.subject_id)
    is_merged = coordination.state is CoordinationState.MERGED
    target = coordination.merged_id if is_merged else None
    for part in coordination.parts:
        proposal = queries.get_proposal(part.proposal_id)
        context = {
            **_context(proposal),
            "is_merged": is_merged,
            "reason": event.reason,
            "merged_id": str(target or ""),
        }
        key = f"coordination-end:{coordination.id}:{proposal.id}"
        _mail_authors(proposal, "coordination-ended", context, key, event)


def _context(proposal: Proposal) -> dict[str, Any]:
    return {
        "proposal_id": str(proposal.id),
        "proposal_title": proposal.title or "（件名はまだありません）",
        "call_title": proposal.call.title,
        "number": proposal.number,
        "organization_name": proposal.lead_organization.name,
        "deadline": deadline_for(proposal),
        "submitted_at": proposal.submitted_at,
        "revision": proposal.revision,
        "authors": "、".join(
            f"{each.user.name}（{each.organization.name}）"
            for each in proposal.authors
            if each.accepted_at is not None and each.left_at is None
        ),
    }


def _leads(author: ProposalAuthor) -> bool:
    return author.role.value == "lead" and author.left_at is None


def _mail_authors(
    proposal: Proposal, template: str, context: dict[str, Any], key: str, event: Any
) -> None:
    people = queries.writing_authors(proposal.id)
    mail_people(people, template, context, key, proposal.id, event.now, subject_kind=SUBJECT_KIND)


def _mail_one(user_id: Any, template: str, context: dict[str, Any], key: str, event: Any) -> None:
    person = db.session.get_one(User, user_id)
    key = f"{key}:{event.subject_id}:{event.now.isoformat()}"
    queue_mail(
        person, template, context, key, event.subject_id, event.now, subject_kind=SUBJECT_KIND
    )
