"""What events mean for the outbox and for consortia (named in ``matchmaker/subscriptions.py``).

Each mail carries the facts in its text, since a desk on a closed network cannot open the link.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import writing_people_of
from matchmaker.core.domain_events import DomainEvent
from matchmaker.notifications.service import mail_people
from matchmaker.organizations.events import OrganizationWithdrawn
from matchmaker.partnering.consortia import queries
from matchmaker.partnering.consortia.domain import (
    CONSORTIUM_STATES,
    ROLE_LABELS,
    ConsortiumState,
    PartnerState,
    roles_of,
)
from matchmaker.partnering.consortia.events import (
    SUBJECT_KIND,
    ConsortiumChanged,
    ConsortiumLeadAnswered,
    ConsortiumLeadOffered,
    ConsortiumMoved,
    PartnerMoved,
)
from matchmaker.partnering.consortia.joining import follow_proposal
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner
from matchmaker.partnering.consortia.partners import drop_out
from matchmaker.partnering.consortia.wording import key_label

__all__ = [
    "drop_out_of_consortia",
    "follow_proposal",
    "mail_about_move",
    "mail_about_partner",
    "mail_lead_answer",
    "mail_lead_offer",
    "mail_new_version",
]

WORDS = {
    PartnerState.ACCEPTED: "が参加しました",
    PartnerState.DECLINED: "が参加を辞退しました",
    PartnerState.LEFT: "が離れました",
    PartnerState.REMOVED: "を参加者から外しました",
    PartnerState.EXTERNAL: "を外部の参加者として加えました",
}
TOLD_STATES = frozenset(ConsortiumState) - {ConsortiumState.ANSWERING}
"""Authors hear of an answer to a call from the proposal itself."""
Facts = dict[str, Any]


def mail_about_partner(event: PartnerMoved) -> None:
    """Ask who is invited; tell the partners who came and who went.

    A founder takes part from the beginning: nobody is there yet to be told.
    """
    consortium = queries.get(event.subject_id)
    partner = queries.partner_of(consortium, event.partner_id)
    state = PartnerState(event.after)
    key = f"consortium-{state.value}:{partner.id}:{event.count}"
    if state is PartnerState.INVITED:
        people, template = _people_of(partner), "consortium-invitation"
        _mail(people, consortium, template, _asking(event, partner), key, event)
        return
    told = [each for each in consortium.partners if _takes_part(each) and each.id != partner.id]
    if state is PartnerState.REMOVED:
        told.append(partner)
    context = {"partner_name": partner.name, "what": WORDS[state], "reason": event.reason}
    _mail(_people_of(*told), consortium, "consortium-partner", context, key, event)


def _asking(event: PartnerMoved, partner: ConsortiumPartner) -> Facts:
    return {
        "inviter_name": event.actor.name,
        "roles": "、".join(ROLE_LABELS[role] for role in roles_of(partner)),
        "message": partner.message,
    }


def mail_new_version(event: ConsortiumChanged) -> None:
    """Ask the partners to read and agree to a new version."""
    consortium = queries.get(event.subject_id)
    names = {str(each.id): each.name for each in consortium.partners}
    changed = "、".join(key_label(key, names) for key in event.details.get("fields", []))
    context = {"number": event.number, "actor_name": event.actor.name, "changed": changed}
    key = f"consortium-version:{consortium.id}:{event.number}"
    _mail(_people_in(consortium), consortium, "consortium-version", context, key, event)


def mail_about_move(event: ConsortiumMoved) -> None:
    """Tell the partners where the consortium stands now."""
    state = ConsortiumState(event.after)
    if state not in TOLD_STATES:
        return
    consortium = queries.get(event.subject_id)
    context = {"state": CONSORTIUM_STATES.labels[state], "reason": event.reason}
    key = f"consortium-{state.value}:{consortium.id}:{event.now.isoformat()}"
    _mail(_people_in(consortium), consortium, "consortium-moved", context, key, event)


def mail_lead_offer(event: ConsortiumLeadOffered) -> None:
    """Ask the partner who is to take the lead."""
    consortium = queries.get(event.subject_id)
    partner = queries.partner_of(consortium, event.partner_id)
    context = {"actor_name": event.actor.name, "reason": event.reason}
    key = f"consortium-lead-offer:{partner.id}:{event.now.isoformat()}"
    _mail(_people_of(partner), consortium, "consortium-lead-offer", context, key, event)


def mail_lead_answer(event: ConsortiumLeadAnswered) -> None:
    """Tell the partners who leads now, or that the lead was declined."""
    consortium = queries.get(event.subject_id)
    partner = queries.partner_of(consortium, event.partner_id)
    context = {"partner_name": partner.name, "is_taken": event.is_taken}
    key = f"consortium-lead:{partner.id}:{event.now.isoformat()}"
    _mail(_people_in(consortium), consortium, "consortium-lead", context, key, event)


def drop_out_of_consortia(event: OrganizationWithdrawn) -> None:
    """An organisation left the partnership: it is no partner of any live consortium any more."""
    drop_out(event.subject_id, event.actor, event.now)


def _takes_part(partner: ConsortiumPartner) -> bool:
    return partner.state is PartnerState.ACCEPTED


def _people_in(consortium: Consortium) -> list[User]:
    return _people_of(*filter(_takes_part, consortium.partners))


def _people_of(*partners: ConsortiumPartner) -> list[User]:
    """Those who write for these partners, each once; nobody for one from outside."""
    people: dict[uuid.UUID, User] = {}
    for each in partners:
        if each.organization_id is not None:
            people |= {user.id: user for user in writing_people_of(each.organization_id)}
    return list(people.values())


def _mail(
    people: Iterable[User],
    consortium: Consortium,
    template: str,
    context: Facts,
    key: str,
    event: DomainEvent,
) -> None:
    """Mail everybody but who did it."""
    others = [each for each in people if each.id != event.actor.user_id]
    facts = {**_facts(consortium), **context}
    mail_people(others, template, facts, key, consortium.id, event.now, subject_kind=SUBJECT_KIND)


def _facts(consortium: Consortium) -> Facts:
    partners = [each for each in consortium.partners if _takes_part(each)]
    lead = next((each.name for each in partners if each.is_lead), "（いません）")
    return {
        "consortium_id": str(consortium.id),
        "consortium_name": consortium.name,
        "lead_name": lead,
        "partner_names": "、".join(each.name for each in partners),
    }
