"""Who acts: the plain value that policies decide on. It knows no database and no request."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import StrEnum


class OrganizationRole(StrEnum):
    """What a person may do for an organisation, from most to least."""

    REPRESENTATIVE = "representative"
    EDITOR = "editor"
    READER = "reader"


class GlobalRole(StrEnum):
    """What a person may do for the whole service."""

    SECRETARIAT = "secretariat"
    REVIEWER = "reviewer"
    OPERATOR = "operator"


WRITING_ROLES = frozenset({OrganizationRole.REPRESENTATIVE, OrganizationRole.EDITOR})


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or nobody, or the service itself) at the moment of acting.

    Args:
        user_id: the person, or None for a visitor and for the service itself.
        name: how the person is called in records.
        roles: role in each organisation the person belongs to.
        global_roles: roles for the whole service.
        is_system: whether the service itself acts (worker, commands).
    """

    user_id: uuid.UUID | None = None
    name: str = ""
    roles: dict[uuid.UUID, OrganizationRole] = field(default_factory=dict)
    global_roles: frozenset[GlobalRole] = frozenset()
    is_system: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether a person is known."""
        return self.user_id is not None

    @property
    def is_member(self) -> bool:
        """Whether the person belongs to the partnership (organisation or global role)."""
        return self.is_system or bool(self.roles) or bool(self.global_roles)

    @property
    def is_secretariat(self) -> bool:
        """Whether the person works for the secretariat."""
        return self.is_system or GlobalRole.SECRETARIAT in self.global_roles

    @property
    def is_reviewer(self) -> bool:
        """Whether the person reviews proposals."""
        return GlobalRole.REVIEWER in self.global_roles

    @property
    def is_operator(self) -> bool:
        """Whether the person runs the system."""
        return GlobalRole.OPERATOR in self.global_roles

    def belongs_to(self, organization_id: uuid.UUID | None) -> bool:
        """Whether the person has any role in the organisation."""
        return organization_id is not None and organization_id in self.roles

    def writes_for(self, organization_id: uuid.UUID | None) -> bool:
        """Whether the person may write in the organisation's name."""
        return organization_id is not None and self.roles.get(organization_id) in WRITING_ROLES

    def represents(self, organization_id: uuid.UUID | None) -> bool:
        """Whether the person is the organisation's representative."""
        if organization_id is None:
            return False
        return self.roles.get(organization_id) is OrganizationRole.REPRESENTATIVE


VISITOR = Actor()
SYSTEM = Actor(name="システム", is_system=True)
