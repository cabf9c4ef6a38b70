"""Reads of people, members and invitations."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.accounts.domain import email_key, token_hash
from matchmaker.accounts.models import EndedSession, Invitation, OrganizationMember, Role, User
from matchmaker.core.actor import Actor, GlobalRole, OrganizationRole
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, paginate
from matchmaker.organizations.domain import OrganizationStatus, search_form
from matchmaker.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class UserFilter:
    """What the list of accounts is narrowed to.

    Args:
        text: part of a name, reading, address or organisation.
        role: code of a global role.
        state: ``active``, ``locked`` or ``inactive``.
    """

    text: str = ""
    role: str = ""
    state: str = ""


def user_with_email(email: str) -> User | None:
    """The account with that address, whatever its case."""
    query = select(User).options(selectinload(User.roles)).where(User.email_key == email_key(email))
    return db.session.scalar(query)


def user_of(user_id: uuid.UUID) -> User:
    """A person with roles and memberships.

    Raises:
        NotFound: there is no such account.
    """
    query = (
        select(User)
        .options(
            selectinload(User.roles),
            selectinload(User.memberships).joinedload(OrganizationMember.organization),
        )
        .where(User.id == user_id)
        .execution_options(populate_existing=True)  # it may be loaded already, without its roles
    )
    user = db.session.scalar(query)
    if user is None:
        raise NotFound
    return user


def user_in_session(uniquifier: str, session_id: str) -> User | None:
    """The person a session belongs to, with global roles; None once the session was signed out."""
    ended = select(EndedSession.session_id).where(EndedSession.session_id == session_id)
    query = (
        select(User)
        .options(joinedload(User.roles))
        .where(User.fs_uniquifier == uniquifier, User.active, ~ended.exists())
        .execution_options(populate_existing=True)  # a view may have loaded the same person before
    )
    return db.session.scalars(query).unique().one_or_none()


def roles_in_organizations(user_id: uuid.UUID) -> dict[uuid.UUID, OrganizationRole]:
    """Role of the person in each organisation that takes part."""
    query = (
        select(OrganizationMember.organization_id, OrganizationMember.role)
        .join(Organization, Organization.id == OrganizationMember.organization_id)
        .where(
            OrganizationMember.user_id == user_id,
            Organization.status == OrganizationStatus.ACTIVE,
        )
        .order_by(OrganizationMember.created_at, OrganizationMember.id)
    )
    return {id_: OrganizationRole(role) for id_, role in db.session.execute(query)}


def actor_of_today(user_id: uuid.UUID | None, name: str) -> Actor:
    """Somebody who left work to the worker, with the rights of today.

    Args:
        user_id: the account, if there (still) is one.
        name: as it was then; somebody without an account has no rights.
    """
    try:
        user = None if user_id is None else user_of(user_id)
    except NotFound:
        user = None
    if user is None:
        return Actor(name=name)
    if not user.active:
        return Actor(user_id=user.id, name=user.name)
    return Actor(
        user_id=user.id,
        name=user.name,
        roles=roles_in_organizations(user.id),
        global_roles=frozenset(GlobalRole(role.name) for role in user.roles),
    )


def members_of(organization_id: uuid.UUID) -> Sequence[OrganizationMember]:
    """People of an organisation, representatives first."""
    query = (
        select(OrganizationMember)
        .join(OrganizationMember.user)
        .options(joinedload(OrganizationMember.user))
        .where(OrganizationMember.organization_id == organization_id)
        .order_by(OrganizationMember.role.desc(), User.kana, User.id)
    )
    rank = {role.value: place for place, role in enumerate(OrganizationRole)}
    return sorted(db.session.scalars(query).all(), key=lambda member: rank[member.role])


def member_of(organization_id: uuid.UUID, user_id: uuid.UUID) -> OrganizationMember:
    """One person's membership.

    Raises:
        NotFound: the person does not belong to the organisation.
    """
    query = (
        select(OrganizationMember)
        .options(joinedload(OrganizationMember.user), joinedload(OrganizationMember.organization))
        .where(
            OrganizationMember.organization_id == organization_id,
            OrganizationMember.user_id == user_id,
        )
    )
    member = db.session.scalar(query)
    if member is None:
        raise NotFound
    return member


def writing_people_of(organization_id: uuid.UUID) -> Sequence[User]:
    """Active representatives and editors of an organisation: who gets its mail."""
    writing = (OrganizationRole.REPRESENTATIVE, OrganizationRole.EDITOR)
    query = (
        select(User)
        .join(OrganizationMember, OrganizationMember.user_id == User.id)
        .join(Organization, Organization.id == OrganizationMember.organization_id)
        .where(
            OrganizationMember.organization_id == organization_id,
            OrganizationMember.role.in_(writing),
            Organization.status == OrganizationStatus.ACTIVE,
            User.active,
        )
        .order_by(User.id)
    )
    return db.session.scalars(query).all()


def people_with_global_role(role: GlobalRole) -> Sequence[User]:
    """Active people with a role for the whole service."""
    query = select(User).join(User.roles).where(Role.name == role, User.active).order_by(User.id)
    return db.session.scalars(query).all()


def users_page(wanted: UserFilter, number: int, now: datetime) -> Page[User]:
    """One page of the list of accounts with roles and organisations (four statements)."""
    query = filtered_users(wanted, now).options(
        selectinload(User.roles),
        selectinload(User.memberships).joinedload(OrganizationMember.organization),
    )
    return paginate(query.order_by(User.kana, User.id), number)


def filtered_users(wanted: UserFilter, now: datetime) -> Select[tuple[User]]:
    """Statement for the accounts that ``wanted`` lets through."""
    query = select(User)
    for word in wanted.text.split():
        query = query.where(_mentions(word))
    if wanted.role:
        query = query.where(User.roles.any(Role.name == wanted.role))
    if wanted.state == "inactive":
        query = query.where(User.active.is_(False))
    elif wanted.state == "locked":
        query = query.where(User.active, User.locked_until > now)
    elif wanted.state == "active":
        query = query.where(User.active)
    return query


def _mentions(word: str) -> ColumnElement[bool]:
    organizations = (
        select(OrganizationMember.user_id)
        .join(Organization, Organization.id == OrganizationMember.organization_id)
        .where(Organization.search_text.contains(search_form(word), autoescape=True))
    )
    return (
        User.name.contains(word, autoescape=True)
        | User.kana.contains(search_form(word), autoescape=True)
        | User.email_key.contains(email_key(word), autoescape=True)
        | User.id.in_(organizations)
    )


def invitation_with_token(token: str) -> Invitation | None:
    """The invitation a link belongs to, with its organisation."""
    query = (
        select(Invitation)
        .options(joinedload(Invitation.organization))
        .where(Invitation.token_hash == token_hash(token))
    )
    return db.session.scalar(query)


def invitation_of(invitation_id: uuid.UUID) -> Invitation:
    """One invitation.

    Raises:
        NotFound: there is none.
    """
    query = (
        select(Invitation)
        .options(joinedload(Invitation.organization))
        .where(Invitation.id == invitation_id)
    )
    invitation = db.session.scalar(query)
    if invitation is None:
        raise NotFound
    return invitation


def open_invitations(
    organization_id: uuid.UUID | None, now: datetime, limit: int = 100
) -> Sequence[Invitation]:
    """Invitations that can still be used, newest first; None asks for those of all."""
    query = select(Invitation).options(joinedload(Invitation.organization))
    if organization_id is not None:
        query = query.where(Invitation.organization_id == organization_id)
    query = query.where(
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
    ).order_by(Invitation.created_at.desc(), Invitation.id)
    return db.session.scalars(query.limit(limit)).all()


def is_address_of(email: str, user: User) -> bool:
    """Whether the address is the person's own."""
    return email_key(email) == email_key(user.email)
