"""Tables of people, their roles, invitations and ended sessions.

Columns with personal data carry ``info={"personal": purpose, "retention": how long}``, so that an
export or a deletion for a person can be written once.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask_security import RoleMixin, UserMixin
from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.domain import EMAIL_LENGTH, NAME_LENGTH
from matchmaker.core.actor import GlobalRole, OrganizationRole
from matchmaker.core.db import Base, IdMixin, new_id
from matchmaker.organizations.models import Organization

WHILE_ACCOUNT = "as long as the account exists"
ONE_YEAR_AFTER = "one year after the account was closed"


def _personal(purpose: str, retention: str = WHILE_ACCOUNT) -> dict[str, str]:
    return {"personal": purpose, "retention": retention}


def _one_of(column: str, values: type[OrganizationRole] | type[GlobalRole]) -> str:
    return f"{column} IN ({', '.join(repr(value.value) for value in values)})"


user_roles = Table(
    "user_roles",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Role(IdMixin, RoleMixin, Base):  # type: ignore[misc]
    """A role for the whole service."""

    __tablename__ = "roles"
    __table_args__ = (CheckConstraint(_one_of("name", GlobalRole), name="name"),)

    name: Mapped[str] = mapped_column(String(20), unique=True)


class User(IdMixin, UserMixin, Base):  # type: ignore[misc]
    """A person with an account."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("failed_logins >= 0", name="failed_logins"),
        Index("ix_users_kana", "kana", "id"),
    )

    email: Mapped[str] = mapped_column(
        String(EMAIL_LENGTH), info=_personal("signing in and receiving mail")
    )
    email_key: Mapped[str] = mapped_column(
        String(EMAIL_LENGTH), unique=True, info=_personal("telling accounts apart")
    )
    name: Mapped[str] = mapped_column(
        String(NAME_LENGTH), info=_personal("telling others who acts", ONE_YEAR_AFTER)
    )
    kana: Mapped[str] = mapped_column(String(NAME_LENGTH), info=_personal("addressing and sorting"))
    active: Mapped[bool]
    deactivation_reason: Mapped[str] = mapped_column(String(500), default="")
    fs_uniquifier: Mapped[str] = mapped_column(
        String(64), unique=True, default=lambda: uuid.uuid4().hex
    )
    password: Mapped[str | None] = mapped_column(String(255), info=_personal("signing in"))
    tf_primary_method: Mapped[str | None] = mapped_column(String(20))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(500), info=_personal("signing in"))
    tf_phone_number: Mapped[str | None] = mapped_column(String(1))
    tf_last_counter: Mapped[int | None]
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(
        MutableList.as_mutable(JSON()), info=_personal("signing in without the telephone")
    )
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    last_sign_in_at: Mapped[datetime | None] = mapped_column(info=_personal("noticing misuse"))
    password_changed_at: Mapped[datetime | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]
        secondary=user_roles, lazy="raise", order_by="Role.name"
    )
    memberships: Mapped[list[OrganizationMember]] = relationship(
        back_populates="user", lazy="raise", order_by="OrganizationMember.created_at"
    )

    @property
    def has_two_factor(self) -> bool:
        """Whether a code is asked for at sign-in."""
        return bool(self.tf_totp_secret and self.tf_primary_method)

    def get_security_payload(self) -> dict[str, Any]:
        """What the sign-in library may tell a script about the person."""
        return {"name": self.name}


class OrganizationMember(IdMixin, Base):
    """That a person belongs to an organisation, and with which role."""

    __tablename__ = "organization_members"
    __table_args__ = (
        UniqueConstraint("user_id", "organization_id"),
        CheckConstraint(_one_of("role", OrganizationRole), name="role"),
        Index("ix_organization_members_organization_id", "organization_id", "role"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organizations.id"))
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]

    user: Mapped[User] = relationship(back_populates="memberships", lazy="raise")
    organization: Mapped[Organization] = relationship(lazy="raise")


class Invitation(IdMixin, Base):
    """A link sent by mail with which a person makes an account or joins an organisation."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("(organization_id IS NULL) = (role IS NULL)", name="role_of_organization"),
        CheckConstraint("role IS NOT NULL OR global_role IS NOT NULL", name="some_role"),
        Index("ix_invitations_organization_id", "organization_id", "created_at"),
        Index("ix_invitations_email", "email"),
    )

    email: Mapped[str] = mapped_column(
        String(EMAIL_LENGTH), info=_personal("sending the invitation", "one year after it expired")
    )
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organizations.id"))
    role: Mapped[str | None] = mapped_column(String(20))
    global_role: Mapped[str | None] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    revoked_at: Mapped[datetime | None]

    organization: Mapped[Organization | None] = relationship(lazy="raise")


class EndedSession(Base):
    """A session that was signed out: its cookie is worthless even where a copy of it exists."""

    __tablename__ = "ended_sessions"
    __table_args__ = (Index("ix_ended_sessions_ended_at", "ended_at"),)

    session_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    ended_at: Mapped[datetime]


def new_uniquifier() -> str:
    """A new value for ``fs_uniquifier``; setting it ends all sessions of the person."""
    return new_id().hex + uuid.uuid4().hex[:16]
