"""Commands on the partners of a consortium: inviting, answering, leaving, roles, the lead."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.organizations.queries import organization_of
from matchmaker.partnering.consortia import queries
from matchmaker.partnering.consortia.domain import (
    CONSORTIUM_STATES,
    GIVEN_ROLES,
    LIVE_STATES,
    MESSAGE_LENGTH,
    MOST_PARTNERS,
    PARTNER_STATES,
    PRESENT_STATES,
    REASON_LENGTH,
    PartnerMove,
    PartnerRole,
    PartnerState,
)
from matchmaker.partnering.consortia.events import (
    ConsortiumLeadAnswered,
    ConsortiumLeadOffered,
    PartnerMoved,
    PartnerRolesChanged,
)
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner
from matchmaker.partnering.consortia.settling import settle_state

LEAD_STAYS = (
    "代表は、ほかの参加者に代表を引き継いでから離れてください。"
    "引き継ぐ団体がないときは、座組を終了してください。"
)
GONE_REASON = "パートナーシップを退会したため"


def invite(
    consortium: Consortium,
    organization_id: uuid.UUID,
    roles: Sequence[PartnerRole],
    message: str,
    actor: Actor,
    now: datetime,
) -> ConsortiumPartner:
    """Ask a member organisation to take part; one that declined or left may be asked again.

    Raises:
        Conflict: the consortium has ended.
        ProductError: it is no active member, is there already, has no role, or is one too many.
    """
    _check_room(consortium)
    codes = _checked_roles(roles)
    if not organization_of(organization_id).is_active:
        raise ProductError("この団体は、いまは会員ではありません。", "organization")
    row = next((p for p in consortium.partners if p.organization_id == organization_id), None)
    if row is None:
        row = _add(consortium, PartnerState.INVITED, codes, now, organization_id=organization_id)
    elif row.state in PRESENT_STATES:
        raise ProductError("この団体には、すでに声をかけています。", "organization")
    else:
        row.state = PARTNER_STATES.check(row.state, PartnerMove.INVITE)
        row.invitations += 1
    _begin_anew(row, codes, message, now)
    return _moved(consortium, row, "", actor, now)


def _begin_anew(row: ConsortiumPartner, codes: list[str], message: str, now: datetime) -> None:
    row.roles, row.message = codes, message.strip()[:MESSAGE_LENGTH]
    row.invited_at, row.reason, row.is_lead = now, "", False
    row.answered_at = row.ended_at = row.agreed_at = row.lead_offered_at = None
    row.agreed_number = None


def add_external(
    consortium: Consortium,
    name: str,
    note: str,
    roles: Sequence[PartnerRole],
    actor: Actor,
    now: datetime,
) -> ConsortiumPartner:
    """Name a partner that is no member; the lead vouches for its taking part.

    Raises:
        Conflict: the consortium has ended.
        ProductError: the name is missing or there already, no role, or one too many.
    """
    _check_room(consortium)
    codes = _checked_roles(roles)
    if not name:
        raise ProductError("名前を入れてください。", "name")
    if any(p.external_name == name and p.state in PRESENT_STATES for p in consortium.partners):
        raise ProductError("同じ名前の外部の参加者が、すでにいます。", "name")
    row = _add(consortium, PartnerState.EXTERNAL, codes, now, external_name=name)
    row.external_note = note
    return _moved(consortium, row, "", actor, now)


def _add(
    consortium: Consortium,
    state: PartnerState,
    roles: list[str],
    now: datetime,
    *,
    organization_id: uuid.UUID | None = None,
    external_name: str = "",
) -> ConsortiumPartner:
    row = ConsortiumPartner(
        id=new_id(), consortium_id=consortium.id, organization_id=organization_id,
        external_name=external_name, external_note="", roles=roles, state=state, is_lead=False,
        invited_at=now, invitations=1,
    )  # fmt: skip
    db.session.add(row)
    return row


def answer(
    consortium: Consortium,
    partner: ConsortiumPartner,
    is_accepted: bool,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Accept the invitation, or decline it with a reason.

    Raises:
        IllegalMove: it was answered or taken back already.
        Conflict: the consortium has ended meanwhile.
        ProductError: the reason is missing.
    """
    move = PartnerMove.ACCEPT if is_accepted else PartnerMove.DECLINE
    if is_accepted:
        _check_live(consortium)
    _move(consortium, partner, move, reason, actor, now)


