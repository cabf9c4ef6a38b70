"""News of groups by mail: at once, once a day, once a week or never, as each person chose.

``digest_sent_at`` of a person's role says up to which moment news was told. Each person is done in
a transaction of its own that writes the mail and moves that moment on, so nothing is told twice
and, when a worker was off, nothing is left out.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.clock import now as present_moment
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only
from matchmaker.notifications.service import queue_mail
from matchmaker.working_groups.groups.activity.digest_choice import (
    leading_rows,
    present_rows,
    settings_token,
)
from matchmaker.working_groups.groups.activity.domain import DIGEST_LABELS, news_until
from matchmaker.working_groups.groups.activity.news import (
    GroupNews,
    members_with_news,
    news_of,
)
from matchmaker.working_groups.groups.domain import DigestFrequency
from matchmaker.working_groups.groups.models import GroupMember, WorkingGroup
from matchmaker.working_groups.groups.queries import standing_of

AT_ONCE = 500
TOLD = (DigestFrequency.EACH, DigestFrequency.DAILY, DigestFrequency.WEEKLY)
SUBJECT_KIND = "groups:news"


@dataclass(frozen=True, slots=True)
class Told:
    """What a mail tells of one group."""

    group: WorkingGroup
    news: GroupNews


def send_news(now: datetime) -> int:
    """Write the mails that are due.

    Returns:
        How many were written.
    """
    sent = 0
    for frequency in TOLD:
        until = news_until(frequency, now)
        for user_id in _due(frequency, until, now):
            sent += _tell(user_id, frequency, until, now)
            db.session.commit()
    return sent


def _due(frequency: DigestFrequency, until: datetime, now: datetime) -> Sequence[uuid.UUID]:
    with reading_only():
        found = members_with_news(frequency, until, today(now), AT_ONCE)
        db.session.rollback()
    return found


def _tell(user_id: uuid.UUID, frequency: DigestFrequency, until: datetime, now: datetime) -> bool:
    rows = present_rows(user_id, now)
    told = [
        Told(row.group, news)
        for row in leading_rows(rows)
        if row.digest is frequency
        for news in [_news_for(row, until)]
        if not news.is_empty
    ]
    for row in rows:
        if row.digest is frequency:
            row.digest_sent_at = max(until, _since(row))
    db.session.flush()
    return _mail(db.session.get_one(User, user_id), told, frequency, until, now)


def _since(row: GroupMember) -> datetime:
    return row.digest_sent_at or row.created_at


def _news_for(row: GroupMember, until: datetime) -> GroupNews:
    return news_of(row.group_id, _since(row), until).without_own(row.user_id)


def _mail(
    user: User, told: Sequence[Told], frequency: DigestFrequency, until: datetime, now: datetime
) -> bool:
    if not told:
        return False
    context = {
        "told": told,
        "group_names": "、".join(each.group.name for each in told[:2]),
        "more_groups": max(0, len(told) - 2),
        "frequency": DIGEST_LABELS[frequency],
        "stop_path": f"/digest-settings?token={settings_token(user.id)}",
    }
    key = f"group-news:{frequency}:{until.isoformat()}"
    only = told[0].group.id if len(told) == 1 else None
    return queue_mail(user, "group-news", context, key, only, now, subject_kind=SUBJECT_KIND)


def still_belongs(user_id: uuid.UUID, group_id: uuid.UUID) -> bool:
    """Asked just before a mail goes out: whether the person still takes part in the group."""
    actor = Actor(user_id=user_id)
    return standing_of(actor, group_id, today(present_moment())).belongs
