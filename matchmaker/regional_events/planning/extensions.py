"""What later parts add to an event: parts of its page, links of its staff, who takes part."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Select

from matchmaker.core.actor import Actor
from matchmaker.regional_events.planning.domain import EventMove
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.policy import EventStanding

SECTIONS, STAFF_LINKS = "matchmaker.event_sections", "matchmaker.event_staff_links"


@dataclass(frozen=True, slots=True)
class EventSection:
    """A part of the page of an event.

    Args:
        template: fragment that is included.
        context: its variables.
        title: heading, in Japanese.
        anchor: id of the heading.
        place: smaller numbers stand further up.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    anchor: str = ""
    place: int = 50


@dataclass(frozen=True, slots=True)
class StaffLink:
    """A link to a page of the staff (受付, 配席, …), with one line on what is there.

    Args:
        label: what people press.
        url: address.
        note: figures or what is to be done, in a few words.
        place: smaller numbers stand further up; :data:`STAGES` says what belongs together.
        waits: whether something there waits for the staff.
    """

    label: str
    url: str
    note: str = ""
    place: int = 50
    waits: bool = False


STAGES = ((0, "準備"), (20, "申し込み"), (30, "当日"), (70, "終わってから"))
"""From which place on links of the staff belong to which part of the work."""


@dataclass(frozen=True, slots=True)
class View:
    """What a part needs to know to say what it shows.

    Args:
        event: with organisers and tracks loaded.
        actor: who looks at the page.
        standing: how that person stands to the event.
        now: the present moment.
    """

    event: RegionalEvent
    actor: Actor
    standing: EventStanding
    now: datetime


SectionLoader = Callable[[View], EventSection | None]
StaffLinkLoader = Callable[[View], Sequence[StaffLink]]


def add_event_section(app: Flask, loader: SectionLoader) -> None:
    """Show what ``loader`` gives on the page of every event."""
    app.extensions.setdefault(SECTIONS, []).append(loader)


def add_staff_links(app: Flask, loader: StaffLinkLoader) -> None:
    """Show these links to the staff of an event on its page and its desk."""
    app.extensions.setdefault(STAFF_LINKS, []).append(loader)


def event_sections(view: View) -> list[EventSection]:
    """The parts that later features add for this person, in order."""
    loaders: list[SectionLoader] = current_app.extensions.get(SECTIONS, [])
    found = [section for loader in loaders if (section := loader(view)) is not None]
    return sorted(found, key=lambda section: section.place)


def staff_links(view: View) -> list[StaffLink]:
    """The links of later features for this person, in order."""
    loaders: list[StaffLinkLoader] = current_app.extensions.get(STAFF_LINKS, [])
    found = [link for loader in loaders for link in loader(view)]
    return sorted(found, key=lambda link: link.place)


def staff_stages(view: View) -> list[tuple[str, list[StaffLink]]]:
    """:func:`staff_links` by part of the work (:data:`STAGES`); empty parts are left out."""
    stages: dict[str, list[StaffLink]] = {label: [] for _, label in STAGES}
    for link in staff_links(view):
        stages[[label for begins, label in STAGES if begins <= link.place][-1]].append(link)
    return [(label, links) for label, links in stages.items() if links]


@dataclass(frozen=True, slots=True)
class Participation:
    """Whether a person is registered for an event, and was there."""

    is_registered: bool = False
    has_attended: bool = False


ParticipationReader = Callable[[uuid.UUID, uuid.UUID], Participation]
_readers: list[ParticipationReader] = []


def add_participation_reader(reader: ParticipationReader) -> None:
    """Let ``reader(event_id, user_id)`` say who takes part; several are joined by "or"."""
    if reader not in _readers:
        _readers.append(reader)


def participation_of(event_id: uuid.UUID, user_id: uuid.UUID | None) -> Participation:
    """What the later parts know of the person."""
    if user_id is None:
        return Participation()
    found = [reader(event_id, user_id) for reader in _readers]
    return Participation(
        is_registered=any(part.is_registered for part in found),
        has_attended=any(part.has_attended for part in found),
    )


MoveCheck = Callable[[uuid.UUID, EventMove], str | None]
_move_checks: list[MoveCheck] = []


def add_move_check(check: MoveCheck) -> None:
    """Let ``check(event_id, move)`` refuse a step of an event: it gives the words, or None."""
    if check not in _move_checks:
        _move_checks.append(check)


def refusal_of(event_id: uuid.UUID, move: EventMove) -> str | None:
    """Why a later part does not let the event take this step; None when it may."""
    return next((words for check in _move_checks if (words := check(event_id, move))), None)


RegisteredEvents = Callable[[uuid.UUID], Select[tuple[uuid.UUID]]]
_registered: list[RegisteredEvents] = []


def add_registered_events(source: RegisteredEvents) -> None:
    """Let ``source(user_id)`` select the ids of the events that a person is registered for.

    It is the participation reader in SQL: lists ask it for many events at once.
    """
    if source not in _registered:
        _registered.append(source)


def registered_events(user_id: uuid.UUID) -> list[Select[tuple[uuid.UUID]]]:
    """Selections of the ids of events that the person is registered for."""
    return [source(user_id) for source in _registered]


Copier = Callable[[RegionalEvent, RegionalEvent, Actor, datetime], None]
_copiers: list[Copier] = []


def add_copier(copier: Copier) -> None:
    """Let ``copier(original, copy, actor, now)`` take over what a later part keeps of an event.

    It leaves out what was true of the original alone: moments, links, codes, consents, people.
    """
    if copier not in _copiers:
        _copiers.append(copier)


def copiers() -> Sequence[Copier]:
    """All of them, in order."""
    return tuple(_copiers)
