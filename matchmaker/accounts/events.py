"""What happens to people and their accounts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCreated(DomainEvent):
    """A person got an account."""

    tag: ClassVar[str] = "accounts:user:created"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRenamed(DomainEvent):
    """A person changed name or reading."""

    tag: ClassVar[str] = "accounts:user:renamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSignedIn(DomainEvent):
    """A person signed in."""

    tag: ClassVar[str] = "accounts:user:signed-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLocked(DomainEvent):
    """Too many failed sign-ins locked the account."""

    tag: ClassVar[str] = "accounts:user:locked"
    locked_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UserUnlocked(DomainEvent):
    """The secretariat or an operator unlocked the account."""

    tag: ClassVar[str] = "accounts:user:unlocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDeactivated(DomainEvent):
    """The account was closed."""

    tag: ClassVar[str] = "accounts:user:deactivated"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserReactivated(DomainEvent):
    """The account was opened again."""

    tag: ClassVar[str] = "accounts:user:reactivated"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(DomainEvent):
    """The password is a new one; all other sessions ended."""

    tag: ClassVar[str] = "accounts:user:password-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoFactorChanged(DomainEvent):
    """Two-step sign-in was set up, disabled or reset; ``details["state"]`` says which."""

    tag: ClassVar[str] = "accounts:user:two-factor-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalRoleChanged(DomainEvent):
    """A role for the whole service was given or taken."""

    tag: ClassVar[str] = "accounts:user:role-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChanged(DomainEvent):
    """A person joined an organisation, changed role there or left."""

    tag: ClassVar[str] = "accounts:member:changed"
    user_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationSent(DomainEvent):
    """Somebody was invited. The secret itself is never written into the audit log."""

    tag: ClassVar[str] = "accounts:invitation:sent"
    email: str = field(repr=False)
    token: str = field(repr=False)
    expires_at: datetime
    role_label: str
    organization_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationAccepted(DomainEvent):
    """The invited person has joined."""

    tag: ClassVar[str] = "accounts:invitation:accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRevoked(DomainEvent):
    """An invitation was taken back."""

    tag: ClassVar[str] = "accounts:invitation:revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInMailDue(DomainEvent):
    """The sign-in pages have a mail for a person (reset link, notice of a change)."""

    tag: ClassVar[str] = "accounts:mail:due"
    address: str = field(repr=False)
    subject: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInHelpWanted(DomainEvent):
    """A person can give neither code nor recovery code and asks the secretariat."""

    tag: ClassVar[str] = "accounts:user:help-wanted"
