"""Commands on the people who write a proposal together."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from matchmaker.accounts.models import OrganizationMember, User
from matchmaker.accounts.queries import user_with_email, writing_people_of
from matchmaker.core.actor import WRITING_ROLES, Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.organizations.queries import organization_of
from matchmaker.working_groups.proposals.domain import (
    HANDED_IN_STATES,
    PROPOSAL_STATES,
    REASON_LENGTH,
    AuthorRole,
    ProposalState,
)
from matchmaker.working_groups.proposals.events import (
    AuthorAnswered,
    AuthorInvited,
    AuthorLeft,
    LeadHandedOver,
    LeadOffered,
)
from matchmaker.working_groups.proposals.models import Proposal, ProposalAuthor

MOST_AUTHORS = 50
NOT_FOUND = (
    "この団体に、その人は見つかりません。メールアドレスを確かめるか、"
    "空のままにして団体の担当者全員に声をかけてください。"
)


def invite(
    proposal: Proposal, organization_id: uuid.UUID, email: str, actor: Actor, now: datetime
) -> Sequence[ProposalAuthor]:
    """Ask people of a member organisation to write together.

    Args:
        email: address of one person; empty for all who write for the organisation.

    Returns:
        The rows of those who were newly asked.

    Raises:
        ProductError: nobody is found, all are there already, or there would be too many.
    """
    _check_open(proposal)
    organization = organization_of(organization_id)
    if not organization.is_active:
        raise ProductError("この団体は、いまは会員ではありません。", "organization_id")
    people = _people(organization_id, email)
    present = {a.user_id for a in proposal.authors if a.left_at is None}
    fresh = [user for user in people if user.id not in present]
    if not fresh:
        raise ProductError("その人には、すでに声をかけています。", "email")
    if len(present) + len(fresh) > MOST_AUTHORS:
        raise ProductError(f"いっしょに書けるのは{MOST_AUTHORS}人までです。", "email")
    rows = {each.user_id: each for each in proposal.authors}
    return [_ask(proposal, rows.get(user.id), user, organization_id, actor, now) for user in fresh]


def _people(organization_id: uuid.UUID, email: str) -> Sequence[User]:
    if not email.strip():
        people = writing_people_of(organization_id)
        if not people:
            raise ProductError("この団体には、提案を書ける人がまだいません。", "organization_id")
        return people
    user = user_with_email(email.strip())
    if user is None or not user.active or not _writes_for(user.id, organization_id):
        raise ProductError(NOT_FOUND, "email")
    return [user]


def _writes_for(user_id: uuid.UUID, organization_id: uuid.UUID) -> bool:
    query = select(OrganizationMember.id).where(
        OrganizationMember.user_id == user_id,
        OrganizationMember.organization_id == organization_id,
        OrganizationMember.role.in_(WRITING_ROLES),
    )
    return db.session.scalar(query) is not None


def _ask(
    proposal: Proposal,
    row: ProposalAuthor | None,
    user: User,
    organization_id: uuid.UUID,
    actor: Actor,
    now: datetime,
) -> ProposalAuthor:
    """A new row, or the old one of somebody who declined or left and is asked again."""
    if row is None:
        row = ProposalAuthor(
            proposal_id=proposal.id, user_id=user.id, role=AuthorRole.CO_AUTHOR,
            organization_id=organization_id, invited_at=now,
        )  # fmt: skip
        db.session.add(row)
    row.organization_id, row.role, row.invited_at = organization_id, AuthorRole.CO_AUTHOR, now
    row.accepted_at, row.left_at, row.left_reason, row.lead_offered_at = None, None, "", None
    db.session.flush()
    db.session.expire(proposal, ["authors"])
    db.session.expire(row, ["organization"])
    record(
        AuthorInvited(
            actor=actor, now=now, subject_id=proposal.id, organization_id=organization_id,
            user_id=user.id, details={"person": user.name},
        )
    )  # fmt: skip
    return row


def answer(proposal: Proposal, accepted: bool, actor: Actor, now: datetime) -> None:
    """Accept or decline the invitation.

    Raises:
        Conflict: there is no open invitation for the person.
    """
    row = _row_of(proposal, actor.user_id)
    if row.accepted_at is not None or row.left_at is not None:
        raise Conflict("この案内には、すでに答えています。")
    if accepted:
        _check_open(proposal)
        row.accepted_at = now
    else:
        row.left_at, row.left_reason = now, "辞退"
    db.session.flush()
    record(
        AuthorAnswered(
            actor=actor, now=now, subject_id=proposal.id, organization_id=row.organization_id,
            accepted=accepted, details={"accepted": accepted},
        )
    )  # fmt: skip


def leave(proposal: Proposal, user_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Take an author off: by own wish, or by those who run the proposal.

    Raises:
        Conflict: the person leads; the lead is handed over first, or the proposal withdrawn.
    """
    row = _row_of(proposal, user_id)
    if row.left_at is not None:
        raise Conflict("この人は、すでに外れています。")
    if row.role is AuthorRole.LEAD:
        raise Conflict(
            "代表は、ほかの共同提案者に代表を引き継いでから外れてください。"
            "引き継ぐ人がいないときは、提案を取り下げてください。"
        )
    row.left_at, row.left_reason = now, reason.strip()[:REASON_LENGTH]
    row.lead_offered_at, row.editing_at = None, None
    db.session.flush()
    record(
        AuthorLeft(
            actor=actor, now=now, subject_id=proposal.id, organization_id=row.organization_id,
            reason=row.left_reason, user_id=user_id,
        )
    )  # fmt: skip


