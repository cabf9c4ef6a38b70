"""Reads of events. Each says what it loads."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, func, not_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import PAGE_SIZE, Page, paginate
from matchmaker.organizations.domain import OrganizationStatus
from matchmaker.organizations.models import Organization
from matchmaker.regional_events.planning.domain import (
    Audience,
    Duty,
    EventKind,
    EventState,
    TrackKind,
)
from matchmaker.regional_events.planning.extensions import participation_of, registered_events
from matchmaker.regional_events.planning.models import (
    EventInvitee,
    EventOrganizer,
    EventSeries,
    EventStaff,
    RegionalEvent,
    Track,
)
from matchmaker.regional_events.planning.policy import NO_STANDING, EventStanding

FULL = (
    selectinload(RegionalEvent.series),
    selectinload(RegionalEvent.organizers).selectinload(EventOrganizer.organization),
    selectinload(RegionalEvent.tracks).selectinload(Track.quotas),
    selectinload(RegionalEvent.tracks).selectinload(Track.reserves),
    selectinload(RegionalEvent.tracks).selectinload(Track.waves),
)


def get_event(event_id: uuid.UUID) -> RegionalEvent:
    """An event with series, organisers, and tracks with quotas, reserves and waves.

    Raises:
        NotFound: there is none of that id.
    """
    event = db.session.scalar(
        select(RegionalEvent)
        .where(RegionalEvent.id == event_id)
        .options(*FULL)
        .execution_options(populate_existing=True)
    )
    if event is None:
        raise NotFound
    return event


def standing_of(actor: Actor, event_id: uuid.UUID) -> EventStanding:
    """How a person stands to an event: duties, invitation, registration, presence."""
    if actor.user_id is None:
        return NO_STANDING
    duties = db.session.scalars(
        select(EventStaff.duty).where(
            EventStaff.event_id == event_id, EventStaff.user_id == actor.user_id
        )
    )
    part = participation_of(event_id, actor.user_id)
    return EventStanding(
        duties=frozenset(duties),
        is_invited=_is_invited(actor, event_id),
        is_registered=part.is_registered,
        has_attended=part.has_attended,
    )


def _is_invited(actor: Actor, event_id: uuid.UUID) -> bool:
    own_email = select(User.email_key).where(User.id == actor.user_id).scalar_subquery()
    found = db.session.scalar(
        select(EventInvitee.id)
        .where(
            EventInvitee.event_id == event_id,
            or_(
                EventInvitee.organization_id.in_(list(actor.roles)),
                EventInvitee.email_key == own_email,
            ),
        )
        .limit(1)
    )
    return found is not None


MOST_IN_CALENDAR, MOST_WORDS, MOST_SERIES = 500, 5, 200
LISTED = (
    selectinload(RegionalEvent.series),
    selectinload(RegionalEvent.organizers).selectinload(EventOrganizer.organization),
    selectinload(RegionalEvent.tracks),
)


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What the list of events is narrowed to.

    Args:
        past: those that are over; otherwise those to come, drafts and postponed ones.
        kind: only this sort.
        prefecture: only those held there.
        series_id: only those of a series.
        online: only those that one may join from afar.
        text: words that all occur in name, texts, place, series or organisers.
        sort: ``date`` (the next or the latest first), ``closing`` (registration that ends soonest),
            ``name``.
    """

    past: bool = False
    kind: EventKind | None = None
    prefecture: str = ""
    series_id: uuid.UUID | None = None
    online: bool = False
    text: str = ""
    sort: str = "date"


def list_events(
    actor: Actor, wanted: EventFilter, now: datetime, number: int, size: int = PAGE_SIZE
) -> Page[RegionalEvent]:
    """One page of the events that the person may know of, with series, organisers and tracks.

    Args:
        actor: who asks.
        wanted: what the list is narrowed to.
        now: the present moment; it parts those to come from those that are over.
        number: page, from 1.
        size: events a page.
    """
    query = select(RegionalEvent).where(
        visible_to(actor), _in_time(wanted.past, now), *_narrowing(wanted)
    )
    return paginate(query.order_by(*_order(wanted)).options(*LISTED), number, size)


