"""Reads of minutes, their versions and what the speakers say to them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from matchmaker.accounts.models import User
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, paginate
from matchmaker.working_groups.groups.models import GroupMember
from matchmaker.working_groups.meetings.domain import CheckAnswer, MinutesState
from matchmaker.working_groups.meetings.minutes.domain import WRITING_NOW
from matchmaker.working_groups.meetings.models import (
    Meeting,
    Minutes,
    MinutesCheck,
    MinutesFinding,
    MinutesVersion,
)

MOST_CHECKS = 200
VERSIONS_ON_A_PAGE = 30


def minutes_of(meeting_id: uuid.UUID) -> Minutes | None:
    """The minutes of a meeting, if somebody began them."""
    return db.session.scalar(select(Minutes).where(Minutes.meeting_id == meeting_id))


def locked_minutes(minutes_id: uuid.UUID) -> Minutes:
    """The minutes, held until the end of the transaction: saves take their turn.

    Raises:
        NotFound: there are none.
    """
    query = select(Minutes).where(Minutes.id == minutes_id).with_for_update()
    minutes = db.session.scalar(query.execution_options(populate_existing=True))
    if minutes is None:
        raise NotFound
    return minutes


def version_of(minutes_id: uuid.UUID, number: int) -> MinutesVersion:
    """One version.

    Raises:
        NotFound: there is none of that number.
    """
    query = select(MinutesVersion).where(
        MinutesVersion.minutes_id == minutes_id, MinutesVersion.number == number
    )
    version = db.session.scalar(query)
    if version is None:
        raise NotFound
    return version


def base_text(minutes_id: uuid.UUID, number: int) -> str:
    """The text a save started from, or the nearest earlier one where versions were thinned out."""
    query = (
        select(MinutesVersion.body)
        .where(MinutesVersion.minutes_id == minutes_id, MinutesVersion.number <= number)
        .order_by(MinutesVersion.number.desc())
        .limit(1)
    )
    return db.session.scalar(query) or ""


def last_version(minutes_id: uuid.UUID) -> MinutesVersion | None:
    """The newest version, side texts left out."""
    query = _versions(minutes_id).limit(1)
    return db.session.scalar(query)


def last_number(minutes_id: uuid.UUID) -> int:
    """The highest number given to any version."""
    query = (
        select(MinutesVersion.number)
        .where(MinutesVersion.minutes_id == minutes_id)
        .order_by(MinutesVersion.number.desc())
        .limit(1)
    )
    return db.session.scalar(query) or 0


def versions_page(minutes_id: uuid.UUID, number: int) -> Page[MinutesVersion]:
    """One page of the versions, newest first, side texts left out."""
    return paginate(_versions(minutes_id), number, VERSIONS_ON_A_PAGE)


def version_before(minutes_id: uuid.UUID, number: int) -> int:
    """Number of the version before ``number``, or ``number`` itself for the first."""
    query = _versions(minutes_id).where(MinutesVersion.number < number).limit(1)
    version = db.session.scalar(query)
    return version.number if version else number


def publications_of(minutes_id: uuid.UUID) -> Sequence[MinutesVersion]:
    """The versions that were published, the latest first."""
    query = (
        select(MinutesVersion)
        .where(MinutesVersion.minutes_id == minutes_id, MinutesVersion.published_at.is_not(None))
        .order_by(MinutesVersion.number.desc())
        .limit(100)
    )
    return db.session.scalars(query).all()


def writers_since(minutes_id: uuid.UUID, number: int, not_by: uuid.UUID | None) -> list[str]:
    """Names of others who saved after version ``number``, each once."""
    query = (
        select(MinutesVersion.actor_name)
        .where(
            MinutesVersion.minutes_id == minutes_id,
            MinutesVersion.number > number,
            MinutesVersion.actor_id.is_distinct_from(not_by),
        )
        .order_by(MinutesVersion.number.desc())
        .limit(50)
    )
    return list(dict.fromkeys(db.session.scalars(query)))


def writing_now(minutes_id: uuid.UUID, now: datetime, not_by: uuid.UUID | None) -> list[str]:
    """Names of others who saved within the last minutes, the latest first."""
    query = (
        select(MinutesVersion.actor_name)
        .where(
            MinutesVersion.minutes_id == minutes_id,
            MinutesVersion.number > 1,
            MinutesVersion.at >= now - WRITING_NOW,
            MinutesVersion.actor_id.is_distinct_from(not_by),
        )
        .order_by(MinutesVersion.number.desc())
        .limit(50)
    )
    return list(dict.fromkeys(db.session.scalars(query)))


def checks_of(minutes_id: uuid.UUID) -> Sequence[MinutesCheck]:
    """What each speaker says, with the person, in the order they were asked."""
    query = (
        select(MinutesCheck)
        .options(joinedload(MinutesCheck.user))
        .where(MinutesCheck.minutes_id == minutes_id)
        .order_by(MinutesCheck.id)
        .limit(MOST_CHECKS)
    )
    return db.session.scalars(query).all()


def check_by(minutes_id: uuid.UUID, user_id: uuid.UUID | None) -> MinutesCheck | None:
    """What one person was asked."""
    query = select(MinutesCheck).where(
        MinutesCheck.minutes_id == minutes_id, MinutesCheck.user_id == user_id
    )
    return db.session.scalar(query)


def is_asked(minutes: Minutes | None, user_id: uuid.UUID | None) -> bool:
    """Whether the person is one of the speakers who check the text now."""
    if minutes is None or user_id is None or minutes.state is not MinutesState.CHECKING:
        return False
    return check_by(minutes.id, user_id) is not None


def users_with(ids: Collection[uuid.UUID]) -> Sequence[User]:
    """People by their ids, by reading."""
    query = select(User).where(User.id.in_(ids)).order_by(User.kana, User.id).limit(MOST_CHECKS)
    return db.session.scalars(query).all()


def taken_from(meeting_id: uuid.UUID) -> dict[str, MinutesFinding]:
    """What was taken from the minutes of a meeting, by key."""
    query = (
        select(MinutesFinding)
        .where(MinutesFinding.meeting_id == meeting_id)
        .order_by(MinutesFinding.id)
        .limit(1000)
    )
    return {each.key: each for each in db.session.scalars(query)}


def _versions(minutes_id: uuid.UUID) -> Select[tuple[MinutesVersion]]:
    return (
        select(MinutesVersion)
        .where(MinutesVersion.minutes_id == minutes_id, MinutesVersion.is_branch.is_(False))
        .order_by(MinutesVersion.number.desc())
    )


def takes_part(minutes_id: uuid.UUID, user_id: uuid.UUID) -> bool:
    """Whether the person checks the text or has a role in the group of the meeting."""
    asked = select(MinutesCheck.id).where(
        MinutesCheck.minutes_id == minutes_id, MinutesCheck.user_id == user_id
    )
    role = (
        select(GroupMember.id)
        .join(Meeting, Meeting.group_id == GroupMember.group_id)
        .join(Minutes, Minutes.meeting_id == Meeting.id)
        .where(
            Minutes.id == minutes_id,
            GroupMember.user_id == user_id,
            GroupMember.ends_on.is_(None) | (GroupMember.ends_on >= func.current_date()),
        )
    )
    return bool(db.session.scalar(select(asked.exists() | role.exists())))


def minutes_to_check(user_id: uuid.UUID) -> Sequence[Minutes]:
    """Minutes that the person was asked to check and has not answered, what is due first first."""
    query = (
        select(Minutes)
        .join(MinutesCheck, MinutesCheck.minutes_id == Minutes.id)
        .where(
            Minutes.state == MinutesState.CHECKING,
            MinutesCheck.user_id == user_id,
            MinutesCheck.answer == CheckAnswer.ASKED,
        )
        .options(joinedload(Minutes.meeting).joinedload(Meeting.group))
        .order_by(Minutes.checks_until, Minutes.id)
        .limit(MOST_CHECKS)
    )
    return db.session.scalars(query).all()