def offer_lead(
    proposal: Proposal, user_id: uuid.UUID, reason: str, actor: Actor, now: datetime
) -> None:
    """Offer the lead to a co-author, who has to accept it.

    Raises:
        Conflict: the person does not write the proposal, or leads it already.
        ProductError: the reason is missing.
    """
    if not reason.strip():
        raise ProductError("引き継ぐ理由を入れてください。", "reason")
    row = _row_of(proposal, user_id)
    if row.accepted_at is None or row.left_at is not None:
        raise Conflict("引き継げるのは、参加を承諾した共同提案者だけです。")
    if row.role is AuthorRole.LEAD:
        raise Conflict("この人は、すでに代表です。")
    for each in proposal.authors:
        each.lead_offered_at = None
    row.lead_offered_at = now
    db.session.flush()
    record(
        LeadOffered(
            actor=actor, now=now, subject_id=proposal.id, organization_id=row.organization_id,
            reason=reason.strip(), user_id=user_id,
        )
    )  # fmt: skip


def answer_lead(proposal: Proposal, accepted: bool, actor: Actor, now: datetime) -> None:
    """Take over the lead, or decline it; the organisation that leads changes with it.

    Raises:
        Conflict: the lead was not offered to the person.
    """
    row = _row_of(proposal, actor.user_id)
    if row.lead_offered_at is None or row.left_at is not None:
        raise Conflict("代表の引き継ぎの案内は、いまはありません。")
    row.lead_offered_at = None
    if accepted:
        _hand_over(proposal, row)
    db.session.flush()
    record(
        LeadHandedOver(
            actor=actor, now=now, subject_id=proposal.id, organization_id=row.organization_id,
            details={"accepted": accepted},
        )
    )  # fmt: skip


def _hand_over(proposal: Proposal, row: ProposalAuthor) -> None:
    """The former lead steps back first: the database allows one lead at a time."""
    for each in proposal.authors:
        if each.role is AuthorRole.LEAD:
            each.role = AuthorRole.CO_AUTHOR
    db.session.flush()
    row.role = AuthorRole.LEAD
    proposal.lead_organization_id = row.organization_id
    db.session.flush()
    db.session.expire(proposal, ["lead_organization"])


def _row_of(proposal: Proposal, user_id: uuid.UUID | None) -> ProposalAuthor:
    row = next((each for each in proposal.authors if each.user_id == user_id), None)
    if row is None:
        raise NotFound
    return row


def _check_open(proposal: Proposal) -> None:
    """People join while the proposal is written or waits for its decision."""
    closed = (HANDED_IN_STATES - {ProposalState.SUBMITTED, ProposalState.RETURNED}) | {
        ProposalState.WITHDRAWN
    }
    if proposal.state in closed:
        label = PROPOSAL_STATES.labels[proposal.state]
        raise Conflict(f"「{label}」の提案には、人を加えられません。")
