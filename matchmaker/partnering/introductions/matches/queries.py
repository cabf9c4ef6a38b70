"""Reading matches and their shared page. Every list has a bound."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from matchmaker.accounts.models import OrganizationMember, User
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import PAGE_SIZE, Page, paginate
from matchmaker.partnering.introductions.domain import Side
from matchmaker.partnering.introductions.matches.domain import (
    LATE_EVERY,
    LATE_MOST,
    MOST_APPOINTMENTS,
    MOST_FACTS,
    MOST_FILES,
    AppointmentState,
    MatchState,
)
from matchmaker.partnering.introductions.matches.models import (
    AgreedFact,
    Appointment,
    Match,
    MatchFile,
    MatchMessage,
    MatchPerson,
)
from matchmaker.partnering.introductions.models import Introduction

MISSING = "お探しの話し合いのページは見つかりません。"
MOST_PEOPLE = 40
MOST_REMINDED = 500
MOST_ENDED = 500


def _loaded() -> Select[tuple[Match]]:
    """Matches with both posts, both organisations and who does the next step."""
    introduction = joinedload(Match.introduction)
    return select(Match).options(
        introduction.joinedload(Introduction.need),
        introduction.joinedload(Introduction.offering),
        introduction.joinedload(Introduction.sender),
        introduction.joinedload(Introduction.receiver),
        joinedload(Match.next_owner),
    )


def get(match_id: uuid.UUID) -> Match:
    """One match with its introduction, both posts and both organisations.

    Raises:
        NotFound: there is none.
    """
    match = db.session.scalar(_loaded().where(Match.id == match_id))
    if match is None:
        raise NotFound(MISSING)
    return match


def of_introduction(introduction_id: uuid.UUID) -> Match | None:
    """The match of an introduction, whatever its state."""
    return db.session.scalar(_loaded().where(Match.introduction_id == introduction_id))


def match_of_pair(need_id: uuid.UUID, offering_id: uuid.UUID) -> Match | None:
    """The newest match of the two posts that was not undone."""
    query = (
        _loaded()
        .join(Match.introduction)
        .where(
            Introduction.need_id == need_id,
            Introduction.offering_id == offering_id,
            Match.state != MatchState.UNDONE,
        )
        .order_by(Match.created_at.desc(), Match.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def matches_of_organization(
    organization_id: uuid.UUID, number: int = 1, size: int = PAGE_SIZE
) -> Page[Match]:
    """Matches in which the organisation is a side, newest change first, in pages."""
    return _page_of([organization_id], None, number, size)


def in_talks_of(organization_id: uuid.UUID) -> Sequence[Match]:
    """Matches in talks in which the organisation is a side, the oldest first, at most 500."""
    query = (
        _loaded()
        .join(Match.introduction)
        .where(Match.state == MatchState.TALKING, _of_organizations([organization_id]))
        .order_by(Match.created_at, Match.id)
        .limit(MOST_ENDED)
    )
    return db.session.scalars(query).all()


def own_matches(actor: Actor, state: MatchState | None, number: int) -> Page[Match]:
    """Matches of all organisations of a person (of everybody for the secretariat), in pages."""
    if actor.is_secretariat:
        return _page_of(None, state, number, PAGE_SIZE)
    return _page_of(list(actor.roles), state, number, PAGE_SIZE)


def _page_of(
    organization_ids: list[uuid.UUID] | None, state: MatchState | None, number: int, size: int
) -> Page[Match]:
    query = _loaded().join(Match.introduction)
    if organization_ids is not None:
        query = query.where(_of_organizations(organization_ids))
    if state is not None:
        query = query.where(Match.state == state)
    return paginate(query.order_by(Match.updated_at.desc(), Match.id.desc()), number, size)


def _of_organizations(organization_ids: list[uuid.UUID]) -> ColumnElement[bool]:
    """The condition that one of these organisations is a side; the introduction is joined."""
    return or_(
        Introduction.sender_organization_id.in_(organization_ids),
        Introduction.receiver_organization_id.in_(organization_ids),
    )


def people_of(match: Match) -> Sequence[MatchPerson]:
    """Contacts of both sides, in the order in which they came.

    Whoever left the organisation, or whose account was closed, is a contact no longer.
    """
    pair = match.introduction
    still_there = (
        select(OrganizationMember.id)
        .where(
            OrganizationMember.user_id == MatchPerson.user_id,
            OrganizationMember.organization_id.in_(
                (pair.sender_organization_id, pair.receiver_organization_id)
            ),
        )
        .exists()
    )
    query = (
        select(MatchPerson)
        .join(MatchPerson.user)
        .options(contains_eager(MatchPerson.user))
        .where(MatchPerson.match_id == match.id, User.active, still_there)
        .order_by(MatchPerson.at, MatchPerson.id)
        .limit(MOST_PEOPLE)
    )
    return db.session.scalars(query).all()


def person_of(match_id: uuid.UUID, user_id: uuid.UUID) -> MatchPerson | None:
    """One contact."""
    query = select(MatchPerson).where(
        MatchPerson.match_id == match_id, MatchPerson.user_id == user_id
    )
    return db.session.scalar(query)


def messages_of(match_id: uuid.UUID, number: int) -> Page[MatchMessage]:
    """The thread in pages, the newest first."""
    query = (
        select(MatchMessage)
        .where(MatchMessage.match_id == match_id)
        .order_by(MatchMessage.at.desc(), MatchMessage.id.desc())
    )
    return paginate(query, number)


def get_message(message_id: uuid.UUID) -> MatchMessage | None:
    """One entry of a thread."""
    return db.session.get(MatchMessage, message_id)


def message_with_key(match_id: uuid.UUID, key: str) -> MatchMessage | None:
    """The message that a form with this key has already sent."""
    query = select(MatchMessage).where(
        MatchMessage.match_id == match_id, MatchMessage.submission_key == key
    )
    return db.session.scalar(query)


def files_of(match_id: uuid.UUID) -> Sequence[MatchFile]:
    """Files of the shared page in their order."""
    query = (
        select(MatchFile)
        .options(joinedload(MatchFile.file))
        .where(MatchFile.match_id == match_id)
        .order_by(MatchFile.position)
        .limit(MOST_FILES)
    )
    return db.session.scalars(query).all()


def get_file(match_id: uuid.UUID, file_id: uuid.UUID) -> MatchFile:
    """One file of the shared page.

    Raises:
        NotFound: it was taken away, or stands on another page.
    """
    query = (
        select(MatchFile)
        .options(joinedload(MatchFile.file))
        .where(MatchFile.id == file_id, MatchFile.match_id == match_id)
    )
    file = db.session.scalar(query)
    if file is None:
        raise NotFound("お探しのファイルは見つかりません。外された可能性があります。")
    return file


def facts_of(match_id: uuid.UUID) -> Sequence[AgreedFact]:
    """Agreed facts, in the order in which they were first written."""
    query = (
        select(AgreedFact)
        .where(AgreedFact.match_id == match_id)
        .order_by(AgreedFact.created_at, AgreedFact.id)
        .limit(MOST_FACTS)
    )
    return db.session.scalars(query).all()


def get_fact(match_id: uuid.UUID, fact_id: uuid.UUID) -> AgreedFact:
    """One agreed fact.

    Raises:
        NotFound: it was taken away, or stands on another page.
    """
    query = select(AgreedFact).where(AgreedFact.id == fact_id, AgreedFact.match_id == match_id)
    fact = db.session.scalar(query)
    if fact is None:
        raise NotFound("お探しの決まったことは見つかりません。外された可能性があります。")
    return fact


def appointments_of(match_id: uuid.UUID) -> Sequence[Appointment]:
    """Appointments with their dates, newest first."""
    query = (
        select(Appointment)
        .options(selectinload(Appointment.dates))
        .where(Appointment.match_id == match_id)
        .order_by(Appointment.created_at.desc(), Appointment.id.desc())
        .limit(MOST_APPOINTMENTS)
    )
    return db.session.scalars(query).all()


def get_appointment(match_id: uuid.UUID, appointment_id: uuid.UUID) -> Appointment:
    """One appointment with its dates.

    Raises:
        NotFound: there is none on this page.
    """
    query = (
        select(Appointment)
        .options(selectinload(Appointment.dates))
        .where(Appointment.id == appointment_id, Appointment.match_id == match_id)
    )
    appointment = db.session.scalar(query)
    if appointment is None:
        raise NotFound("お探しの打合せは見つかりません。")
    return appointment


def proposed_appointment(match_id: uuid.UUID) -> Appointment | None:
    """The appointment whose dates wait for an agreement, with them; at most one stands."""
    query = (
        select(Appointment)
        .options(selectinload(Appointment.dates))
        .where(Appointment.match_id == match_id, Appointment.state == AppointmentState.PROPOSED)
    )
    return db.session.scalar(query)


def with_proposed_dates(match_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Side | None]:
    """Those of the matches on whose page dates wait for an agreement, with who proposed them."""
    query = (
        select(Appointment.match_id, Appointment.side)
        .where(Appointment.match_id.in_(match_ids), Appointment.state == AppointmentState.PROPOSED)
        .order_by(Appointment.match_id)
    )
    return {row.match_id: row.side for row in db.session.execute(query)}


def with_next_step_until(day: date) -> Sequence[Match]:
    """Matches in talks whose next step is due until ``day``, at most 500, the longest late last.

    What is so late that nobody is reminded of it any more is left out.
    """
    first = day - LATE_EVERY * (LATE_MOST + 1)
    query = (
        _loaded()
        .where(
            Match.state == MatchState.TALKING,
            Match.next_due_on <= day,
            Match.next_due_on >= first,
        )
        .order_by(Match.next_due_on.desc(), Match.id)
        .limit(MOST_REMINDED)
    )
    return db.session.scalars(query).all()
