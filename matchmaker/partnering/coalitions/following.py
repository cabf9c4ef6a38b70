"""What coalitions do when an organisation leaves the partnership (see ``subscriptions.py``).

Without the business nothing is left to reach: the coalition is given up. A town that leaves is out
like one that says no, so that a reached coalition asks again. Where it formed the coalition, the
secretariat goes on in its place.
"""

from __future__ import annotations

from matchmaker.core.actor import SYSTEM
from matchmaker.organizations.events import OrganizationWithdrawn
from matchmaker.organizations.queries import organization_of
from matchmaker.partnering.coalitions import queries
from matchmaker.partnering.coalitions.domain import MemberMove, MemberSide, MemberState
from matchmaker.partnering.coalitions.service import answer, close


def follow_withdrawal(event: OrganizationWithdrawn) -> None:
    """Nobody there answers, brings or takes anything any more."""
    gone = event.subject_id
    reason = f"{organization_of(gone).name}は、このサービスへの参加を終えました。"
    for coalition in queries.live_of_member(gone):
        own = [m for m in coalition.members if m.organization_id == gone]
        if any(member.side is MemberSide.BUSINESS for member in own):
            close(coalition.id, reason, SYSTEM, event.now)
            continue
        for member in own:
            is_in = member.state is MemberState.IN
            if member.state is not MemberState.OUT:
                move = MemberMove.LEAVE if is_in else MemberMove.DECLINE
                answer(coalition.id, member.id, move, reason, SYSTEM, event.now)
