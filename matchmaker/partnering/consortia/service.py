"""Commands on consortia. They flush and record events; they never commit and know no request."""

from __future__ import annotations

import uuid
from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotAllowed
from matchmaker.partnering.consortia import queries
from matchmaker.partnering.consortia.domain import (
    CORRECTIONS,
    ConsortiumMove,
    ConsortiumState,
    PartnerRole,
    PartnerState,
)
from matchmaker.partnering.consortia.events import ConsortiumFounded, PartnerAgreed, PartnerMoved
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner
from matchmaker.partnering.consortia.origins import Beginning, FirstPartner, check_may_found
from matchmaker.partnering.consortia.saving import SaveOutcome, keep_version, restore, save
from matchmaker.partnering.consortia.settling import (
    move,
    move_if_possible,
    obstacles_of,
    settle_state,
)
from matchmaker.partnering.introductions.matches.service import note_consortium

__all__ = [
    "SaveOutcome",
    "agree",
    "correct",
    "end",
    "found",
    "move",
    "move_if_possible",
    "obstacles_of",
    "restore",
    "save",
    "settle_state",
    "start_running",
]

OUTSIDE_NOTE = "連合に加わった、会員ではない自治体"


def found(
    beginning: Beginning,
    organization_id: uuid.UUID,
    name: str,
    actor: Actor,
    now: datetime,
) -> Consortium:
    """Begin a consortium; the founder's organisation leads, the others are invited.

    There is one live consortium for a match or a coalition: founding it again (a double press, or
    the other side a moment later) gives the one that stands.

    Args:
        organization_id: which of the person's organisations begins it.
        name: what it is called; empty keeps what the beginning proposes.

    Raises:
        ProductError: the person does not write for a side of it.
    """
    queries.lock_origin(beginning.match_id, beginning.coalition_id)
    standing = queries.live_from(beginning.match_id, beginning.coalition_id)
    if standing is not None:
        return standing
    check_may_found(beginning, organization_id, actor)
    consortium = _new(beginning, name, actor, now)
    db.session.add(consortium)
    db.session.flush()
    for each in beginning.partners:
        db.session.add(_first_partner(consortium, each, organization_id, now))
    db.session.flush()
    keep_version(consortium, "立ち上げ", actor, now)
    _record_founding(consortium, organization_id, actor, now)
    if beginning.match_id is not None:
        note_consortium(beginning.match_id, consortium.name, actor, now)
    return queries.get(consortium.id)


def _new(beginning: Beginning, name: str, actor: Actor, now: datetime) -> Consortium:
    content = {**beginning.content.stored(), "name": name or beginning.content.name}
    return Consortium(
        id=new_id(), name=content["name"], state=ConsortiumState.FORMING,
        match_id=beginning.match_id, coalition_id=beginning.coalition_id,
        need_id=beginning.need_id, offering_id=beginning.offering_id,
        content=content, revision=1, created_by_id=actor.user_id, created_at=now, updated_at=now,
    )  # fmt: skip


def _first_partner(
    consortium: Consortium, first: FirstPartner, founder_id: uuid.UUID, now: datetime
) -> ConsortiumPartner:
    organization = first.organization
    is_founder = organization is not None and organization.id == founder_id
    state = PartnerState.INVITED
    if organization is None:
        state = PartnerState.EXTERNAL
    elif is_founder:
        state = PartnerState.ACCEPTED
    return ConsortiumPartner(
        id=new_id(), consortium_id=consortium.id, state=state, is_lead=is_founder,
        organization_id=organization.id if organization else None,
        external_name="" if organization else first.name,
        external_note="" if organization else OUTSIDE_NOTE,
        roles=[role.value for role in first.roles if role is not PartnerRole.LEAD],
        invited_at=now, answered_at=now if is_founder else None,
    )  # fmt: skip


def _record_founding(
    consortium: Consortium, organization_id: uuid.UUID, actor: Actor, now: datetime
) -> None:
    record(
        ConsortiumFounded(
            actor=actor, now=now, subject_id=consortium.id, organization_id=organization_id,
            match_ids=(consortium.match_id,) if consortium.match_id else (),
            coalition_id=consortium.coalition_id,
        )
    )  # fmt: skip
    for partner in queries.partners_of(consortium.id):
        record(
            PartnerMoved(
                actor=actor, now=now, subject_id=consortium.id, partner_id=partner.id,
                organization_id=partner.organization_id, after=partner.state.value, count=1,
            )
        )  # fmt: skip


def agree(
    consortium: Consortium, partner: ConsortiumPartner, number: int, actor: Actor, now: datetime
) -> None:
    """Agree to the version that the person has read, for a partner.

    Raises:
        Conflict: it is not the present version any more, or the partner does not take part.
    """
    if partner.state is not PartnerState.ACCEPTED:
        raise Conflict("参加している団体だけが同意できます。")
    if number != consortium.revision:
        raise Conflict(
            "読んでいるあいだに、内容が新しくなりました。新しい版を読んでから同意してください。"
        )
    if partner.agreed_number == number:
        return
    partner.agreed_number, partner.agreed_at = number, now
    db.session.flush()
    record(
        PartnerAgreed(
            actor=actor, now=now, subject_id=consortium.id, partner_id=partner.id,
            organization_id=partner.organization_id, number=number,
        )
    )  # fmt: skip
    settle_state(consortium, actor, now)


def end(consortium: Consortium, reason: str, actor: Actor, now: datetime) -> None:
    """End a consortium, with a reason; its pages and versions stay.

    Raises:
        IllegalMove: it has ended already.
        ProductError: the reason is missing.
    """
    move(consortium, ConsortiumMove.END, reason, actor, now)


def correct(
    consortium: Consortium, step: ConsortiumMove, reason: str, actor: Actor, now: datetime
) -> None:
    """The secretariat sets the state right, with a reason; the partners agree anew.

    Raises:
        NotAllowed: this step is not set by hand.
        IllegalMove: the state does not allow it, or another live one grew from the same.
    """
    if step not in CORRECTIONS:
        raise NotAllowed("この操作はできません。")
    if step is ConsortiumMove.REOPEN and _has_successor(consortium):
        raise Conflict("同じところから、新しい座組がすでに始まっています。")
    move(consortium, step, reason, actor, now)
    for partner in consortium.partners:
        partner.agreed_number = partner.agreed_at = None
    db.session.flush()


def _has_successor(consortium: Consortium) -> bool:
    if consortium.match_id is None and consortium.coalition_id is None:
        return False
    return queries.live_from(consortium.match_id, consortium.coalition_id) is not None


def start_running(consortium: Consortium, actor: Actor, now: datetime) -> None:
    """Bring a consortium whose pilot has begun into 実証中, where its state allows it."""
    move_if_possible(consortium, ConsortiumMove.START, "", actor, now)
