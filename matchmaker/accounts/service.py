"""Commands on people and their roles. They flush and record events; the request commits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select, update

from matchmaker.accounts.domain import (
    NAME_LENGTH,
    email_is_plausible,
    email_key,
    is_locked,
    normalized_email,
    normalized_password,
    password_problem,
)
from matchmaker.accounts.events import (
    GlobalRoleChanged,
    MemberChanged,
    PasswordChanged,
    TwoFactorChanged,
    UserCreated,
    UserDeactivated,
    UserLocked,
    UserReactivated,
    UserRenamed,
    UserSignedIn,
    UserUnlocked,
)
from matchmaker.accounts.models import (
    EndedSession,
    OrganizationMember,
    Role,
    User,
    new_uniquifier,
)
from matchmaker.accounts.passwords import hashed
from matchmaker.accounts.queries import user_with_email
from matchmaker.core.actor import SYSTEM, Actor, GlobalRole, OrganizationRole
from matchmaker.core.db import db
from matchmaker.core.domain_events import DomainEvent, record
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.organizations.domain import normalized_kana, normalized_line
from matchmaker.organizations.models import Organization


def create_user(
    email: str,
    name: str,
    password: str | None,
    now: datetime,
    *,
    actor: Actor = SYSTEM,
    kana: str = "",
    is_demo: bool = False,
) -> User:
    """Make an account.

    Args:
        email: address to sign in with; it is normalised.
        name: how the person is called.
        password: the password, or None for an account that cannot sign in yet.
        now: the present moment.
        actor: who makes it.
        kana: reading of the name.
        is_demo: whether the person is invented.

    Raises:
        ProductError: address, name or password are not right.
        Conflict: there is an account with that address.
    """
    email = checked_email(email)
    name = checked_name(name)
    if user_with_email(email) is not None:
        raise Conflict("このメールアドレスはすでに登録されています。", "email")
    user = User(
        email=email,
        email_key=email_key(email),
        name=name,
        kana=normalized_kana(kana),
        active=True,
        fs_uniquifier=new_uniquifier(),
        password=None if password is None else hashed(checked_password(password, email, name)),
        password_changed_at=now if password is not None else None,
        is_demo=is_demo,
        created_at=now,
        updated_at=now,
        roles=[],
        memberships=[],
    )
    db.session.add(user)
    db.session.flush()
    record(_event(UserCreated, user, actor, now))
    return user


def checked_email(email: str) -> str:
    """The normalised address.

    Raises:
        ProductError: it cannot be one.
    """
    email = normalized_email(email)
    if not email_is_plausible(email):
        raise ProductError("メールアドレスの形が正しくありません。", "email")
    return email


def checked_name(name: str) -> str:
    """The tidied name.

    Raises:
        ProductError: it is empty or too long.
    """
    name = normalized_line(name)
    if not name:
        raise ProductError("名前を入力してください。", "name")
    if len(name) > NAME_LENGTH:
        raise ProductError(f"名前は{NAME_LENGTH}文字までで入力してください。", "name")
    return name


def checked_password(password: str, email: str, name: str) -> str:
    """The normalised password.

    Raises:
        ProductError: it is too weak.
    """
    password = normalized_password(password)
    problem = password_problem(password, email, name)
    if problem:
        raise ProductError(problem, "password")
    return password


def rename_user(user: User, name: str, kana: str, actor: Actor, now: datetime) -> None:
    """Change how a person is called."""
    name = checked_name(name)
    kana = normalized_kana(kana)[:NAME_LENGTH]
    if (name, kana) == (user.name, user.kana):
        return
    user.name, user.kana, user.updated_at = name, kana, now
    db.session.flush()
    record(_event(UserRenamed, user, actor, now))


def add_member(
    user: User,
    organization: Organization,
    role: OrganizationRole,
    actor: Actor,
    now: datetime,
) -> OrganizationMember:
    """Let a person belong to an organisation; one who does already gets the new role."""
    query = select(OrganizationMember).where(
        OrganizationMember.user_id == user.id,
        OrganizationMember.organization_id == organization.id,
    )
    member = db.session.scalar(query)
    if member is None:
        member = OrganizationMember(
            user_id=user.id, organization_id=organization.id, role=role, created_at=now
        )
        db.session.add(member)
    elif member.role == role:
        return member
    else:
        member.role = role
    db.session.flush()
    _record_member(member, actor, now, {"role": role.value})
    return member


def change_member_role(
    member: OrganizationMember, role: OrganizationRole, actor: Actor, now: datetime
) -> None:
    """Give a person another role in the organisation; one representative always remains."""
    if member.role == role:
        return
    _keep_one_representative(member)
    member.role = role
    db.session.flush()
    _record_member(member, actor, now, {"role": role.value})


def remove_member(member: OrganizationMember, actor: Actor, now: datetime) -> None:
    """Let a person leave the organisation; one representative always remains."""
    _keep_one_representative(member)
    db.session.delete(member)
    db.session.flush()
    _record_member(member, actor, now, {"role": None})


def _keep_one_representative(member: OrganizationMember) -> None:
    if member.role != OrganizationRole.REPRESENTATIVE:
        return
    query = select(func.count(OrganizationMember.id)).where(
        OrganizationMember.organization_id == member.organization_id,
        OrganizationMember.role == OrganizationRole.REPRESENTATIVE,
        OrganizationMember.id != member.id,
    )
    if not db.session.scalar(query):
        raise IllegalMove("代表者が1人もいなくなります。先に別の人を代表者にしてください。")


def grant_global_role(
    user: User, role: GlobalRole, *, actor: Actor = SYSTEM, now: datetime, reason: str = ""
) -> None:
    """Give a person a role for the whole service; the roles must be loaded."""
    if any(held.name == role for held in user.roles):
        return
    user.roles.append(_role_named(role))
    db.session.flush()
    details = {"role": role.value, "granted": True}
    record(_event(GlobalRoleChanged, user, actor, now, reason=reason, details=details))


def revoke_global_role(
    user: User, role: GlobalRole, *, actor: Actor, now: datetime, reason: str
) -> None:
    """Take a role for the whole service away; the roles must be loaded."""
    held = next((held for held in user.roles if held.name == role), None)
    if held is None:
        return
    user.roles.remove(held)
    db.session.flush()
    details = {"role": role.value, "granted": False}
    record(_event(GlobalRoleChanged, user, actor, now, reason=reason, details=details))


def _role_named(role: GlobalRole) -> Role:
    found = db.session.scalar(select(Role).where(Role.name == role))
    if found is None:
        found = Role(name=role.value)
        db.session.add(found)
        db.session.flush()
    return found


def count_failed_sign_in(user: User, now: datetime, max_failures: int, lock_for: timedelta) -> bool:
    """Count one failed sign-in in a single statement and lock the account when it was the last.

    A failure while the account is locked is not counted; after a lock has run out the count starts
    anew. Parallel attempts cannot slip through, because the database counts.

    Returns:
        Whether this failure locked the account.
    """
    fresh = User.locked_until.is_not(None)  # a lock in the past: see the condition below
    failures = case((fresh, 1), else_=User.failed_logins + 1)
    statement = (
        update(User)
        .where(User.id == user.id, (User.locked_until.is_(None)) | (User.locked_until <= now))
        .values(
            failed_logins=failures,
            locked_until=case((failures >= max_failures, now + lock_for), else_=None),
        )
        .execution_options(synchronize_session=False)
    )
    counted = db.session.execute(statement).rowcount == 1  # type: ignore[attr-defined]
    db.session.refresh(user, ["failed_logins", "locked_until"])
    return counted and is_locked(user.locked_until, now)


def record_lock(user: User, now: datetime) -> None:
    """Write down that the account was locked, so that the person is told by mail."""
    if user.locked_until is None:
        return
    record(UserLocked(actor=SYSTEM, now=now, subject_id=user.id, locked_until=user.locked_until))


def note_sign_in(user: User, now: datetime) -> None:
    """A sign-in succeeded: the count of failures starts anew."""
    user.failed_logins = 0
    user.locked_until = None
    user.last_sign_in_at = now
    db.session.flush()
    record(_event(UserSignedIn, user, Actor(user_id=user.id, name=user.name), now))


def unlock(user: User, reason: str, actor: Actor, now: datetime) -> None:
    """End a lock before its time."""
    user.failed_logins = 0
    user.locked_until = None
    db.session.flush()
    record(_event(UserUnlocked, user, actor, now, reason=reason))


def deactivate(user: User, reason: str, actor: Actor, now: datetime) -> None:
    """Close an account; all its sessions end."""
    if not user.active:
        raise IllegalMove("このアカウントはすでに停止しています。")
    user.active = False
    user.deactivation_reason = reason
    user.fs_uniquifier = new_uniquifier()
    user.updated_at = now
    db.session.flush()
    record(_event(UserDeactivated, user, actor, now, reason=reason))


def reactivate(user: User, reason: str, actor: Actor, now: datetime) -> None:
    """Open a closed account again."""
    if user.active:
        raise IllegalMove("このアカウントは使える状態です。")
    user.active = True
    user.deactivation_reason = ""
    user.updated_at = now
    db.session.flush()
    record(_event(UserReactivated, user, actor, now, reason=reason))


def reset_two_factor(user: User, reason: str, actor: Actor, now: datetime) -> None:
    """Take two-step sign-in away from a person who lost the telephone; all sessions end."""
    user.tf_primary_method = None
    user.tf_totp_secret = None
    user.tf_last_counter = None
    user.mf_recovery_codes = None
    user.fs_uniquifier = new_uniquifier()
    user.updated_at = now
    db.session.flush()
    record(_event(TwoFactorChanged, user, actor, now, reason=reason, details={"state": "reset"}))


def note_two_factor(user: User, state: str, now: datetime) -> None:
    """Write down that a person set up or disabled two-step sign-in."""
    if state == "disabled":
        user.tf_last_counter = None
        user.mf_recovery_codes = None
    db.session.flush()
    actor = Actor(user_id=user.id, name=user.name)
    record(_event(TwoFactorChanged, user, actor, now, details={"state": state}))


def note_password_change(user: User, now: datetime) -> None:
    """Write down that the password changed; a lock ends with it."""
    user.password_changed_at = now
    user.failed_logins = 0
    user.locked_until = None
    db.session.flush()
    record(_event(PasswordChanged, user, Actor(user_id=user.id, name=user.name), now))


def end_session(session_id: str, now: datetime) -> None:
    """Make the cookie of a session worthless."""
    if db.session.get(EndedSession, session_id) is None:
        db.session.add(EndedSession(session_id=session_id, ended_at=now))
        db.session.flush()


def _record_member(
    member: OrganizationMember, actor: Actor, now: datetime, details: dict[str, Any]
) -> None:
    record(
        MemberChanged(
            actor=actor,
            now=now,
            subject_id=member.organization_id,
            organization_id=member.organization_id,
            user_id=member.user_id,
            details={"user_id": str(member.user_id), **details},
        )
    )


def _event(
    kind: type[DomainEvent],
    user: User,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> DomainEvent:
    return kind(actor=actor, now=now, subject_id=user.id, reason=reason, details=details or {})
