"""Who must sign in with two steps, and what a person may do before having set them up."""

from __future__ import annotations

from matchmaker.accounts.models import User
from matchmaker.core.actor import GlobalRole
from matchmaker.core.settings import current_settings

DELICATE_ROLES = frozenset({GlobalRole.SECRETARIAT, GlobalRole.OPERATOR})
"""Roles that can see or change what belongs to everybody."""


def must_have_two_factor(user: User) -> bool:
    """Whether this installation asks two steps of the person (global roles must be loaded)."""
    settings = current_settings()
    if not (settings.is_production or settings.require_two_factor):
        return False
    return bool(DELICATE_ROLES & held_roles(user))


def lacks_two_factor(user: User) -> bool:
    """Whether two steps are asked of the person but not set up yet."""
    return must_have_two_factor(user) and not user.has_two_factor


def held_roles(user: User) -> frozenset[GlobalRole]:
    """Global roles of the person as stored."""
    return frozenset(GlobalRole(role.name) for role in user.roles)


def usable_roles(user: User) -> frozenset[GlobalRole]:
    """Global roles that count now: the delicate ones sleep until two steps are set up."""
    roles = held_roles(user)
    return roles - DELICATE_ROLES if lacks_two_factor(user) else roles
