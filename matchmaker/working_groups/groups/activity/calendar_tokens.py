"""The secret part of a person's calendar address. Only its hash is kept."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete, select

from matchmaker.accounts.domain import new_token, token_hash
from matchmaker.accounts.models import User
from matchmaker.accounts.queries import roles_in_organizations
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import NotAllowed, NotFound
from matchmaker.working_groups.groups.activity.events import CalendarRenewed, CalendarStopped
from matchmaker.working_groups.groups.models import CalendarToken

LONGEST_TOKEN = 100


def renew_token(actor: Actor, now: datetime) -> str:
    """Make a new secret for the person; addresses with the old one are worthless from now on.

    Returns:
        The secret. It cannot be read again later.

    Raises:
        NotAllowed: nobody is signed in.
    """
    user_id = _person(actor)
    token = new_token()
    db.session.execute(delete(CalendarToken).where(CalendarToken.user_id == user_id))
    row = CalendarToken(user_id=user_id, token_hash=token_hash(token), created_at=now)
    db.session.add(row)
    db.session.flush()
    record(CalendarRenewed(actor=actor, now=now, subject_id=user_id))
    return token


def stop_token(actor: Actor, now: datetime) -> bool:
    """Give up the secret; tells whether there was one.

    Raises:
        NotAllowed: nobody is signed in.
    """
    user_id = _person(actor)
    if token_made_at(user_id) is None:
        return False
    db.session.execute(delete(CalendarToken).where(CalendarToken.user_id == user_id))
    record(CalendarStopped(actor=actor, now=now, subject_id=user_id))
    return True


def token_made_at(user_id: uuid.UUID) -> datetime | None:
    """When the person's present secret was made; None when there is none."""
    query = select(CalendarToken.created_at).where(CalendarToken.user_id == user_id)
    return db.session.scalar(query)


def actor_of_token(token: str) -> Actor:
    """The person a calendar address belongs to, with the roles in organisations and no others.

    Roles for the whole service are left out: an address that leaks shows what the person sees as a
    member, and never what only the secretariat sees.

    Raises:
        NotFound: nobody has this secret (any more), or the account is closed.
    """
    query = (
        select(User.id, User.name)
        .join(CalendarToken, CalendarToken.user_id == User.id)
        .where(CalendarToken.token_hash == token_hash(token[:LONGEST_TOKEN]), User.active)
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    return Actor(user_id=found.id, name=found.name, roles=roles_in_organizations(found.id))


def _person(actor: Actor) -> uuid.UUID:
    if actor.user_id is None:
        raise NotAllowed("サインインしてください。")
    return actor.user_id
