"""What happens to a call is told to those who write proposals for it, each person once.

Each mail carries the facts in its text, since a desk on a closed network cannot open the link.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from matchmaker.notifications.service import mail_people
from matchmaker.working_groups.calls.events import CallCancelled, CallClosingSoon, CallExtended
from matchmaker.working_groups.proposals.domain import ProposalState
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.proposals.queries import proposals_of
from matchmaker.working_groups.proposals.service import SUBJECT_KIND

CONCERNED = (
    ProposalState.DRAFT,
    ProposalState.WITHDRAWN,
    ProposalState.SUBMITTED,
    ProposalState.RETURNED,
)


def mail_cancelled_call(event: CallCancelled) -> None:
    """Tell all authors that the call will not go on, and why."""
    context = {"call_title": event.title, "reason": event.reason}
    for proposal in proposals_of(event.subject_id, CONCERNED):
        _tell(proposal, "call-cancelled", context, f"call-cancelled:{proposal.id}", event.now)


def mail_extended_call(event: CallExtended) -> None:
    """Tell all authors of the later deadline."""
    context = {"call_title": event.title, "reason": event.reason, "closes_at": event.closes_at}
    for proposal in proposals_of(event.subject_id, CONCERNED):
        key = f"call-extended:{proposal.id}:{event.closes_at.isoformat()}"
        _tell(proposal, "call-extended", context, key, event.now)


def mail_closing_soon(event: CallClosingSoon) -> None:
    """Remind those whose proposal is not handed in."""
    context = {"call_title": event.title, "days": event.days, "closes_at": event.closes_at}
    for proposal in proposals_of(event.subject_id, [ProposalState.DRAFT]):
        key = f"call-closing:{proposal.id}:{event.days}:{event.closes_at.isoformat()}"
        _tell(proposal, "call-closing-soon", context, key, event.now)


def _tell(
    proposal: Proposal, template: str, facts: dict[str, Any], key: str, now: datetime
) -> None:
    people = [
        each.user
        for each in proposal.authors
        if each.accepted_at is not None and each.left_at is None
    ]
    context = {
        **facts,
        "proposal_id": str(proposal.id),
        "proposal_title": proposal.title or "（件名はまだありません）",
    }
    mail_people(people, template, context, key, proposal.id, now, subject_kind=SUBJECT_KIND)
