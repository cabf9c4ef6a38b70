"""How often a person gets the news of a group by mail, and the link that stops it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import NotAllowed, NotFound
from matchmaker.core.settings import current_settings
from matchmaker.working_groups.groups.activity.events import DigestChosen
from matchmaker.working_groups.groups.domain import DigestFrequency
from matchmaker.working_groups.groups.models import GroupMember
from matchmaker.working_groups.groups.queries import present

MOST_MEMBERSHIPS = 500


def present_rows(user_id: uuid.UUID, now: datetime) -> Sequence[GroupMember]:
    """The person's present roles in all groups with the group, by group, the earliest first."""
    query = (
        select(GroupMember)
        .where(GroupMember.user_id == user_id, present(today(now)))
        .options(joinedload(GroupMember.group))
        .order_by(GroupMember.group_id, GroupMember.created_at, GroupMember.id)
        .limit(MOST_MEMBERSHIPS)
    )
    return db.session.scalars(query).all()


def leading_rows(rows: Sequence[GroupMember]) -> list[GroupMember]:
    """For each group the role whose choice holds: the one the person has had for longest."""
    found: dict[uuid.UUID, GroupMember] = {}
    for row in rows:
        found.setdefault(row.group_id, row)
    return list(found.values())


def frequency_in(group_id: uuid.UUID, actor: Actor, now: datetime) -> DigestFrequency | None:
    """What the person has chosen for a group; None when they take no part in it."""
    if actor.user_id is None:
        return None
    rows = leading_rows(present_rows(actor.user_id, now))
    return next((row.digest for row in rows if row.group_id == group_id), None)


def choose_digest(
    group_id: uuid.UUID, frequency: DigestFrequency, actor: Actor, now: datetime
) -> None:
    """Choose how often to get the news of a group.

    Whoever had chosen none gets news from now on, not what happened in between.

    Raises:
        NotAllowed: the person takes no part in the group.
    """
    rows = [] if actor.user_id is None else present_rows(actor.user_id, now)
    own = [row for row in rows if row.group_id == group_id]
    if not own:
        raise NotAllowed("このWGに参加している人だけが選べます。")
    _choose(own, frequency, actor, now)


def stop_all(user_id: uuid.UUID, now: datetime, group_id: uuid.UUID | None = None) -> int:
    """Stop the news of one group, or of all, for a person who came with the link of a mail.

    Returns:
        In how many groups something was stopped.
    """
    person = db.session.get_one(User, user_id)
    actor = Actor(user_id=person.id, name=person.name)
    rows = [row for row in present_rows(user_id, now) if group_id in (None, row.group_id)]
    getting = [row for row in rows if row.digest is not DigestFrequency.NONE]
    groups = {row.group_id for row in getting}
    for each in groups:
        own = [row for row in rows if row.group_id == each]
        _choose(own, DigestFrequency.NONE, actor, now)
    return len(groups)


def _choose(
    rows: Sequence[GroupMember], frequency: DigestFrequency, actor: Actor, now: datetime
) -> None:
    before = rows[0].digest
    for row in rows:
        if row.digest is DigestFrequency.NONE:
            row.digest_sent_at = now
        row.digest = frequency
    db.session.flush()
    details = {"from": before.value, "to": frequency.value}
    group_id = rows[0].group_id
    record(
        DigestChosen(actor=actor, now=now, subject_id=group_id, group_id=group_id, details=details)
    )


def settings_token(user_id: uuid.UUID) -> str:
    """What the link in a mail carries: it opens this person's choice of news and nothing else."""
    return _serializer().dumps(str(user_id))


def person_of_token(token: str) -> uuid.UUID:
    """The person whose choice the link opens.

    Raises:
        NotFound: the link was not made here.
    """
    try:
        user_id = uuid.UUID(_serializer().loads(token))
    except (BadSignature, ValueError, TypeError):
        raise NotFound from None
    if db.session.get(User, user_id) is None:
        raise NotFound
    return user_id


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_settings().resolved_secret_key(), salt="group-news")
