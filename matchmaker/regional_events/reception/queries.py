"""Reads of the reception. Each says what it loads."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload

from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page
from matchmaker.organizations.models import Organization
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.reception.domain import code_digest, search_form
from matchmaker.regional_events.reception.models import CheckIn, RoomNotice
from matchmaker.regional_events.registrations.domain import AttendeeState
from matchmaker.regional_events.registrations.models import Attendee

PAGE_SIZE = 30
MOST_PEOPLE = 20_000
NEWEST = 8
MOST_NOTICES = 60


@dataclass(frozen=True, slots=True)
class DoorPerson:
    """One person as the reception sees them.

    Args:
        attendee: with track, wanted track and organisation.
        check_in: that the person is there, if so.
    """

    attendee: Attendee
    check_in: CheckIn | None

    @property
    def organization(self) -> str:
        """In whose name the person comes; nothing for citizens."""
        return organization_name(self.attendee)


def organization_name(attendee: Attendee) -> str:
    """In whose name a person comes (organisation loaded); nothing for citizens."""
    known = attendee.organization
    return known.name if known is not None else attendee.organization_name


@dataclass(frozen=True, slots=True)
class TrackPresence:
    """How many of a track are there.

    Args:
        track: the room or the stream.
        expected: people with a confirmed seat.
        present: those of them who are there.
    """

    track: Track
    expected: int
    present: int

    @property
    def percent(self) -> int | None:
        """Share of the room's seats that is taken, rounded down; None without a bound."""
        return self.present * 100 // self.track.capacity if self.track.capacity else None


@dataclass(frozen=True, slots=True)
class EventPresence:
    """How many are there, of how many with a confirmed seat, by track."""

    tracks: Sequence[TrackPresence] = field(default_factory=tuple)

    @property
    def present(self) -> int:
        """People who are there."""
        return sum(each.present for each in self.tracks)

    @property
    def expected(self) -> int:
        """People with a confirmed seat."""
        return sum(each.expected for each in self.tracks)

    def of_kind(self, kind: TrackKind) -> EventPresence:
        """Only the rooms, or only the streams."""
        return EventPresence([each for each in self.tracks if each.track.kind is kind])


def presence_of(event_id: uuid.UUID) -> EventPresence:
    """Count who is there, by track in the event's order (two statements)."""
    query = (
        select(Attendee.track_id, func.count(Attendee.id), func.count(CheckIn.id))
        .outerjoin(CheckIn, CheckIn.attendee_id == Attendee.id)
        .where(Attendee.event_id == event_id, Attendee.state == AttendeeState.CONFIRMED)
        .group_by(Attendee.track_id)
    )
    counts = {track: (expected, present) for track, expected, present in db.session.execute(query)}
    tracks = db.session.scalars(
        select(Track).where(Track.event_id == event_id).order_by(Track.position)
    )
    return EventPresence([TrackPresence(each, *counts.get(each.id, (0, 0))) for each in tracks])


def present_in(track_id: uuid.UUID) -> int:
    """How many people of one track are there."""
    query = (
        select(func.count(CheckIn.id))
        .join(Attendee, Attendee.id == CheckIn.attendee_id)
        .where(Attendee.track_id == track_id)
    )
    return db.session.scalar(query) or 0


def present_attendees(event_id: uuid.UUID, kind: TrackKind | None = None) -> Sequence[Attendee]:
    """Those who are there, by reading, with organisation and track.

    Args:
        event_id: the event.
        kind: only those in a room, or only those online; None is all.
    """
    query = (
        select(Attendee)
        .join(CheckIn, CheckIn.attendee_id == Attendee.id)
        .join(Track, Track.id == Attendee.track_id)
        .where(Attendee.event_id == event_id)
        .options(joinedload(Attendee.organization), joinedload(Attendee.track))
        .order_by(Attendee.kana, Attendee.id)
        .limit(MOST_PEOPLE)
    )
    if kind is not None:
        query = query.where(Track.kind == kind)
    return db.session.scalars(query).all()


def has_attended(event_id: uuid.UUID, user_id: uuid.UUID) -> bool:
    """Whether the person was checked in."""
    query = select(
        exists().where(
            CheckIn.attendee_id == Attendee.id,
            Attendee.event_id == event_id,
            Attendee.user_id == user_id,
        )
    )
    return bool(db.session.scalar(query))


