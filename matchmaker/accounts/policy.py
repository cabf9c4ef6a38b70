"""Who may do what to people and their accounts."""

from __future__ import annotations

import uuid

from matchmaker.core.actor import Actor, GlobalRole


def can_use_account(actor: Actor) -> bool:
    """Everybody who is signed in has an account page."""
    return actor.is_signed_in


def can_see_members(actor: Actor, organization_id: uuid.UUID) -> bool:
    """Names and addresses of an organisation's people: its own people and the secretariat."""
    return actor.is_secretariat or actor.belongs_to(organization_id)


def can_manage_members(actor: Actor, organization_id: uuid.UUID) -> bool:
    """Invite, change roles, remove: the organisation's representatives and the secretariat."""
    return actor.is_secretariat or actor.represents(organization_id)


def can_manage_users(actor: Actor) -> bool:
    """The list of all accounts, unlocking included: the secretariat and the operators."""
    return actor.is_secretariat or actor.is_operator


def can_invite_globally(actor: Actor) -> bool:
    """Invite to any organisation or to a role for the whole service."""
    return actor.is_secretariat


def can_change_global_role(actor: Actor, user_id: uuid.UUID, role: GlobalRole) -> bool:
    """The secretariat gives and takes roles; nobody takes the secretariat role from themselves,
    so that one always remains."""
    if not actor.is_secretariat:
        return False
    return not (actor.user_id == user_id and role is GlobalRole.SECRETARIAT)


def can_deactivate(actor: Actor, user_id: uuid.UUID) -> bool:
    """Close or reopen somebody's account, never one's own."""
    return can_manage_users(actor) and actor.user_id != user_id


def can_reset_two_factor(actor: Actor, user_id: uuid.UUID) -> bool:
    """Take away somebody's two-step sign-in when the telephone is lost, never one's own."""
    return can_manage_users(actor) and actor.user_id != user_id
