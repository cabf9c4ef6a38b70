"""Events on a person's own page: own registrations, offered seats to answer, open surveys."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.pages.dashboard import Waiting
from matchmaker.pages.dashboard_terms import until_moment
from matchmaker.pages.event_queries import released_tables, surveys_open_to
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.notices import event_when
from matchmaker.regional_events.registrations import desk, queries
from matchmaker.regional_events.registrations.domain import WaitingState
from matchmaker.regional_events.registrations.links import ticket_token
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.surveys.policy import can_answer
from matchmaker.surveys.queries import standing_of
from matchmaker.surveys.registry import subject_of_kind

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class OwnRegistration:
    """One person whom the reader registered, or the reader.

    Args:
        row: the person in words.
        tables_url: the timetable of the tables, on the day of the event.
    """

    row: desk.PersonRow
    event: RegionalEvent
    when: str
    ticket_url: str
    tables_url: str = ""


@dataclass(frozen=True, slots=True)
class OwnEvents:
    """Events the person is registered for.

    Args:
        coming: the next ones.
        total: how many registrations for coming events there are.
        waiting: offers and surveys that wait for an answer.
    """

    coming: Sequence[OwnRegistration] = ()
    total: int = 0
    waiting: Sequence[Waiting] = ()


def own_events(actor: Actor, now: datetime) -> OwnEvents:
    """Load what the person's page shows of registrations (three statements, one a survey)."""
    if actor.user_id is None:
        return OwnEvents()
    people = queries.registrations_of(actor.user_id)
    ahead = [each for each in reversed(people) if each.registration.event.ends_at > now]
    tables = released_tables(_today(ahead, now))
    return OwnEvents(
        coming=[_own(each, actor, tables) for each in ahead[:MOST_SHOWN]],
        total=len(ahead),
        waiting=[*_offers(ahead, now), *_surveys(actor, actor.user_id, now)],
    )


def _today(people: Sequence[Attendee], now: datetime) -> list[uuid.UUID]:
    events = {each.event_id: each.registration.event for each in people}
    return [id_ for id_, event in events.items() if today(event.starts_at) <= today(now)]


def _own(attendee: Attendee, actor: Actor, tables: frozenset[uuid.UUID]) -> OwnRegistration:
    event = attendee.registration.event
    is_seated = attendee.user_id == actor.user_id and attendee.track_id is not None
    sits_at_tables = is_seated and event.id in tables
    return OwnRegistration(
        desk.row_of(attendee),
        event,
        event_when(event),
        _ticket_url(attendee),
        url_for("own_event_tables.show", event_id=event.id) if sits_at_tables else "",
    )


def _ticket_url(attendee: Attendee) -> str:
    return url_for("event_tickets.show", token=ticket_token(attendee))


def _offers(people: Sequence[Attendee], now: datetime) -> list[Waiting]:
    """One line for each place in line to which a seat is offered."""
    offered = {
        entry.id: (entry, each)
        for each in people
        if (entry := each.waiting_entry) is not None and entry.state is WaitingState.OFFERED
    }
    return [
        Waiting(
            f"席のご案内に返事をする：{each.registration.event.name}",
            _ticket_url(each),
            f"{each.name}さん{'ほか' if entry.size > 1 else ''}の{entry.size}席を取ってあります。",
            until_moment(entry.offer_until, now),
        )
        for entry, each in offered.values()
    ]


def _surveys(actor: Actor, user_id: uuid.UUID, now: datetime) -> list[Waiting]:
    return [
        Waiting(
            f"アンケートに答える：{subject_of_kind(survey.subject_kind).label(survey.subject_id)}",
            url_for("surveys.show", survey_id=survey.id),
            survey.title,
            until_moment(survey.closes_at, now),
        )
        for survey in surveys_open_to(user_id, now)
        if can_answer(standing_of(actor, survey))
    ]
