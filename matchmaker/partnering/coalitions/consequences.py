"""What events of coalitions mean for the outbox (named in ``matchmaker/subscriptions.py``).

Each mail carries the facts in its text, since a desk on a closed network cannot open the link.
"""

from __future__ import annotations

from typing import Any

from matchmaker.core.formatting import format_number, format_range
from matchmaker.notifications.service import mail_members, mail_secretariat
from matchmaker.partnering.coalitions import queries
from matchmaker.partnering.coalitions.domain import (
    STANDING_LABELS,
    MemberSide,
    MemberState,
    standing_of,
)
from matchmaker.partnering.coalitions.events import (
    CoalitionClosed,
    CoalitionMemberAnswered,
    CoalitionMemberAsked,
    CoalitionReached,
)
from matchmaker.partnering.coalitions.models import Coalition, CoalitionMember
from matchmaker.partnering.coalitions.service import agreed, member_with

SUBJECT_KIND = "coalitions:coalition"
UNIT = "t/年"


def mail_question(event: CoalitionMemberAsked) -> None:
    """Ask the member by mail; for a town outside the partnership ask for a letter."""
    coalition = queries.get(event.subject_id)
    member = member_with(coalition, event.member_id)
    context = {**facts(coalition), **_own(coalition, member), "note": coalition.note}
    key = f"coalition-asked:{member.id}:{event.count}"
    if member.organization_id is not None:
        mail_members(
            member.organization_id, "coalition-invitation", context, key, coalition.id, event.now,
            subject_kind=SUBJECT_KIND,
        )  # fmt: skip
    elif member.letter_sent_at is None:
        mail_secretariat("coalition-letter", context, key, coalition.id, event.now)


def mail_answer(event: CoalitionMemberAnswered) -> None:
    """Tell who formed the coalition what a member answered."""
    coalition = queries.get(event.subject_id)
    member = member_with(coalition, event.member_id)
    if member.organization_id == coalition.organization_id:
        return
    context = {
        **facts(coalition),
        "member_name": member.name,
        "is_in": event.is_in,
        "reason": event.reason,
    }
    mail_members(
        coalition.organization_id, "coalition-answered", context,
        f"coalition-answered:{member.id}:{member.revision}", coalition.id, event.now,
        subject_kind=SUBJECT_KIND,
    )  # fmt: skip


def mail_reached(event: CoalitionReached) -> None:
    """Tell everybody who is in that the lot is reached."""
    coalition = queries.get(event.subject_id)
    key = f"coalition-reached:{coalition.id}:{coalition.revision}"
    _mail_all(coalition, "coalition-reached", {}, key, event)


def mail_closed(event: CoalitionClosed) -> None:
    """Tell everybody who is in or still asked that the coalition was given up."""
    coalition = queries.get(event.subject_id)
    context = {"reason": event.reason, "actor_name": event.actor.name}
    _mail_all(coalition, "coalition-closed", context, f"coalition-closed:{coalition.id}", event)


def _mail_all(
    coalition: Coalition,
    template: str,
    more: dict[str, Any],
    key: str,
    event: CoalitionReached | CoalitionClosed,
) -> None:
    context = {**facts(coalition), **more}
    concerned = {m.organization_id for m in coalition.members if m.state is not MemberState.OUT}
    for organization_id in sorted(each for each in concerned if each is not None):
        mail_members(
            organization_id, template, context, key, coalition.id, event.now,
            subject_kind=SUBJECT_KIND,
        )  # fmt: skip


def facts(coalition: Coalition) -> dict[str, Any]:
    """What every mail and letter says of a coalition."""
    total = agreed(coalition)
    return {
        "coalition_id": str(coalition.id),
        "material": coalition.material.name,
        "offering_title": coalition.offering.title,
        "business": next(m.name for m in coalition.members if m.side is MemberSide.BUSINESS),
        "lot": f"{format_number(coalition.lot_tonnes, 3)} {UNIT}",
        "founder": coalition.organization.name,
        "agreed": format_range(total.low, total.high, UNIT),
        "standing": STANDING_LABELS[standing_of(total, coalition.lot_tonnes)],
        "towns": [
            (m.name, format_range(m.low_tonnes, m.high_tonnes, UNIT), m.is_estimate)
            for m in coalition.members
            if m.side is MemberSide.TOWN and m.state is not MemberState.OUT
        ],
    }


def _own(coalition: Coalition, member: CoalitionMember) -> dict[str, Any]:
    is_town = member.side is MemberSide.TOWN
    return {
        "member_name": member.name,
        "is_town": is_town,
        "is_estimate": member.is_estimate,
        "own_tonnes": format_range(member.low_tonnes, member.high_tonnes, UNIT) if is_town else "",
        "own_km": format_number(member.road_km, 0) if member.road_km is not None else "",
        "offering_id": str(coalition.offering_id),
    }
