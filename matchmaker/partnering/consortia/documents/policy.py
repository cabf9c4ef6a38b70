"""Who may make and bring back the documents of a consortium. Pure predicates."""

from __future__ import annotations

from matchmaker.core.actor import Actor
from matchmaker.partnering.consortia import policy
from matchmaker.partnering.consortia.policy import Subject


def can_make(actor: Actor, consortium: Subject) -> bool:
    """Whoever reads the consortium may take its documents with them."""
    return policy.can_view(actor, consortium)


def can_bring_back(actor: Actor, consortium: Subject) -> bool:
    """Whoever writes the content may bring back a workbook and merge it."""
    return policy.can_write(actor, consortium)


def can_change_roles(actor: Actor, consortium: Subject) -> bool:
    """Whose workbook may change the roles of partners."""
    return policy.can_manage_partners(actor, consortium)
