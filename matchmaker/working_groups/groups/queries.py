"""Reads of working groups."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import or_, select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.working_groups.groups.models import GroupMember
from matchmaker.working_groups.groups.policy import OUTSIDE, Standing


def standing_of(actor: Actor, group_id: uuid.UUID, today: date) -> Standing:
    """The roles that the person has in the group on ``today``."""
    if actor.user_id is None:
        return OUTSIDE
    query = select(GroupMember.role).where(
        GroupMember.group_id == group_id,
        GroupMember.user_id == actor.user_id,
        GroupMember.starts_on <= today,
        or_(GroupMember.ends_on.is_(None), GroupMember.ends_on >= today),
    )
    return Standing(frozenset(db.session.scalars(query)))