def leave(
    consortium: Consortium, partner: ConsortiumPartner, reason: str, actor: Actor, now: datetime
) -> None:
    """Leave a consortium, with a reason. What was written stays in its versions.

    Raises:
        Conflict: the partner leads and others could take over.
        IllegalMove: it does not take part.
        ProductError: the reason is missing.
    """
    _refuse_lead(partner)
    _move(consortium, partner, PartnerMove.LEAVE, reason, actor, now)


def remove(
    consortium: Consortium, partner: ConsortiumPartner, reason: str, actor: Actor, now: datetime
) -> None:
    """Take a partner out, or an invitation back, with a reason.

    Raises:
        Conflict: the partner leads.
        IllegalMove: it is gone already.
        ProductError: the reason is missing.
    """
    _refuse_lead(partner)
    _move(consortium, partner, PartnerMove.REMOVE, reason, actor, now)


def drop_out(organization_id: uuid.UUID, actor: Actor, now: datetime) -> int:
    """An organisation left the partnership: take it out of all live consortia, leading or not.

    Returns:
        In how many it took part or was invited.
    """
    found = queries.live_of_organization(organization_id)
    for consortium in found:
        for partner in consortium.partners:
            if partner.organization_id == organization_id:
                _move(consortium, partner, PartnerMove.DROP_OUT, GONE_REASON, actor, now)
    return len(found)


def change_roles(
    consortium: Consortium,
    partner: ConsortiumPartner,
    roles: Sequence[PartnerRole],
    actor: Actor,
    now: datetime,
) -> None:
    """Say anew what a partner does; the lead is handed over, not chosen here.

    Raises:
        Conflict: the consortium has ended, or the partner is gone.
        ProductError: no role is chosen.
    """
    _check_live(consortium)
    if partner.state not in PRESENT_STATES:
        raise Conflict("この団体は、いまは参加していません。")
    codes = _checked_roles(roles)
    if codes == partner.roles:
        return
    before, partner.roles = partner.roles, codes
    db.session.flush()
    record(
        PartnerRolesChanged(
            actor=actor, now=now, subject_id=consortium.id, partner_id=partner.id,
            organization_id=partner.organization_id, details={"before": before, "after": codes},
        )
    )  # fmt: skip
    settle_state(consortium, actor, now)


def offer_lead(
    consortium: Consortium, partner: ConsortiumPartner, reason: str, actor: Actor, now: datetime
) -> None:
    """Offer the lead to a partner, who has to take it. A second time asks nothing more.

    Raises:
        Conflict: the partner does not take part, or leads already.
        ProductError: the reason is missing.
    """
    _check_live(consortium)
    if not reason.strip():
        raise ProductError("引き継ぐ理由を入れてください。", "reason")
    if partner.state is not PartnerState.ACCEPTED or partner.is_lead:
        raise Conflict("引き継げるのは、参加している代表以外の団体だけです。")
    if partner.lead_offered_at is not None:
        return
    for each in consortium.partners:
        each.lead_offered_at = None
    partner.lead_offered_at = now
    db.session.flush()
    record(
        ConsortiumLeadOffered(
            actor=actor, now=now, subject_id=consortium.id, partner_id=partner.id,
            organization_id=partner.organization_id, reason=reason.strip(),
        )
    )  # fmt: skip


