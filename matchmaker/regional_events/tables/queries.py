"""Reads of the matching tables. Each says what it loads."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.organizations.models import Organization
from matchmaker.posts.domain import LISTED_STATES
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.reception.models import CheckIn
from matchmaker.regional_events.registrations.domain import AttendeeRole, AttendeeState
from matchmaker.regional_events.registrations.models import Attendee, Registration
from matchmaker.regional_events.tables.domain import PEOPLE_MOST, VersionState
from matchmaker.regional_events.tables.models import (
    MeetingOutcome,
    TableGuest,
    TableGuestPost,
    TableMeeting,
    TablePlan,
    TableSeat,
    TableVersion,
    TableWish,
)

VERSIONS_MOST, POSTS_SHOWN_MOST, ORGANIZATIONS_MOST = 100, 100, 500
GUEST_DETAILS = (
    joinedload(TableGuest.attendee).joinedload(Attendee.organization),
    selectinload(TableGuest.posts).joinedload(TableGuestPost.need),
    selectinload(TableGuest.posts).joinedload(TableGuestPost.offering),
    selectinload(TableGuest.wishes).joinedload(TableWish.organization),
)


def find_plan(event_id: uuid.UUID) -> TablePlan | None:
    """The plan of an event, with the event."""
    query = select(TablePlan).where(TablePlan.event_id == event_id)
    return db.session.scalar(query.options(joinedload(TablePlan.event)))


def get_plan(event_id: uuid.UUID) -> TablePlan:
    """The plan of an event, with the event.

    Raises:
        NotFound: no tables were opened for it.
    """
    plan = find_plan(event_id)
    if plan is None:
        raise NotFound
    return plan


def on_site_attendees(event_id: uuid.UUID) -> Sequence[Attendee]:
    """People who can sit at a table: confirmed for a place on site, and no companions."""
    query = (
        select(Attendee)
        .join(Track, Track.id == Attendee.track_id)
        .where(Attendee.event_id == event_id, *_can_sit())
        .options(joinedload(Attendee.organization))
        .order_by(Attendee.kana, Attendee.name, Attendee.id)
        .limit(PEOPLE_MOST * 5)
    )
    return db.session.scalars(query).all()


def _can_sit() -> tuple[ColumnElement[bool], ...]:
    return (
        Attendee.state == AttendeeState.CONFIRMED,
        Attendee.role != AttendeeRole.COMPANION,
        Track.kind == TrackKind.ON_SITE,
    )


def own_attendee(event_id: uuid.UUID, user_id: uuid.UUID | None) -> Attendee | None:
    """The place on site of a person with an account, with the organisation."""
    query = (
        select(Attendee)
        .join(Track, Track.id == Attendee.track_id)
        .where(Attendee.event_id == event_id, Attendee.user_id == user_id, *_can_sit())
        .options(joinedload(Attendee.organization))
        .limit(1)
    )
    return db.session.scalar(query) if user_id is not None else None


def attendee_by_id(attendee_id: uuid.UUID) -> Attendee | None:
    """A person with a place on site, with the organisation."""
    query = (
        select(Attendee)
        .join(Track, Track.id == Attendee.track_id)
        .where(Attendee.id == attendee_id, *_can_sit())
        .options(joinedload(Attendee.organization))
    )
    return db.session.scalar(query)


def contact_email(attendee_id: uuid.UUID) -> str:
    """Where mail for somebody without an address of their own goes: to who registered them."""
    query = (
        select(Registration.contact_email)
        .join(Attendee, Attendee.registration_id == Registration.id)
        .where(Attendee.id == attendee_id)
    )
    return db.session.scalar(query) or ""


def guest_of(plan_id: uuid.UUID, attendee_id: uuid.UUID) -> TableGuest | None:
    """What a person answered, with posts and wishes."""
    query = select(TableGuest).where(
        TableGuest.plan_id == plan_id, TableGuest.attendee_id == attendee_id
    )
    return db.session.scalar(query.options(*GUEST_DETAILS))


def guests_of(plan_id: uuid.UUID) -> Sequence[TableGuest]:
    """Everybody who answered, with attendee, posts and wishes."""
    query = (
        select(TableGuest)
        .join(Attendee, Attendee.id == TableGuest.attendee_id)
        .where(TableGuest.plan_id == plan_id)
        .options(*GUEST_DETAILS)
        .order_by(Attendee.kana, Attendee.name, TableGuest.id)
        .limit(PEOPLE_MOST * 5)
    )
    return db.session.scalars(query).all()


def count_taking_part(plan_id: uuid.UUID) -> int:
    """How many people take part."""
    query = select(func.count(TableGuest.id)).where(
        TableGuest.plan_id == plan_id, TableGuest.is_taking_part
    )
    return db.session.scalar(query) or 0


def present_ids(event_id: uuid.UUID) -> set[uuid.UUID]:
    """Attendees who were checked in."""
    return set(db.session.scalars(select(CheckIn.attendee_id).where(CheckIn.event_id == event_id)))


def own_posts(organization_id: uuid.UUID | None) -> list[Need | Offering]:
    """What an organisation has published, needs first, at most a hundred of each."""
    if organization_id is None:
        return []
    found: list[Any] = []
    models: tuple[type[Any], ...] = (Need, Offering)
    for model in models:
        query = (
            select(model)
            .where(model.organization_id == organization_id, model.state.in_(sorted(LISTED_STATES)))
            .order_by(model.title, model.id)
            .limit(POSTS_SHOWN_MOST)
        )
        found += db.session.scalars(query).all()
    return found


def organizations_there(
    event_id: uuid.UUID, besides: uuid.UUID | None
) -> Sequence[tuple[uuid.UUID, str]]:
    """Id and name of the organisations with a confirmed place on site, for wishes."""
    query = (
        select(Organization.id, Organization.name)
        .join(Attendee, Attendee.organization_id == Organization.id)
        .join(Track, Track.id == Attendee.track_id)
        .where(Attendee.event_id == event_id, *_can_sit())
        .distinct()
        .order_by(Organization.name, Organization.id)
        .limit(ORGANIZATIONS_MOST)
    )
    return [(row[0], row[1]) for row in db.session.execute(query) if row[0] != besides]


def known_organizations(ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the ids that are organisations."""
    if not ids:
        return set()
    return set(db.session.scalars(select(Organization.id).where(Organization.id.in_(ids))))