def check_in_of(attendee_id: uuid.UUID) -> CheckIn | None:
    """That the person is there, if so."""
    query = select(CheckIn).where(CheckIn.attendee_id == attendee_id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def get_person(event_id: uuid.UUID, attendee_id: uuid.UUID) -> DoorPerson:
    """One person of the event.

    Raises:
        NotFound: there is none of that id in that event.
    """
    found = people_with(event_id, [attendee_id])
    if not found:
        raise NotFound
    return found[0]


def first_person(registration_id: uuid.UUID) -> Attendee:
    """The first person of a registration."""
    query = (
        select(Attendee)
        .where(Attendee.registration_id == registration_id)
        .order_by(Attendee.position)
        .limit(1)
    )
    return db.session.scalars(query).one()


def find_people(
    event_id: uuid.UUID, text: str, page: int = 1, size: int = PAGE_SIZE
) -> Page[DoorPerson]:
    """People of the event whose name, reading, organisation or code fits, by reading.

    Everybody is compared, so that half-width kana, hiragana and variants of characters are found
    whatever the database can do. Without a text it is everybody whose registration lives.
    """
    wanted = search_form(text)
    ids = [each for each, searched in _searched(event_id, wanted) if wanted in searched]
    number = min(page, max(1, -(-len(ids) // size)))
    chosen = ids[(number - 1) * size : number * size]
    order = {each: place for place, each in enumerate(chosen)}
    people = sorted(people_with(event_id, chosen), key=lambda each: order[each.attendee.id])
    return Page(people, number, size, len(ids))


def _searched(event_id: uuid.UUID, wanted: str) -> list[tuple[uuid.UUID, str]]:
    query = (
        select(Attendee.id, Attendee.name, Attendee.kana, Attendee.organization_name,
               func.coalesce(Organization.name, ""))
        .outerjoin(Organization, Organization.id == Attendee.organization_id)
        .where(Attendee.event_id == event_id, Attendee.state != AttendeeState.EXPIRED)
        .order_by(Attendee.kana, Attendee.name, Attendee.id)
        .limit(MOST_PEOPLE)
    )  # fmt: skip
    if not wanted:
        query = query.where(Attendee.state != AttendeeState.CANCELLED)
    return [
        (each, search_form("\n".join(words)) if wanted else "")
        for each, *words in db.session.execute(query)
    ]


def people_with(event_id: uuid.UUID, ids: Collection[uuid.UUID]) -> list[DoorPerson]:
    """People of the event by their ids."""
    rows = db.session.execute(_with_check_in(event_id).where(Attendee.id.in_(ids)))
    return [DoorPerson(attendee, check_in) for attendee, check_in in rows]


def _with_check_in(event_id: uuid.UUID) -> Select[tuple[Attendee, CheckIn]]:
    return (
        select(Attendee, CheckIn)
        .outerjoin(CheckIn, CheckIn.attendee_id == Attendee.id)
        .where(Attendee.event_id == event_id)
        .options(
            joinedload(Attendee.organization),
            joinedload(Attendee.track),
            joinedload(Attendee.wanted_track),
        )
        .execution_options(populate_existing=True)
    )


def newest_people(event_id: uuid.UUID) -> list[DoorPerson]:
    """Those who came last."""
    query = _with_check_in(event_id).where(CheckIn.id.is_not(None))
    rows = db.session.execute(query.order_by(CheckIn.at.desc(), CheckIn.id.desc()).limit(NEWEST))
    return [DoorPerson(attendee, check_in) for attendee, check_in in rows]


def everybody(event_id: uuid.UUID) -> list[DoorPerson]:
    """All people of the event whose registration has not run out, those cancelled included."""
    query = (
        _with_check_in(event_id)
        .where(Attendee.state != AttendeeState.EXPIRED)
        .order_by(Attendee.kana, Attendee.id)
        .limit(MOST_PEOPLE)
    )
    return [DoorPerson(attendee, check_in) for attendee, check_in in db.session.execute(query)]


def attendee_by_code(event_id: uuid.UUID, code: str) -> uuid.UUID | None:
    """Whose code that is."""
    query = select(Attendee.id).where(Attendee.event_id == event_id, Attendee.code == code)
    return db.session.scalar(query)


def attendees_by_digest(event_id: uuid.UUID, digests: Collection[str]) -> Mapping[str, uuid.UUID]:
    """Whose codes have these digests (one statement; nothing is asked for no digests)."""
    if not digests:
        return {}
    rows = db.session.execute(
        select(Attendee.id, Attendee.code).where(Attendee.event_id == event_id).limit(MOST_PEOPLE)
    )
    known = {code_digest(event_id, code): each for each, code in rows}
    return {digest: known[digest] for digest in digests if digest in known}


def room_notices(event_id: uuid.UUID) -> Sequence[RoomNotice]:
    """What staff were told about how full rooms are, newest first, with the track."""
    query = (
        select(RoomNotice)
        .join(Track, Track.id == RoomNotice.track_id)
        .where(Track.event_id == event_id)
        .options(joinedload(RoomNotice.track))
        .order_by(RoomNotice.at.desc(), RoomNotice.threshold.desc())
        .limit(MOST_NOTICES)
    )
    return db.session.scalars(query).all()