def answer_lead(
    consortium: Consortium,
    partner: ConsortiumPartner,
    is_taken: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Take the lead that was offered, or decline it.

    Raises:
        Conflict: the lead is not offered to this partner (any more).
    """
    _check_live(consortium)
    if partner.lead_offered_at is None or partner.state is not PartnerState.ACCEPTED:
        raise Conflict("代表の引き継ぎの案内は、いまはありません。")
    _answer_lead(consortium, partner, is_taken, actor, now)


def take_lead(
    consortium: Consortium, partner: ConsortiumPartner, actor: Actor, now: datetime
) -> None:
    """Take the lead of a consortium whose lead is gone.

    Raises:
        Conflict: somebody leads (meanwhile), or the partner does not take part.
    """
    _check_live(consortium)
    if partner.state is not PartnerState.ACCEPTED:
        raise Conflict("代表になれるのは、参加している団体だけです。")
    if any(each.is_lead and each.state is PartnerState.ACCEPTED for each in consortium.partners):
        raise Conflict("すでに代表がいます。ページを開き直してください。")
    _answer_lead(consortium, partner, True, actor, now)


def _answer_lead(
    consortium: Consortium, partner: ConsortiumPartner, is_taken: bool, actor: Actor, now: datetime
) -> None:
    """The former lead steps back first: the database allows one lead at a time."""
    partner.lead_offered_at = None
    if is_taken:
        for each in consortium.partners:
            each.is_lead = False
        db.session.flush()
        partner.is_lead = True
    db.session.flush()
    record(
        ConsortiumLeadAnswered(
            actor=actor, now=now, subject_id=consortium.id, partner_id=partner.id,
            organization_id=partner.organization_id, is_taken=is_taken,
            details={"is_taken": is_taken},
        )
    )  # fmt: skip
    settle_state(consortium, actor, now)


def _move(
    consortium: Consortium,
    partner: ConsortiumPartner,
    step: PartnerMove,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    partner.state = PARTNER_STATES.check(partner.state, step, reason)
    partner.reason = reason.strip()[:REASON_LENGTH]
    if partner.answered_at is None:
        partner.answered_at = now
    if partner.state not in PRESENT_STATES:
        partner.ended_at, partner.is_lead, partner.lead_offered_at = now, False, None
    _moved(consortium, partner, partner.reason, actor, now)


def _moved(
    consortium: Consortium, partner: ConsortiumPartner, reason: str, actor: Actor, now: datetime
) -> ConsortiumPartner:
    consortium.updated_at = now
    db.session.flush()
    db.session.expire(consortium, ["partners"])
    consortium = queries.get(consortium.id)
    record(
        PartnerMoved(
            actor=actor, now=now, subject_id=consortium.id, partner_id=partner.id, reason=reason,
            organization_id=partner.organization_id, after=partner.state.value,
            count=partner.invitations,
        )
    )  # fmt: skip
    settle_state(consortium, actor, now)
    return partner


def _checked_roles(roles: Iterable[PartnerRole]) -> list[str]:
    chosen = set(roles)
    codes = [role.value for role in GIVEN_ROLES if role in chosen]
    if not codes:
        raise ProductError("役割をひとつ以上選んでください。", "roles")
    return codes


def _check_room(consortium: Consortium) -> None:
    _check_live(consortium)
    present = [each for each in consortium.partners if each.state in PRESENT_STATES]
    if len(present) >= MOST_PARTNERS:
        raise ProductError(
            f"ひとつの座組に入れるのは{MOST_PARTNERS}団体までです。"
            "辞退や離脱した団体の分はあきます。"
        )


def _check_live(consortium: Consortium) -> None:
    if consortium.state not in LIVE_STATES:
        label = CONSORTIUM_STATES.labels[consortium.state]
        raise Conflict(f"「{label}」の座組は変えられません。")


def _refuse_lead(partner: ConsortiumPartner) -> None:
    if partner.is_lead and partner.state is PartnerState.ACCEPTED:
        raise Conflict(LEAD_STAYS)
