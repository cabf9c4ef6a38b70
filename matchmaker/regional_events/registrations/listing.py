"""The list of people of an event: narrowed, sorted and paged by the database."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select
from sqlalchemy.orm import joinedload

from matchmaker.core.db import db
from matchmaker.core.paging import Page, count
from matchmaker.core.text import clean_line, fold, whole_number
from matchmaker.organizations.models import Organization
from matchmaker.regional_events.registrations.domain import LIVE_STATES, AttendeeState
from matchmaker.regional_events.registrations.models import Attendee, Registration

PAGE_SIZE = 50
MOST_PEOPLE = 20_000
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class AttendeeFilter:
    """What the list of people is narrowed to; empty values narrow nothing.

    Args:
        text: part of a name, reading, address, organisation, or the number of a registration.
        track: id of the track where they sit, or which they want while they hold no seat.
        state: state of the person; nothing is all but those cancelled or expired.
        category: of the organisation, or ``citizen``.
        prefecture: where they come from.
        assistance: a need, or ``any``.
    """

    text: str = ""
    track: uuid.UUID | None = None
    state: str = ""
    category: str = ""
    prefecture: str = ""
    assistance: str = ""


NO_FILTER = AttendeeFilter()
ANY, ALL_STATES = "any", "all"
WITH_PEOPLE = (
    joinedload(Attendee.registration),
    joinedload(Attendee.organization),
    joinedload(Attendee.track),
    joinedload(Attendee.wanted_track),
    joinedload(Attendee.waiting_entry),
)
SORTS: Mapping[str, ColumnElement[Any]] = {
    "number": Registration.number.expression,
    "name": Attendee.kana.expression,
    "organization": Attendee.organization_name.expression,
    "state": Attendee.state.expression,
    "created": Attendee.created_at.expression,
}


def list_attendees(
    event_id: uuid.UUID,
    filters: AttendeeFilter = NO_FILTER,
    sort: str = "number",
    direction: str = "asc",
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Page[Attendee]:
    """One page of the people of an event, with registration, organisation, tracks and place in
    line (two statements).

    Args:
        event_id: the event.
        filters: what to narrow to.
        sort: key of :data:`SORTS`; others are the number.
        direction: ``asc`` or ``desc``.
        page: from 1.
        size: people a page.
    """
    query = _filtered(event_id, filters)
    total = count(query)
    number = min(page, max(1, -(-total // size)))
    rows = query.options(*WITH_PEOPLE).order_by(*_order(sort, direction))
    items = db.session.scalars(rows.limit(size).offset((number - 1) * size)).all()
    return Page(items, number, size, total)


def all_attendees(event_id: uuid.UUID, filters: AttendeeFilter = NO_FILTER) -> Sequence[Attendee]:
    """Everybody who fits, by number, for files (bounded by :data:`MOST_PEOPLE`)."""
    query = _filtered(event_id, filters).options(*WITH_PEOPLE, joinedload(Attendee.reserve))
    return db.session.scalars(query.order_by(*_order("number", "asc")).limit(MOST_PEOPLE)).all()


def _order(sort: str, direction: str) -> tuple[ColumnElement[Any], ...]:
    column = SORTS.get(sort, SORTS["number"])
    first = column.desc() if direction == "desc" else column.asc()
    return (first, Registration.number.asc(), Attendee.position.asc(), Attendee.id.asc())


def _filtered(event_id: uuid.UUID, wanted: AttendeeFilter) -> Select[tuple[Attendee]]:
    query = (
        select(Attendee)
        .join(Registration, Registration.id == Attendee.registration_id)
        .where(Attendee.event_id == event_id, *_conditions(wanted))
    )
    return query.where(_contains(wanted.text)) if wanted.text.strip() else query


def _conditions(wanted: AttendeeFilter) -> list[ColumnElement[bool]]:
    found = [_in_state(wanted.state)]
    if wanted.track is not None:
        found.append(func.coalesce(Attendee.track_id, Attendee.wanted_track_id) == wanted.track)
    if wanted.category:
        found.append(Attendee.category == wanted.category)
    if wanted.prefecture:
        found.append(Attendee.prefecture == wanted.prefecture)
    if wanted.assistance:
        found.append(_needs(wanted.assistance))
    return found


def _in_state(state: str) -> ColumnElement[bool]:
    if state == ALL_STATES:
        return Attendee.state.is_not(None)
    if state in set(AttendeeState):
        return Attendee.state == AttendeeState(state)
    return Attendee.state.in_(LIVE_STATES)


def _needs(word: str) -> ColumnElement[bool]:
    """JSON is compared as text: the words are ASCII and stand in quotes."""
    stored = cast(Attendee.assistance, String)
    if word == ANY:
        return or_(stored != "[]", Attendee.assistance_note != "")
    return stored.like(f'%"{word}"%')


def _contains(text: str) -> ColumnElement[bool]:
    word = clean_line(text)[:LONGEST_SEARCH]
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{escaped}%"
    columns = (Attendee.name, Attendee.kana, Attendee.email, Attendee.organization_name)
    named = select(Organization.id).where(Organization.name.ilike(like, escape="\\"))
    found: list[ColumnElement[bool]] = [
        *(column.ilike(like, escape="\\") for column in columns),
        Attendee.organization_id.in_(named),
    ]
    number = whole_number(fold(word).lstrip("#"))
    if number is not None:
        found.append(Registration.number == number)
    return or_(*found)
