"""Commands on invitations: send, accept once, take back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from matchmaker.accounts.domain import (
    GLOBAL_ROLES,
    INVITATION_VALID,
    ORGANIZATION_ROLES,
    InvitationNotUsable,
    invitation_problem,
    new_token,
    token_hash,
)
from matchmaker.accounts.events import InvitationAccepted, InvitationRevoked, InvitationSent
from matchmaker.accounts.models import Invitation, User
from matchmaker.accounts.queries import user_with_email
from matchmaker.accounts.service import (
    add_member,
    checked_email,
    create_user,
    grant_global_role,
)
from matchmaker.core.actor import Actor, GlobalRole, OrganizationRole
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.organizations.domain import label_of
from matchmaker.organizations.models import Organization


def invite(
    email: str,
    actor: Actor,
    now: datetime,
    *,
    organization: Organization | None = None,
    role: OrganizationRole | None = None,
    global_role: GlobalRole | None = None,
) -> Invitation:
    """Invite a person by mail to an organisation, to a role for the whole service, or both.

    Returns:
        The invitation; the secret link goes into the mail alone.

    Raises:
        ProductError: the address cannot be one.
    """
    email = checked_email(email)
    token = new_token()
    invitation = Invitation(
        email=email,
        organization_id=organization.id if organization else None,
        role=role,
        global_role=global_role,
        token_hash=token_hash(token),
        invited_by_id=actor.user_id,
        created_at=now,
        expires_at=now + INVITATION_VALID,
    )
    db.session.add(invitation)
    db.session.flush()
    record(
        InvitationSent(
            actor=actor,
            now=now,
            subject_id=invitation.id,
            organization_id=invitation.organization_id,
            email=email,
            token=token,
            expires_at=invitation.expires_at,
            role_label=role_label(invitation),
            organization_name=organization.name if organization else "",
            details={"role": role, "global_role": global_role},
        )
    )
    return invitation


def role_label(invitation: Invitation) -> str:
    """What the invitation is for, in Japanese."""
    labels = (
        label_of(ORGANIZATION_ROLES, invitation.role),
        label_of(GLOBAL_ROLES, invitation.global_role),
    )
    return "・".join(label for label in labels if label)


def accept_as_new_user(
    invitation: Invitation, name: str, kana: str, password: str, now: datetime
) -> User:
    """Make the account of an invited person and give the roles.

    Raises:
        InvitationNotUsable: it was used, taken back or has expired.
        ProductError: name or password are not right.
    """
    _claim(invitation, now)
    user = create_user(invitation.email, name, password, now, kana=kana)
    _give_roles(invitation, user, now)
    return user


def accept_as_known_user(invitation: Invitation, user: User, now: datetime) -> None:
    """Give the roles to a person who has an account; the global roles must be loaded.

    Raises:
        InvitationNotUsable: it was used, taken back or has expired, or is for somebody else.
    """
    known = user_with_email(invitation.email)
    if known is None or known.id != user.id:
        raise InvitationNotUsable("この招待は、別のメールアドレスの人あてです。")
    _claim(invitation, now)
    _give_roles(invitation, known, now)


def revoke_invitation(invitation: Invitation, actor: Actor, now: datetime) -> None:
    """Take an invitation back.

    Raises:
        InvitationNotUsable: it was used, taken back or has expired already.
    """
    check_usable(invitation, now)
    invitation.revoked_at = now
    db.session.flush()
    record(
        InvitationRevoked(
            actor=actor,
            now=now,
            subject_id=invitation.id,
            organization_id=invitation.organization_id,
        )
    )


def check_usable(invitation: Invitation | None, now: datetime) -> Invitation:
    """The invitation itself when it can still be used.

    Raises:
        InvitationNotUsable: it cannot.
    """
    if invitation is None:
        raise InvitationNotUsable(
            "この招待のリンクは正しくありません。メールのリンクを確かめてください。"
        )
    problem = invitation_problem(
        invitation.accepted_at, invitation.revoked_at, invitation.expires_at, now
    )
    if problem:
        raise InvitationNotUsable(problem)
    return invitation


def _claim(invitation: Invitation, now: datetime) -> None:
    """Use the invitation up in one statement, so that it works once even when pressed twice."""
    check_usable(invitation, now)
    statement = (
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(accepted_at=now)
    )
    if db.session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise InvitationNotUsable("この招待はすでに使われています。")


def _give_roles(invitation: Invitation, user: User, now: datetime) -> None:
    invitation.accepted_by_id = user.id
    actor = Actor(user_id=user.id, name=user.name)
    if invitation.organization_id is not None and invitation.role is not None:
        organization = db.session.get_one(Organization, invitation.organization_id)
        add_member(user, organization, OrganizationRole(invitation.role), actor, now)
    if invitation.global_role is not None:
        grant_global_role(user, GlobalRole(invitation.global_role), actor=actor, now=now)
    db.session.flush()
    record(
        InvitationAccepted(
            actor=actor,
            now=now,
            subject_id=invitation.id,
            organization_id=invitation.organization_id,
        )
    )


def inviter_name(invitation: Invitation) -> str:
    """Name of the person who invited, empty when the service did."""
    if invitation.invited_by_id is None:
        return ""
    inviter: User | None = db.session.get(User, invitation.invited_by_id)
    return inviter.name if inviter else ""
