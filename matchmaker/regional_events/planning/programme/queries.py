"""Reads of the programme. Each says what it loads."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.regional_events.planning.domain import SESSIONS_MOST, SPEAKERS_MOST, Duty
from matchmaker.regional_events.planning.models import EventStaff
from matchmaker.regional_events.planning.policy import (
    EventStanding,
    can_see_material,
    is_staff,
)
from matchmaker.regional_events.planning.programme.domain import MATERIALS_MOST
from matchmaker.regional_events.planning.programme.models import (
    Appearance,
    EventMaterial,
    ProgrammeSession,
    Speaker,
)

WITH_SPEAKERS = selectinload(ProgrammeSession.appearances).selectinload(Appearance.speaker)


def programme_of(event_id: uuid.UUID) -> Sequence[ProgrammeSession]:
    """The sessions of an event by time, with their speakers."""
    query = (
        select(ProgrammeSession)
        .where(ProgrammeSession.event_id == event_id)
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.position, ProgrammeSession.id)
        .options(WITH_SPEAKERS)
        .execution_options(populate_existing=True)
        .limit(SESSIONS_MOST)
    )
    return db.session.scalars(query).all()


def get_session(event_id: uuid.UUID, session_id: uuid.UUID) -> ProgrammeSession:
    """One session of an event, with its speakers.

    Raises:
        NotFound: the event has none of that id.
    """
    query = (
        select(ProgrammeSession)
        .where(ProgrammeSession.id == session_id, ProgrammeSession.event_id == event_id)
        .options(WITH_SPEAKERS)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def speakers_of(event_id: uuid.UUID) -> Sequence[Speaker]:
    """The speakers of an event in the order of the planner; whatever they said to being shown."""
    query = (
        select(Speaker)
        .where(Speaker.event_id == event_id)
        .order_by(Speaker.position, Speaker.id)
        .limit(SPEAKERS_MOST)
    )
    return db.session.scalars(query).all()


def get_speaker(event_id: uuid.UUID, speaker_id: uuid.UUID) -> Speaker:
    """One speaker of an event, with the portrait.

    Raises:
        NotFound: the event has none of that id.
    """
    found = find_speaker(speaker_id)
    if found is None or found.event_id != event_id:
        raise NotFound
    return found


def find_speaker(speaker_id: uuid.UUID) -> Speaker | None:
    """A speaker of any event, with the portrait; None when there is none any more."""
    query = (
        select(Speaker)
        .where(Speaker.id == speaker_id)
        .options(selectinload(Speaker.portrait))
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(query)


def appearances_of(speaker_id: uuid.UUID) -> Sequence[tuple[ProgrammeSession, str]]:
    """The sessions a speaker takes part in, by time, each with the role."""
    query = (
        select(ProgrammeSession, Appearance.role)
        .join(Appearance, Appearance.session_id == ProgrammeSession.id)
        .where(Appearance.speaker_id == speaker_id)
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.position, ProgrammeSession.id)
        .limit(SESSIONS_MOST)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def materials_of(
    event_id: uuid.UUID, actor: Actor, standing: EventStanding, now: datetime
) -> Sequence[EventMaterial]:
    """Materials and recordings that the person may open now, with their files.

    The staff gets those to be published later, too. Whether the person may see the event at all is
    asked elsewhere.
    """
    query = (
        select(EventMaterial)
        .where(EventMaterial.event_id == event_id)
        .order_by(EventMaterial.position, EventMaterial.id)
        .options(selectinload(EventMaterial.file))
        .limit(MATERIALS_MOST)
    )
    if not is_staff(actor, standing):
        query = query.where(
            or_(EventMaterial.publish_at.is_(None), EventMaterial.publish_at <= now)
        )
    found = db.session.scalars(query)
    return [each for each in found if can_see_material(actor, each.audience, standing)]


def get_material(event_id: uuid.UUID, material_id: uuid.UUID) -> EventMaterial:
    """One material of an event, with its file.

    Raises:
        NotFound: the event has none of that id.
    """
    query = (
        select(EventMaterial)
        .where(EventMaterial.id == material_id, EventMaterial.event_id == event_id)
        .options(selectinload(EventMaterial.file))
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def is_published(material: EventMaterial, now: datetime) -> bool:
    """Whether the moment of a material has come."""
    return material.publish_at is None or material.publish_at <= now


def next_position(
    model: type[ProgrammeSession | Speaker | EventMaterial], event_id: uuid.UUID
) -> int:
    """The place after the last one of an event."""
    columns: Any = model
    position: InstrumentedAttribute[int] = columns.position
    last = db.session.scalar(select(func.max(position)).where(columns.event_id == event_id))
    return (last or 0) + 1


def count_of(model: type[ProgrammeSession | Speaker | EventMaterial], event_id: uuid.UUID) -> int:
    """How many of a kind an event has."""
    columns: Any = model
    query = select(func.count()).select_from(model).where(columns.event_id == event_id)
    return db.session.scalar(query) or 0


def count_speakers(event_id: uuid.UUID) -> int:
    """How many speakers an event has."""
    return count_of(Speaker, event_id)


def planners_of(event_id: uuid.UUID, duty: Duty) -> Sequence[User]:
    """People outside the secretariat with a duty for the event."""
    query = (
        select(User)
        .join(EventStaff, EventStaff.user_id == User.id)
        .where(EventStaff.event_id == event_id, EventStaff.duty == duty)
        .order_by(User.id)
        .limit(SPEAKERS_MOST)
    )
    return db.session.scalars(query).all()
