"""Events with their people, put into the database before the service under test starts."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Page
from sqlalchemy import select

from config import Settings
from matchmaker.accounts.models import OrganizationMember, User
from matchmaker.app import create_app
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db, new_id
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.reception.domain import CheckInWay
from matchmaker.regional_events.reception.service import receive
from matchmaker.regional_events.registrations.domain import PersonData, RegistrationData, Source
from matchmaker.regional_events.registrations.links import ticket_token
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.registrations.service import register
from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import SECRET_KEY, Service
from tests.journeys.mailbox import Letter, letter_to
from tests.regional_events.builders import make_event, make_track

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a confirmed seat.

    Args:
        id: the attendee.
        name: as the person is called.
        code: of the QR code.
        ticket: path of the own page, as the mails link to it.
        email: where mail goes.
    """

    id: uuid.UUID
    name: str
    code: str
    ticket: str
    email: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """One event that was put in.

    Args:
        id: the event.
        name: its name.
        people: those registered, in the order in which they are to be handled.
    """

    id: uuid.UUID
    name: str
    people: Sequence[Person]


@dataclass(frozen=True, slots=True)
class Journey:
    """One event of a journey with those who look at it.

    Args:
        occasion: the event.
        service: where it all happens.
        visit: opens a window for somebody.
        axe: looks at a page.
    """

    occasion: Occasion
    service: Service
    visit: Visit
    axe: AxeCheck

    def open(self, page: Page, more: str = "") -> Page:
        """Open the page of the event, or one below it."""
        page.goto(f"/regional-events/{self.occasion.id}{more}")
        return page

    def mail(self, person: Person, words: str) -> Letter:
        """What somebody was sent."""
        return letter_to(self.service.folder, person.email, words)


@contextmanager
def opened(folder: Path) -> Iterator[None]:
    """Work on the database of an instance folder; committed at the end."""
    settings = Settings(
        _env_file=None,
        secret_key=SECRET_KEY,
        instance_dir=folder,
        embedding_model="none",
        log_level="ERROR",
    )
    app = create_app(settings)
    with app.app_context():
        yield
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def put_in(seeded: Path, folder: Path, make: Callable[[datetime], Made]) -> Made:
    """Copy the seeded folder and put events into it, while no service reads it yet."""
    shutil.copytree(seeded, folder, dirs_exist_ok=True)
    with opened(folder):
        return make(clock.now())


def held(name: str, starts_at: datetime, hours: float) -> tuple[RegionalEvent, Track]:
    """A published event with one room, for which people could register for weeks."""
    event = make_event(
        starts_at - timedelta(days=20),
        name=name,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
    )
    make_track(event, name="大会議室", capacity=30)
    event = get_event(event.id)
    return event, event.tracks[0]


def registered(
    event: RegionalEvent, track: Track, name: str, *, account: str = "", town: bool = False
) -> Person:
    """Somebody whom the staff registered the day before the event.

    Args:
        event: the event.
        track: where the person sits.
        name: how the person is called.
        account: key of the demo account, if the person has one.
        town: whether somebody without an account comes for the organisation of the demo town.
    """
    email = Service.email(account) if account else f"{new_id().hex}@example.jp"
    user_id = db.session.scalar(select(User.id).where(User.email == email))
    person = PersonData(name=name, track_id=track.id, email=email, user_id=user_id)
    organization_id = organization_of("officer" if town else account)
    data = RegistrationData(
        people=[person], contact_name=name, contact_email=email, submission_key=new_id().hex,
        organization_id=organization_id, source=Source.DESK,
    )  # fmt: skip
    registration = register(event, data, SYSTEM, event.starts_at - timedelta(days=1))
    query = select(Attendee).where(Attendee.registration_id == registration.id)
    attendee = db.session.scalars(query).one()
    path = f"/event-tickets/{ticket_token(attendee)}"
    return Person(attendee.id, name, attendee.code, path, email)


def organization_of(account: str) -> uuid.UUID | None:
    """The organisation of a demo person; none for people without an account."""
    query = (
        select(OrganizationMember.organization_id)
        .join(User, User.id == OrganizationMember.user_id)
        .where(User.email == Service.email(account))
    )
    return db.session.scalars(query).first()


def came(event: RegionalEvent, person: Person) -> None:
    """The person was checked in half an hour after the beginning."""
    moment = event.starts_at + timedelta(minutes=30)
    receive(event, person.id, CheckInWay.LIST, moment, SYSTEM, moment)