def few_events(actor: Actor, now: datetime, limit: int, *, past: bool) -> Sequence[RegionalEvent]:
    """A few events that others than the staff know of and the person may know of, with organisers
    and tracks: the next ones, or the latest ones that are over."""
    query = (
        select(RegionalEvent)
        .where(
            visible_to(actor),
            RegionalEvent.state != EventState.DRAFT,
            _in_time(past, now),
        )
        .order_by(*_order(EventFilter(past=past)))
        .options(*LISTED)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def calendar_events(actor: Actor, now: datetime) -> Sequence[RegionalEvent]:
    """Announced events to come (cancelled ones too) that the person may know of, the next first."""
    query = (
        select(RegionalEvent)
        .where(
            visible_to(actor),
            RegionalEvent.state.in_([EventState.PUBLISHED, EventState.CANCELLED]),
            RegionalEvent.ends_at > now,
        )
        .options(*LISTED)
        .order_by(RegionalEvent.starts_at, RegionalEvent.id)
        .limit(MOST_IN_CALENDAR)
    )
    return db.session.scalars(query).all()


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """``policy.can_view`` in SQL; a test compares both."""
    if actor.is_secretariat:
        return RegionalEvent.id.is_not(None)
    audiences = [Audience.PUBLIC, *([Audience.MEMBERS] if actor.is_member else [])]
    admitted: list[ColumnElement[bool]] = [RegionalEvent.audience.in_(audiences)]
    if actor.user_id is None:
        return and_(RegionalEvent.state != EventState.DRAFT, *admitted)
    admitted.append(RegionalEvent.id.in_(_invited_to(actor)))
    admitted.extend(RegionalEvent.id.in_(ids) for ids in registered_events(actor.user_id))
    staffed = select(EventStaff.event_id).where(EventStaff.user_id == actor.user_id)
    return or_(
        RegionalEvent.id.in_(staffed), and_(RegionalEvent.state != EventState.DRAFT, or_(*admitted))
    )


def _invited_to(actor: Actor) -> Select[tuple[uuid.UUID]]:
    own_email = select(User.email_key).where(User.id == actor.user_id).scalar_subquery()
    return select(EventInvitee.event_id).where(
        or_(
            EventInvitee.organization_id.in_(list(actor.roles)),
            EventInvitee.email_key == own_email,
        )
    )


def _in_time(past: bool, now: datetime) -> ColumnElement[bool]:
    open_dates = RegionalEvent.state.in_([EventState.DRAFT, EventState.POSTPONED])
    ahead = and_(RegionalEvent.ends_at > now, RegionalEvent.state != EventState.ARCHIVED)
    coming = or_(open_dates, ahead)
    return not_(coming) if past else coming


def _narrowing(wanted: EventFilter) -> list[ColumnElement[bool]]:
    rules: list[ColumnElement[bool]] = []
    if wanted.kind is not None:
        rules.append(RegionalEvent.kind == wanted.kind)
    if wanted.prefecture:
        rules.append(RegionalEvent.prefecture == wanted.prefecture)
    if wanted.series_id is not None:
        rules.append(RegionalEvent.series_id == wanted.series_id)
    if wanted.online:
        rules.append(_is_online())
    rules.extend(_mentions(word) for word in wanted.text.split()[:MOST_WORDS])
    return rules


def _is_online() -> ColumnElement[bool]:
    streamed = select(Track.event_id).where(Track.kind == TrackKind.ONLINE)
    return or_(
        RegionalEvent.online_url != "",
        RegionalEvent.online_policy != "",
        RegionalEvent.id.in_(streamed),
    )


def _mentions(word: str) -> ColumnElement[bool]:
    own = [
        column.icontains(word, autoescape=True)
        for column in (
            RegionalEvent.name, RegionalEvent.summary, RegionalEvent.description,
            RegionalEvent.venue, RegionalEvent.address, RegionalEvent.prefecture,
        )
    ]  # fmt: skip
    series = select(EventSeries.id).where(EventSeries.name.icontains(word, autoescape=True))
    held_by = (
        select(EventOrganizer.event_id)
        .join(Organization, Organization.id == EventOrganizer.organization_id, isouter=True)
        .where(
            or_(
                EventOrganizer.name.icontains(word, autoescape=True),
                Organization.name.icontains(word, autoescape=True),
            )
        )
    )
    return or_(*own, RegionalEvent.series_id.in_(series), RegionalEvent.id.in_(held_by))


def _order(wanted: EventFilter) -> list[ColumnElement[Any]]:
    if wanted.sort == "name":
        return [RegionalEvent.name.asc(), RegionalEvent.id.asc()]
    if wanted.past:
        return [RegionalEvent.starts_at.desc(), RegionalEvent.id.desc()]
    by_date: list[ColumnElement[Any]] = [RegionalEvent.starts_at.asc(), RegionalEvent.id.asc()]
    if wanted.sort == "closing":
        without_end = RegionalEvent.opens_at.is_(None).cast(Integer)
        until = func.coalesce(RegionalEvent.closes_at, RegionalEvent.ends_at)
        return [without_end.asc(), until.asc(), *by_date]
    return by_date


def all_series() -> Sequence[EventSeries]:
    """Series by name, at most 200."""
    return db.session.scalars(
        select(EventSeries).order_by(EventSeries.name).limit(MOST_SERIES)
    ).all()


def staff_of(event_id: uuid.UUID) -> Sequence[EventStaff]:
    """Duties of people for an event, with the people, by name."""
    query = (
        select(EventStaff)
        .join(User, User.id == EventStaff.user_id)
        .where(EventStaff.event_id == event_id)
        .options(joinedload(EventStaff.user))
        .order_by(User.name, User.id, EventStaff.duty)
        .limit(MOST_IN_CALENDAR)
    )
    return db.session.scalars(query).all()


def invitees_of(event_id: uuid.UUID) -> Sequence[EventInvitee]:
    """Who is invited to an event, with organisations, in the order they were named."""
    query = (
        select(EventInvitee)
        .where(EventInvitee.event_id == event_id)
        .options(joinedload(EventInvitee.organization))
        .order_by(EventInvitee.id)
        .limit(MOST_IN_CALENDAR * 4)
    )
    return db.session.scalars(query).all()


def event_with_key(key: str) -> RegionalEvent | None:
    """The loaded event of that name, as :func:`get_event` gives it."""
    return db.session.scalar(select(RegionalEvent).where(RegionalEvent.key == key).options(*FULL))


def organizations_called(names: Sequence[str]) -> dict[str, Organization]:
    """Records of active organisations by their exact names; names that several have are left out.

    Args:
        names: at most a few hundred.
    """
    query = (
        select(Organization)
        .where(Organization.name.in_(list(names)), Organization.status == OrganizationStatus.ACTIVE)
        .order_by(Organization.id)
        .limit(len(names) * 2)
    )
    found = db.session.scalars(query).all()
    counts = Counter(each.name for each in found)
    return {each.name: each for each in found if counts[each.name] == 1}


def duties_of(event_id: uuid.UUID, user_id: uuid.UUID) -> Sequence[EventStaff]:
    """What one person does for an event."""
    query = select(EventStaff).where(EventStaff.event_id == event_id, EventStaff.user_id == user_id)
    return db.session.scalars(query.limit(len(Duty))).all()


def number_of_staff(event_id: uuid.UUID) -> int:
    """How many people work for an event."""
    query = select(func.count(EventStaff.user_id.distinct())).where(EventStaff.event_id == event_id)
    return db.session.scalar(query) or 0


def get_invitee(invitee_id: uuid.UUID) -> EventInvitee:
    """One invitation.

    Raises:
        NotFound: there is none, or it was taken back.
    """
    invitee = db.session.get(EventInvitee, invitee_id)
    if invitee is None:
        raise NotFound
    return invitee


def is_any_invited(event_id: uuid.UUID, invitee_ids: Sequence[uuid.UUID]) -> bool:
    """Whether one of these invitations is to this event."""
    query = select(EventInvitee.id).where(
        EventInvitee.event_id == event_id, EventInvitee.id.in_(invitee_ids)
    )
    return db.session.scalar(query.limit(1)) is not None


def not_yet_invited(event_id: uuid.UUID) -> Sequence[EventInvitee]:
    """Invitees who have not been sent their invitation."""
    query = (
        select(EventInvitee)
        .where(EventInvitee.event_id == event_id, EventInvitee.invited_at.is_(None))
        .order_by(EventInvitee.id)
        .limit(MOST_IN_CALENDAR * 4)
    )
    return db.session.scalars(query).all()