def versions_of(plan_id: uuid.UUID) -> Sequence[TableVersion]:
    """The versions of a plan, newest first, at most a hundred."""
    query = (
        select(TableVersion)
        .where(TableVersion.plan_id == plan_id)
        .order_by(TableVersion.number.desc())
        .limit(VERSIONS_MOST)
    )
    return db.session.scalars(query).all()


def get_version(plan_id: uuid.UUID, version_id: uuid.UUID) -> TableVersion:
    """One version of this plan.

    Raises:
        NotFound: there is none.
    """
    query = select(TableVersion).where(
        TableVersion.id == version_id, TableVersion.plan_id == plan_id
    )
    version = db.session.scalar(query)
    if version is None:
        raise NotFound
    return version


def version_in_force(plan_id: uuid.UUID) -> TableVersion | None:
    """The version that was released last."""
    query = (
        select(TableVersion)
        .where(TableVersion.plan_id == plan_id, TableVersion.release.is_not(None))
        .order_by(TableVersion.release.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def newest_ready(plan_id: uuid.UUID) -> TableVersion | None:
    """The newest version that is done."""
    query = (
        select(TableVersion)
        .where(TableVersion.plan_id == plan_id, TableVersion.state == VersionState.READY)
        .order_by(TableVersion.number.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def wanted_ids() -> Sequence[uuid.UUID]:
    """Versions that wait to be made, oldest first."""
    query = (
        select(TableVersion.id)
        .where(TableVersion.state == VersionState.WANTED)
        .order_by(TableVersion.created_at)
        .limit(VERSIONS_MOST)
    )
    return db.session.scalars(query).all()


def seats_of(version_id: uuid.UUID) -> Sequence[TableSeat]:
    """All seats of a version in the order of slots and tables."""
    query = (
        select(TableSeat)
        .where(TableSeat.version_id == version_id)
        .order_by(TableSeat.slot, TableSeat.table, TableSeat.id)
    )
    return db.session.scalars(query).all()


def meetings_of(version_id: uuid.UUID) -> Sequence[TableMeeting]:
    """All meetings of a version with their posts."""
    query = (
        select(TableMeeting)
        .where(TableMeeting.version_id == version_id)
        .options(joinedload(TableMeeting.need), joinedload(TableMeeting.offering))
        .order_by(TableMeeting.slot, TableMeeting.id)
    )
    return db.session.scalars(query).all()


def own_meetings(version_id: uuid.UUID, guest_id: uuid.UUID) -> Sequence[TableMeeting]:
    """One person's meetings in a version, with their posts."""
    query = (
        select(TableMeeting)
        .where(
            TableMeeting.version_id == version_id,
            or_(TableMeeting.first_id == guest_id, TableMeeting.second_id == guest_id),
        )
        .options(joinedload(TableMeeting.need), joinedload(TableMeeting.offering))
        .order_by(TableMeeting.slot, TableMeeting.id)
    )
    return db.session.scalars(query).all()


def outcomes_of(event_id: uuid.UUID) -> Sequence[MeetingOutcome]:
    """What came of the meetings of an event, with both people and both posts.

    For the staff and for the introductions that follow; a page for others reads
    :func:`outcomes_between`.
    """
    query = (
        select(MeetingOutcome)
        .where(MeetingOutcome.event_id == event_id)
        .options(
            joinedload(MeetingOutcome.guest)
            .joinedload(TableGuest.attendee)
            .joinedload(Attendee.organization),
            joinedload(MeetingOutcome.partner)
            .joinedload(TableGuest.attendee)
            .joinedload(Attendee.organization),
            joinedload(MeetingOutcome.need),
            joinedload(MeetingOutcome.offering),
        )
        .order_by(MeetingOutcome.slot, MeetingOutcome.id)
    )
    return db.session.scalars(query).all()


def outcomes_between(guest_id: uuid.UUID) -> Sequence[MeetingOutcome]:
    """What a person said of meetings, and what others said of meetings with that person."""
    query = select(MeetingOutcome).where(
        or_(MeetingOutcome.guest_id == guest_id, MeetingOutcome.partner_id == guest_id)
    )
    return db.session.scalars(query.order_by(MeetingOutcome.slot, MeetingOutcome.id)).all()


def get_outcome(guest_id: uuid.UUID, partner_id: uuid.UUID, slot: int) -> MeetingOutcome | None:
    """What a person said of one meeting."""
    query = select(MeetingOutcome).where(
        MeetingOutcome.guest_id == guest_id,
        MeetingOutcome.partner_id == partner_id,
        MeetingOutcome.slot == slot,
    )
    return db.session.scalar(query)


def event_of_plan(plan_id: uuid.UUID) -> RegionalEvent:
    """The event a plan belongs to."""
    query = (
        select(RegionalEvent)
        .join(TablePlan, TablePlan.event_id == RegionalEvent.id)
        .where(TablePlan.id == plan_id)
    )
    event = db.session.scalar(query)
    if event is None:
        raise NotFound
    return event
